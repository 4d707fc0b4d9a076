"""Facets over many records: held against the model on both engines, whatever is filtered, and whatever is hidden."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from typing import Any

import orjson
import pytest
from asking import Asking
from both_ways import BothWays
from chance.ways import Sent
from crowd import SIZES, Chance, Crowd, crowd, recorded
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st
from neo4j import Driver
from small_facets import FACETS, answered, asked, counted, literal, spelling, told
from small_links import LABELS, linked
from small_model import Model

from gateway.context import Request
from gateway.operations import operation
from gateway.planning.plans import plan_of
from infra.graphdb.engines.interface import GraphEngine
from infra.graphdb.reader import GraphReader
from infra.graphdb.shown import Shown
from infra.server import Running
from projections.changes import Change
from projections.network import network

NUMBER = 800_000
READERS = (None, "other", "auditor")
COUNTED = tuple(plural for plural, facets in FACETS.items() if facets)
LISTS = f"{{ {' '.join(f'{plural} {{ totalCount {asked(plural)} }}' for plural in COUNTED)} }}"
MANY = settings(
    max_examples=25, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True, database=None
)


ON_BOTH = pytest.mark.parametrize("there", ["ArcadeDB", "Neo4j"], indirect=True)
ON_NEO4J = pytest.mark.parametrize("there", ["Neo4j"], indirect=True)


@pytest.fixture(scope="module")
def there(
    request: pytest.FixtureRequest,
    engines: dict[str, GraphEngine],
    drivers: dict[str, Driver],
    system: Running,
    asking: Asking,
) -> Iterator[Crowd]:
    """The same crowd on each engine; on the embedded one where nothing is said."""
    name = getattr(request, "param", "ArcadeDB")
    engine = engines[name]
    generation = engine.generation(replace(network(), name="crowd"), NUMBER)
    engine.prepare(generation)
    reader = GraphReader(engine, lambda: Shown(generation), timeout=60)
    ways = BothWays(asking, replace(system.services, graph=reader))
    made = Crowd(engine, drivers[name], generation, ways, crowd(7, asking.made["shenzhen"]))
    yield made
    made.owner.close()
    asking.runner.run(reader.close())


def both(there: Crowd, document: str, who: str | None) -> Any:
    """The data of an answer, which is the same both ways."""
    ours = there.ways.by_plan(document, who)
    assert ours == there.ways.by_field(document, who)
    assert isinstance(ours, Sent)
    assert ours.errors == []
    return orjson.loads(ours.data)


def expected(model: Model, plural: str, facet: str, ids: set[str], who: str | None) -> Any:
    return told(counted(model, plural, facet, ids), publicly=who is None)


@ON_BOTH
@pytest.mark.parametrize("who", READERS)
def test_the_facets_of_every_list_count_the_records_that_the_reader_sees(there: Crowd, who: str | None) -> None:
    model = there.model()
    for plural, found in both(there, LISTS, who).items():
        seen = model.seen(LABELS[plural], who, there.station(who))
        assert found["totalCount"] == len(seen)
        facets = answered(found["facets"])
        assert facets == {facet: expected(model, plural, facet, seen, who) for facet in FACETS[plural]}


def test_the_public_is_shown_counts_and_gaps_and_sometimes_nothing(there: Crowd) -> None:
    """So the tests above and below see all of it."""
    found = [told for each in both(there, LISTS, None).values() for told in answered(each["facets"]).values()]
    counts = [count for each in found for _, count in each or ()]
    assert None in found
    assert None in counts
    assert len([count for count in counts if count is not None]) > 20


Kept = Callable[[Model, str], bool]


def filters(draw: st.DrawFn, model: Model, plural: str) -> dict[str, tuple[str, Kept]]:
    """Some of the filters that have facets: how each is written, and what it keeps."""
    names = draw(st.lists(st.sampled_from(sorted(FACETS[plural])), unique=True, max_size=3))
    return {name: _filter(draw, model, plural, name) for name in names}


def _filter(draw: st.DrawFn, model: Model, plural: str, name: str) -> tuple[str, Kept]:
    label, values = LABELS[plural], FACETS[plural][name]
    there = {value for id in model.ids(label) for value in values(model, label, id)} - {None}
    if name in ("region", "country", "international", "verified", "listed"):
        value = draw(st.sampled_from(sorted(there)))
        return literal(plural, name, spelling(plural, name)(value)), lambda model, id: value in values(model, label, id)
    several = draw(st.lists(st.sampled_from(sorted(there)), max_size=3, unique=True))
    written = ", ".join(literal(plural, name, spelling(plural, name)(each)) for each in several)
    return f"[{written}]", lambda model, id: not values(model, label, id).isdisjoint(several)


@MANY
@given(data=st.data(), plural=st.sampled_from(COUNTED), who=st.sampled_from(READERS))
def test_a_facet_obeys_every_filter_but_its_own_and_the_total_obeys_all(
    there: Crowd, data: st.DataObject, plural: str, who: str | None
) -> None:
    model = there.model()
    given = data.draw(st.composite(filters)(model, plural))
    seen = model.seen(LABELS[plural], who, there.station(who))
    written = ", ".join(f"{name}: {text}" for name, (text, _) in given.items())
    found = both(there, f"{{ {plural}(filter: {{{written}}}) {{ totalCount {asked(plural)} }} }}", who)[plural]

    def kept(without: str | None = None) -> set[str]:
        others = [keeps for name, (_, keeps) in given.items() if name != without]
        return {id for id in seen if all(keeps(model, id) for keeps in others)}

    assert found["totalCount"] == len(kept())
    assert answered(found["facets"]) == {
        facet: expected(model, plural, facet, kept(without=facet), who) for facet in FACETS[plural]
    }


def hidden(there: Crowd, label: str, seeds: list[int], who: str | None) -> Iterator[Change]:
    """Records made by chance, as far as this reader does not see them."""
    stations, before = sorted(there.model().ids("Station")), there.model().ids(label)
    for number, seed in enumerate(seeds, 50_000):
        record = list(recorded(Chance(seed), label, number, stations))
        model = there.model(*record)
        if all(id not in model.seen(label, who, there.station(who)) for id in model.ids(label) - before):
            yield from record


MAY_BE_HIDDEN = (
    *((label, None) for label in ("Organisation", "Need", "Achievement", "Profile", "Match", "Cooperation", "Deal")),
    ("Achievement", "other"),
)


@MANY
@given(
    of=st.sampled_from(MAY_BE_HIDDEN),
    seeds=st.lists(st.integers(0, 10_000), min_size=4, max_size=8),
    data=st.data(),
)
def test_nothing_that_is_hidden_changes_any_facet_or_total(
    there: Crowd, of: tuple[str, str | None], seeds: list[int], data: st.DataObject
) -> None:
    label, who = of
    brought = list(hidden(there, label, seeds, who))
    assume(brought)
    model = there.model(*brought)
    given = data.draw(st.composite(filters)(there.model(), _plural(label)))
    written = ", ".join(f"{name}: {text}" for name, (text, _) in given.items())
    narrowed = f"{{ {_plural(label)}(filter: {{{written}}}) {{ totalCount {asked(_plural(label))} }} }}"
    without = [both(there, document, who) for document in (LISTS, narrowed)]
    there.write(brought)
    try:
        assert [both(there, document, who) for document in (LISTS, narrowed)] == without
        everything = both(there, f"{{ {_plural(label)} {{ totalCount }} }}", "auditor")
        assert everything[_plural(label)]["totalCount"] == len(model.ids(label)), "it is there"
    finally:
        there.forget(brought)


def _plural(label: str) -> str:
    return next(plural for plural, each in LABELS.items() if each == label)


@pytest.mark.parametrize("who", READERS)
def test_the_facets_of_neighbours_count_those_of_each_record(there: Crowd, who: str | None) -> None:
    model = there.model()
    fields = {"needs": "needs", "achievements": "achievements", "partners": "partners", "deals": "deals"}
    members = " ".join(f"{name} {{ totalCount {asked(plural)} }}" for name, plural in fields.items())
    document = f"{{ stations(first: 7) {{ edges {{ node {{ id {members} }} }} }} }}"
    sent = there.ways.by_field(document, who)
    assert sent.errors == []
    found = [edge["node"] for edge in orjson.loads(sent.data)["stations"]["edges"]]
    assert {each["id"] for each in found} == model.ids("Station")
    for each in found:
        for name, plural in fields.items():
            ids = linked(model, "Station", name, each["id"]) & model.seen(LABELS[plural], who, there.station(who))
            facets = answered(each[name]["facets"])
            assert each[name]["totalCount"] == len(ids)
            assert facets == {facet: expected(model, plural, facet, ids, who) for facet in FACETS[plural]}


def operators(plan: Mapping[str, Any]) -> Iterator[tuple[str, str, float]]:
    """The operators of a plan, each with what it works on, and how many rows are expected of it."""
    said = plan["args"]
    yield plan["operatorType"].split("@")[0], str(said.get("Details", "")), float(said.get("EstimatedRows", 0))
    for each in plan.get("children", ()):
        yield from operators(each)


@pytest.mark.parametrize(
    ("document", "passages"),
    [
        (f"{{ needs {{ {asked('needs')} }} }}", 1),
        (f"{{ profiles {{ {asked('profiles')} }} }}", 1),
        (f'{{ achievements(filter: {{text: "x"}}) {{ {asked("achievements")} }} }}', 1),
        (f"{{ needs(filter: {{stage: [SOLVED]}}) {{ {asked('needs')} }} }}", 2),
        (f'{{ needs(filter: {{stage: [SOLVED], region: "33"}}) {{ {asked("needs")} }} }}', 3),
    ],
)
@pytest.mark.parametrize("who", [None, "other"])
@ON_NEO4J
def test_neo4j_goes_over_the_records_once_for_all_facets_that_obey_the_same_filters(
    there: Crowd, document: str, passages: int, who: str | None
) -> None:
    services = there.ways.services
    token = there.ways.asking.token(who) if who else None
    request = Request(services, services.identities.viewer(token, None))
    plan = plan_of(request, operation(document, None), {})
    assert plan is not None
    assert plan.statement is not None
    text, (parameters, _) = there.generation.statement(plan.statement), plan.bound(request, {})
    with there.driver.session(database=there.generation.database) as session:
        explained = session.run(f"EXPLAIN {text}", parameters).consume().plan
    assert explained is not None
    found = list(operators(explained))
    products = [rows for name, _, rows in found if name == "CartesianProduct"]
    assert all(rows <= 1 for rows in products), "more than the single rows of the passages are put together"
    assert "AllNodesScan" not in {name for name, _, _ in found}
    label = there.generation.label(LABELS[document.split()[1].partition("(")[0]])
    passed = [each for each in found if ("Scan" in each[0] or "Seek" in each[0]) and label in each[1]]
    assert len(passed) == passages, found


def test_the_crowd_is_of_every_noun_with_facets() -> None:
    assert set(SIZES) == {LABELS[plural] for plural in COUNTED}
