"""Search: the records that share words with a text, the best first, over everything that everybody may read."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import graphene

from domain.searching.index import Hit
from gateway.context import Request
from gateway.errors import GatewayError
from gateway.indexing import searched
from gateway.listing import Node
from gateway.loading import load_node
from gateway.paging import Edge, Place, page, page_size

LONGEST = 1_000
"""Characters that are searched for at most."""


class SearchEdge(graphene.ObjectType):
    """A record that was found."""

    node = graphene.Field(Node, required=True)
    score = graphene.Float(required=True, description="How well it fits; comparable within one search only.")
    cursor = graphene.String(required=True)


class SearchConnection(graphene.ObjectType):
    """What a search found, the best first."""

    edges = graphene.List(graphene.NonNull(SearchEdge), required=True)
    page_info = graphene.Field(graphene.relay.PageInfo, required=True)
    total_count = graphene.Int(required=True, description="How many there are on all pages.")


@dataclass(frozen=True, slots=True)
class Sought:
    """The hits of a page, the best first; whether more come after it, and whether it comes after another page."""

    hits: Sequence[Hit]
    more: bool
    previous: bool
    total: int


@dataclass(frozen=True, slots=True)
class Found(Edge):
    """A record that was found, and how well it fits."""

    score: float


def sought(request: Request, asked: Mapping[str, Any]) -> Sought:
    """What the index finds for these arguments. Raises GatewayError."""
    text, size, after = asked["text"], page_size(asked.get("first")), asked.get("after")
    if not text.strip() or len(text) > LONGEST:
        raise GatewayError("BAD_INPUT", f"text: takes 1 to {LONGEST:,} characters")
    place = None if after is None else Place.parse(after)
    beyond = None if place is None else (place.value, place.id)
    found = request.services.indexing.search(text, kinds(asked), size + 1, beyond)
    return Sought(found.hits[:size], len(found.hits) > size, after is not None, found.total)


def kinds(asked: Mapping[str, Any]) -> list[str]:
    """The labels of what is searched for: all that there are where nothing is said."""
    among = asked.get("among")
    return list(searched()) if among is None else [getattr(each, "value", each) for each in among]


async def _resolve(_root: Any, info: Any, **asked: Any) -> dict[str, Any]:
    request: Request = info.context
    await request.indexed()
    found = sought(request, asked)
    nodes = [(hit, await load_node(request, hit.id)) for hit in found.hits]
    edges = [Found(node, Place(hit.score, hit.id).cursor(), hit.score) for hit, node in nodes if node is not None]
    return page(edges, further=found.more, previous=found.previous, total_count=found.total)


def fields() -> dict[str, Any]:
    searchable = graphene.Enum("Searchable", [(label.upper(), label) for label in searched()])
    return {
        "search": graphene.Field(
            SearchConnection,
            text=graphene.String(required=True, description="Words in Chinese or English; any of them may be found."),
            among=graphene.List(graphene.NonNull(searchable), description="What is searched; everything if left out."),
            first=graphene.Int(),
            after=graphene.String(),
            required=True,
            resolver=_resolve,
            description="What everybody may read and shares words with a text, the best first.",
        )
    }
