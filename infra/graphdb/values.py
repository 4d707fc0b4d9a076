"""Values as the graph database gives them back, turned into Python's own."""

from __future__ import annotations

from neo4j.time import Date, DateTime


def native(value: object) -> object:
    """The value as it was put in: times and days are Python's own, inside lists and maps too."""
    if isinstance(value, list):
        return [native(each) for each in value]
    if isinstance(value, dict):
        return {key: native(each) for key, each in value.items()}
    if isinstance(value, DateTime | Date):
        return value.to_native()
    return value
