"""Operations that ask for all that the schema has, made from the schema: every field, argument, filter and order."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from asking import Asking
from graphql import (
    GraphQLEnumType,
    GraphQLField,
    GraphQLInputObjectType,
    GraphQLInterfaceType,
    GraphQLList,
    GraphQLNonNull,
    GraphQLObjectType,
    get_named_type,
    is_leaf_type,
)
from small_filters import BY_PROPERTY
from small_links import BY_LINK, LABELS

from gateway.schema import schema

ARGUMENTS: Mapping[str, Any] = {"lang": "en"}
"""What is given to arguments of fields below the roots, but for pages."""

ROOTS: tuple[tuple[str, Mapping[str, Any]], ...] = (
    ("standing", {}),
    ("me", {}),
    ("node", {"id": "@dyeing"}),
    ("search", {"text": "membrane 膜 station 名", "first": 100}),
    ("search", {"text": "印染废水", "among": ["NEED"], "first": 1}),
    ("counterparts", {"of": "@dyeing", "on": "2026-08-10", "first": 100}),
    ("counterparts", {"of": "@dyeing", "countries": ["NL"], "first": 1}),
    ("counterparts", {"of": "@membrane"}),
    ("counterparts", {"of": "@own to"}),
    ("path", {"from": "@dyeing", "to": "@guangdong"}),
    ("path", {"from": "@agency", "to": "@expert known"}),
)
"""The roots that are no list and no look-up, and what is given to them; `@dyeing` is a record of the small network."""

LATE = "2030-01-01T00:00:00+08:00"
MEMBERS_ROOTS: tuple[tuple[str, Mapping[str, Any]], ...] = (
    ("history", {"of": "@dyeing", "asOf": 120, "first": 1}),
    ("history", {"of": "@dyeing", "asOfTime": LATE}),
    ("asOf", {"of": "@dyeing", "position": 120}),
    ("asOf", {"of": "@dyeing", "time": LATE}),
    ("collaboration", {"by": "REGION", "since": "2020-01-01", "until": "2030-01-01"}),
    *(("collaboration", {"by": by}) for by in ("STATION", "COUNTRY", "INDUSTRY", "FIELD")),
)
"""Those that the public is refused."""

READERS = (None, "adviser", "auditor")
"""The public, somebody who acts for a station, and somebody who sees all: what they see is part of the statements."""
THOROUGH = "adviser"
"""The reader who asks for each filter alone, and for further pages: what is asked of a property is the same for all."""

PAGE = "pageInfo { hasNextPage hasPreviousPage startCursor endCursor }"
FOUND = "{ edges { node { id } } }"


@dataclass
class Corpus:
    """Asks for all of it on behalf of one kind of reader.

    `documents` are those that were answered; `keeping` says how many records each filter kept, where it was alone.
    """

    asking: Asking
    who: str | None
    documents: list[str] = field(default_factory=list)
    keeping: dict[str, int] = field(default_factory=dict)

    def run(self) -> None:
        for plural, label in LABELS.items():
            self._list(plural, object_type(label))
        for name, given in (*ROOTS, *(MEMBERS_ROOTS if self.who else ())):
            self._root(name, given)

    def _list(self, plural: str, kind: GraphQLObjectType) -> None:
        """A list with all that its nodes have, in every order, by every filter, and the look-up of its first node."""
        filters = self._filters(plural)
        orders = enum_values(argument(plural, "orderBy"))
        alone = filters if self.who == THOROUGH else {}
        every, *more = self._ask(
            f"{plural}(first: 100) {{ totalCount edges {{ node {selection(kind)} }} {PAGE} {facets(plural)} }}",
            *(f"{plural}(orderBy: {order}, first: 1) {{ {PAGE} }}" for order in orders),
            *(self._filtered(plural, {name: value}) for name, value in alone.items()),
            self._filtered(plural, filters, facets(plural)),
        )
        for each in self._counted_there(plural, kind):
            self._ask(each)
        ordered, filtered = more[: len(orders)], more[len(orders) :]
        kept = {f"{plural}({name})": len(page["edges"]) for name, page in zip(alone, filtered, strict=False)}
        self.keeping.update(kept)
        found = [edge["node"] for edge in every["edges"]]
        ends = {name: [node[name]["pageInfo"]["endCursor"] for node in found] for name in pages(kind)}
        further = [
            f"{plural}(first: 100) {{ edges {{ cursor node {{ {name}(first: 1, after: {after}) {FOUND} }} }} }}"
            for name, cursors in ends.items()
            for after in [json.dumps(each) for each in cursors if each][:1]
        ]
        for order, page in zip(orders, ordered, strict=True):
            if after := page["pageInfo"]["endCursor"]:
                further.append(f"{plural}(orderBy: {order}, first: 2, after: {json.dumps(after)}) {FOUND}")
        if found and self.who == THOROUGH:
            singular = kind.name[0].lower() + kind.name[1:]
            self._ask(*further, f"{singular}(id: {json.dumps(found[0]['id'])}) {{ id }}")

    def _filters(self, plural: str) -> dict[str, Any]:
        """A value for each filter of this list: the first one that the tests of lists have for it."""
        found = {name: value for each, name, value, _ in reversed(BY_PROPERTY) if each == plural}
        found |= {name: f"@{other}" for each, name, _, other in reversed(BY_LINK) if each == plural}
        if plural == "appointments":
            found["person"] = self.asking.made.people["adviser"].person_id
        if plural in ("needs", "achievements"):
            found["region"] = {"needs": "330000", "achievements": "44"}[plural]
        return found

    def _counted_there(self, plural: str, kind: GraphQLObjectType) -> Iterator[str]:
        """The facets of the neighbours of two records; those of more cost too much to be asked for at once."""
        there = {name: facets_of(get_named_type(kind.fields[name].type)) for name in pages(kind)}
        members = [f"{name} {{ {counted} }}" for name, counted in there.items() if counted]
        if members:
            yield f"{plural}(first: 2) {{ edges {{ node {{ {' '.join(members)} }} }} }}"

    def _filtered(self, plural: str, filters: Mapping[str, Any], counted: str = "") -> str:
        given = self._literal(filters, get_named_type(argument(plural, "filter")))
        return f"{plural}(filter: {given}, first: 100) {{ edges {{ node {{ id }} }} {counted} }}"

    def _root(self, name: str, given: Mapping[str, Any]) -> None:
        root = query_field(name)
        kind = get_named_type(root.type)
        (page,) = self._ask(f"{name}{self._given(root, given)} {selection(kind)}")
        if "after" in root.args and page["pageInfo"]["endCursor"]:
            further = {**given, "after": page["pageInfo"]["endCursor"]}
            self._ask(f"{name}{self._given(root, further)} {selection(kind)}")
        for member in pages(kind):
            if after := page[member]["pageInfo"]["endCursor"]:
                further_on = f"{member}(first: 1, after: {json.dumps(after)}) {{ {PAGE} }}"
                self._ask(f"{name}{self._given(root, given)} {{ {further_on} }}")

    def _given(self, root: GraphQLField, given: Mapping[str, Any]) -> str:
        texts = [f"{name}: {self._literal(value, root.args[name].type)}" for name, value in given.items()]
        return f"({', '.join(texts)})" if texts else ""

    def _literal(self, value: Any, kind: Any) -> str:
        """The value as it is written in a document."""
        if isinstance(kind, GraphQLNonNull):
            return self._literal(value, kind.of_type)
        if isinstance(kind, GraphQLList):
            return f"[{', '.join(self._literal(each, kind.of_type) for each in value)}]"
        if isinstance(kind, GraphQLInputObjectType):
            members = (f"{name}: {self._literal(each, kind.fields[name].type)}" for name, each in value.items())
            return f"{{{', '.join(members)}}}"
        if isinstance(kind, GraphQLEnumType):
            return str(value)
        if isinstance(value, str) and value.startswith("@"):
            value = self.asking.made[value[1:]]
        return json.dumps(value)

    def _ask(self, *members: str) -> list[Any]:
        """The answers to these, asked for together."""
        document = f"{{ {' '.join(f'a{number}: {each}' for number, each in enumerate(members))} }}"
        self.documents.append(document)
        answer = self.asking.data(document, self.who)
        return [answer[f"a{number}"] for number in range(len(members))]


def selection(kind: Any, within: bool = False) -> str:
    """All that a type has: of the nouns that it leads to, the id, and of a page of them the first one."""
    if kind.name in LABELS.values() and within:
        return "{ id }"
    if isinstance(kind, GraphQLInterfaceType):
        return f"{{ __typename {' '.join(kind.fields)} }}"
    if is_leaf_type(kind):
        return ""
    return f"{{ {' '.join(_selected(kind))} }}"


def _selected(kind: GraphQLObjectType) -> Iterator[str]:
    for name, each in kind.fields.items():
        if name == "facets":  # they cost much: they are asked for where it is not of a hundred records at once
            continue
        given = {argument: ARGUMENTS[argument] for argument in each.args if argument not in ("first", "after")}
        if "first" in each.args:
            given["first"] = 1
        said = (
            f"({', '.join(f'{argument}: {json.dumps(value)}' for argument, value in given.items())})" if given else ""
        )
        yield f"{name}{said} {selection(get_named_type(each.type), within=True)}".rstrip()


def facets(plural: str) -> str:
    """All the facets of a list."""
    return facets_of(get_named_type(query_field(plural).type))


def facets_of(connection: Any) -> str:
    """All that a connection has of facets."""
    field = connection.fields.get("facets")
    return f"facets {selection(get_named_type(field.type))}" if field else ""


def pages(kind: Any) -> list[str]:
    """The fields of a type that are given in pages."""
    return [name for name, each in kind.fields.items() if "after" in each.args]


def object_type(name: str) -> GraphQLObjectType:
    kind = schema().type_map[name]
    assert isinstance(kind, GraphQLObjectType)
    return kind


def query_field(name: str) -> GraphQLField:
    root = schema().query_type
    assert root is not None
    field: GraphQLField = root.fields[name]
    return field


def argument(root: str, name: str) -> Any:
    return query_field(root).args[name].type


def enum_values(kind: Any) -> list[str]:
    named = get_named_type(kind)
    assert isinstance(named, GraphQLEnumType)
    return list(named.values)
