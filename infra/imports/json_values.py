"""JSON as others write it: read whole, and no deeper than a reader goes; what an object says twice is kept in mind."""

from __future__ import annotations

import json
from collections import Counter
from typing import Any, NoReturn

from infra.imports.flaws import Flaw, shown
from infra.imports.source import Source, ensure_size


class Members(dict[str, Any]):
    """An object of JSON; `twice` are the names that stand in it more than once, of which a reader must not choose."""

    twice: tuple[str, ...] = ()


def value_in(source: Source, bound: int, accepted: str) -> Any:
    """The value that a file holds; its objects are `Members`. `accepted` says what would have been taken.

    Flaws of the whole file: `file.too_large`, `file.encoding`, `json.malformed`, `json.too_deep`.
    """
    ensure_size(source.size(), bound)
    return parsed("".join(source.text("utf-8")), accepted)


def parsed(text: str, accepted: str) -> Any:
    """The value that a text is. Flaws: `json.malformed`, `json.too_deep`."""
    try:
        return json.loads(text, object_pairs_hook=_members, parse_constant=_no_number)
    except RecursionError as error:
        raise Flaw("json.too_deep", "its values stand in each other without bottom", accepted) from error
    except ValueError as error:
        raise Flaw("json.malformed", f"it is no JSON, or cut off: {error}", accepted) from error


def ensure_once(members: Members, where: str) -> None:
    """Flaw: `json.name_twice`."""
    if members.twice:
        reason = f"{shown(', '.join(members.twice))} stands in it more than once"
        raise Flaw("json.name_twice", reason, "each name once", where)


def _members(pairs: list[tuple[str, Any]]) -> Members:
    members = Members(pairs)
    if len(members) < len(pairs):
        often = Counter(name for name, _ in pairs)
        members.twice = tuple(name for name, times in often.items() if times > 1)
    return members


def _no_number(text: str) -> NoReturn:
    raise ValueError(f"{text} is no number of JSON")
