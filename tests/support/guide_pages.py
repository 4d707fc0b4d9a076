"""The pages of the guide as a reader meets them: their blocks, and whether an answer is the one that a page shows.

In an answer on a page, … stands for any text, or as a value for any value; … at the end of a list says that more may
stand in between and after.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from markdown_it import MarkdownIt
from markdown_it.token import Token

GAP = "…"


@dataclass(frozen=True, slots=True)
class Block:
    """A fenced block: where it stands, its language, the words behind that, and its text."""

    where: str
    language: str
    words: tuple[str, ...]
    text: str

    def word(self, name: str) -> str | None:
        """The value of `name=value` behind the language."""
        pairs = (word.partition("=") for word in self.words)
        return next((value for key, equals, value in pairs if equals and key == name), None)

    @property
    def file(self) -> str | None:
        """The file that the block is the content of, if it names one."""
        return next((word for word in self.words if "." in word and "=" not in word), None)


def blocks(page: Path) -> list[Block]:
    """The fenced blocks of a page, in their order."""
    found = []
    for token in _parsed(page):
        if token.type == "fence" and token.map:
            language, *words = token.info.split() or [""]
            found.append(Block(f"{page.name}:{token.map[0] + 1}", language, tuple(words), token.content))
    return found


def links(page: Path) -> list[str]:
    """Where the links of a page lead."""
    inline = [child for token in _parsed(page) for child in token.children or ()]
    return [str(token.attrs["href"]) for token in inline if token.type == "link_open"]


def tables(page: Path) -> dict[tuple[str, ...], list[tuple[str, ...]]]:
    """The rows of the tables of a page, without their marks, by header: those of one header stand together."""
    found: dict[tuple[str, ...], list[tuple[str, ...]]] = {}
    rows: list[list[str]] = []
    for token in _parsed(page):
        if token.type == "tr_open":
            rows.append([])
        elif token.type == "inline" and rows:
            rows[-1].append("".join(child.content for child in token.children or ()))
        elif token.type == "table_close":
            header, *others = map(tuple, rows)
            found.setdefault(header, []).extend(others)
            rows = []
    return found


def _parsed(page: Path) -> list[Token]:
    return MarkdownIt().enable("table").parse(page.read_text(encoding="utf-8"))


def differences(shown: Any, got: Any, path: str = "answer", whole: bool = True) -> Iterator[str]:
    """Where an answer is not as the page shows it. Unless it is `whole`, the page may leave keys out."""
    if shown == GAP:
        return
    if isinstance(shown, dict) and isinstance(got, dict):
        for key in shown.keys() | (got.keys() if whole else set()):
            if key in shown and key in got:
                yield from differences(shown[key], got[key], f"{path}.{key}", whole)
            else:
                yield f"{path}: {key} is {'missing' if key in shown else 'not on the page'}"
    elif isinstance(shown, list) and isinstance(got, list):
        yield from _in_lists(shown, got, path, whole)
    elif isinstance(shown, str) and isinstance(got, str):
        if not like(shown, got):
            yield f"{path}: the page shows {shown!r}, the answer is {got!r}"
    elif type(shown) is not type(got) or shown != got:
        yield f"{path}: the page shows {shown!r}, the answer is {got!r}"


def like(shown: str, got: str) -> bool:
    """Whether a text is the one shown, blanks aside, with anything at each …."""
    parts = [re.escape(" ".join(part.split())) for part in shown.split(GAP)]
    return re.fullmatch(r"\s*.*\s*".join(parts), " ".join(got.split()), re.DOTALL) is not None


def _in_lists(shown: list[Any], got: list[Any], path: str, whole: bool) -> Iterator[str]:
    """Item by item; before a closing …, those shown must be found in this order."""
    if shown[-1:] != [GAP]:
        if len(shown) != len(got):
            yield f"{path}: the page shows {len(shown)}, the answer has {len(got)}"
        for number, (one, other) in enumerate(zip(shown, got, strict=False)):
            yield from differences(one, other, f"{path}[{number}]", whole)
        return
    rest = iter(got)
    for number, item in enumerate(shown[:-1]):
        if not any(not list(differences(item, each, whole=whole)) for each in rest):
            closest = list(differences(item, got[min(number, len(got) - 1)], f"{path}[{number}]", whole)) if got else []
            yield f"{path}: what the page shows as [{number}] is not found: {closest or 'the answer is empty'}"
            return
