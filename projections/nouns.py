"""What one noun is in the graph: its node, its links, and what its facts do to them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from enum import Enum
from typing import Any

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
    properties = flattened(values)
    return Put(
        node.label,
        id,
        {name: value for name, value in properties.items() if value is not None},
        frozenset(name for name, value in properties.items() if value is None),
    )


def begun(recorded: Recorded, context: Context) -> dict[str, Any]:
    """What every node has from its first fact on: the position at which it came, and when it was recorded."""
    return {"created": recorded.position, "recorded_at": context.recorded_at}


def flattened(values: Mapping[str, Any]) -> dict[str, Property | None]:
    """Values as properties: a text in two languages is two of them, money an amount in hundredths and a currency."""
    properties: dict[str, Property | None] = {}
    for name, value in values.items():
        properties.update(_properties(name, value))
    return properties


def bilingual(name: str, value: Bilingual | None) -> dict[str, Property | None]:
    """A text that may be absent, in its two languages."""
    return {f"{name}_zh": value.zh if value else None, f"{name}_en": value.en if value else None}


def money(name: str, value: Money | None) -> dict[str, Property | None]:
    """An amount that may be absent, in hundredths of its currency so that it adds up exactly."""
    return {
        f"{name}_minor": int(value.amount * Decimal(100)) if value else None,
        f"{name}_currency": value.currency.value if value else None,
    }


def contact(value: Contact | None) -> dict[str, Property | None]:
    """A contact person as the log holds it: sealed."""
    fields = ("person_id", "name", "phone", "email")
    return {f"contact_{field}": getattr(value, field) if value else None for field in fields}


def _properties(name: str, value: Any) -> dict[str, Property | None]:
    match value:
        case Bilingual():
            return bilingual(name, value)
        case Money():
            return money(name, value)
        case Contact():
            return contact(value)
        case Enum():
            return {name: str(value.value)}
        case datetime():
            return {name: timestamp(value)}
        case date():
            return {name: value.isoformat()}
        case tuple() | frozenset():
            return {name: [str(each.value) if isinstance(each, Enum) else str(each) for each in value]}
        case _:
            return {name: value}


def timestamp(moment: datetime) -> str:
    """A moment as text in UTC, of fixed width, so that it sorts and compares alike on every engine."""
    return moment.astimezone(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")
