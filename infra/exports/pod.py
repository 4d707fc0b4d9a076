"""POD v6, as EEN gave profiles to its partners: `<pod>` with one `<profile>` after the other, without a namespace.

`cooperation/techspec` is an element of the form in which EEN took profiles; readers of the other form pass over it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date
from xml.etree.ElementTree import Element, SubElement, indent, tostring

from domain.profile_details import Call, ProfileDetails
from domain.reference.countries import country_name
from domain.reference.keywords import KeywordTree, market_keywords, technology_keywords
from infra.exports.profiles import Exported
from infra.imports.pod import ROOT

_UNFIT = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""Characters that XML 1.0 cannot hold, not even escaped."""


def written(profiles: Iterable[Exported]) -> bytes:
    """The profiles as one file, in UTF-8."""
    pod = Element(ROOT)
    for each in profiles:
        pod.append(_profile(each))
    indent(pod)
    return bytes(tostring(pod, encoding="utf-8", xml_declaration=True)) + b"\n"


def _profile(exported: Exported) -> Element:
    details = exported.details
    profile = Element("profile")
    _texts(profile, "reference", external=exported.reference, internal=exported.id, type=details.type.value)
    _texts(
        profile,
        "datum",
        submit=_midnight(details.submitted),
        update=_midnight(details.updated),
        deadline=_midnight(details.expires),
    )
    title = details.title.en or details.title.zh
    _texts(profile, "content", title=title, summary=details.summary, description=details.description)
    if details.country:
        _country(SubElement(profile, "company"), "country", details.country)
    contact = _texts(profile, "contact", organization=exported.station)
    _country(contact, "organizationcountry", "CN")
    _cooperation(profile, details)
    _strings(profile, "partnerships", "partnership", (each.label for each in details.partnerships))
    keyword = SubElement(profile, "keyword")
    _keywords(keyword, "technologies", "technology", details.technology_keywords, technology_keywords())
    _keywords(keyword, "markets", "market", details.market_keywords, market_keywords())
    if details.call is not None:
        _program(profile, details.call)
    preferred = SubElement(SubElement(profile, "dissemination"), "preferred")
    for code in details.target_countries:
        _country(preferred, "country", code)
    _texts(profile, "eoi", status=_flag(details.open_for_interest))
    return profile


def _cooperation(profile: Element, details: ProfileDetails) -> None:
    cooperation = _texts(profile, "cooperation", plusvalue=details.advantages, techspec=details.technical_specification)
    stage, status = details.stage_of_development, details.ipr_status
    _texts(cooperation, "stagedev", stage=stage.label if stage else None, comment=details.stage_note)
    _texts(cooperation, "ipr", status=status.label if status else None, comment=details.ipr_note)
    _texts(cooperation, "partner", sought=details.partner_sought, task=details.partner_role)


def _program(profile: Element, call: Call) -> None:
    program = _texts(
        profile,
        "program",
        framework=call.framework,
        acronym=call.project,
        evaluation=call.scheme,
        coordinator=None if call.coordinator_required is None else _flag(call.coordinator_required),
        duration=None if call.weeks is None else f"{call.weeks} weeks",
        prebudget=call.budget,
    )
    _texts(program, "call", deadline=_midnight(call.deadline), website=call.url)


def _keywords(keyword: Element, name: str, each: str, codes: Iterable[str], tree: KeywordTree) -> None:
    listed = SubElement(keyword, name)
    for code in codes:
        known = tree.get(code)
        _texts(listed, each, key=code, label=known.label if known else None)


def _country(parent: Element, name: str, code: str) -> None:
    _texts(parent, name, key=code, label=country_name(code))


def _strings(parent: Element, name: str, each: str, texts: Iterable[str]) -> None:
    listed = SubElement(parent, name)
    for text in texts:
        SubElement(listed, each).text = text


def _texts(parent: Element, name: str, **texts: str | None) -> Element:
    """An element with one of its own for each text; what is not said has an empty one, as EEN writes it."""
    made = SubElement(parent, name)
    for each, text in texts.items():
        SubElement(made, each).text = _UNFIT.sub("", text) if text else None
    return made


def _midnight(day: date | None) -> str | None:
    return f"{day.isoformat()}T00:00:00" if day else None


def _flag(value: bool) -> str:
    return "true" if value else "false"
