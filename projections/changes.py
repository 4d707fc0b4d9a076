"""Changes: the whole vocabulary in which a projection says what a fact does to the graph.

Every reader of facts (the graph database, the graph in memory, verification) is fed the same changes.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import TypeAlias

from msgspec import Struct

Scalar: TypeAlias = str | int | float | bool | date | datetime
Property: TypeAlias = Scalar | list[str]
Properties: TypeAlias = Mapping[str, Property]


class Put(Struct, frozen=True, gc=False):
    """The node exists and has these properties; one that is set to None is gone; the others stay as they were."""

    label: str
    id: str
    set: Mapping[str, Property | None] = {}


class Drop(Struct, frozen=True, gc=False):
    """The node is not there any more, and neither are its links."""

    label: str
    id: str


class Add(Struct, frozen=True, gc=False):
    """The number in this property is larger by so much; a node, or a number, that is not there counts from 0."""

    label: str
    id: str
    property: str
    by: int


class LinkType(Struct, frozen=True, gc=False, cache_hash=True):
    """A kind of link: its name, and the labels that it goes from and to.

    The source is the end that has few links of this kind (the need, not the station): the graph looks for a link from
    there.
    """

    source: str
    name: str
    target: str


class Link(Struct, frozen=True, gc=False):
    """There is one link of this type between the two, with exactly these properties set on it."""

    type: LinkType
    source: str
    target: str
    set: Properties = {}


class Unlink(Struct, frozen=True, gc=False):
    """There is no link of this type between the two; with no target, from the source to any node."""

    type: LinkType
    source: str
    target: str | None = None


Change: TypeAlias = Put | Drop | Add | Link | Unlink


class NodeType(Struct, frozen=True, gc=False):
    """A kind of node: its label, and the properties that queries look it up or order it by.

    `counters` are the properties that changes add to; `goes` says that such nodes are dropped.
    """

    label: str
    indexes: tuple[str, ...] = ()
    counters: tuple[str, ...] = ()
    goes: bool = False
