"""Facets of the lists of the small network: what they count, for whom, and what they cost."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from asking import Asking
from both_ways import BothWays
from graphql import GraphQLObjectType
from small_facets import FACETS, answered, asked, counted, literal, told
from small_links import LABELS, linked
from small_model import Model
from small_network import SmallNetwork

from gateway.context import Request
from gateway.facets import Facet
from gateway.limits import COST, FACET
from gateway.made import Field, guarded
from gateway.nouns import nouns
from gateway.operations import operation
from gateway.planning.plans import plan_of
from gateway.schema import schema

Now = Callable[[], Model]
READERS = (None, "stranger", "other", "adviser", "auditor")
COUNTED = [plural for plural, facets in FACETS.items() if facets]


def station_of(made: SmallNetwork, who: str | None) -> str | None:
    return made.people[who].station_id if who else None


def facets_of(asking: Asking, plural: str, who: str | None, filter: str = "") -> Any:
    given = f"(filter: {{{filter}}})" if filter else ""
    return answered(asking.data(f"{{ {plural}{given} {{ {asked(plural)} }} }}", who)[plural]["facets"])


@pytest.mark.parametrize("who", READERS)
@pytest.mark.parametrize("plural", COUNTED)
def test_facets_count_the_records_that_the_reader_sees(
    asking: Asking, model: Now, made: SmallNetwork, plural: str, who: str | None
) -> None:
    """Who is appointed nowhere is the public."""
    seen = model().seen(LABELS[plural], who, station_of(made, who))
    publicly = who in (None, "stranger")
    assert facets_of(asking, plural, who) == {
        facet: told(counted(model(), plural, facet, seen), publicly=publicly) for facet in FACETS[plural]
    }


def test_the_lists_and_their_facets_are_those_that_are_known_here() -> None:
    for plural, label in LABELS.items():
        kind = schema().type_map.get(f"{label}Facets")
        assert set(kind.fields if isinstance(kind, GraphQLObjectType) else ()) == set(FACETS[plural])


def every_facet() -> list[tuple[Any, Facet]]:
    """All facets, with the nouns that they count."""
    found = []
    for noun in nouns():
        facets = noun.connection._meta.fields.get("facets")
        for each in facets.type.of_type._meta.fields.values() if facets else ():
            assert isinstance(each, Field)
            assert isinstance(each.made, Facet)
            found.append((noun, each.made))
    assert found
    return found


def test_a_facet_counts_what_a_filter_takes_and_everybody_who_sees_the_record_reads() -> None:
    for noun, facet in every_facet():
        assert facet.filter in noun.filters
        if facet.link is None:
            assert facet.property not in guarded(noun.type)
            shown = {"province": "region"}.get(facet.property, facet.property)
            assert shown in noun.type._meta.fields
        else:
            (there,) = [each for each in nouns() if each.label == facet.link.target]
            assert facet.property == "province"
            assert "region" in there.type._meta.fields


def test_what_a_facet_gives_is_what_its_filter_takes(asking: Asking, made: SmallNetwork) -> None:
    """Whoever narrows a list down by a value finds as many records as were counted."""
    for plural, facets in FACETS.items():
        found = facets_of(asking, plural, "auditor") if facets else {}
        for facet, values in found.items():
            for value, count in values or ():
                if value is not None:
                    text = literal(plural, facet, value)
                    narrowed = asking.data(f"{{ {plural}(filter: {{{facet}: {text}}}) {{ totalCount }} }}", "auditor")
                    assert narrowed[plural]["totalCount"] == count, (plural, facet, value)


def test_a_facet_ignores_its_own_filter_and_obeys_the_others(asking: Asking, model: Now) -> None:
    """So that a reader who chose a stage is shown how many there are of the others, among those of the field."""
    all_needs = model().ids("Need")
    solved = {id for id in all_needs if model().node("Need", id)["stage"] == "solved"}
    of_field = {id for id in all_needs if "advanced_manufacturing" in model().node("Need", id)["fields"]}
    found = facets_of(asking, "needs", "adviser", "stage: [SOLVED], fields: [ADVANCED_MANUFACTURING]")
    assert found["stage"] == told(counted(model(), "needs", "stage", of_field), publicly=False)
    assert found["fields"] == told(counted(model(), "needs", "fields", solved), publicly=False)
    assert found["region"] == told(counted(model(), "needs", "region", solved & of_field), publicly=False)
    nothing = facets_of(asking, "needs", "adviser", "stage: null, fields: null")
    assert nothing == facets_of(asking, "needs", "adviser")


def test_a_page_further_on_has_the_facets_of_the_whole_list(asking: Asking) -> None:
    query = "query ($after: String) {{ needs(first: 2, after: $after) {{ pageInfo {{ endCursor }} {} }} }}"
    first = asking.data(query.format(asked("needs")), "adviser")["needs"]
    second = asking.data(query.format(asked("needs")), "adviser", after=first["pageInfo"]["endCursor"])["needs"]
    assert second["facets"] == first["facets"]
    assert second["pageInfo"] != first["pageInfo"]


@pytest.mark.parametrize("who", [None, "other", "auditor"])
def test_the_facets_of_neighbours_are_those_of_each_record_by_itself(
    asking: Asking, ways: BothWays, model: Now, made: SmallNetwork, who: str | None
) -> None:
    query = f"{{ stations(first: 5) {{ edges {{ node {{ id needs {{ {asked('needs')} }} }} }} }} }}"
    assert ways.by_plan(query, who) is None, "they are counted field by field"
    seen = model().seen("Need", who, station_of(made, who))
    for edge in asking.data(query, who)["stations"]["edges"]:
        ids = linked(model(), "Station", "needs", edge["node"]["id"]) & seen
        assert answered(edge["node"]["needs"]["facets"]) == {
            facet: told(counted(model(), "needs", facet, ids), publicly=who is None) for facet in FACETS["needs"]
        }


def test_most_come_first_and_equals_by_their_values_and_no_more_than_are_asked_for(asking: Asking) -> None:
    whole = facets_of(asking, "needs", "adviser")["stage"]
    assert whole == sorted(whole, key=lambda each: (-each[1], each[0]))
    assert len(whole) > 2
    for first in (1, 2, len(whole), 100):
        query = f"{{ needs {{ facets {{ stage(first: {first}) {{ value count suppressed }} }} }} }}"
        assert answered(asking.data(query, "adviser")["needs"]["facets"])["stage"] == whole[:first]


@pytest.mark.parametrize("first", [0, 101, -1])
def test_a_facet_shows_one_to_a_hundred_values(asking: Asking, ways: BothWays, first: int) -> None:
    query = f"{{ needs {{ totalCount facets {{ stage(first: {first}) {{ count }} }} }} }}"
    error = asking.error(query, "adviser")
    assert (error["code"], error["message"]) == ("BAD_INPUT", "first: takes 1 to 100")
    assert ways.by_plan(query, "adviser") is None


SPELLED = """query ($size: Int, $stage: [NeedStage!], $region: String, $with: Boolean!) {
  needs(filter: {stage: $stage, region: $region}) {
    a: facets { __typename few: stage(first: $size) { count } all: stage { __typename value count } ...more }
    b: facets { ...more region @include(if: $with) { value name { zh en text(lang: "en") } } }
    none: facets { __typename }
  }
}
fragment more on NeedFacets { fields(first: 3) { value count suppressed } stage @skip(if: $with) { value } }
"""


@pytest.mark.parametrize("who", [None, "adviser"])
@pytest.mark.parametrize(
    "given",
    [
        {"with": True},
        {"with": False, "size": 1, "stage": ["SOLVED"]},
        {"with": True, "size": None, "stage": None, "region": "33"},
        {"with": True, "size": 2, "stage": [], "region": "440000"},
    ],
)
def test_however_facets_are_spelled_both_ways_answer_alike(
    ways: BothWays, who: str | None, given: dict[str, Any]
) -> None:
    ours = ways.by_plan(SPELLED, who, given)
    assert ours is not None
    assert ours == ways.by_field(SPELLED, who, given)
    assert ours.errors == []


def test_a_code_says_what_it_stands_for(asking: Asking) -> None:
    query = """{
      needs { facets { region { value name { zh en } } } }
      partners { facets { country { value name { zh en } } } }
      experts { facets { languages { value name { zh en } } } }
      profiles { facets { technologyKeywords { value name { zh en } } } }
      organisations { facets { region { value name { zh } } } }
    }"""
    found = asking.data(query, "adviser")
    assert {"value": "330000", "name": {"zh": "浙江省", "en": "Zhejiang"}} in found["needs"]["facets"]["region"]
    assert {"value": "NL", "name": {"zh": "荷兰", "en": "Netherlands"}} in found["partners"]["facets"]["country"]
    assert {"value": "zh", "name": {"zh": None, "en": "Chinese"}} in found["experts"]["facets"]["languages"]
    assert {"value": None, "name": None} in found["organisations"]["facets"]["region"]
    keywords = {each["value"]: each["name"] for each in found["profiles"]["facets"]["technologyKeywords"]}
    assert keywords["11001"] == {"zh": "社会经济模型与经济问题", "en": "Socio-economic models, economic aspects"}
    assert keywords["99999999"] is None


def test_a_facet_costs_as_much_as_many_records_wherever_it_stands(asking: Asking) -> None:
    once = "needs(first: 100) { facets { stage { count } } }"
    aliases = COST // (FACET + 100)
    assert asking.data("{ " + " ".join(f"a{n}: {once}" for n in range(aliases)) + " }")
    more = "{ " + " ".join(f"a{n}: {once}" for n in range(aliases + 1)) + " }"
    assert asking.error(more)["code"] == "TOO_MUCH"
    there = "{{ stations(first: {}) {{ edges {{ node {{ needs(first: 1) {{ facets {{ ...f }} }} }} }} }} }}"
    fragment = " fragment f on NeedFacets { stage(first: 1) { count } region(first: 1) { count } }"
    most = COST // (2 * FACET + 2)
    assert asking.data(there.format(most) + fragment)
    assert asking.error(there.format(most + 1) + fragment)["code"] == "TOO_MUCH"


@pytest.mark.parametrize(
    ("document", "passages"),
    [
        (f"{{ needs {{ {asked('needs')} }} }}", 1),
        (f'{{ needs(filter: {{text: "x"}}) {{ {asked("needs")} x: {asked("needs", first=1)} }} }}', 1),
        (f"{{ needs(filter: {{stage: [SOLVED]}}) {{ {asked('needs')} }} }}", 2),
        (f"{{ needs {{ totalCount {asked('needs')} }} }}", 1),
        ("{ needs { totalCount facets { stage { count } } } }", 1),
        ("{ needs(filter: {stage: [SOLVED]}) { totalCount facets { stage { count } } } }", 2),
        ("{ needs { totalCount edges { cursor } facets { stage { count } } } }", 2),
        ("{ needs { facets { __typename } } }", 0),
    ],
)
def test_facets_that_obey_the_same_filters_are_counted_in_one_passage(
    ways: BothWays, document: str, passages: int
) -> None:
    plan = plan_of(Request(ways.services, ways.services.identities.viewer(None, None)), operation(document, None), {})
    assert plan is not None
    assert (plan.statement or "").count("MATCH (n:Need)") == passages
