"""Limits: how long, how deep and how costly a question may be. What is beyond is refused before anything is read."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

from graphql import (
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLError,
    GraphQLObjectType,
    GraphQLSchema,
    InlineFragmentNode,
    IntValueNode,
    OperationDefinitionNode,
    SelectionSetNode,
    VariableNode,
    get_named_type,
    type_from_ast,
)

from gateway.paging import MOST, USUAL

CHARACTERS, TOKENS, COMMENTS = 50_000, 5_000, 500
"""Of the text of a document."""
DEPTH = 20
"""Levels of fields within each other."""
FIELDS = 2_000
"""Fields and fragments in all, with those of a fragment as often as it is used."""
VARIABLES = 100
"""Variables that an operation declares."""
REPEATS = 30
"""The same field of the same object; each is compared with each, to see whether they agree."""
ALIASES = 200
"""Fields with a name of the sender's own."""
COST = 50_000
"""Records that may have to be read: as many as the pages hold, multiplied where one stands within another."""
FACET = 500
"""So many records each facet counts as: all of a list are looked at for it, however many come to be shown."""

Fragments: TypeAlias = Mapping[str, FragmentDefinitionNode]
Sizer: TypeAlias = Callable[[Mapping[str, Any]], int]


class LimitError(GraphQLError):
    """A question that asks for more than is answered."""

    def __init__(self, what: str, most: int, node: Any = None) -> None:
        super().__init__(
            f"the question has {what}; {most:,} are answered", node, extensions={"code": "TOO_MUCH", "most": most}
        )


Part: TypeAlias = tuple[SelectionSetNode, frozenset[str]]
"""Selections, and the fragments that they stand in."""


def check(document: DocumentNode, fragments: Fragments) -> None:
    """See that a document is neither too deep nor too long, whatever it asks for. Raises LimitError.

    All of it is validated, also what is not meant; so all of it is looked at. It need not be valid: fragments may
    contain themselves, or not be there.
    """
    walk = _Walk(fragments)
    for each in document.definitions:
        if isinstance(each, OperationDefinitionNode):
            if len(each.variable_definitions) > VARIABLES:
                raise LimitError(f"more than {VARIABLES} variables", VARIABLES, each)
            walk.level([(each.selection_set, frozenset())], 1)
        elif isinstance(each, FragmentDefinitionNode):
            _Walk({}).level([(each.selection_set, frozenset())], 1)


@dataclass(slots=True)
class _Walk:
    """A walk through selections, level by level: what is asked for under the same name is one, as in the answer."""

    fragments: Fragments
    fields: int = 0
    aliases: int = 0

    def level(self, parts: list[Part], depth: int) -> None:
        """Look at what is asked for of one object."""
        if depth > DEPTH:
            raise LimitError(f"more than {DEPTH} levels", DEPTH, parts[0][0])
        repeated: Counter[str] = Counter()
        below: dict[str, list[Part]] = {}
        while parts:
            selections, within = parts.pop()
            for each in selections.selections:
                self.fields += 1
                if self.fields > FIELDS:
                    raise LimitError(f"more than {FIELDS:,} fields", FIELDS, each)
                if isinstance(each, FieldNode):
                    key = self._key(each)
                    repeated[key] += 1
                    if repeated[key] > REPEATS:
                        raise LimitError(f"the same field more than {REPEATS} times", REPEATS, each)
                    if each.selection_set is not None:
                        below.setdefault(key, []).append((each.selection_set, within))
                elif isinstance(each, InlineFragmentNode):
                    parts.append((each.selection_set, within))
                elif isinstance(each, FragmentSpreadNode) and (name := each.name.value) in self.fragments:
                    parts += [] if name in within else [(self.fragments[name].selection_set, within | {name})]
        for members in below.values():
            self.level(members, depth + 1)

    def _key(self, field: FieldNode) -> str:
        if field.alias is None:
            return field.name.value
        self.aliases += 1
        if self.aliases > ALIASES:
            raise LimitError(f"more than {ALIASES} aliases", ALIASES, field)
        return field.alias.value


@dataclass(frozen=True, slots=True)
class Cost:
    """What a valid operation costs, for the variables of an asking: each page with the place of the one around it."""

    pages: Sequence[tuple[int, Sizer]]

    @classmethod
    def of(cls, schema: GraphQLSchema, operation: OperationDefinitionNode, fragments: Fragments) -> Cost:
        """Found once; what is skipped or not included counts too."""
        pages: list[tuple[int, Sizer]] = []

        def walk(kind: Any, selections: SelectionSetNode, around: int) -> None:
            for each in selections.selections:
                if isinstance(each, FragmentSpreadNode):
                    fragment = fragments[each.name.value]
                    walk(type_from_ast(schema, fragment.type_condition), fragment.selection_set, around)
                elif isinstance(each, InlineFragmentNode):
                    narrower = type_from_ast(schema, each.type_condition) if each.type_condition else kind
                    walk(narrower, each.selection_set, around)
                elif isinstance(each, FieldNode) and each.selection_set and each.name.value in kind.fields:
                    definition = kind.fields[each.name.value]
                    inner, place = get_named_type(definition.type), around
                    if kind.name.endswith("Facets"):
                        pages.append((pages[around - 1][0], _counted))
                        continue
                    if "first" in definition.args:
                        pages.append((around, _size(each)))
                        place = len(pages)
                    elif _is_record(inner) and not kind.name.endswith("Edge"):
                        pages.append((around, _one))
                        place = len(pages)
                    walk(inner, each.selection_set, place)

        walk(schema.get_root_type(operation.operation), operation.selection_set, 0)
        return cls(pages)

    def check(self, variables: Mapping[str, Any]) -> int:
        """How many records may have to be read. Raises LimitError where it is too costly."""
        sizes, total = [1], 0
        for around, size in self.pages:
            sizes.append(sizes[around] * size(variables))
            total += sizes[-1]
        if total > COST:
            raise LimitError(f"up to {total:,} records to read", COST)
        return total


def _is_record(kind: Any) -> bool:
    return kind.name == "Node" or (
        isinstance(kind, GraphQLObjectType) and any(each.name == "Node" for each in kind.interfaces)
    )


def _one(_variables: Mapping[str, Any]) -> int:
    return 1


def _counted(_variables: Mapping[str, Any]) -> int:
    return FACET


def _size(field: FieldNode) -> Sizer:
    """How many records a page holds at most. What is no size is refused elsewhere."""
    value = next((each.value for each in field.arguments if each.name.value == "first"), None)
    if isinstance(value, VariableNode):
        name = value.name.value
        return lambda variables: _within(variables.get(name))
    size = _within(int(value.value)) if isinstance(value, IntValueNode) else USUAL
    return lambda _variables: size


def _within(size: int | None) -> int:
    return USUAL if size is None else min(max(size, 1), MOST)
