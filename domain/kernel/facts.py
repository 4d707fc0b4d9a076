"""Facts: what happened, in the past tense. A fact is for ever, and its shape never changes in place."""

from __future__ import annotations

from functools import cache
from typing import ClassVar

from pydantic import BaseModel, ConfigDict

from domain.kernel.fields import Opening, Sealing, text_fields
from domain.kernel.ids import Ref


class Value(BaseModel):
    """A part of facts and commands that cannot change and cannot hold what it does not know."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Fact(Value):
    """Something that happened. `topic` is its name for ever; a changed shape is a new class with the next version."""

    TOPIC: ClassVar[str]
    VERSION: ClassVar[int]

    def __init_subclass__(cls, *, topic: str, version: int = 1) -> None:
        super().__init_subclass__()
        cls.TOPIC = topic
        cls.VERSION = version

    @classmethod
    def stored_as(cls) -> str:
        """The topic and version under which the log keeps it: `need.recorded.v1`."""
        return f"{cls.TOPIC}.v{cls.VERSION}"


@cache
def sealed_fields(fact: type[Fact]) -> tuple[tuple[tuple[str, ...], Sealing], ...]:
    """The paths inside a fact whose texts are sealed before they are stored, and under whose key.

    Raises TypeError for a sealed text in a collection: a path names one text, and none may reach the log unsealed.
    """
    fields = tuple(field for field in text_fields(fact) if isinstance(field.decision, Sealing))
    if many := [".".join(field.path) for field in fields if field.many]:
        raise TypeError(f"{fact.__name__} holds sealed texts in a collection, which no path names: {', '.join(many)}")
    return tuple((field.path, field.decision) for field in fields if isinstance(field.decision, Sealing))


@cache
def kept_fields(fact: type[Fact]) -> tuple[tuple[str, ...], ...]:
    """The paths inside a fact of what is for those who answer for the record: texts so decided, and parts about people.

    Such a part goes as a whole: whose texts are sealed is nobody else's business either.
    """
    fields = tuple(text_fields(fact))
    texts = [field.path for field in fields if field.decision is Opening.KEPT]
    parts = [field.path[:-1] for field in fields if isinstance(field.decision, Sealing) and len(field.path) > 1]
    return tuple(dict.fromkeys((*texts, *parts)))


@cache
def named_fields(fact: type[Fact]) -> tuple[tuple[tuple[str, ...], Ref], ...]:
    """The paths inside a fact at which ids of entities stand, and of which kind."""
    return tuple((field.path, field.decision) for field in text_fields(fact) if isinstance(field.decision, Ref))
