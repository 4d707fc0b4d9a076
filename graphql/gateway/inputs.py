"""GraphQL inputs from commands: the fields of a command are written once, in the domain."""

from __future__ import annotations

import types
from datetime import date, datetime
from decimal import Decimal
from enum import Enum
from functools import cache
from typing import Annotated, Any, Union, get_args, get_origin

import graphene
from pydantic import BaseModel
from pydantic.fields import FieldInfo

from domain.kernel.ids import Ref
from gateway.enums import enum_type
from gateway.scalars import Amount

SCALARS: dict[type, Any] = {
    str: graphene.String,
    int: graphene.Int,
    float: graphene.Float,
    bool: graphene.Boolean,
    date: graphene.Date,
    datetime: graphene.DateTime,
    Decimal: Amount,
}


def input_fields(model: type[BaseModel]) -> dict[str, Any]:
    """The input fields of a model: required where it has no default."""
    return {name: _input_field(info) for name, info in model.model_fields.items()}


@cache
def input_type(model: type[BaseModel]) -> Any:
    """The input type of a part of commands: `NeedDetailsInput` for `NeedDetails`."""
    members = {**input_fields(model), "__doc__": model.__doc__}
    return type(f"{model.__name__}Input", (graphene.InputObjectType,), members)


def _input_field(info: FieldInfo) -> Any:
    return graphene.InputField(_graphql(info.annotation, info.metadata), required=info.is_required())


def _graphql(annotation: Any, metadata: list[Any]) -> Any:
    """The GraphQL type of an annotation, nullable."""
    origin = get_origin(annotation)
    if origin is Annotated:
        inner, *more = get_args(annotation)
        return _graphql(inner, [*more, *metadata])
    if origin in (Union, types.UnionType):
        inner = next(each for each in get_args(annotation) if each is not types.NoneType)
        return _graphql(inner, metadata)
    if origin is tuple:
        return graphene.List(graphene.NonNull(_graphql(get_args(annotation)[0], metadata)))
    if issubclass(annotation, BaseModel):
        return input_type(annotation)
    if issubclass(annotation, Enum):
        return enum_type(annotation)
    if any(isinstance(each, Ref) for each in metadata):
        return graphene.ID
    return SCALARS[annotation]


def given(value: Any) -> Any:
    """What was given, without the fields that were left out or null: a command's own defaults stand for them."""
    if isinstance(value, dict):
        return {key: given(each) for key, each in value.items() if each is not None}
    if isinstance(value, list):
        return tuple(given(each) for each in value)
    return value
