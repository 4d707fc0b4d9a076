"""What is seen to before anything is timed: all sides answer alike, and none of them from what it answered before."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any, Final

from neo4j import Driver

from answering import driver as bare_driver
from answering.answers import normal
from answering.documents import BEST, LIST, NESTED, NODE, PAGE, QUESTIONS, SEARCH, TEXT
from answering.ground import Ground
from answering.sides import Neo4jGraphQL, Side

SHOWN: Final[Mapping[str, tuple[str, str]]] = {
    NODE: ("Need", "title_zh"),
    LIST: ("Need", "title_zh"),
    NESTED: ("Station", "name_zh"),
    PAGE: ("Need", "title_zh"),
    TEXT: ("Profile", "title_en"),
    SEARCH: ("Profile", "title_en"),
}
"""The label of the records that a question shows first, and a property that it shows of them."""
CHANGED: Final = "改过"


def alike(sides: Sequence[Side], ground: Ground, most: int) -> None:
    """See that all sides give the same to so many variations of each question at most, and that it is not nothing.

    A search each side ranks in its own way, over words that it cuts in its own way, and ours over what the public sees:
    there they have to give something, no record twice, and no more than was asked for.
    """
    records = bare_driver.records(ground.statements)
    for question in QUESTIONS:
        by_all = [one_answer(sides, question, number) for number in range(len(ground.asked[question]))[:most]]
        of_driver = normal(question, ground.built(question, 0, records[question]))
        assert of_driver == by_all[0], f"{question}: the driver reads something else"


def fresh(sides: Sequence[Side], ground: Ground, driver: Driver) -> None:
    """See that a change in the graph shows in the next answer of each side, and is gone from the one after it.

    A search may be ranked in another way afterwards: an index of Lucene counts what was taken out for some time.
    """
    for question in QUESTIONS:
        for asked in [[side] for side in sides] if question == SEARCH else [sides]:
            before = one_answer(asked, question, 0)
            with _changed(driver, ground, question, _records(before)[0]["id"]):
                assert one_answer(asked, question, 0) != before, f"{question}: a change does not show"
            after = one_answer(asked, question, 0)
            gone = CHANGED not in str(after) if question == SEARCH else after == before
            assert gone, f"{question}: {asked[0].name} shows a change that was taken back"


def answers(side: Side, question: str, number: int) -> Iterator[Any]:
    """What a side answers, in the common form: once for each way in which it can be asked."""
    if isinstance(side, Neo4jGraphQL):
        side.prefer(question, connections=True)
        yield normal(question, side.ask(question, number))
        side.prefer(question, connections=False)
    yield normal(question, side.ask(question, number))


def one_answer(sides: Sequence[Side], question: str, number: int) -> Any:
    """The answer that all of them give."""
    first: Any = None
    for side in sides:
        for answer in answers(side, question, number):
            first = answer if first is None else first
            same = _is_a_page(answer) if question == SEARCH else answer == first
            assert same, f"{side.name} answers variation {number} of {question!r} in another way"
    assert _records(first), f"variation {number} of {question!r} finds nothing"
    return first


def _is_a_page(answer: Any) -> bool:
    return 0 < len({record["id"] for record in answer}) == len(answer) <= BEST


def _records(answer: Any) -> Any:
    return answer["records"] if isinstance(answer, Mapping) else answer


@contextmanager
def _changed(driver: Driver, ground: Ground, question: str, id: str) -> Iterator[None]:
    """Another text in a property that the question shows of this record, and then the old one again."""
    label, property = SHOWN[question]
    found = f"MATCH (n:{label}{ground.graph['suffix']} {{id: $id}})"

    def write(text: str) -> str:
        statement = f"{found} WITH n, n.{property} AS old SET n.{property} = $text RETURN old"
        parameters = {"id": id, "text": text}
        rows = driver.execute_query(statement, parameters, database_=ground.graph["database"])
        return str(rows.records[0]["old"])

    old = write(CHANGED)
    try:
        yield
    finally:
        write(old)
