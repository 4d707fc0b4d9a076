"""Words of code lists: stable values of our own, with their labels in Chinese and English, some of them dated."""

from __future__ import annotations

from datetime import date
from enum import StrEnum
from typing import Self, TypeVar

AnyListed = TypeVar("AnyListed", bound="Listed")


class Listed(StrEnum):
    """A word of a Chinese code list: its value is ours and stable, `zh` is the form's, `aliases` are older words."""

    zh: str
    en: str
    aliases: tuple[str, ...]

    def __new__(cls, value: str, zh: str, en: str, *aliases: str) -> Self:
        return _word(cls, value, zh, en, aliases)

    @classmethod
    def parse(cls, text: str) -> Self | None:
        """The word that a text means, blanks and case aside: the form's, an older form's, our English, our value."""
        return next((member for member in cls if _folded(text) in map(_folded, member.spellings)), None)

    @property
    def spellings(self) -> tuple[str, ...]:
        return (self.value, self.zh, self.en, *self.aliases)


class Dated(Listed):
    """A word that its list has had since a day."""

    since: date

    def __new__(cls, value: str, zh: str, en: str, since: date, *aliases: str) -> Self:
        member = _word(cls, value, zh, en, aliases)
        member.since = since
        return member

    def in_force(self, on: date) -> bool:
        return self.since <= on

    @classmethod
    def on(cls, day: date) -> tuple[Self, ...]:
        """The list as it was on that day."""
        return tuple(member for member in cls if member.in_force(day))


def _word(kind: type[AnyListed], value: str, zh: str, en: str, aliases: tuple[str, ...]) -> AnyListed:
    word = str.__new__(kind, value)
    word._value_ = value
    word.zh = zh
    word.en = en
    word.aliases = aliases
    return word


def _folded(text: str) -> str:
    return "".join(text.split()).casefold()
