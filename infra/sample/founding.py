"""Founding: the steps that install the network, found and open its stations, and appoint their people."""

from __future__ import annotations

from collections.abc import Iterator
from random import Random

from domain.appointments import Appoint
from domain.installation import Install
from domain.kernel.acting import Role
from domain.organisations import OrganisationDetails, OrganisationKind, RecordOrganisation
from domain.reference.industries import Industry
from domain.stations import NATIONAL_STATION, DesignateInternational, FoundStation, HostStation, OpenStation, Tier
from domain.values import Bilingual
from infra.identity.directory import person_id
from infra.sample.chance import chance
from infra.sample.data import data
from infra.sample.names import person_name
from infra.sample.pilot import Pilot
from infra.sample.posts import ADMINISTRATOR, AUDITOR, PARTNER, Place, Post, Posts
from infra.sample.steps import Actor, Script


def found(script: Script, pilot: Pilot) -> Posts:
    """Install the network, found and open its stations, and appoint their people: the first week."""
    moments = iter(_moments())
    rng = chance(pilot.name, "founding")
    places = data("places")["regional"][: pilot.regions]
    capital = Place("beijing", "国家", "National", "110108")
    installed = Install(
        name=Bilingual(zh="中国创新驿站国家站点", en="National station of the innovation relay"),
        region="110108",
        opened_on=script.days.first,
        administrator_id=ADMINISTRATOR.person_id,
        administrator_name=person_name(rng),
    )
    script.do(next(moments), Actor(ADMINISTRATOR.person_id, None), "install", installed)
    host = _host(
        script, next(moments), "national", "科技部火炬中心", "Torch Centre", OrganisationKind.AUTHORITY, "110108"
    )
    script.do(next(moments), ADMINISTRATOR, "host", HostStation(station_id=NATIONAL_STATION, host_id=host))
    national = Post(
        NATIONAL_STATION, capital, Tier.NATIONAL, False, ADMINISTRATOR, _staff("screener", NATIONAL_STATION)
    )
    _appoint(script, next(moments), ADMINISTRATOR, national.adviser.person_id, NATIONAL_STATION, Role.ADVISER, rng)
    regional, base = [], []
    for each in places:
        place = Place(each["key"], each["zh"], each["en"], each["region"])
        regional.append(_open(script, moments, rng, place, NATIONAL_STATION, abroad=each.get("international", False)))
    for number in range(pilot.stations):
        place = Place(*places[number % pilot.regions]["bases"][number // pilot.regions])
        base.append(_open(script, moments, rng, place, regional[number % pilot.regions].id))
    posts = Posts(national, tuple(regional), tuple(base))
    _appoint(script, next(moments), ADMINISTRATOR, PARTNER, posts.abroad[0].id, Role.PARTNER, rng)
    return posts


def appoint_auditor(script: Script, pilot: Pilot) -> None:
    """The last step of the pilot: once it is answered, the whole network has been recorded."""
    rng = chance(pilot.name, "auditor")
    _appoint(script, script.days.last, ADMINISTRATOR, AUDITOR, NATIONAL_STATION, Role.AUDITOR, rng, "finished")


def _moments() -> Iterator[float]:
    """One after the other, all within the first five days."""
    moment = 0.0
    while True:
        yield moment
        moment += 0.012


def _staff(name: str, station_id: str) -> Actor:
    return Actor(person_id(name), station_id)


def _open(
    script: Script, moments: Iterator[float], rng: Random, place: Place, parent: str, *, abroad: bool | None = None
) -> Post:
    tier = Tier.BASE if abroad is None else Tier.REGIONAL
    key = f"{tier}-{place.key}"
    kind = OrganisationKind.INTERMEDIARY
    zh, en = f"{place.zh}驿桥技术转移服务中心", f"{place.en} Yiqiao Technology Transfer Centre"
    host_id = _host(script, next(moments), key, zh, en, kind, place.region)
    name = Bilingual(zh=f"{place.zh}站", en=f"{place.en} station")
    founded = FoundStation(tier=tier, name=name, region=place.region, parent_id=parent, host_id=host_id)
    id = script.make(next(moments), ADMINISTRATOR, f"station/{key}", founded)
    on = script.days.day(opened := next(moments))
    script.do(opened, ADMINISTRATOR, f"station/{key}/open", OpenStation(station_id=id, on=on))
    if abroad:
        designated = DesignateInternational(station_id=id, on=script.days.day(moment := next(moments)))
        script.do(moment, ADMINISTRATOR, f"station/{key}/international", designated)
    seeded = {"base-shaoxing": ("manager", "adviser"), "regional-shanghai": (f"{key}-manager", "international")}
    manager, adviser = (_staff(each, id) for each in seeded.get(key, (f"{key}-manager", f"{key}-adviser")))
    _appoint(script, next(moments), ADMINISTRATOR, manager.person_id, id, Role.MANAGER, rng)
    _appoint(script, next(moments), manager, adviser.person_id, id, Role.ADVISER, rng)
    return Post(id, place, tier, bool(abroad), manager, adviser)


def _host(script: Script, moment: float, key: str, zh: str, en: str, kind: OrganisationKind, where: str) -> str:
    details = OrganisationDetails(name=Bilingual(zh=zh, en=en), kind=kind, region=where, industry=Industry.M)
    recorded = RecordOrganisation(station_id=NATIONAL_STATION, details=details)
    return script.make(moment, ADMINISTRATOR, f"host/{key}", recorded)


def _appoint(
    script: Script,
    moment: float,
    by: Actor,
    person: str,
    station_id: str,
    role: Role,
    rng: Random,
    request: str | None = None,
) -> None:
    command = Appoint(
        person_id=person, station_id=station_id, role=role, since=script.days.first, name=person_name(rng)
    )
    script.do(moment, by, request or f"appoint/{station_id}/{role}/{person}", command)
