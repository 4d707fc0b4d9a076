"""Known: what a graph holds that can be asked by, so that documents made at random find something."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeAlias

from graphene.utils.str_converters import to_camel_case

from gateway.filters import AnyOf, Containing, Filter, Is, Linked, OneOf, Since, Within
from gateway.listing import Noun
from gateway.made import Field, Many
from gateway.nouns import nouns
from projections.memory import Graph, Held

Ask: TypeAlias = Callable[[str], Any]
"""Gives the data of the answer to a document."""

SOME = 50
"""So many ids of a label, and values of a filter, are enough."""
PAGES = ("counterparts", "history")
"""Roots besides the lists that come in pages, and are asked about one record."""


@dataclass(frozen=True, slots=True)
class Known:
    """Ids by label; values of filters by list and filter; cursors by type and field; where the log ends."""

    ids: Mapping[str, Sequence[str]]
    values: Mapping[tuple[str, str], Sequence[Any]]
    cursors: Mapping[str, Sequence[str]]
    head: int
    every: Sequence[str] = field(default=())

    @classmethod
    def of(cls, graph: Graph, head: int, ask: Ask) -> Known:
        """What this graph holds, and the cursors that its answers give."""
        ids: defaultdict[str, list[str]] = defaultdict(list)
        for label, id in sorted(graph.nodes):
            ids[label].append(id)
        values = {
            (to_camel_case(noun.plural), to_camel_case(name)): _spread(_values(graph, noun, each))
            for noun in nouns()
            for name, each in noun.filters.items()
        }
        some = {label: _spread(iter(of_label), SOME) for label, of_label in ids.items()}
        every = [id for of_label in some.values() for id in of_label]
        return cls(some, values, cursors(some, ask), head, every)


def _values(graph: Graph, noun: Noun, filter: Filter) -> Iterator[Any]:
    """What a filter can be asked by so that it keeps something."""
    held = [each for (label, _), each in sorted(graph.nodes.items()) if label == noun.label]
    match filter:
        case Linked(link):
            yield from (target for (type, _), targets in graph.links.items() if type == link for target in targets)
        case Containing(properties):
            for text in _held(held, *properties):
                yield from (text[:2], text[len(text) // 2 :][:3].strip(), text.upper()[:4])
        case Within(property):
            for code in _held(held, property):
                yield from (code, code[:2], f"{code[:4]}00")
        case OneOf(property, enum) | AnyOf(property, enum) if enum is not None:
            names = {member.value: member.name for member in enum}
            yield from (names[each] for each in _held(held, property))
        case AnyOf(property) | Is(property) | Since(property):
            yield from _held(held, property)


def _held(nodes: Sequence[Held], *properties: str) -> Iterator[Any]:
    for node in nodes:
        for name in properties:
            value = node.get(name)
            yield from value if isinstance(value, list | tuple) else () if value is None else (value,)


def _spread(values: Iterator[Any], most: int = SOME) -> list[Any]:
    """Some of these, each once, from the first to the last."""
    found = list(dict.fromkeys(each for each in values if each != ""))
    return found[:: -(-len(found) // most) or 1]


# -- cursors ------------------------------------------------------------------


def cursors(ids: Mapping[str, Sequence[str]], ask: Ask) -> dict[str, list[str]]:
    """The cursors that answers give, by the type and the field that take them again: `Query.needs`."""
    found: defaultdict[str, list[str]] = defaultdict(list)
    for noun in nouns():
        plural = to_camel_case(noun.plural)
        for order in noun.all_orders():
            page = ask(f"{{ {plural}(orderBy: {order}, first: 40) {{ edges {{ cursor }} }} }}")[plural]
            found[f"Query.{plural}"] += _every_cursor(page)
        for name in _pages(noun):
            inner = f"{name}(first: 3) {{ edges {{ cursor }} }}"
            page = ask(f"{{ {plural}(first: 40) {{ edges {{ node {{ {inner} }} }} }} }}")[plural]
            found[f"{noun.label}.{name}"] += _every_cursor(page)
    for name in PAGES:
        for id in ids.get("Need", ())[:10]:
            asked = f"{{ {name}(of: {json.dumps(id)}, first: 5) {{ edges {{ cursor }} }} }}"
            found[f"Query.{name}"] += _every_cursor(ask(asked)[name])
    return dict(found)


def _pages(noun: Noun) -> list[str]:
    """The fields of a noun that lead to others in pages."""
    made = {name: each.made for name, each in noun.type._meta.fields.items() if isinstance(each, Field)}
    return [to_camel_case(name) for name, each in made.items() if isinstance(each, Many)]


def _every_cursor(answer: Any) -> list[str]:
    if isinstance(answer, list):
        return [cursor for each in answer for cursor in _every_cursor(each)]
    if isinstance(answer, dict):
        own = [answer["cursor"]] if isinstance(answer.get("cursor"), str) else []
        return [*own, *(cursor for each in answer.values() for cursor in _every_cursor(each))]
    return []
