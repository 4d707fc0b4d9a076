"""Completing values by the types of a query: the quick way, as Python source, and by all of GraphQL's rules.

The quick way knows only values that are as they should be, and raises something for any other. The answer is then made
again from the same record by the rules, which say where an error is and what becomes null by it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeAlias

from graphql import FieldNode, GraphQLEnumType, GraphQLError, GraphQLScalarType, Undefined, located_error
from graphql.pyutils import Path, inspect

AS_THEY_ARE = {"String": "str", "ID": "str", "Boolean": "bool", "Position": "int", "Float": "float"}
"""Scalars that most often are what is sent already, with the class that they have then."""


@dataclass(frozen=True, slots=True)
class Leaf:
    """A scalar or a member of an enumeration."""

    type: GraphQLScalarType | GraphQLEnumType

    def serialized(self, value: Any) -> Any:
        """The value as it is sent; raises what GraphQL has to say of one that cannot be."""
        sent = self.type.serialize(value)
        if sent is None or sent is Undefined:
            raise TypeError(
                f"Expected `{inspect(self.type)}.serialize({inspect(value)})` to return non-nullable value, "
                f"returned: {inspect(sent)}"
            )
        return sent


@dataclass(frozen=True, slots=True)
class Items:
    """A list."""

    item: Typed


@dataclass(frozen=True, slots=True)
class Members:
    """An object, of which these fields are wanted."""

    fields: Sequence[Selected]


@dataclass(frozen=True, slots=True)
class Either:
    """An object of one of these types, by their names; its value is the name and the value of the object."""

    options: Mapping[str, Members]


Kind: TypeAlias = Leaf | Items | Members | Either


@dataclass(frozen=True, slots=True)
class Typed:
    """A kind of value, and whether it must not be null."""

    kind: Kind
    required: bool


@dataclass(frozen=True, slots=True)
class Selected:
    """A field of an answer: its key, where it stands in the query and in the schema, and its type.

    `source` is Python for its value: of `r`, the value of the object that it is a field of, and `c`, the asking.
    """

    key: str
    nodes: list[FieldNode]
    place: str
    typed: Typed
    source: str


@dataclass(slots=True)
class Source:
    """Python source that is being put together, and the objects that it names."""

    named: dict[str, Any] = field(default_factory=dict)
    _lines: list[str] = field(default_factory=list)
    _names: dict[int, str] = field(default_factory=dict)

    def name(self, of: Any) -> str:
        """A name for an object."""
        if id(of) not in self._names:
            self._names[id(of)] = f"o{len(self._names)}"
            self.named[self._names[id(of)]] = of
        return self._names[id(of)]

    def function(self, text: str) -> str:
        """The name of a function of `r` and `c` that gives this."""
        name = f"f{len(self._lines)}"
        self._lines.append(f"def {name}(r, c): return {text}")
        return name

    def made(self, text: str) -> Callable[[Any, Any], Any]:
        """The function of `r` and `c` that gives this."""
        code = compile("\n".join([*self._lines, f"made = lambda r, c: {text}"]), "<plan>", "exec")
        exec(code, self.named)  # all of it is written here, and names of a query only as literals
        made: Callable[[Any, Any], Any] = self.named["made"]
        return made


# -- the quick way ---------------------------------------------------------------------


def quick(source: Source, members: Members) -> Callable[[Any, Any], dict[str, Any]]:
    """A function that completes an object from its value, where all is as it should be."""
    return source.made(_object(source, members))


def _object(source: Source, members: Members) -> str:
    fields = (f"{each.key!r}: {_completed(source, each.typed, f'({each.source})')}" for each in members.fields)
    return f"{{{', '.join(fields)}}}"


def _completed(source: Source, typed: Typed, value: str) -> str:
    match typed.kind:
        case Leaf() as leaf:
            return _leaf(source, leaf, typed.required, value)
        case Items(item):
            whole = f"[{_completed(source, item, 'x')} for x in {value if typed.required else 'v'}]"
        case Members() as members:
            function = source.function(_object(source, members))
            whole = f"{function}({f'{source.name(_there)}({value})' if typed.required else 'v'}, c)"
        case Either(options):
            functions = ", ".join(f"{name!r}: {source.function(_object(source, of))}" for name, of in options.items())
            whole = f"{{{functions}}}[(e := {value if typed.required else 'v'})[0]](e[1], c)"
    return whole if typed.required else f"(None if (v := {value}) is None else {whole})"


def _leaf(source: Source, leaf: Leaf, required: bool, value: str) -> str:
    if isinstance(leaf.type, GraphQLEnumType):
        members: Iterable[Any] = leaf.type.graphene_type._meta.enum  # type: ignore[attr-defined]  # graphene's own
        table = source.name({each.value: leaf.serialized(each.value) for each in members})
        return f"{table}[{value}]" if required else f"(None if (v := {value}) is None else {table}[v])"
    serialized = source.name(leaf.serialized)
    otherwise = f"{serialized}({source.name(_there)}(v))" if required else f"(None if v is None else {serialized}(v))"
    return f"(v if (v := {value}).__class__ is {AS_THEY_ARE.get(leaf.type.name, 'None')} else {otherwise})"


def _there(value: Any) -> Any:
    if value is None:
        raise TypeError("null where there must be something")
    return value


# -- by all the rules ------------------------------------------------------------------


@dataclass(slots=True)
class Rules:
    """Completes values as the specification says, and collects the errors."""

    source: Source
    asking: Any
    errors: list[GraphQLError] = field(default_factory=list)

    def data(self, members: Members, value: Any) -> dict[str, Any] | None:
        """The data of an answer."""
        try:
            return self._object(members, value, None)
        except GraphQLError as error:
            self.errors.append(error)
            return None

    def _object(self, members: Members, value: Any, path: Path | None) -> dict[str, Any]:
        return {each.key: self._field(each, value, path) for each in members.fields}

    def _field(self, selected: Selected, value: Any, path: Path | None) -> Any:
        here = Path(path, selected.key, None)

        def complete() -> Any:
            return self._completed(selected, selected.typed, self._value(selected, value), here)

        return self._held(selected, selected.typed, here, complete)

    def _value(self, selected: Selected, value: Any) -> Any:
        return eval(selected.source, {**self.source.named, "r": value, "c": self.asking})  # as in `made`

    def _completed(self, selected: Selected, typed: Typed, value: Any, path: Path) -> Any:
        if value is None:
            if typed.required:
                raise TypeError(f"Cannot return null for non-nullable field {selected.place}.")
            return None
        match typed.kind:
            case Leaf() as leaf:
                return leaf.serialized(value)
            case Members() as members:
                return self._object(members, value, path)
            case Either(options):
                return self._object(options[value[0]], value[1], path)
            case Items(item):
                return [self._item(selected, item, each, Path(path, i, None)) for i, each in enumerate(value)]

    def _item(self, selected: Selected, item: Typed, value: Any, path: Path) -> Any:
        return self._held(selected, item, path, lambda: self._completed(selected, item, value, path))

    def _held(self, selected: Selected, typed: Typed, path: Path, complete: Callable[[], Any]) -> Any:
        """What is completed; an error is held here if this may be null, and goes on up if not."""
        try:
            return complete()
        except Exception as raised:
            error = located_error(raised, selected.nodes, path.as_list())
            if typed.required:
                raise error from raised
            self.errors.append(error)
            return None
