"""Profiles as EEN's partner web service (b2b) gives them: one page, `{"data": {"items": […], "pagingInfo": …}}`."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, date
from typing import Any

import orjson

from domain.profile_details import Call
from domain.profile_standing import SourceStatus
from domain.reference.countries import country_name
from domain.reference.een import Labelled
from domain.reference.keywords import KeywordTree, market_keywords, sdg_goals, technology_keywords
from infra.exports.profiles import Exported


def written(profiles: Iterable[Exported]) -> bytes:
    """The profiles as one page that nothing follows, in UTF-8."""
    items = [_item(each) for each in profiles]
    paging = {"pageIndex": 1, "pageSize": len(items), "hasNext": False}
    page = {"data": {"items": items, "pagingInfo": paging}}
    return orjson.dumps(page, option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE)


def _item(exported: Exported) -> dict[str, Any]:
    details = exported.details
    return {
        "id": exported.id,
        "reference": exported.reference,
        "created": _day(details.submitted),
        "lastModified": exported.modified.astimezone(UTC).isoformat() if exported.modified else None,
        "title": details.title.en or details.title.zh,
        "profileType": {"code": details.type.value, "name": details.type.label},
        "partnerOrganisationCountry": _country(details.country) if details.country else None,
        "shortSummary": details.summary,
        "description": details.description,
        "advantagesAndInnovation": details.advantages,
        "technicalSpecificationOrExpertiseSought": details.technical_specification,
        "stageOfDevelopment": _labelled(details.stage_of_development),
        "iprStatus": _labelled(details.ipr_status),
        "iprNotes": details.ipr_note,
        **_call(details.call or Call()),
        "deadlineForEoI": _day(details.eoi_deadline),
        "expectedRoleOfThePartner": details.partner_role,
        "profileStatus": {"name": SourceStatus.PUBLISHED.name},
        "publicationDate": _day(details.published),
        "expirationDate": _day(details.expires),
        "marketKeywords": _keywords(details.market_keywords, market_keywords()),
        "technologyKeywords": _keywords(details.technology_keywords, technology_keywords()),
        "sdgKeywords": [{"name": sdg_goals()[number].label} for number in details.sdgs],
        "typesOfPartnership": [_labelled(each) for each in details.partnerships],
        "typesAndSizes": [_labelled(each) for each in details.partner_kinds],
        "sectorGroupsInvolved": [],
        "targetedCountries": [_country(code) for code in details.target_countries],
        "openForEOI": details.open_for_interest,
        "publicURL": details.url,
        "attachments": [],
        "videoPitch": None,
    }


def _call(call: Call) -> dict[str, Any]:
    return {
        "frameworkProgram": call.framework,
        "callTitleAndIdentifier": call.title,
        "submissionAndEvaluationScheme": call.scheme,
        "anticipatedProjectBudget": call.budget,
        "coordinatorRequired": call.coordinator_required,
        "deadlineOfTheCall": _day(call.deadline),
        "projectDurationInWeeks": call.weeks,
        "webLinkToTheCall": call.url,
        "projectTitleAndAcronym": call.project,
    }


def _keywords(codes: Iterable[str], tree: KeywordTree) -> list[dict[str, str]]:
    known = ((code, tree.get(code)) for code in codes)
    return [{"code": code, "name": keyword.label if keyword else code} for code, keyword in known]


def _labelled(word: Labelled | None) -> dict[str, str] | None:
    return {"name": word.label} if word else None


def _country(code: str) -> dict[str, str]:
    return {"code": code, "name": country_name(code) or code}


def _day(day: date | None) -> str | None:
    return day.isoformat() if day else None
