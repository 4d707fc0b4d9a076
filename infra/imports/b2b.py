"""Profiles as EEN's partner web service (b2b) gives them: one, a list, or a page, `{"data": {"items": […], …}}`."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from infra.imports.b2b_profile import record_in
from infra.imports.flaws import Flaw
from infra.imports.json_values import Members, ensure_once, value_in
from infra.imports.records import Record
from infra.imports.source import Source

FORM = (
    "the JSON of EEN's partner web service: a profile (reference, profileStatus, …), a list of profiles, "
    "or a page of them (data.items)"
)


def profiles(source: Source) -> Iterator[Record | Flaw]:
    """The profiles of a file, with a flaw in the place of each that cannot be read.

    Flaws of the whole file, raised: those of `value_in` and of `items`.
    """
    yield from read_items(value_in(source, source.bounds.listing, FORM))


def read_items(content: Any) -> Iterator[Record | Flaw]:
    """What its profiles say, in their order. Flaws raised: those of `items`."""
    for where, item in items(content):
        try:
            yield record_in(item, where)
        except Flaw as flaw:
            yield flaw


def items(content: Any) -> Iterator[tuple[str, Any]]:
    """The profiles, each with the path at which it stands. Flaws: `file.unknown_kind`, `json.name_twice`."""
    where, listed = _listed(content)
    if listed is None:
        yield where, content
        return
    for number, item in enumerate(listed):
        yield f"{where}[{number}]", item


def _listed(content: Any) -> tuple[str, list[Any] | None]:
    """Where the list of profiles stands, and the list; None for a profile that stands alone."""
    where, value = "$", content
    for name in ("data", "items"):
        if isinstance(value, Members) and name in value:
            ensure_once(value, where)
            where, value = f"{where}.{name}", value[name]
    if isinstance(value, list):
        return where, value
    if where == "$" and isinstance(value, Members) and "profileStatus" in value:
        return where, None
    raise Flaw("file.unknown_kind", "it is JSON, but holds something else than profiles", FORM)


def has_next(content: Any) -> bool:
    """Whether another page follows this one, as it says itself. Flaw: `page.unpaged`, where it says nothing of that."""
    data = content.get("data") if isinstance(content, Members) else None
    paging = data.get("pagingInfo") if isinstance(data, Members) else None
    follows = paging.get("hasNext") if isinstance(paging, Members) else None
    if not isinstance(follows, bool):
        raise Flaw("page.unpaged", "it does not say whether another page follows", "data.pagingInfo.hasNext")
    return follows
