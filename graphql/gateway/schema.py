"""The schema: the nouns' lists and look-ups, the readers' own roots, and a mutation for each command."""

from __future__ import annotations

from functools import cache
from typing import Any

import graphene
from graphql import GraphQLSchema, print_schema

from domain.registry import OPERATING, registry
from gateway.listing import Node, list_fields
from gateway.loading import load_node
from gateway.mutations import mutation_type
from gateway.nouns import by_prefix, noun_of, nouns
from gateway.roots import ROOTS
from gateway.subscriptions import subscription_type


@cache
def schema() -> GraphQLSchema:
    """The whole schema, executable."""

    def resolve_type(node: dict[str, Any], _info: Any) -> Any:
        return noun_of(node["id"]).type

    Node.resolve_type = resolve_type
    plans = [plan for command, plan in registry().plans.items() if command not in OPERATING]
    prefixes = {state: each.prefix for state, each in registry().by_state.items()}
    made = graphene.Schema(
        query=_query_type(),
        mutation=mutation_type(plans, prefixes, by_prefix()),
        subscription=subscription_type(),
        types=[noun.type for noun in nouns()],
    )
    executable: GraphQLSchema = made.graphql_schema
    return executable


def _query_type() -> Any:
    async def resolve_node(_root: Any, info: Any, id: str) -> dict[str, Any] | None:
        return await load_node(info.context, id)

    members: dict[str, Any] = {
        "__doc__": "What can be asked of the network.",
        "node": graphene.Field(
            Node, id=graphene.ID(required=True), resolver=resolve_node, description="The record with this id."
        ),
    }
    for noun in nouns():
        members.update(list_fields(noun))
    for root in ROOTS:
        members.update(root.fields())
    return type("Query", (graphene.ObjectType,), members)


def sdl() -> str:
    """The schema as text, as it stands in graphql/schema.graphql."""
    return print_schema(schema()) + "\n"
