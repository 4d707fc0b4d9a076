"""What one noun is in the graph: its node, its links, and what its facts do to them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from enum import Enum, StrEnum
from operator import attrgetter
from typing import Any, TypeAlias

from msgspec import to_builtins

from domain.kernel.context import Context
from domain.kernel.history import Recorded
from domain.values import Bilingual, Contact, Money
from projections.changes import LinkType, NodeType, Property, Put
from projections.projection import Projecting


@dataclass(frozen=True, slots=True)
class Noun:
    """The projection of one kind of entity: those whose ids have this prefix.

    `answering` are those of its links that lead to the stations that answer for it.
    """

    prefix: str
    node: NodeType
    project: Projecting
    links: tuple[LinkType, ...] = ()
    answering: tuple[LinkType, ...] = ()


def put(node: NodeType, id: str, **values: Any) -> Put:
    """A node with these values, flattened into properties; a value of None takes its properties away."""
    return Put(node.label, id, flattened(values))


def begun(recorded: Recorded, context: Context) -> dict[str, Any]:
    """What every node has from its first fact on: the position at which it came, and when it was recorded."""
    return {"created": recorded.position, "recorded_at": context.recorded_at}


def flattened(values: Mapping[str, Any]) -> dict[str, Property | None]:
    """Values as properties: a text in two languages is two of them, money an amount in hundredths and a currency."""
    properties: dict[str, Property | None] = {}
    for name, value in values.items():
        if (kind := type(value)) in PLAIN:
            properties[name] = value
        elif kind in SEVERAL:
            properties.update(SEVERAL[kind](name, value))
        else:
            properties[name] = ones[kind](value)
    return properties


def bilingual(name: str, value: Bilingual | None) -> dict[str, Property | None]:
    """A text that may be absent, in its two languages."""
    if value is None:
        return {f"{name}_zh": None, f"{name}_en": None}
    return {f"{name}_zh": value.zh, f"{name}_en": value.en}


HUNDRED = Decimal(100)


def money(name: str, value: Money | None) -> dict[str, Property | None]:
    """An amount that may be absent, in hundredths of its currency so that it adds up exactly."""
    if value is None:
        return {f"{name}_minor": None, f"{name}_currency": None}
    return {f"{name}_minor": int(value.amount * HUNDRED), f"{name}_currency": _text(value.currency)}


def contact(value: Contact | None) -> dict[str, Property | None]:
    """A contact person as the log holds it: sealed."""
    fields = ("person_id", "name", "phone", "email")
    return {f"contact_{field}": getattr(value, field) if value else None for field in fields}


def timestamp(moment: datetime) -> str:
    """A moment as text in UTC, of fixed width, so that it sorts and compares alike on every engine."""
    text: str = to_builtins(moment.astimezone(UTC))
    return text if moment.microsecond else f"{text[:-1]}.000000Z"


def _text(value: Any) -> str:
    if type(value) is str:
        return value
    return str(value._value_) if isinstance(value, Enum) else str(value)


PLAIN = frozenset({str, int, bool, type(None)})
"""What is a property as it is."""

SEVERAL: Mapping[type, Callable[[str, Any], dict[str, Property | None]]] = {
    Bilingual: bilingual,
    Money: money,
    Contact: lambda _name, value: contact(value),
}
"""What is several properties, each by the name that it stands under."""

One: TypeAlias = Callable[[Any], Property]


class Ones(dict[type, One]):
    """How values of a kind become a property; what holds for a kind holds for what derives from it."""

    def __missing__(self, kind: type) -> One:
        one = self[kind] = next(one for known, one in self.items() if issubclass(kind, known))
        return one


ones = Ones(
    {
        StrEnum: attrgetter("_value_"),
        Enum: _text,
        datetime: timestamp,
        date: date.isoformat,
        tuple: lambda values: [each if type(each) is str else _text(each) for each in values],
        frozenset: lambda values: sorted(_text(each) for each in values),
        object: lambda value: value,
    }
)
"""The first that fits counts. A set has no order of its own, and a graph is to be the same each time."""
