"""The past by entity is the past of the whole graph: for any history, at every position."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from datetime import date

import golden
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scenario import id_of
from two_stations import BASE, CONTEXT, HANGZHOU, SHAOXING

from domain.kernel.claims import ClaimReleased
from domain.kernel.facts import Fact
from domain.kernel.fields import STORED
from domain.kernel.history import Commit, Recorded
from domain.kernel.ids import SUFFIX, prefix_of
from domain.partners import PartnerDisengaged, PartnerEngaged
from domain.registry import registry
from projections.batch import Unprojectable
from projections.changes import Change, LinkType, Put
from projections.memory import Graph, Held
from projections.network import LABELS, NOUNS, network
from projections.partners import ENGAGED_BY, WORKS_WITH
from projections.past import Direction, Neighbour, Past, PastLink, unsealed
from projections.projection import Projection

FACTS = [
    fact.model_validate(golden.sample(fact, full), context=STORED)
    for fact in registry().facts.values()
    for full in (True, False)
    if fact.TOPIC.partition(".")[0] in LABELS
]
SAMPLE = re.compile(rf"\b([a-z]+)_{SUFFIX.pattern}")
NAMES = "ab"


def retold(fact: Fact, chance: st.DataObject) -> Fact:
    """The same fact, about other records: of each kind there are two."""

    def other(found: re.Match[str]) -> str:
        return id_of(found[1], chance.draw(st.sampled_from(NAMES)))

    return type(fact).model_validate_json(SAMPLE.sub(other, fact.model_dump_json(exclude_none=True)), context=STORED)


@st.composite
def histories(draw: st.DrawFn) -> list[Commit]:
    """Commits of facts of any kind, in no sensible order, of one entity or several."""
    chance = draw(st.data())
    commits: list[Commit] = []
    versions: dict[str, int] = {}
    position = 0
    for sizes in draw(st.lists(st.integers(1, 3), max_size=8)):
        events = []
        for _ in range(sizes):
            fact = retold(draw(st.sampled_from(FACTS)), chance)
            id = id_of(fact.TOPIC.partition(".")[0], draw(st.sampled_from(NAMES)))
            position += 1
            versions[id] = versions.get(id, 0) + 1
            events.append(Recorded(id, versions[id], position, fact))
        commits.append(Commit(CONTEXT, tuple(events)))
    return commits


class Told:
    """Commits, read by entity; those that name an id are known by the texts of their facts."""

    def __init__(self, commits: Sequence[Commit]) -> None:
        self.texts = [
            (commit.position, each, each.fact.model_dump_json()) for commit in commits for each in commit.events
        ]
        self.own: dict[str, list[tuple[int, Commit]]] = {}
        for commit in commits:
            for id in {event.entity_id for event in commit.events}:
                events = tuple(event for event in commit.events if event.entity_id == id)
                self.own.setdefault(id, []).append((commit.position, Commit(commit.context, events)))

    def history(self, id: str, until: int) -> list[Commit]:
        return [commit for position, commit in self.own.get(id, []) if position <= until]

    def naming(self, id: str, until: int) -> set[str]:
        return {event.entity_id for position, event, text in self.texts if position <= until and id in text}

    def past(self, position: int, naming: Sequence[str] | None = None) -> Past:
        """The past of these commits; `naming` is who is said to have named each id."""
        return Past(network(), position, self.history, self.naming if naming is None else lambda *_: naming)


def neighbours_in(graph: Graph, label: str, id: str) -> list[Neighbour]:
    """The same from a whole graph, by looking through all its links."""
    links: dict[tuple[str, str], set[tuple[LinkType, Direction]]] = {}
    held: dict[tuple[str, LinkType, Direction], Held] = {}
    for (type, source), targets in graph.links.items():
        for target, properties in targets.items():
            for here, there, there_label, direction in (
                ((type.source, source), target, type.target, Direction.OUT),
                ((type.target, target), source, type.source, Direction.IN),
            ):
                if here == (label, id):
                    links.setdefault((there, there_label), set()).add((type, direction))
                    held[there, type, direction] = properties
    order = {type: number for number, type in enumerate(network().links)}
    return [
        Neighbour(
            there,
            there_label,
            graph.nodes[there_label, there],
            tuple(
                PastLink(type, direction, held[there, type, direction])
                for type, direction in sorted(
                    links[there, there_label], key=lambda each: (order[each[0]], each[1] is Direction.IN)
                )
            ),
        )
        for there, there_label in sorted(links)
    ]


@settings(max_examples=40)
@given(histories(), st.booleans())
def test_at_every_position_each_record_and_its_neighbours_are_those_of_the_whole_graph(
    commits: list[Commit], everybody: bool
) -> None:
    """It makes no difference whether others are said to have named an id besides those who did."""
    ids = sorted(id_of(prefix, name) for prefix in LABELS for name in NAMES)
    told, whole = Told(commits), Graph()
    for position in (0, *(commit.position for commit in commits)):
        whole.apply(network().changes(commit for commit in commits if commit.position == position))
        for id in ids:
            past, label = told.past(position, ids if everybody else None), LABELS[prefix_of(id)]
            assert (past.record(id) or {}) == (whole.node(label, id) or {})
            assert list(past.neighbours(id)) == neighbours_in(whole, label, id)
            assert past.record(id) == whole.node(label, id)


def test_a_link_that_was_removed_since_is_there_in_between_and_not_before_or_after() -> None:
    partner, since, until = id_of("partner"), date(2026, 1, 1), date(2026, 6, 1)
    events = (
        Recorded(SHAOXING, 1, 1, BASE),
        Recorded(partner, 1, 2, PartnerEngaged(station_id=SHAOXING, since=since)),
        Recorded(partner, 2, 3, PartnerDisengaged(station_id=SHAOXING, since=since, until=until)),
    )
    told = Told([Commit(CONTEXT, (event,)) for event in events])
    links = {
        position: {link.type for each in told.past(position).neighbours(SHAOXING) for link in each.links}
        for position in range(4)
    }
    assert links == {0: set(), 1: set(), 2: {ENGAGED_BY, WORKS_WITH}, 3: {WORKS_WITH}}


def test_neighbours_go_on_after_an_id() -> None:
    partner = id_of("partner")
    facts = [PartnerEngaged(station_id=station, since=date(2026, 1, 1)) for station in (SHAOXING, HANGZHOU)]
    told = Told([Commit(CONTEXT, tuple(Recorded(partner, n, n, fact) for n, fact in enumerate(facts, start=1)))])
    first, second = (each.id for each in told.past(2).neighbours(partner))
    assert [each.id for each in told.past(2).neighbours(partner, first)] == [second]
    assert list(told.past(2).neighbours(partner, second)) == []


@pytest.mark.parametrize("id", ["nonsense", id_of("claim"), id_of("person")])
def test_what_is_no_record_of_the_graph_is_none_and_has_no_neighbours(id: str) -> None:
    told = Told([Commit(CONTEXT, (Recorded(id, 1, 1, ClaimReleased()),))])
    assert told.past(1).record(id) is None
    assert list(told.past(1).neighbours(id)) == []


def test_a_fact_that_cannot_be_applied_is_named() -> None:
    def project(_recorded: Recorded, _context: object) -> list[Change]:
        raise LookupError("no such thing")

    broken = Projection("test", 1, (), (), project)
    commit = Commit(CONTEXT, (Recorded(SHAOXING, 1, 7, BASE),))
    past = Past(broken, 7, lambda _id, _position: [commit], lambda _id, _position: ())
    with pytest.raises(Unprojectable, match="no such thing") as raised:
        past.record(SHAOXING)
    assert raised.value.position == 7


def test_what_is_sealed_is_left_out() -> None:
    facts = [fact for fact in FACTS if fact.TOPIC in ("expert.listed", "need.recorded")]
    noun = {noun.prefix: noun for noun in NOUNS}
    for fact in facts:
        prefix = fact.TOPIC.partition(".")[0]
        recorded = Recorded(id_of(prefix), 1, 1, fact)
        for change in noun[prefix].project(recorded, CONTEXT):
            if isinstance(change, Put):
                held = {name: value for name, value in change.set.items() if value is not None}
                assert "sealed:" not in json.dumps(unsealed(held), default=str)
                assert unsealed(held) == {
                    name: value for name, value in held.items() if not str(value).startswith("sealed:")
                }
