"""Pages of a list: forward, by keyset on a sort value and the id, under an opaque cursor."""

from __future__ import annotations

from base64 import urlsafe_b64decode
from binascii import b2a_base64
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import orjson

from gateway.errors import GatewayError

URL_SAFE = bytes.maketrans(b"+/", b"-_")
MOST = 100
USUAL = 20


@dataclass(frozen=True, slots=True)
class Order:
    """An order of a list: by a property of its nodes that is always a number, and its direction.

    Conditions begin with one on the property alone: a database that has an index of it goes through the index then, in
    this order and no further than the page, and does not look at all nodes and sort them.
    """

    property: str
    descending: bool = False

    def anywhere(self, node: str = "n") -> str:
        """The condition that a node has a place in this order, as every node has."""
        return f"{node}.{self.property} IS NOT NULL"

    def beyond(self, value: str, id: str, node: str = "n") -> str:
        """The condition that a node comes after a place, given the names of the parameters that hold it."""
        further = "<" if self.descending else ">"
        at = f"{node}.{self.property}"
        return f"{at} {further}= ${value} AND ({at} <> ${value} OR {node}.id > ${id})"

    def clause(self, node: str = "n") -> str:
        return f"ORDER BY {node}.{self.property}{' DESC' if self.descending else ''}, {node}.id"


NEWEST = Order("created", descending=True)
OLDEST = Order("created")


def cursor_of(value: float, id: str) -> str:
    """The cursor of a place; a page makes one for each of its records."""
    return b2a_base64(orjson.dumps((value, id)), newline=False).translate(URL_SAFE, b"=").decode()


@dataclass(frozen=True, slots=True)
class Place:
    """Where a page begins: after this sort value and id."""

    value: float
    id: str

    def cursor(self) -> str:
        return cursor_of(self.value, self.id)

    @classmethod
    def parse(cls, cursor: str) -> Place:
        try:
            match orjson.loads(urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4))):
                case [int() | float() as value, str() as id] if abs(value) < 2**63 and not isinstance(value, bool):
                    return cls(value, id)
        except ValueError:
            pass
        raise GatewayError("BAD_INPUT", "after: takes a cursor that this list has given")


def page_size(first: int | None) -> int:
    """How many are asked for: 1 to 100, 20 when nothing is said."""
    if first is None:
        return USUAL
    if not 1 <= first <= MOST:
        raise GatewayError("BAD_INPUT", f"first: takes 1 to {MOST}")
    return first


@dataclass(frozen=True, slots=True)
class Edge:
    node: Any
    cursor: str


def connection(places: Sequence[tuple[Place, Any]], size: int, after: str | None, **more: Any) -> dict[str, Any]:
    """A page as Relay describes it, from one more place than it shows."""
    edges = [Edge(node, place.cursor()) for place, node in places[:size]]
    return page(edges, further=len(places) > size, previous=after is not None, **more)


def page(edges: Sequence[Edge], *, further: bool, previous: bool, **more: Any) -> dict[str, Any]:
    """A page of these edges; whether others come after it, and before it."""
    info = {
        "has_next_page": further,
        "has_previous_page": previous,
        "start_cursor": edges[0].cursor if edges else None,
        "end_cursor": edges[-1].cursor if edges else None,
    }
    return {"edges": edges, "page_info": info, **more}
