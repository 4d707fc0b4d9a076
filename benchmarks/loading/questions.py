"""Questions: what is asked while there is load, and what a need looks like in an answer."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final

from loading.lives import Does, Life, Version


class Question(StrEnum):
    """What is asked, as the table calls it."""

    ONE = "one need"
    SHARED = "a need that everybody amends"
    LIST = "all needs of an organisation"
    NESTED = "an organisation with its newest needs"
    PAGE = "a filtered page"
    COUNTS = "four counts"
    CONSISTENT = "list and counts of one state"
    COUNTERPARTS = "counterparts"
    RETURNED = "the need that a mutation returns"


PAGE_SIZE: Final = 3
NEWEST: Final = 5
"""Needs of an organisation that are shown with it."""
ALL: Final = 100
PAGED: Final = ("CHECKED", "PUBLISHED")
"""The stages of which pages are read."""
COUNTED: Final = ("RECORDED", "CHECKED", "PUBLISHED")

NEED: Final = """fragment Shown on Need {
    id created stage title { zh } goal keywords fields budget { amount } organisation { id } }"""
ORGANISATIONS: Final = "filter: {organisation: $id}, orderBy: OLDEST"
LISTED: Final = f"""needs({ORGANISATIONS}, first: {ALL}) {{
    totalCount edges {{ node {{ ...Shown }} }} pageInfo {{ hasNextPage }} }}"""
NUMBERS: Final = " ".join(
    f"{stage}: needs(filter: {{organisation: $id, stage: [{stage}]}}) {{ totalCount }}" for stage in COUNTED
)

DOCUMENTS: Final[Mapping[Question, str]] = {
    Question.ONE: f"query one($id: ID!) {{ need(id: $id) {{ ...Shown }} }} {NEED}",
    Question.SHARED: f"query shared($id: ID!) {{ need(id: $id) {{ ...Shown }} }} {NEED}",
    Question.LIST: f"query list($id: ID!) {{ {LISTED} }} {NEED}",
    Question.NESTED: f"""query nested($id: ID!) {{ organisation(id: $id) {{ id needs(first: {NEWEST}) {{
        totalCount edges {{ node {{ ...Shown }} }} pageInfo {{ hasNextPage }} }} }} }} {NEED}""",
    Question.PAGE: f"""query page($id: ID!, $stages: [NeedStage!], $after: String) {{
        needs(filter: {{organisation: $id, stage: $stages}}, orderBy: OLDEST, first: {PAGE_SIZE}, after: $after) {{
        edges {{ node {{ ...Shown }} }} pageInfo {{ hasNextPage endCursor }} }} }} {NEED}""",
    Question.COUNTS: f"query counts($id: ID!) {{ all: needs {{ totalCount }} {NUMBERS} }}",
    Question.CONSISTENT: f"""query consistent($id: ID!) {{
        {LISTED} all: needs {{ totalCount }} {NUMBERS} }} {NEED}""",
    Question.COUNTERPARTS: """query counterparts($id: ID!, $on: Date) {
        counterparts(of: $id, on: $on, first: 3) { totalCount edges { node {
            score profile { id reference } reasons { rule contribution words { ours theirs } } } } } }""",
}

OUTCOME: Final = "id position changed repeated"
TAKES: Final[Mapping[Does, str]] = {does: f"{does[0].upper()}{does[1:]}Input!" for does in Does}


def mutation(does: Does, *, with_need: bool) -> str:
    """The document that gives a command, and asks for the need as well if so wished."""
    selected = f"{OUTCOME} need {{ ...Shown }}" if with_need else OUTCOME
    document = f"mutation act($input: {TAKES[does]}) {{ {does}(input: $input) {{ {selected} }} }}"
    return f"{document} {NEED}" if with_need else document


@dataclass(frozen=True, slots=True)
class Topic:
    """What some need of the network is about, as its answer says it; and its counterparts, once they are known."""

    said: Mapping[str, Any]
    description: str | None = None
    counterparts: Any = None

    def details(self, number: int) -> dict[str, Any]:
        """The details of a need about this, as a mutation takes them; the number stands in the budget."""
        said = {name: value for name, value in self.said.items() if value}
        told = {"description": {"zh": self.description}} if self.description else {}
        return {**said, **told, "budget": {"amount": f"{number}.00", "currency": "CNY"}}


def shown(life: Life, version: Version, topics: tuple[Topic, ...]) -> dict[str, Any]:
    """A version of a need as an answer shows it."""
    return {
        **topics[version.number % len(topics)].said,
        "id": life.id,
        "created": life.created,
        "stage": version.stage,
        "budget": {"amount": f"{version.number}.00"},
        "organisation": {"id": life.organisation},
    }
