"""Answers in one form, whoever gave them: so that those of all sides can be compared.

Connections become lists, texts in two languages flat fields, the one neighbour a list of one, and values of
enumerations small letters, as they stand in the graph. Cursors are left out, since each side has its own.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from answering.documents import PAGE, PAGE_SIZE, SEARCH

CHOICES: Final = frozenset({"stage", "mode", "type", "fields"})
"""Fields of enumerations."""
LISTS: Final = frozenset({"keywords", "fields"})
"""Fields that hold several; where there is none, some sides say null."""


def normal(question: str, data: Mapping[str, Any]) -> Any:
    """The data of an answer in the common form; of a page, whether there is another one as well."""
    ((_, value),) = data.items()
    records = _several(value)
    if question == SEARCH:
        for record in records:
            record.pop("score", None)
    if question != PAGE:
        return records
    info = value.get("pageInfo") if isinstance(value, Mapping) else None
    more = info["hasNextPage"] if info else len(records) > PAGE_SIZE
    assert info is None or not records or info["endCursor"] == value["edges"][-1]["cursor"]
    for record in records:
        record.pop("created", None)  # the lists need it for the next page
    return {"records": records[:PAGE_SIZE], "more": more}


def _several(value: Any) -> list[dict[str, Any]]:
    """The records of a connection, of a list, or the only one."""
    if value is None:
        return []
    if isinstance(value, list):
        return [_record(each) for each in value]
    if "edges" in value:
        return [_record(edge["node"]) for edge in value["edges"]]
    return [_record(value)]


def _record(given: Mapping[str, Any]) -> dict[str, Any]:
    made: dict[str, Any] = {}
    for name, value in given.items():
        if isinstance(value, Mapping) and value.keys() <= {"zh", "en"}:
            made.update({f"{name}{language.title()}": text for language, text in value.items()})
        elif isinstance(value, Mapping) or (isinstance(value, list) and name not in LISTS):
            made[name.removesuffix("Connection")] = _several(value)
        elif name in CHOICES:
            made[name] = _small(value if value is not None or name not in LISTS else [])
        else:
            made[name] = value if value is not None or name not in LISTS else []
    return made


def _small(value: Any) -> Any:
    if isinstance(value, list):
        return [each.lower() for each in value]
    return value.lower() if value else value
