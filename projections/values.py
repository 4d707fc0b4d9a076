"""Properties as every graph takes them, whichever it is."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime
from types import NoneType
from typing import TypeAlias

from projections.changes import Link, Property, Put

Written: TypeAlias = Mapping[str, Property | None]
"""Properties as they are written; None takes one away."""

Values: TypeAlias = dict[str, Property | None]
"""The same, while more is said about them."""

PLAIN = frozenset({str, int, float, bool, date, list, NoneType})
"""Kinds of values that every graph takes as they are."""


def written(change: Put | Link) -> Written:
    """The properties as every graph takes them, times in UTC.

    Raises ValueError for what graphs do not hold alike: a link's property without a value, a time without a zone,
    another id.
    """
    values: Written = change.set
    if not PLAIN.issuperset(map(type, values.values())):
        values = {name: _value(name, value) for name, value in values.items()}
    if isinstance(change, Put):
        return _without_id(change, values) if "id" in values else values
    if gone := [name for name, value in values.items() if value is None]:
        raise ValueError(f"{gone[0]} is set to nothing; a link has the properties that are set on it, and no others")
    return values


def number(value: Property | None) -> int:
    """A counter's value, where what is not there counts as 0. Raises TypeError for what is no whole number."""
    if value is None:
        return 0
    if not isinstance(value, int) or isinstance(value, bool):
        raise TypeError(f"{value!r} is no whole number to add to")
    return value


def _value(name: str, value: Property | None) -> Property | None:
    if isinstance(value, datetime):
        if value.tzinfo is None:
            raise ValueError(f"the time in {name} has no time zone")
        return value.astimezone(UTC)
    return value


def _without_id(change: Put, values: Written) -> Written:
    if values["id"] != change.id:
        raise ValueError(f"the id of {change.label} {change.id} is not a property to change")
    return {name: value for name, value in values.items() if name != "id"}
