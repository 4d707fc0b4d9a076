"""The pages on workflows draw what the code does, and name what there is."""

from __future__ import annotations

import re

from guide_lists import WORKFLOWS
from guide_pages import blocks

from domain.interest_stages import MOVES, InterestStage
from gateway.schema import schema

PAGE = WORKFLOWS / "interest.md"
ARROW = re.compile(r"^ +(\S+) --> ([^:\s]+)(?:: (\w+))?$")


def arrows() -> list[tuple[str, str, str | None]]:
    """The arrows of the one diagram on the page: from where, to where, and what stands at each."""
    (diagram,) = [block.text for block in blocks(PAGE) if block.language == "mermaid"]
    first, *lines = diagram.rstrip().splitlines()
    assert first == "stateDiagram-v2"
    found = [ARROW.fullmatch(line) for line in lines]
    assert all(found), lines
    return [(each[1], each[2], each[3]) for each in found if each]


def test_the_diagram_of_an_interest_has_an_arrow_for_every_move_and_no_other() -> None:
    drawn = [(one, other) for one, other, _ in arrows()]
    moves = [(str(stage), str(to)) for stage, following in MOVES.items() for to in following]
    ends = [(str(stage), "[*]") for stage in InterestStage if not MOVES[stage]]
    assert sorted(drawn) == sorted([("[*]", "pending"), *moves, *ends])


def test_every_mutation_that_the_page_names_is_one_of_the_schema() -> None:
    mutations, queries = schema().mutation_type, schema().query_type
    assert mutations is not None
    assert queries is not None
    named = {label for *_, label in arrows() if label}
    named |= set(re.findall(r"`([a-z]+[A-Z]\w+)`", PAGE.read_text(encoding="utf-8")))
    assert named
    assert named <= mutations.fields.keys()
