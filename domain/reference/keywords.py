"""Keywords of the Enterprise Europe Network (EEN): technologies, markets, and the sustainable development goals.

The lists and their quirks are described in data/README.md. Beside the network's English labels stand Chinese ones, made
for this project.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

TYPED = re.compile(r"\s*(?:(?P<code>\d{2,9})\b\s*(?:[-–—:]\s*)?)?(?P<label>.*?)\s*", re.DOTALL)
TYPED_WITHIN = re.compile(r"(?<!\S)(\d{2,9})\s+[-–—]\s+(?=\S)")
SDG = re.compile(r"GOAL (\d+):")


@dataclass(frozen=True, slots=True)
class Keyword:
    """A keyword of a list: its code (a string with leading zeros), its level from 1, and the code of its parent.

    `label` is the network's, in English; `zh` is its Chinese label.
    """

    code: str
    label: str
    zh: str
    level: int
    parent: str | None = None
    selectable: bool = True


@dataclass(frozen=True, slots=True)
class Goal:
    """A sustainable development goal: its number, its label as the network words it, and the Chinese label."""

    number: int
    label: str
    zh: str


class KeywordTree:
    """A list of keywords as the tree that their parents make of it."""

    def __init__(self, keywords: Iterable[Keyword]) -> None:
        self._by_code: Mapping[str, Keyword] = {keyword.code: keyword for keyword in keywords}
        codes: dict[str, list[str]] = {}
        for keyword in self._by_code.values():
            codes.setdefault(_folded(keyword.label), []).append(keyword.code)
        self._by_label = {label: tuple(found) for label, found in codes.items()}

    def __iter__(self) -> Iterator[Keyword]:
        return iter(self._by_code.values())

    def __len__(self) -> int:
        return len(self._by_code)

    def __contains__(self, code: object) -> bool:
        return code in self._by_code

    def get(self, code: str) -> Keyword | None:
        return self._by_code.get(code)

    def selectable(self, code: str) -> bool:
        """Whether a profile may carry this keyword; False also for a code that the list does not know."""
        keyword = self.get(code)
        return keyword is not None and keyword.selectable

    def codes(self, label: str) -> tuple[str, ...]:
        """The codes with this label, whatever its case and blanks: a label may stand twice, or not at all."""
        return self._by_label.get(_folded(label), ())

    def ancestors(self, code: str) -> tuple[str, ...]:
        """The codes above this one, its parent first; nothing for a head or an unknown code."""
        above: list[str] = []
        keyword = self.get(code)
        while keyword is not None and keyword.parent is not None:
            above.append(keyword.parent)
            keyword = self.get(keyword.parent)
        return tuple(above)

    def distance(self, one: str, other: str) -> int | None:
        """The steps from one code to the other along the tree; None when no branch holds both, or one is unknown."""
        if one not in self or other not in self:
            return None
        steps = {code: height for height, code in enumerate((one, *self.ancestors(one)))}
        for height, code in enumerate((other, *self.ancestors(other))):
            if code in steps:
                return height + steps[code]
        return None

    def parse(self, text: str) -> Keyword | None:
        """The keyword in a text as typed: `01003017 - Speech Processing/Technology`, its code, or a label of its own.

        Where code and label disagree, the code counts. A label that stands twice names no keyword.
        """
        typed = TYPED.fullmatch(text)
        assert typed is not None, "the pattern takes any text"
        if typed["code"] in self:
            return self.get(typed["code"])
        codes = self.codes(text) or self.codes(typed["label"])
        return self.get(codes[0]) if len(codes) == 1 else None


def typed_codes(text: str) -> tuple[str, ...]:
    """The codes in a run of keywords as public pages print them, `CODE - label CODE - label`, known or not."""
    return tuple(TYPED_WITHIN.findall(text))


@cache
def technology_keywords() -> KeywordTree:
    """The technology keywords, three levels."""
    chinese = _chinese("een_technology_keywords_zh.csv")
    return KeywordTree(
        Keyword(
            row["code"],
            row["label"].strip(),
            chinese[row["code"]],
            int(row["level"]),
            row["parent_code"] or None,
            row["selectable"] == "YES",
        )
        for row in _rows("een_technology_keywords_2024.csv")
    )


@cache
def market_keywords() -> KeywordTree:
    """The market keywords, three levels.

    The list names heads and groups by their labels only: here they have their label for a code, and may not be chosen.
    """
    chinese = _chinese("een_market_keywords_zh.csv")
    keywords: dict[str, Keyword] = {}
    for row in _rows("een_market_keywords_selectable_2024.csv"):
        parent, grandparent = row["Parent_1"], row["Parent_2"] or None
        for code, above in ((grandparent, None), (parent, grandparent)):
            if code is not None:
                level = 1 if above is None else 2
                keywords[code] = Keyword(code, code, chinese[code], level, above, selectable=False)
        code, label = row["Code"], row["Label"].strip()
        keywords[code] = Keyword(code, label, chinese[code], int(row["Level"]), parent)
    return KeywordTree(keywords.values())


@cache
def sdg_goals() -> Mapping[int, Goal]:
    """The sustainable development goals, by number. "Not relevant" is no goal: it is the empty choice."""
    chinese = _chinese("een_sdg_zh.csv")
    labels = (row["Label"] for row in _rows("een_sdg_labels.csv"))
    numbered = ((SDG.match(label), label) for label in labels)
    goals = (Goal(int(number[1]), label, chinese[label]) for number, label in numbered if number)
    return {goal.number: goal for goal in goals}


def _chinese(name: str) -> Mapping[str, str]:
    """The Chinese labels of a list, by its codes; by its English labels where it has no codes."""
    return {row["code"]: row["label_zh"] for row in _rows(name)}


def _rows(name: str) -> Iterator[dict[str, str]]:
    text = files("domain.reference").joinpath("data", name).read_text(encoding="utf-8-sig")
    return csv.DictReader(text.splitlines())


def _folded(label: str) -> str:
    return " ".join(label.casefold().split()).lstrip("'")
