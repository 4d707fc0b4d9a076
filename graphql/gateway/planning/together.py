"""The statement of a plan: for one who asks, and for all who ask for the same with other values at the same time."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

from gateway.ports import OneRecord

PARAMETER: Final = re.compile(r"\$(\w+)")
LIMIT: Final = re.compile(r"\bLIMIT \$(\w+)")
"""What Cypher takes from parameters only, and not from a row."""


def statement(calls: Mapping[str, str], expressions: str) -> str:
    """What gives the only record of these expressions: asked for together, each asking is a row, and its values in it.

    Names in them stand for what `calls` come to, which are subqueries before them all. With some of those everybody
    asks alone: Neo4j 5.26 plans a grouping that is known to be empty in a way that it cannot run for many rows.
    """
    if calls:
        called = "".join(f"CALL () {{ {text} AS {name} }} " for text, name in calls.items())
        return f"{called}RETURN {expressions}"
    shared = tuple(sorted(set(LIMIT.findall(expressions))))
    in_row = PARAMETER.sub(lambda found: found[0] if found[1] in shared else f"asked.{found[1]}", expressions)
    return OneRecord(f"RETURN {expressions}", f"UNWIND $asked AS asked RETURN asked.place, {in_row}", shared)
