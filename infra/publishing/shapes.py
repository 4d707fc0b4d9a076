"""What an event carries: the fields of a fact that go out, as a model for their schema and as data for an event."""

from __future__ import annotations

import types
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Annotated, Any, Union, get_args, get_origin

from pydantic import BaseModel, create_model
from pydantic.fields import FieldInfo

from domain.kernel.facts import Fact, Value, sealed_fields
from domain.registry import registry
from infra.publishing.published import RULES, Out

Path = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Shape:
    """How one fact goes out: its rule, and the facts of its noun, out of which come the fields that it carries."""

    fact: type[Fact]
    rule: Out
    siblings: tuple[type[Fact], ...]

    @property
    def name(self) -> str:
        """The topic and version of the fact: `need.published.v1`."""
        return self.fact.stored_as()

    def hidden(self) -> frozenset[Path]:
        """The paths that never go out: what the rule keeps, and everything that is sealed."""
        sealed = (path for fact in {self.fact, *self.siblings} for path, _ in sealed_fields(fact))
        return frozenset(sealed) | {tuple(path.split(".")) for path in self.rule.but}

    def model(self) -> type[Value]:
        """The data of the event as a model of its own. Raises LookupError for a field that there is not."""
        own = {name: _field(self.fact, name) for name in self.rule.fields}
        carried = {name: self._carried(name) for name in self.rule.carries}
        fields = dict(_narrowed({**own, **carried}.items(), self.hidden()))
        return create_model(self.fact.__name__, __base__=Value, __doc__=self.fact.__doc__, **fields)

    def data(self, fact: Fact, earlier: Mapping[str, Fact]) -> dict[str, Any]:
        """The data of an event. `earlier` has, for each field that is carried, the latest fact that has it."""
        data = _dumped(fact, self.rule.fields)
        for name in self.rule.carries:
            if name in earlier:
                data.update(_dumped(earlier[name], (name,)))
        for path in self.hidden():
            _remove(data, path)
        return data

    def _carried(self, name: str) -> FieldInfo:
        """The field as the facts of the noun have it, the one that may be absent before those that must be there."""
        holders = [fact.model_fields[name] for fact in self.siblings if name in fact.model_fields]
        if not holders:
            raise LookupError(f"no fact beside {self.name} has the field {name}")
        return min(holders, key=FieldInfo.is_required)


@cache
def shapes() -> Mapping[str, Shape]:
    """The facts that go out, by topic and version."""
    known = registry()
    found = {}
    for name, fact in known.facts.items():
        rule = RULES.get(name)
        if isinstance(rule, Out):
            siblings = next(each.facts for each in known.slices.values() if fact in each.facts)
            found[name] = Shape(fact, rule, siblings)
    return found


def _field(fact: type[Fact], name: str) -> FieldInfo:
    if name not in fact.model_fields:
        raise LookupError(f"{fact.stored_as()} has no field {name}")
    return fact.model_fields[name]


def _dumped(fact: Fact, names: Iterable[str]) -> dict[str, Any]:
    return fact.model_dump(mode="json", exclude_none=True, include=set(names))


def _remove(data: Any, path: Path) -> None:
    for step in path[:-1]:
        data = data.get(step)
        if not isinstance(data, dict):
            return
    data.pop(path[-1], None)


def _narrowed(fields: Iterable[tuple[str, FieldInfo]], hidden: frozenset[Path]) -> Iterator[tuple[str, Any]]:
    """The fields without what is hidden at any depth, as pydantic makes models of them."""
    for name, info in fields:
        inner = frozenset(path[1:] for path in hidden if path[0] == name)
        if () not in inner:
            yield name, (_annotation(info.annotation, inner), info)


def _annotation(annotation: Any, hidden: frozenset[Path]) -> Any:
    """The type without what is hidden in it. Raises TypeError where something is hidden in what holds no fields."""
    if not hidden:
        return annotation
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        fields = dict(_narrowed(annotation.model_fields.items(), hidden))
        return create_model(annotation.__name__, __base__=Value, __doc__=annotation.__doc__, **fields)
    if annotation is types.NoneType:
        return annotation
    if get_origin(annotation) is Annotated:
        inner, *more = get_args(annotation)
        return Annotated[_annotation(inner, hidden), *more]
    if get_origin(annotation) in (Union, types.UnionType):
        return Union[tuple(_annotation(each, hidden) for each in get_args(annotation))]  # noqa: UP007  # made of data
    raise TypeError(f"{annotation} has no fields of which {'.'.join(min(hidden))} could be one")
