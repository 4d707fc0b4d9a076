"""Needs in the graph."""

from __future__ import annotations

from decimal import Decimal

from scenario import id_of
from two_stations import CONTEXT, graph_of

from domain.kernel.claims import ClaimReleased
from domain.kernel.facts import Fact
from domain.kernel.fields import Sealed
from domain.kernel.history import Recorded
from domain.needs import (
    CooperationMode,
    NeedAmended,
    NeedChecked,
    NeedDetails,
    NeedPublished,
    NeedRecorded,
    NeedReturned,
    NeedSolved,
    NeedWithdrawn,
)
from domain.reference.fields import TechnologyField
from domain.values import Bilingual, Contact, Currency, Money
from projections.needs import NEEDED_BY, RECORDED_BY, project

NEED, STATION, MILL = id_of("need"), id_of("station"), id_of("organisation")
FIELD = next(iter(TechnologyField))
CONTACT = Contact(person_id=id_of("person"), name=Sealed("sealed:1:name"), phone=Sealed("sealed:1:phone"))
DETAILS = NeedDetails(
    title=Bilingual(zh="脱色", en="Decolouring"),
    description=Bilingual(zh="印染废水"),
    goal="十倍",
    fields=(FIELD,),
    keywords=("印染", "废水"),
    mode=CooperationMode.JOINT_RESEARCH,
    budget=Money(amount=Decimal("3000000.50"), currency=Currency.EUR),
    countries=("NL", "DE"),
)
RECORDED = NeedRecorded(station_id=STATION, organisation_id=MILL, details=DETAILS, contact=CONTACT)


def node(*facts: Fact) -> dict[str, object]:
    found = graph_of(NEED, *facts).node("Need", NEED)
    assert found is not None
    return dict(found)


def test_a_recorded_need_stands_in_the_graph_with_all_that_it_says_and_a_sealed_contact() -> None:
    assert node(RECORDED) == {
        "created": 7,
        "recorded_at": "2026-08-10T12:00:00.000000Z",
        "stage": "recorded",
        "title_zh": "脱色",
        "title_en": "Decolouring",
        "description_zh": "印染废水",
        "goal": "十倍",
        "fields": [FIELD.value],
        "keywords": ["印染", "废水"],
        "mode": "joint_research",
        "budget_minor": 300_000_050,
        "budget_currency": "EUR",
        "countries": ["NL", "DE"],
        "contact_person_id": CONTACT.person_id,
        "contact_name": "sealed:1:name",
        "contact_phone": "sealed:1:phone",
    }


def test_a_need_is_linked_to_the_station_that_recorded_it_and_to_who_needs_it() -> None:
    graph = graph_of(NEED, RECORDED)
    assert graph.targets(RECORDED_BY, NEED) == {STATION: {}}
    assert graph.targets(NEEDED_BY, NEED) == {MILL: {}}


def test_an_amendment_takes_away_what_is_no_longer_said() -> None:
    shorter = NeedDetails(title=Bilingual(zh="脱色"))
    amended = node(RECORDED, NeedAmended(details=shorter))
    assert not {"title_en", "description_zh", "goal", "budget_minor", "budget_currency"} & amended.keys()
    assert (amended["keywords"], amended["countries"], amended["stage"]) == ([], [], "recorded")
    assert amended["contact_name"] == "sealed:1:name"


def test_another_contact_replaces_the_former_one_whole() -> None:
    other = Contact(person_id=id_of("person", "other"), email=Sealed("sealed:1:email"))
    amended = node(RECORDED, NeedAmended(details=DETAILS, contact=other))
    assert (amended["contact_person_id"], amended["contact_email"]) == (other.person_id, "sealed:1:email")
    assert not {"contact_name", "contact_phone"} & amended.keys()


def test_a_need_keeps_the_reasons_of_its_return_until_it_is_checked() -> None:
    returned = node(RECORDED, NeedReturned(reasons=("缺少指标",)))
    assert (returned["stage"], returned["returned_because"]) == ("returned", ["缺少指标"])
    checked = node(RECORDED, NeedReturned(reasons=("缺少指标",)), NeedChecked())
    assert checked == {**node(RECORDED), "stage": "checked"}


def test_publishing_solving_and_withdrawing_move_the_stage() -> None:
    published = node(RECORDED, NeedChecked(), NeedPublished())
    assert (published["stage"], published["published_at"]) == ("published", "2026-08-10T12:00:00.000000Z")
    assert node(RECORDED, NeedChecked(), NeedPublished(), NeedSolved()) == {**published, "stage": "solved"}
    withdrawn = node(RECORDED, NeedWithdrawn(reason="已自行解决"))
    assert (withdrawn["stage"], withdrawn["withdrawn_because"]) == ("withdrawn", "已自行解决")


def test_a_fact_of_another_noun_says_nothing_of_needs() -> None:
    assert list(project(Recorded(NEED, 1, 7, ClaimReleased()), CONTEXT)) == []
