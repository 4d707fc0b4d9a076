"""Topics: what technologies the sample network is about. A topic says the same thing in words of each side.

In the texts of a topic, `{x}` is what it is applied to (Chinese or English), `{n}` and `{m}` are its figures:
`need` titles with `why` and `goal`, `result` titles with `how`; in English `offer` and `offers`, `request` and `asks`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from random import Random
from typing import Any

from domain.reference.fields import TechnologyField
from infra.sample.data import data

GROUPS = ("environment", "materials", "manufacturing", "energy", "electronics", "health", "agriculture")
ENGLISH = frozenset({"offer", "offers", "request", "asks", "product"})


@dataclass(frozen=True, slots=True, eq=False)
class Topic:
    """A technology: its group, fields, keywords (Chinese, and the codes of the EEN), and its texts."""

    key: str
    group: str
    fields: tuple[TechnologyField, ...]
    technology: tuple[str, ...]
    market: tuple[str, ...]
    keywords: tuple[str, ...]
    texts: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Variant:
    """A topic with its figures filled in, for one need, achievement or profile."""

    topic: Topic
    zh: str
    en: str
    n: int
    m: int

    def text(self, kind: str, rng: Random) -> str:
        """A text of this kind, one of several where there are several."""
        written = self.topic.texts[kind]
        template: str = written if isinstance(written, str) else rng.choice(written)
        return template.format(x=self.en if kind in ENGLISH else self.zh, n=self.n, m=self.m)


def variant(topic: Topic, rng: Random) -> Variant:
    """One of the many things that can be said of a topic."""
    zh, en = rng.choice(topic.texts["x"]).split("|")
    return Variant(topic, zh, en, rng.choice(topic.texts["n"]), rng.choice(topic.texts["m"]))


@cache
def topics() -> tuple[Topic, ...]:
    """All topics, by group."""
    return tuple(_topic(group, entry) for group in GROUPS for entry in data(f"topics_{group}")["topic"])


def _topic(group: str, entry: Mapping[str, Any]) -> Topic:
    fields = tuple(TechnologyField(field) for field in entry["fields"])
    technology, market, keywords = (tuple(entry[name]) for name in ("technology", "market", "keywords"))
    return Topic(entry["key"], group, fields, technology, market, keywords, entry)
