"""Words that say nothing of a technology: those of the language, and those of every need and every profile."""

from __future__ import annotations

from functools import cache
from importlib.resources import files


@cache
def english_grammar() -> frozenset[str]:
    """English words that say nothing by themselves or in company, in lower case."""
    return _words("english_grammar.txt")


@cache
def english_common() -> frozenset[str]:
    """English words that every profile uses, in lower case: they say something only in company, as in supply chain."""
    return _words("english_common.txt")


@cache
def chinese_common() -> frozenset[str]:
    """Chinese words that every need and achievement uses."""
    return _words("chinese_common.txt")


def _words(name: str) -> frozenset[str]:
    return frozenset(files("domain.reference").joinpath("data", name).read_text(encoding="utf-8").split())
