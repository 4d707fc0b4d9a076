"""Operations: a document is parsed, held to the limits and validated once, and kept as long as it is asked for."""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from cachetools import LRUCache
from graphql import (
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLError,
    InlineFragmentNode,
    OperationDefinitionNode,
    OperationType,
    SelectionSetNode,
    parse,
    type_from_ast,
    validate,
)
from graphql.execution.values import get_variable_values

from gateway.limits import CHARACTERS, COMMENTS, TOKENS, Cost, check
from gateway.schema import schema

KEPT = 1_000_000
"""Characters of documents that are kept, parsed; those that were asked for last."""


class DocumentError(Exception):
    """A document, or what goes with it, that nothing can be answered to."""

    def __init__(self, errors: Sequence[GraphQLError]) -> None:
        super().__init__("; ".join(each.message for each in errors))
        self.errors = errors


@dataclass(frozen=True, eq=False)
class Operation:
    """An operation of a valid document: its variables with their types, what it costs, and the plans made for it.

    `roots` are the fields of the root that it asks for, by their names in the schema.
    """

    text: str
    document: DocumentNode
    definition: OperationDefinitionNode
    fragments: dict[str, FragmentDefinitionNode]
    kinds: Sequence[tuple[str, Any]]
    cost: Cost
    roots: Sequence[str]
    plans: dict[Hashable, Any] = field(default_factory=dict)

    @property
    def reads(self) -> bool:
        """Whether it is a query."""
        return self.definition.operation is OperationType.QUERY

    @property
    def changes(self) -> bool:
        """Whether it is a mutation."""
        return self.definition.operation is OperationType.MUTATION

    @property
    def goes_on(self) -> bool:
        """Whether it is a subscription: no single answer is all of it."""
        return self.definition.operation is OperationType.SUBSCRIPTION

    @property
    def name(self) -> str:
        """The name that its sender gave it; none is empty."""
        return self.definition.name.value if self.definition.name else ""

    def variables(self, given: Mapping[str, Any]) -> dict[str, Any]:
        """The variables by their types. Raises DocumentError where they do not fit, or let it ask for too much."""
        definitions = self.definition.variable_definitions
        variables = get_variable_values(schema(), definitions, dict(given), max_errors=10, hide_suggestions=True)
        if isinstance(variables, list):
            raise DocumentError(variables)
        try:
            self.cost.check(variables)
        except GraphQLError as error:
            raise DocumentError([error]) from None
        return variables


_kept: LRUCache[tuple[str, str | None], Operation] = LRUCache(KEPT, getsizeof=lambda each: len(each.text))


def known(query: str, name: str | None) -> bool:
    """Whether this operation is kept, and need not be looked into again."""
    return (query, name) in _kept


def operation(query: str, name: str | None) -> Operation:
    """The operation of this name in a document, or the only one. Raises DocumentError."""
    if (known := _kept.get((query, name))) is not None:
        return known
    found = _found(query, name)
    _kept[query, name] = found
    return found


def _found(query: str, name: str | None) -> Operation:
    try:
        document = parse(query, max_lexical_tokens=TOKENS, max_comments=COMMENTS, max_source_length=CHARACTERS)
        definition = _named(document, name)
        fragments = {each.name.value: each for each in document.definitions if isinstance(each, FragmentDefinitionNode)}
        check(document, fragments)
        if errors := validate(schema(), document, max_errors=10, hide_suggestions=True):
            raise DocumentError(errors)
        cost = Cost.of(schema(), definition, fragments)
    except GraphQLError as error:
        raise DocumentError([error]) from None
    except RecursionError:
        raise DocumentError([GraphQLError("the document is nested too deeply")]) from None
    kinds = [(each.variable.name.value, type_from_ast(schema(), each.type)) for each in definition.variable_definitions]
    roots = tuple(_roots(definition.selection_set, fragments))
    return Operation(query, document, definition, fragments, kinds, cost, roots)


def _roots(selections: SelectionSetNode, fragments: Mapping[str, FragmentDefinitionNode]) -> Iterator[str]:
    for each in selections.selections:
        if isinstance(each, FieldNode):
            yield each.name.value
        elif isinstance(each, InlineFragmentNode):
            yield from _roots(each.selection_set, fragments)
        elif isinstance(each, FragmentSpreadNode):
            yield from _roots(fragments[each.name.value].selection_set, fragments)


def _named(document: DocumentNode, name: str | None) -> OperationDefinitionNode:
    operations = [each for each in document.definitions if isinstance(each, OperationDefinitionNode)]
    if name is None and len(operations) > 1:
        raise GraphQLError("the document holds several operations; operationName says which one is meant")
    for each in operations:
        if name is None or (each.name is not None and each.name.value == name):
            return each
    raise GraphQLError(f"the document holds no operation {name!r}" if name else "the document holds no operation")
