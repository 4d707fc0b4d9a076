"""Scalars that GraphQL does not bring along."""

from __future__ import annotations

from decimal import Decimal, InvalidOperation
from typing import Any

import graphene
from graphql import GraphQLError
from graphql.language import ast

LONGEST_POSITION = 18
"""Digits of a position: what fits into 64 bits."""


class Position(graphene.Scalar):
    """A place in the event log: a whole number that grows, beyond 32 bits if need be."""

    @staticmethod
    def serialize(value: Any) -> int:
        return int(value)

    @staticmethod
    def parse_value(value: Any) -> int:
        if isinstance(value, bool) or not isinstance(value, int) or value < 0:
            raise GraphQLError("a position is a whole number that is not negative")
        return value

    @staticmethod
    def parse_literal(node: ast.Node, _variables: Any = None) -> int:
        if not isinstance(node, ast.IntValueNode) or len(node.value) > LONGEST_POSITION:
            raise GraphQLError("a position is a whole number that is not negative")
        return Position.parse_value(int(node.value))


class Amount(graphene.Scalar):
    """A decimal amount, written as text so that nothing is rounded: "3000000.00"."""

    @staticmethod
    def serialize(value: Any) -> str:
        return f"{value:.2f}"

    @staticmethod
    def parse_value(value: Any) -> Decimal:
        try:
            return Decimal(str(value))
        except InvalidOperation:
            raise GraphQLError('takes a decimal amount such as "3000000.00"') from None

    @staticmethod
    def parse_literal(node: ast.Node, _variables: Any = None) -> Decimal:
        if not isinstance(node, ast.StringValueNode | ast.IntValueNode | ast.FloatValueNode):
            raise GraphQLError('takes a decimal amount such as "3000000.00"')
        return Amount.parse_value(node.value)


class JSON(graphene.Scalar):
    """Any JSON value, as it is."""

    @staticmethod
    def serialize(value: Any) -> Any:
        return value
