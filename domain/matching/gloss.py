"""Gloss: what the words of a text are in English, word by word, so that Chinese and English texts can be compared."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Term:
    """A word of a text as it stands there, and its English alternatives, each of one word or more.

    `technical` says that the word is a term of technology or an abbreviation, not one of everyday language.
    """

    word: str
    english: tuple[str, ...]
    technical: bool = False


class Gloss(Protocol):
    """Reads a text in Chinese, in English, or mixed."""

    def terms(self, text: str) -> Sequence[Term]:
        """The words of the text that can be said in English, in their order; a word as often as it stands there."""
        ...
