"""What is too long, too deep or too costly is refused before anything is read, whoever wrote it and however."""

from __future__ import annotations

import pytest
from asking import Asking

from gateway.limits import ALIASES, CHARACTERS, COST, DEPTH, FIELDS, REPEATS, TOKENS, VARIABLES
from gateway.operations import DocumentError, operation
from gateway.paging import MOST


def nested(levels: int) -> str:
    """Stations within stations."""
    return "{ stations { edges { node { id " + "parent { id " * (levels - 4) + "}" * (levels - 4) + "} } } }"


def fragments(many: int) -> str:
    """Fragments that all ask for the same."""
    return " ".join(f"fragment F{number} on Query {{ __typename }}" for number in range(many))


def refused(query: str) -> str:
    with pytest.raises(DocumentError) as caught:
        operation(query, None)
    return caught.value.errors[0].message


@pytest.mark.parametrize(
    ("query", "what"),
    [
        ("{ __typename " + "@skip(if: false) " * 20_000 + "}", ""),
        ("{ __typename } #" + "x" * CHARACTERS, ""),
        ("{ __typename }" + "#\n" * 1_000, ""),
        ("{ " + " ".join(["__typename"] * TOKENS) + " }", ""),
        ("{ " + " ".join(f"a{number}: __typename" for number in range(ALIASES + 1)) + " }", "aliases"),
        ("{ " + "...F " * (FIELDS + 1) + "} fragment F on Query { __typename }", "fields"),
        ("{ " + "__typename " * (REPEATS + 1) + "}", "the same field"),
        ("{ " + "needs { totalCount } " * (REPEATS + 1) + "}", "the same field"),
        ("{ " + "needs { edges { cursor cursor } } " * (REPEATS // 2 + 1) + "}", "the same field"),
        (nested(DEPTH + 1), "levels"),
        ("{ __typename } fragment Unused on Query { " + "__typename " * 1_000 + "}", "the same field"),
        (
            "{ ...F0 } "
            + " ".join(f"fragment F{n} on Query {{ ...F{n + 1} }}" for n in range(550))
            + " fragment F550 on Query { nothing }",
            "",
        ),
        ("query (" + " ".join(f"$a{number}: Int" for number in range(VARIABLES + 1)) + ") { __typename }", "variables"),
        ("{ needs(filter: {text: " + "[" * 900 + "]" * 900 + "}) { totalCount } }", ""),
        ("{ " * 3_000, ""),
        ("{ ...A } fragment A on Query { ...B ...B } fragment B on Query { ...A ...A }", ""),
        (
            "{ ...F0 } "
            + " ".join(f"fragment F{n} on Query {{ ...F{n + 1} ...F{n + 1} }}" for n in range(30))
            + " fragment F30 on Query { __typename }",
            "the same field",
        ),
    ],
)
def test_an_attack_is_refused_and_says_by_what(query: str, what: str) -> None:
    assert what in refused(query)


def test_an_operation_that_is_not_meant_is_looked_at_too() -> None:
    query = "query Meant { __typename } query Other { " + "__typename " * (REPEATS + 1) + "}"
    with pytest.raises(DocumentError, match="the same field"):
        operation(query, "Meant")


def test_what_is_just_within_the_limits_is_answered(asking: Asking) -> None:
    assert asking.data(nested(DEPTH))
    assert asking.data("{ " + " ".join(f"a{number}: __typename" for number in range(ALIASES)) + " }")
    assert asking.data("{ " + "__typename " * REPEATS + "}")
    assert asking.data("{ " + " ".join(f"...F{n}" for n in range(REPEATS)) + " }" + fragments(REPEATS))


COSTLY = """query ($size: Int = 100) {
  stations(first: 100) { edges { node { needs(first: $size) { edges { node { %s } } } } } }
}"""


def test_the_cost_is_that_of_the_variables_with_their_defaults(asking: Asking) -> None:
    query = COSTLY % "id station { id } matches(first: 5) { totalCount }"
    assert asking.error(query)["code"] == "TOO_MUCH"
    assert asking.error(query, size=MOST) == {
        "message": f"the question has up to 70,100 records to read; {COST:,} are answered",
        "code": "TOO_MUCH",
        "most": COST,
    }
    assert asking.data(query, size=10)
    assert asking.data(COSTLY % "id", size=MOST)


def test_what_is_no_size_costs_what_the_most_would_and_is_refused_for_what_it_is(asking: Asking) -> None:
    assert asking.error(COSTLY % "id", size=10**6)["code"] == "BAD_INPUT"
    assert asking.error(COSTLY % "id", size=-1)["code"] == "BAD_INPUT"
    assert asking.error(COSTLY % "matches(first: 5) { totalCount }", size=10**9)["code"] == "TOO_MUCH"


def test_a_mutation_costs_as_much_as_what_is_asked_of_its_outcome(asking: Asking) -> None:
    stations = "stations(first: 100) { totalCount }"
    deals = f"deals(first: 100) {{ edges {{ node {{ {stations} }} }} }}"
    inner = f"matches(first: 100) {{ edges {{ node {{ {deals} }} }} }}"
    query = f'mutation {{ checkNeed(input: {{requestId: "a", needId: "b"}}) {{ need {{ {inner} }} }} }}'
    assert asking.error(query, "adviser")["code"] == "TOO_MUCH"


def test_nothing_is_suggested_to_who_guesses_names(asking: Asking) -> None:
    for query in (
        "{ need { id } }",
        "{ stationz { id } }",
        "{ stations(frist: 1) { totalCount } }",
        "{ deals(filter: {stages: []}) { totalCount } }",
        "{ stations(orderBy: NEWST) { totalCount } }",
    ):
        assert "Did you mean" not in asking.post(query).text
    response = asking.post(
        "query ($by: StationOrder) { stations(orderBy: $by) { totalCount } }", variables={"by": "NEWST"}
    )
    assert "Did you mean" not in response.text
