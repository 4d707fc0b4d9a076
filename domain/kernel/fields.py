"""What a text in a fact is: open to whoever may see the record, kept for those who answer for it, personal, or secret.

Every text field of every fact carries one of these four; a test demands the decision. What is personal or secret is
sealed by the mapper before it reaches the log, under a key of its subject, and is opened only at the edge.
"""

from __future__ import annotations

import types
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from enum import Enum
from typing import Annotated, Any, Literal, TypeAlias, Union, get_args, get_origin

from pydantic import BaseModel, GetCoreSchemaHandler, StringConstraints, ValidationInfo
from pydantic.fields import FieldInfo
from pydantic_core import CoreSchema, core_schema

from domain.kernel.ids import Ref


class Opening(Enum):
    """Who reads the text, of those who see the record."""

    OPEN = "open"
    """Everybody."""
    KEPT = "kept"
    """Those who answer for the record."""


@dataclass(frozen=True, slots=True)
class Sealing:
    """The text is sealed under the key of its subject: the id in `subject`, a field beside it."""

    kind: Literal["personal", "secret"]
    subject: str

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        """What is sealed stays what it is; any other text is held to the type it annotates."""
        return core_schema.with_info_wrap_validator_function(_sealed_or_checked, handler(source))


class Sealed(str):
    """A text as the log and the graph hold it: encrypted, naming its key. Only the edge opens it."""

    __slots__ = ()


STORED = {"stored": True}
"""The context of a validation in which every text that is sealed before it is stored is sealed."""


def _sealed_or_checked(value: Any, check: Callable[[Any], Any], info: ValidationInfo[Any]) -> Any:
    if info.context is STORED and value is not None:
        return Sealed(value)
    return value if isinstance(value, Sealed) else check(value)


_TRIMMED = StringConstraints(strip_whitespace=True, min_length=1)
_ONE_LINE = StringConstraints(pattern=r"^[^\x00-\x1f\x7f]*$")

Line: TypeAlias = Annotated[str, Opening.OPEN, _TRIMMED, _ONE_LINE, StringConstraints(max_length=500)]
"""An open text of one line: 1 to 500 characters, without blanks around it."""

KeptLine: TypeAlias = Annotated[str, Opening.KEPT, _TRIMMED, _ONE_LINE, StringConstraints(max_length=500)]
"""The same for those who answer for the record, and for nobody else."""

Prose: TypeAlias = Annotated[str, Opening.OPEN, _TRIMMED, StringConstraints(max_length=20_000)]
"""An open text of any number of lines, up to 20,000 characters."""

Code: TypeAlias = Annotated[str, Opening.OPEN, _TRIMMED, _ONE_LINE, StringConstraints(max_length=64)]
"""An open word of a code list or a register."""

PersonalText: TypeAlias = Annotated[str, _TRIMMED, StringConstraints(max_length=500), Sealing("personal", "person_id")]
"""A text about one person, 1 to 500 characters without blanks around it, sealed under the key of the person named in
`person_id` beside it."""


@dataclass(frozen=True, slots=True)
class TextField:
    """One text inside a fact: where it stands (`contact.phone`), what was decided about it, and whether it is one of
    a collection."""

    path: tuple[str, ...]
    decision: Opening | Sealing | Ref | None
    many: bool = False


COLLECTIONS = (tuple, list, frozenset, set, dict, Mapping, Sequence)
TEXTLESS = (bool, int, float, Decimal, date, timedelta, Enum, types.NoneType)


def text_fields(model: type[BaseModel], path: tuple[str, ...] = (), many: bool = False) -> Iterator[TextField]:
    """Every text in the fields of a model, those of nested models, of collections and of optional ones included.

    Where a text carries several decisions, a sealing one counts.
    """
    for name, info in model.model_fields.items():
        yield from _texts(info.annotation, info.metadata, (*path, name), many)


def _texts(annotation: Any, metadata: list[Any], path: tuple[str, ...], many: bool) -> Iterator[TextField]:
    origin = get_origin(annotation)
    if origin is Annotated:
        inner, *more = get_args(annotation)
        yield from _texts(inner, [*_flat(more), *metadata], path, many)
    elif origin in (Union, types.UnionType, *COLLECTIONS):
        for argument in get_args(annotation):
            yield from _texts(argument, metadata, path, many or origin in COLLECTIONS)
    elif isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield from text_fields(annotation, path, many)
    elif not _textless(annotation):
        decisions = [each for each in metadata if isinstance(each, Opening | Sealing | Ref)]
        decisions.sort(key=lambda decision: not isinstance(decision, Sealing))
        yield TextField(path, decisions[0] if decisions else None, many)


def _textless(annotation: Any) -> bool:
    """Whether no free text fits in there; a type that is not known here may hold one."""
    if isinstance(annotation, type):
        return issubclass(annotation, TEXTLESS)
    return annotation is Ellipsis or get_origin(annotation) is Literal


def _flat(metadata: list[Any]) -> list[Any]:
    return [each for item in metadata for each in (item.metadata if isinstance(item, FieldInfo) else [item])]
