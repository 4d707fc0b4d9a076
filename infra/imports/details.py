"""From what a file says to what the domain records: the details of needs, achievements, profiles and their contacts."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TypeVar

from domain.achievement_details import AchievementDetails
from domain.needs import CooperationMode, NeedDetails
from domain.organisations import OrganisationDetails, OrganisationKind
from domain.partners import PartnerDetails, PartnerKind
from domain.profile_details import Call, ProfileDetails
from domain.reference.achievements import AchievementKind, IpForm, Level, Maturity, Secrecy
from domain.reference.countries import country
from domain.reference.fields import parse_field
from domain.reference.listed import Listed
from domain.reference.regions import find_region
from domain.values import Bilingual, Money
from infra.imports.flaws import Flaw
from infra.imports.records import AchievementRecord, NeedRecord, PartnerContact, ProfileRecord

T = TypeVar("T")
AnyListed = TypeVar("AnyListed", bound=Listed)

MODES = {
    "成果引进": CooperationMode.INTRODUCE,
    "联合研发": CooperationMode.JOINT_RESEARCH,
    "合作研发": CooperationMode.JOINT_RESEARCH,
    "委托研发": CooperationMode.COMMISSION,
}

KINDS = (
    ("大学", OrganisationKind.UNIVERSITY),
    ("学院", OrganisationKind.UNIVERSITY),
    ("研究院", OrganisationKind.INSTITUTE),
    ("研究所", OrganisationKind.INSTITUTE),
    ("研究中心", OrganisationKind.INSTITUTE),
    ("协会", OrganisationKind.ASSOCIATION),
    ("学会", OrganisationKind.ASSOCIATION),
    ("公司", OrganisationKind.ENTERPRISE),
    ("厂", OrganisationKind.ENTERPRISE),
)
"""What the end of a Chinese name says about the organisation."""

Warn = Callable[[str], None]


def need_details(record: NeedRecord, warn: Warn) -> NeedDetails:
    """What a row of the needs form asks for."""
    modes = [MODES.get(mode, CooperationMode.OTHER) for mode in record.cooperation_modes]
    return NeedDetails(
        title=Bilingual(zh=record.title),
        description=_chinese(record.description),
        goal=record.goal,
        fields=_known("技术所属领域", record.fields, parse_field, warn),
        keywords=record.keywords,
        mode=modes[0] if modes else CooperationMode.OTHER,
        budget=Money(amount=record.investment) if record.investment is not None else None,
    )


def achievement_details(record: AchievementRecord, warn: Warn) -> AchievementDetails:
    """What a row of the achievements form registers. A secrecy that cannot be read is no reason to guess one."""
    return AchievementDetails(
        title=Bilingual(zh=record.title),
        secrecy=_secrecy(record, warn),
        abstract=_chinese(record.summary),
        keywords=record.keywords,
        fields=_known("所属技术领域", record.fields, parse_field, warn),
        registration_number=record.reference,
        programme=record.programme,
        project_number=record.project_number,
        maturity=_one("成果所处阶段", record.stage, Maturity, warn),
        level=_one("成果水平", record.level, Level, warn),
        kind=_one("成果类型", record.achievement_kind, AchievementKind, warn),
        ip_forms=_known("知识产权形式", record.ip_forms, IpForm.parse, warn),
    )


def profile_details(record: ProfileRecord) -> ProfileDetails:
    """What a profile of the Enterprise Europe Network says."""
    call = record.call
    return ProfileDetails(
        type=record.type,
        title=Bilingual(en=record.title),
        summary=record.summary,
        description=record.description,
        advantages=record.advantages,
        partner_sought=record.partner_sought,
        partner_role=record.partner_role,
        technical_specification=record.technical_specification,
        stage_of_development=record.stage,
        stage_note=record.stage_note,
        ipr_status=record.ipr,
        ipr_note=record.ipr_note,
        partnerships=record.partnerships,
        partner_kinds=record.partner_kinds,
        technology_keywords=record.technologies,
        market_keywords=record.markets,
        sdgs=record.sdgs,
        country=record.country,
        target_countries=record.target_countries,
        submitted=record.submitted,
        updated=record.updated,
        published=record.published,
        expires=record.expires,
        eoi_deadline=record.eoi_deadline,
        call=Call(**{name: getattr(call, name) for name in Call.model_fields}) if call else None,
        open_for_interest=record.open_for_interest,
        url=record.public_url,
    )


def partner_details(contact: PartnerContact, fallback_country: str | None) -> PartnerDetails | None:
    """The contact point behind a profile; None when the file names neither its organisation nor its number."""
    name = contact.organisation or contact.partner_id
    found = contact.country or (country(contact.partner_id[:2]) if contact.partner_id else None) or fallback_country
    code = found if isinstance(found, str) or found is None else found.code
    if name is None or code is None:
        return None
    return PartnerDetails(
        name=Bilingual(en=name),
        kind=PartnerKind.EEN_CONTACT_POINT,
        country=code,
        een_partner_id=contact.partner_id,
    )


def organisation_details(name: str, address: str | None) -> OrganisationDetails:
    """An organisation as a form names it: what it is by the end of its name, where it is by its address."""
    kind = next((kind for end, kind in KINDS if end in name), OrganisationKind.OTHER)
    region = find_region(address) if address else None
    return OrganisationDetails(
        name=Bilingual(zh=name), kind=kind, region=region.code if region else None, address=address
    )


def _secrecy(record: AchievementRecord, warn: Warn) -> Secrecy:
    if record.secrecy is None:
        warn("成果密级: nothing is said; kept as internal until somebody says it is open")
        return Secrecy.INTERNAL
    secrecy = Secrecy.parse(record.secrecy)
    if secrecy is None:
        accepted = ", ".join(each.zh for each in Secrecy)
        raise Flaw("achievement.secrecy", f"成果密级 {record.secrecy} is not known", f"one of {accepted}", record.where)
    return secrecy


def _chinese(text: str | None) -> Bilingual | None:
    return Bilingual(zh=text) if text else None


def _one(column: str, text: str | None, listed: type[AnyListed], warn: Warn) -> AnyListed | None:
    return next(iter(_known(column, (text,) if text else (), listed.parse, warn)), None)


def _known(column: str, texts: Iterable[str], read: Callable[[str], T | None], warn: Warn) -> tuple[T, ...]:
    """What the texts mean, each once; one that means nothing known is named in a warning and left out."""
    found: dict[T, None] = {}
    for text in texts:
        meant = read(text)
        if meant is None:
            warn(f"{column}: {text} is not in the list and was left out")
        else:
            found[meant] = None
    return tuple(found)
