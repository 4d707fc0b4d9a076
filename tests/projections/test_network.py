"""The whole network as one projection, and how values become properties."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from enum import StrEnum

import golden
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scenario import id_of
from two_stations import CONTEXT, graph_of

from domain.kernel.claims import ClaimKey, ClaimReleased
from domain.kernel.facts import Fact
from domain.kernel.history import Commit, Recorded
from domain.kernel.ids import prefix_of
from domain.registry import registry
from domain.values import Bilingual, Contact, Currency, Money
from projections.batch import fold
from projections.changes import Link, NodeType, Put, Unlink
from projections.memory import Graph
from projections.network import NOUNS, network
from projections.nouns import begun, bilingual, contact, flattened, money, put, timestamp
from projections.projection import Projection
from projections.regions import placed

LIN = id_of("person", "林")
NODE = NodeType("Thing")
MOMENTS = st.integers(0, 7 * 10**15).map(
    lambda micros: datetime(1970, 1, 1, tzinfo=UTC) + timedelta(microseconds=micros)
)
FACTS = [(fact, full) for fact in registry().facts.values() for full in (True, False)]


class Colour(StrEnum):
    RED = "red"


# -- the network -------------------------------------------------------------


def test_every_noun_has_a_projection_of_its_own_but_for_the_bookkeeping_of_log_and_graph() -> None:
    assert {noun.prefix for noun in NOUNS} == registry().slices.keys() - {"claim", "skips"}
    assert len({noun.node.label for noun in NOUNS}) == len(NOUNS)
    links = [link for noun in NOUNS for link in noun.links]
    assert len(set(links)) == len(links)


def test_links_lead_between_nouns_and_the_answering_ones_to_stations() -> None:
    labels = {noun.node.label for noun in NOUNS}
    for noun in NOUNS:
        assert {end for link in noun.links for end in (link.source, link.target)} <= labels
        assert {link.source for link in noun.links} <= {noun.node.label}
        assert set(noun.answering) <= set(noun.links)
        assert {link.target for link in noun.answering} <= {"Station"}


@pytest.mark.parametrize(("fact", "full"), FACTS, ids=[f"{fact.stored_as()}-{full}" for fact, full in FACTS])
def test_every_fact_changes_only_what_the_projection_declares_and_only_its_own_node(
    fact: type[Fact], full: bool
) -> None:
    noun = next((each for each in NOUNS if each.prefix == fact.TOPIC.partition(".")[0]), None)
    id = id_of(fact.TOPIC.partition(".")[0])
    recorded = Recorded(id, 1, 1, fact.model_validate(golden.sample(fact, full)))
    commit = Commit(CONTEXT, (recorded,))
    fold(network(), [commit])
    for change in network().changes([commit]):
        assert noun is not None
        match change:
            case Put():
                assert (change.label, change.id) == (noun.node.label, id)
            case Link() | Unlink():
                assert change.type in noun.links
                assert change.source == id


def test_a_claim_and_an_id_that_says_nothing_leave_no_trace() -> None:
    assert graph_of(ClaimKey("credit_code", "1").id, ClaimReleased()) == Graph()
    assert graph_of("nonsense", ClaimReleased()) == Graph()


def test_the_changes_come_in_the_order_of_the_log() -> None:
    def project(recorded: Recorded, _context: object) -> list[Put]:
        return [Put("Thing", recorded.entity_id, {"at": recorded.position})]

    projection = Projection("test", 1, (NODE,), (), project)
    commits = [
        Commit(CONTEXT, (Recorded("a", 1, 1, ClaimReleased()), Recorded("b", 1, 2, ClaimReleased()))),
        Commit(CONTEXT, (Recorded("a", 2, 3, ClaimReleased()),)),
    ]
    assert [(change.id, change.set) for change in projection.changes(commits) if isinstance(change, Put)] == [
        ("a", {"at": 1}),
        ("b", {"at": 2}),
        ("a", {"at": 3}),
    ]


@given(st.lists(st.sampled_from(FACTS), max_size=25), st.integers(1, 4), st.data())
def test_the_same_commits_project_to_the_same_graph_twice(
    drawn: list[tuple[type[Fact], bool]], entities: int, data: st.DataObject
) -> None:
    events = [
        Recorded(
            id_of(fact.TOPIC.partition(".")[0], str(data.draw(st.integers(1, entities)))),
            number,
            number,
            fact.model_validate(golden.sample(fact, full)),
        )
        for number, (fact, full) in enumerate(drawn, start=1)
    ]
    commits = [Commit(CONTEXT, (event,)) for event in events]
    one, other = Graph(), Graph()
    one.apply(network().changes(commits))
    other.apply(network().changes([Commit(CONTEXT, tuple(events))] if events else []))
    assert one == other
    assert {prefix_of(id) for _, id in one.nodes} <= {noun.prefix for noun in NOUNS}


# -- values as properties ----------------------------------------------------


def test_a_value_of_none_takes_its_property_away() -> None:
    assert put(NODE, "1", x=1, gone=None) == Put("Thing", "1", {"x": 1, "gone": None})


def test_values_are_flattened_into_properties() -> None:
    flat = flattened(
        {
            "name": Bilingual(zh="站"),
            "price": Money(amount=Decimal("0.07"), currency=Currency.EUR),
            "contact": Contact(person_id=LIN),
            "colour": Colour.RED,
            "on": date(2026, 8, 10),
            "at": datetime(2026, 8, 10, 20, tzinfo=timezone(timedelta(hours=8))),
            "colours": (Colour.RED, "blue", 7),
            "set": frozenset({Colour.RED}),
            "number": 7,
            "flag": False,
            "text": "文",
            "nothing": None,
        }
    )
    assert flat == {
        "name_zh": "站",
        "name_en": None,
        "price_minor": 7,
        "price_currency": "EUR",
        "contact_person_id": LIN,
        "contact_name": None,
        "contact_phone": None,
        "contact_email": None,
        "colour": "red",
        "on": "2026-08-10",
        "at": "2026-08-10T12:00:00.000000Z",
        "colours": ["red", "blue", "7"],
        "set": ["red"],
        "number": 7,
        "flag": False,
        "text": "文",
        "nothing": None,
    }
    assert type(flat["colour"]) is str


def test_what_is_absent_takes_all_of_its_properties_away() -> None:
    assert bilingual("name", None) == {"name_zh": None, "name_en": None}
    assert money("price", None) == {"price_minor": None, "price_currency": None}
    assert set(contact(None).values()) == {None}


@given(st.decimals(0, Decimal("9999999999999999.99"), places=2, allow_nan=False))
def test_an_amount_is_kept_in_hundredths_exactly_and_fits_into_sixty_four_bits(amount: Decimal) -> None:
    minor = money("price", Money(amount=amount))["price_minor"]
    assert isinstance(minor, int)
    assert Decimal(minor) / 100 == amount
    assert minor < 2**63


@given(MOMENTS, MOMENTS)
def test_moments_sort_as_texts_as_they_do_as_moments(one: datetime, other: datetime) -> None:
    first, second = one, other.astimezone(timezone(timedelta(hours=8)))
    assert (timestamp(first) < timestamp(second)) == (first < second)
    assert len(timestamp(first)) == len(timestamp(second)) == 27


def test_every_node_says_where_it_came_and_when_it_was_recorded() -> None:
    recorded = Recorded("x", 1, 9, ClaimReleased())
    assert begun(recorded, CONTEXT) == {"created": 9, "recorded_at": CONTEXT.recorded_at}


def test_a_region_lies_in_its_province_and_what_has_none_lies_nowhere() -> None:
    assert placed("330600") == {"region": "330600", "province": "330000"}
    assert placed("330000") == {"region": "330000", "province": "330000"}
    assert placed(None) == {"region": None, "province": None}
    assert placed("999999") == {"region": "999999", "province": None}
