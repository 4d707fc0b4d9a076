"""Achievements in the graph."""

from __future__ import annotations

from datetime import UTC, datetime

from scenario import id_of

from domain.achievement_details import AchievementDetails
from domain.achievements import (
    AchievementAmended,
    AchievementPublished,
    AchievementRegistered,
    AchievementScreened,
    AchievementTransferred,
    AchievementWithdrawn,
    ScreeningResult,
)
from domain.kernel.claims import ClaimReleased
from domain.kernel.context import Context
from domain.kernel.facts import Fact
from domain.kernel.history import Commit, Recorded
from domain.reference.achievements import IpForm, Level, Maturity, Secrecy
from domain.reference.fields import TechnologyField
from domain.values import Bilingual, Contact
from projections.achievements import ACHIEVED_BY, REGISTERED_BY, project
from projections.memory import Graph
from projections.network import network

TOOL, STATION, UNIVERSITY = id_of("achievement"), id_of("station"), id_of("organisation")
NOON = datetime(2026, 8, 10, 12, tzinfo=UTC)
CONTEXT = Context(actor=id_of("person"), request_id="1", at=NOON, recorded_at=NOON)
DETAILS = AchievementDetails(
    title=Bilingual(zh="刀具状态监测系统", en="Tool monitoring"),
    secrecy=Secrecy.OPEN,
    abstract=Bilingual(zh="判断刀具磨损与崩刃。"),
    keywords=("声发射", "刀具"),
    fields=(TechnologyField.ADVANCED_MANUFACTURING,),
    registration_number="610202600012",
    maturity=Maturity.PILOT,
    level=Level.NATIONAL_LEADING,
    ip_forms=(IpForm.INVENTION_PATENT,),
)
REGISTERED = AchievementRegistered(station_id=STATION, organisation_id=UNIVERSITY, details=DETAILS)


def graph(*facts: Fact) -> Graph:
    events = tuple(Recorded(TOOL, number, 6 + number, fact) for number, fact in enumerate(facts, start=1))
    made = Graph()
    made.apply(network().changes([Commit(CONTEXT, events)]))
    return made


def node(*facts: Fact) -> dict[str, object]:
    found = graph(*facts).node("Achievement", TOOL)
    assert found is not None
    return dict(found)


def test_an_achievement_stands_in_the_graph_with_who_achieved_and_who_registered_it() -> None:
    made = graph(REGISTERED)
    assert node(REGISTERED) == {
        "created": 7,
        "recorded_at": "2026-08-10T12:00:00.000000Z",
        "stage": "registered",
        "secrecy": "open",
        "title_zh": "刀具状态监测系统",
        "title_en": "Tool monitoring",
        "abstract_zh": "判断刀具磨损与崩刃。",
        "keywords": ["声发射", "刀具"],
        "fields": ["advanced_manufacturing"],
        "registration_number": "610202600012",
        "maturity": "pilot",
        "level": "national_leading",
        "ip_forms": ["invention_patent"],
        "countries": [],
    }
    assert list(made.targets(REGISTERED_BY, TOOL)) == [STATION]
    assert list(made.targets(ACHIEVED_BY, TOOL)) == [UNIVERSITY]


def test_an_amendment_takes_away_what_is_no_longer_said_and_keeps_the_contact() -> None:
    person = id_of("person")
    plain = AchievementDetails(title=Bilingual(en="Tool monitoring"), secrecy=Secrecy.INTERNAL)
    amended = node(
        REGISTERED,
        AchievementAmended(details=DETAILS, contact=Contact(person_id=person, phone="sealed")),
        AchievementAmended(details=plain),
    )
    assert amended["secrecy"] == "internal"
    assert amended["contact_person_id"] == person
    assert amended["contact_phone"] == "sealed"
    assert not {"title_zh", "abstract_zh", "maturity", "level", "registration_number"} & amended.keys()


def test_the_stage_in_the_graph_follows_the_facts() -> None:
    deferred = node(REGISTERED, AchievementScreened(result=ScreeningResult.DEFER, reasons=("数据不足",)))
    assert deferred["stage"] == "deferred"
    assert deferred["screened_because"] == ["数据不足"]
    assert deferred["screened_at"] == "2026-08-10T12:00:00.000000Z"
    accepted = AchievementScreened(result=ScreeningResult.ACCEPT)
    published = node(REGISTERED, accepted, AchievementPublished())
    assert published["stage"] == "published"
    assert published["published_at"] == "2026-08-10T12:00:00.000000Z"
    assert node(REGISTERED, accepted, AchievementTransferred())["stage"] == "transferred"
    withdrawn = node(REGISTERED, AchievementWithdrawn(reason="停用"))
    assert (withdrawn["stage"], withdrawn["withdrawn_because"]) == ("withdrawn", "停用")


def test_a_fact_of_another_noun_changes_nothing_here() -> None:
    assert list(project(Recorded(TOOL, 1, 7, ClaimReleased()), CONTEXT)) == []
