"""Samples of stored facts: what they look like in the log, kept for ever so that every later release reads them.

`PYTHONPATH=.:tests/support python -m golden` writes samples for the topics that have none, and touches no other.
"""

from __future__ import annotations

import types
from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from enum import Enum
from pathlib import Path
from typing import Annotated, Any, Literal, Union, get_args, get_origin

import orjson
from pydantic import BaseModel, TypeAdapter, ValidationError

from domain.kernel.facts import Fact, sealed_fields
from domain.kernel.fields import Sealed
from domain.kernel.ids import Ref, derived_id
from domain.registry import registry

FOLDER = Path(__file__).parents[1] / "golden"
TEXTS = ("样例 sample", "330600", "NL", "en", "2026", "https://example.org/sample")
NUMBERS = (3, 1, 0, 30, 2026)
BOX = "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"
OPTIONS = orjson.OPT_INDENT_2 | orjson.OPT_SORT_KEYS


class NoSampleError(Exception):
    """No value was found that this type takes; write the sample by hand."""


def missing() -> list[type[Fact]]:
    """The facts of which there is no sample."""
    return [fact for topic, fact in registry().facts.items() if not (FOLDER / f"{topic}.json").exists()]


def write(fact: type[Fact], folder: Path = FOLDER) -> Path:
    """Write what the log holds of a full fact and of a bare one, and what is to be read from it."""
    made = [sample(fact, full) for full in (True, False)]
    read = [fact.model_validate(state).model_dump(mode="json") for state in made]
    samples = [{"stored": state, "read": fact_} for state, fact_ in zip(made, read, strict=True)]
    path = folder / f"{fact.stored_as()}.json"
    with path.open("xb") as file:
        file.write(orjson.dumps(samples if made[0] != made[1] else samples[:1], option=OPTIONS) + b"\n")
    return path


def sample(fact: type[Fact], full: bool) -> dict[str, Any]:
    """The stored form of a fact with every field filled, or only those that must be."""
    data = fact.model_validate(_model(fact, full)).model_dump(mode="json", exclude_none=True)
    for path, sealing in sealed_fields(fact):
        holder = data
        for step in path[:-1]:
            holder = holder.get(step, {})
        if path[-1] in holder:
            where = f"{fact.TOPIC}:{'.'.join(path)}:{holder[sealing.subject]}"
            holder[path[-1]] = Sealed(f"sealed:1:{where}:0123456789ab:AAAAAAAAAAAAAAAAAAAAAA==:{BOX}")
    return data


def _model(model: type[BaseModel], full: bool) -> dict[str, Any]:
    """The fields of a model; a bare one that its own rules do not take is filled after all."""
    values = {
        name: _value(info.annotation, info.metadata, full)
        for name, info in model.model_fields.items()
        if full or info.is_required()
    }
    try:
        model.model_validate(values)
    except ValidationError:
        if full:
            raise
        return _model(model, True)
    return values


def _value(annotation: Any, metadata: list[Any], full: bool) -> Any:
    origin, arguments = get_origin(annotation), get_args(annotation)
    if origin is Annotated:
        return _value(arguments[0], [*arguments[1:], *metadata], full)
    if origin in (Union, types.UnionType):
        return _value(next(each for each in arguments if each is not types.NoneType), metadata, full)
    if origin in (tuple, list, frozenset, set):
        return [_value(arguments[0], [], full)]
    if origin in (dict, Mapping):
        return {_value(arguments[0], [], full): _value(arguments[1], [], full)}
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return _model(annotation, full)
    return _scalar(annotation, metadata)


def _scalar(annotation: Any, metadata: list[Any]) -> Any:
    for candidate in _candidates(annotation, metadata):
        try:
            TypeAdapter(Annotated[annotation, *metadata] if metadata else annotation).validate_python(candidate)
        except ValidationError:
            continue
        return candidate
    raise NoSampleError(f"{annotation} with {metadata}")


def _candidates(annotation: Any, metadata: list[Any]) -> tuple[Any, ...]:
    if get_origin(annotation) is Literal:
        return get_args(annotation)
    if issubclass(annotation, Enum):
        return tuple(annotation)
    if annotation is bool:
        return (True,)
    if issubclass(annotation, datetime):
        return (datetime.fromisoformat("2026-08-10T12:00:00+00:00"),)
    if issubclass(annotation, date):
        return (date(2026, 8, 10),)
    if issubclass(annotation, Decimal):
        return (Decimal("1234.50"), Decimal(1))
    if issubclass(annotation, int | float):
        return tuple(annotation(number) for number in NUMBERS)
    references = (derived_id(each.prefix, "sample") for each in metadata if isinstance(each, Ref))
    return (*references, *TEXTS)


if __name__ == "__main__":
    for each in missing():
        print(write(each).name)
