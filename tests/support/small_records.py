"""The small network's stations, people, organisations, needs and achievements, in every stage."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

from small_desk import SmallNetwork, person, yuan

from domain.achievement_details import AchievementDetails
from domain.achievements import (
    PublishAchievement,
    RegisterAchievement,
    ScreenAchievement,
    ScreeningResult,
    WithdrawAchievement,
)
from domain.installation import Install
from domain.kernel.acting import Role
from domain.needs import (
    CheckNeed,
    CooperationMode,
    NeedDetails,
    PublishNeed,
    RecordNeed,
    ReturnNeed,
    WithdrawNeed,
)
from domain.organisations import OrganisationDetails, OrganisationKind, RecordOrganisation
from domain.reference.achievements import AchievementKind, IpForm, Level, Maturity, Secrecy
from domain.reference.fields import TechnologyField
from domain.reference.industries import Industry
from domain.stations import NATIONAL_STATION, DesignateInternational, FoundStation, HostStation, OpenStation, Tier
from domain.values import Bilingual, Source
from infra.identity.directory import Person, person_id

CREDIT_CODE = "91110000600037341L"
Field = TechnologyField


def record_stations(made: SmallNetwork) -> None:
    made.people["administrator"] = Person("administrator", person_id("administrator"), NATIONAL_STATION, "")
    made.give(
        Install(
            name=Bilingual(zh="国家站点", en="National station"),
            region="110108",
            opened_on=date(2026, 1, 1),
            administrator_id=person_id("administrator"),
            administrator_name="管理员",
        )
    )
    stations = (
        ("zhejiang", Tier.REGIONAL, "330100", "national"),
        ("guangdong", Tier.REGIONAL, "440100", "national"),
        ("shaoxing", Tier.BASE, "330600", "zhejiang"),
        ("shenzhen", Tier.BASE, "440300", "guangdong"),
        ("yiwu", Tier.BASE, "330782", "zhejiang"),
    )
    for name, tier, region, parent in stations:
        title = Bilingual(zh=f"{name}站", en=f"{name.title()} station")
        made.name(name, FoundStation(tier=tier, name=title, region=region, parent_id=made[parent]))
        if name != "yiwu":
            made.give(OpenStation(station_id=made[name], on=date(2026, 1, 2)))
    made.give(DesignateInternational(station_id=made["zhejiang"], on=date(2026, 2, 1)))


def record_people(made: SmallNetwork) -> None:
    made.appoint("auditor", "national", Role.AUDITOR)
    made.appoint("manager", "zhejiang", Role.MANAGER)
    made.appoint("abroad", "zhejiang", Role.PARTNER)
    made.appoint("adviser", "shaoxing", Role.ADVISER)
    made.appoint("other", "shenzhen", Role.ADVISER)
    made.appoint("retired", "shaoxing", Role.ADVISER, until=date(2026, 3, 1))
    made.people["stranger"] = Person("stranger", person_id("stranger"), made["shaoxing"], "appointed nowhere")


def record_organisations(made: SmallNetwork) -> None:
    kinds = OrganisationKind
    organisations = (
        ("factory", kinds.ENTERPRISE, "shaoxing", "330600", Industry.C, CREDIT_CODE),
        ("mill", kinds.ENTERPRISE, "shenzhen", "440300", Industry.I, None),
        ("university", kinds.UNIVERSITY, "zhejiang", "330100", Industry.P, None),
        ("institute", kinds.INSTITUTE, "guangdong", "440100", Industry.M, None),
        ("association", kinds.ASSOCIATION, "zhejiang", "330000", None, None),
        ("broker firm", kinds.INTERMEDIARY, "zhejiang", None, Industry.L, None),
        ("bureau", kinds.AUTHORITY, "shaoxing", "330602", Industry.S, None),
    )
    for name, kind, station, region, industry, code in organisations:
        details = OrganisationDetails(
            name=Bilingual(zh=f"{name}名", en=name.title()),
            kind=kind,
            region=region,
            industry=industry,
            address="路1号",
        )
        made.name(name, RecordOrganisation(station_id=made[station], details=details, credit_code=code))
    abroad = OrganisationDetails(name=Bilingual(en="Dutch Filters"), kind=kinds.ENTERPRISE, country="NL")
    made.name("filters", RecordOrganisation(station_id=made["zhejiang"], details=abroad))
    made.give(HostStation(station_id=made["zhejiang"], host_id=made["university"]))


def need(title: str, en: str | None = None, **more: Any) -> NeedDetails:
    """Details of a need of a factory."""
    usual: dict[str, Any] = {"fields": (Field.RESOURCES_AND_ENVIRONMENT,), "mode": CooperationMode.INTRODUCE}
    return NeedDetails(title=Bilingual(zh=title, en=en), **{**usual, **more})


def record_needs(made: SmallNetwork) -> None:
    dyeing = need(
        "印染废水深度脱色",
        "Deep Decolouring of dyeing wastewater",
        description=Bilingual(zh="印染废水经膜处理后色度仍高，需要深度脱色与回用技术。"),
        goal="回用率六成",
        keywords=("印染废水", "膜分离"),
        budget=yuan(300000),
    )
    texts = {
        "dyeing": dyeing,
        "dutch": dyeing.model_copy(update={"title": Bilingual(zh="荷兰膜技术"), "countries": ("NL",)}),
        "solved": need("已解决的需求"),
        "robot": need("焊接机器人", "Welding robot", fields=(Field.ADVANCED_MANUFACTURING, Field.NEW_MATERIALS)),
        "written": need("只记录的需求"),
        "returned": need("退回的需求"),
        "checked": need("审核过的需求"),
        "withdrawn": need("撤回的需求"),
        "retracted": need("发布后撤回的需求"),
    }
    for number, (name, details) in enumerate(texts.items(), 1):
        station, organisation = ("shenzhen", "mill") if name == "robot" else ("shaoxing", "factory")
        source = Source(system="cnips", reference=name)
        at = datetime(2026, 1 + number // 2, 10, 8, tzinfo=UTC)
        command = RecordNeed(
            station_id=made[station],
            organisation_id=made[organisation],
            details=details,
            contact=person(f"人{name}"),
            source=source,
        )
        id = made.name(name, command, at)
        if name not in ("written", "returned", "withdrawn"):
            made.give(CheckNeed(need_id=id), at)
        if name not in ("written", "returned", "withdrawn", "checked"):
            made.give(PublishNeed(need_id=id), at)
    made.give(ReturnNeed(need_id=made["returned"], reasons=("指标不明", "缺少预算")))
    made.give(WithdrawNeed(need_id=made["withdrawn"], reason="不再需要"))
    made.give(WithdrawNeed(need_id=made["retracted"], reason="自行解决"))


def achievement(title: str, **more: Any) -> AchievementDetails:
    """Details of an achievement of a university."""
    return AchievementDetails(title=Bilingual(zh=title), **{"secrecy": Secrecy.OPEN, **more})


def record_achievements(made: SmallNetwork) -> None:
    membrane = achievement(
        "耐污染纳滤膜",
        abstract=Bilingual(
            zh="用于印染废水处理的纳滤膜，水处理中的膜分离。", en="Nanofiltration membrane for wastewater."
        ),
        fields=(Field.NEW_MATERIALS, Field.RESOURCES_AND_ENVIRONMENT),
        keywords=("纳滤膜", "废水处理"),
        registration_number="9332026Y0001",
        programme="国家重点研发计划",
        project_number="2020YFC0000001",
        maturity=Maturity.PILOT,
        level=Level.NATIONAL_LEADING,
        kind=AchievementKind.APPLIED,
        ip_forms=(IpForm.INVENTION_PATENT,),
        countries=("NL", "DE"),
    )
    texts = {
        "membrane": membrane,
        "transferred": achievement("已转化的成果", fields=(Field.NEW_ENERGY,)),
        "sensor": achievement("传感器", maturity=Maturity.LAB_TRIAL),
        "accepted": achievement("已通过的成果"),
        "secret": achievement("保密成果", secrecy=Secrecy.SECRET, fields=(Field.AEROSPACE,)),
        "registered": achievement("登记的成果"),
        "deferred": achievement("暂缓的成果"),
        "refused": achievement("退回的成果"),
        "dropped": achievement("撤回的成果"),
    }
    for name, details in texts.items():
        station, organisation = ("guangdong", "institute") if name == "sensor" else ("zhejiang", "university")
        command = RegisterAchievement(
            station_id=made[station], organisation_id=made[organisation], details=details, contact=person(f"研{name}")
        )
        id = made.name(name, command)
        if name in ("membrane", "transferred", "sensor", "accepted", "secret"):
            made.give(ScreenAchievement(achievement_id=id, result=ScreeningResult.ACCEPT))
        if name in ("membrane", "transferred", "sensor"):
            made.give(PublishAchievement(achievement_id=id))
    for name, result in (("deferred", ScreeningResult.DEFER), ("refused", ScreeningResult.REFUSE)):
        made.give(ScreenAchievement(achievement_id=made[name], result=result, reasons=("数据不足",)))
    made.give(WithdrawAchievement(achievement_id=made["dropped"], reason="单位撤回"))
