"""Profiles in the graph."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from scenario import id_of

from domain.kernel.claims import ClaimReleased
from domain.kernel.context import Context
from domain.kernel.facts import Fact
from domain.kernel.history import Commit, Recorded
from domain.profile_details import Call, ProfileDetails
from domain.profile_standing import ProfileRemoved, ProfileReported, SourceStatus
from domain.profiles import ProfileAmended, ProfileDrafted, ProfileImported, ProfilePublished, ProfileWithdrawn
from domain.reference.een import IprStatus, PartnershipType, ProfileType, SoughtPartner, StageOfDevelopment
from domain.values import Bilingual, Source
from projections.changes import LinkType
from projections.memory import Graph
from projections.network import network
from projections.profiles import ASKS_FOR, CONTACT_POINT, DRAFTED_BY, IMPORTED_BY, OFFERS, project

PROFILE, STATION, ABROAD = id_of("profile"), id_of("station"), id_of("partner")
NEED, TOOL = id_of("need"), id_of("achievement")
NOON = datetime(2026, 8, 10, 12, tzinfo=UTC)
CONTEXT = Context(actor=id_of("person"), request_id="1", at=NOON, recorded_at=NOON)
REQUEST = ProfileDetails(
    type=ProfileType.RDR,
    title=Bilingual(en="Partners for a speech assistant"),
    summary="A consortium looks for partners.",
    description="Speech assistants for emergency calls.",
    stage_of_development=StageOfDevelopment.CONCEPT,
    ipr_status=IprStatus.NONE,
    partnerships=(PartnershipType.RESEARCH_COOPERATION,),
    partner_kinds=(SoughtPartner.UNIVERSITY,),
    technology_keywords=("01003017",),
    market_keywords=("02007016",),
    sdgs=(9, 16),
    country="GR",
    target_countries=("CN", "DE"),
    submitted=date(2026, 7, 31),
    expires=date(2027, 7, 31),
    eoi_deadline=date(2026, 9, 1),
    call=Call(framework="Horizon Europe", deadline=date(2026, 9, 22), weeks=156, coordinator_required=False),
    url="https://een.ec.europa.eu/partnering-opportunities/speech",
)
IMPORTED = ProfileImported(
    station_id=STATION,
    reference="RDRGR20260731019",
    details=REQUEST,
    source=Source(system="page", reference="RDRGR20260731019"),
    partner_id=ABROAD,
)
DRAFTED = ProfileDrafted(station_id=STATION, details=REQUEST, need_id=NEED)


def graph(*facts: Fact) -> Graph:
    events = tuple(Recorded(PROFILE, number, 6 + number, fact) for number, fact in enumerate(facts, start=1))
    made = Graph()
    made.apply(network().changes([Commit(CONTEXT, events)]))
    return made


def node(*facts: Fact) -> dict[str, object]:
    found = graph(*facts).node("Profile", PROFILE)
    assert found is not None
    return dict(found)


def test_a_foreign_profile_stands_in_the_graph_with_all_that_it_says() -> None:
    assert node(IMPORTED) == {
        "created": 7,
        "recorded_at": "2026-08-10T12:00:00.000000Z",
        "origin": "foreign",
        "stage": "published",
        "reference": "RDRGR20260731019",
        "type": "RDR",
        "title_en": "Partners for a speech assistant",
        "summary": "A consortium looks for partners.",
        "description": "Speech assistants for emergency calls.",
        "stage_of_development": "concept",
        "ipr_status": "none",
        "partnerships": ["research_cooperation"],
        "partner_kinds": ["university"],
        "technology_keywords": ["01003017"],
        "market_keywords": ["02007016"],
        "sdgs": ["9", "16"],
        "country": "GR",
        "target_countries": ["CN", "DE"],
        "submitted": "2026-07-31",
        "expires": "2027-07-31",
        "eoi_deadline": "2026-09-01",
        "call_framework": "Horizon Europe",
        "call_deadline": "2026-09-22",
        "call_weeks": 156,
        "call_coordinator_required": False,
        "open_for_interest": True,
        "url": "https://een.ec.europa.eu/partnering-opportunities/speech",
    }


@pytest.mark.parametrize(
    ("fact", "links"),
    [
        (IMPORTED, {IMPORTED_BY: STATION, CONTACT_POINT: ABROAD}),
        (IMPORTED.model_copy(update={"partner_id": None}), {IMPORTED_BY: STATION}),
        (DRAFTED, {DRAFTED_BY: STATION, ASKS_FOR: NEED}),
        (ProfileDrafted(station_id=STATION, details=REQUEST, achievement_id=TOOL), {DRAFTED_BY: STATION, OFFERS: TOOL}),
    ],
)
def test_a_profile_is_linked_to_who_brought_it_and_what_it_rests_on(fact: Fact, links: dict[LinkType, str]) -> None:
    found = graph(fact).links
    assert {kind: list(targets) for (kind, _), targets in found.items()} == {
        kind: [target] for kind, target in links.items()
    }


def test_an_amendment_takes_away_what_is_no_longer_said_and_keeps_the_reference() -> None:
    shorter = ProfileDetails(type=ProfileType.RDR, title=Bilingual(en="Partners"), country="GR")
    amended = node(IMPORTED, ProfileAmended(details=shorter))
    assert amended["reference"] == "RDRGR20260731019"
    assert amended["technology_keywords"] == []
    assert not {"summary", "expires", "eoi_deadline", "call_framework", "call_weeks", "url"} & amended.keys()


def test_our_own_profile_is_a_draft_until_it_is_published_and_keeps_its_day_when_withdrawn() -> None:
    assert (node(DRAFTED)["origin"], node(DRAFTED)["stage"]) == ("own", "draft")
    published = ProfilePublished(on=date(2026, 8, 12), reference="RDRCN20260812001")
    shown = node(DRAFTED, published)
    assert (shown["stage"], shown["published"], shown["reference"]) == ("published", "2026-08-12", "RDRCN20260812001")
    gone = node(DRAFTED, published, ProfileWithdrawn(reason="已找到伙伴", on=date(2026, 9, 1)))
    assert (gone["stage"], gone["withdrawn_on"], gone["published"]) == ("withdrawn", "2026-09-01", "2026-08-12")


def test_a_profile_that_is_off_at_its_source_is_withdrawn_and_comes_back_when_it_is_offered_again() -> None:
    held = ProfileReported(on=date(2026, 9, 1), status=SourceStatus.ON_HOLD)
    off = node(IMPORTED, held)
    assert (off["stage"], off["withdrawn_on"], off["source_status"]) == ("withdrawn", "2026-09-01", "on_hold")
    gone = node(IMPORTED, ProfileRemoved(on=date(2026, 9, 2)))
    assert (gone["stage"], gone["withdrawn_on"], gone["source_status"]) == ("withdrawn", "2026-09-02", "gone")
    back = node(IMPORTED, held, ProfileReported(on=date(2026, 9, 3), status=SourceStatus.PUBLISHED))
    assert (back["stage"], back["source_status"]) == ("published", "published")
    assert "withdrawn_on" not in back


def test_a_fact_of_another_noun_says_nothing_of_profiles() -> None:
    assert list(project(Recorded(PROFILE, 1, 7, ClaimReleased()), CONTEXT)) == []
