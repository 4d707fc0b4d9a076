"""Statements in short: what a statement does, and with which labels, without its values."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final

LONGEST: Final = 255
"""Characters of a summary."""
LABEL: Final = re.compile(r"\(\w*:(\w+)")


@lru_cache(1_000)
def summary(statement: str) -> str:
    """Its first word and the labels of its nodes, each once, in their order: `MATCH Need Station`."""
    found = dict.fromkeys((statement.partition(" ")[0], *LABEL.findall(statement)))
    return " ".join(found)[:LONGEST]
