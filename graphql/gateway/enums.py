"""Enumerations of the domain as GraphQL types: one for each, however often it is used."""

from __future__ import annotations

from enum import Enum
from functools import cache
from typing import Any, TypeVar

import graphene

E = TypeVar("E", bound=Enum)


@cache
def enum_type(enum: type[Enum]) -> Any:
    """The GraphQL enumeration of a Python one, under its own name."""
    return graphene.Enum.from_enum(enum, description=lambda member: None if member is not None else enum.__doc__)


def member(enum: type[E], value: Any) -> E:
    """The member of an enumeration that stands in the graph as this value."""
    return enum(value)
