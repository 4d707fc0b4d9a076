"""What documents ask of a schema, and all that could be asked of it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from graphql import (
    GraphQLEnumType,
    GraphQLInputObjectType,
    GraphQLInterfaceType,
    GraphQLObjectType,
    GraphQLSchema,
    TypeInfo,
    TypeInfoVisitor,
    Visitor,
    get_named_type,
    get_nullable_type,
    parse,
    visit,
)


def askable(schema: GraphQLSchema) -> set[str]:
    """Every field, argument and filter that can be reached from a query, and every value of an argument that is one of
    a few: `Need.title`, `Query.needs(filter)`, `NeedFilter.text`, `NeedOrder.OLDEST`."""
    assert schema.query_type is not None
    found: set[str] = set()
    seen: set[str] = set()
    to_see: list[Any] = [schema.query_type]
    while to_see:
        kind = get_named_type(to_see.pop())
        if kind.name not in seen and isinstance(kind, GraphQLObjectType | GraphQLInterfaceType):
            seen.add(kind.name)
            for name, field in kind.fields.items():
                found.add(f"{kind.name}.{name}")
                to_see.append(field.type)
                for argument, each in field.args.items():
                    found.add(f"{kind.name}.{name}({argument})")
                    found.update(_inside(each.type))
    return found


def _inside(kind: Any) -> Iterator[str]:
    """What can be said in an argument of this type."""
    plain = get_nullable_type(kind)
    if isinstance(plain, GraphQLEnumType):
        yield from (f"{plain.name}.{value}" for value in plain.values)
    if isinstance(plain, GraphQLInputObjectType):
        yield from (f"{plain.name}.{name}" for name in plain.fields)


def asked(schema: GraphQLSchema, documents: Iterable[str]) -> set[str]:
    """What these documents ask for, said in the same way."""
    info = TypeInfo(schema)
    found: set[str] = set()

    class Asked(Visitor):
        def enter_field(self, node: Any, *_: Any) -> None:
            if (parent := info.get_parent_type()) is not None:
                found.add(f"{parent.name}.{node.name.value}")
                found.update(f"{parent.name}.{node.name.value}({each.name.value})" for each in node.arguments)

        def enter_object_field(self, node: Any, *_: Any) -> None:
            if (parent := get_named_type(info.get_parent_input_type())) is not None:
                found.add(f"{parent.name}.{node.name.value}")

        def enter_enum_value(self, node: Any, *_: Any) -> None:
            if (kind := get_named_type(info.get_input_type())) is not None:
                found.add(f"{kind.name}.{node.value}")

    for document in documents:
        visit(parse(document), TypeInfoVisitor(info, Asked()))
    return found
