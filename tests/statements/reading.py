"""What the gateway read from one engine, read again from the other."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor

from tests.statements.recording import Read
from tests.statements.sides import Sides, said, told

RUNS = 2
"""With so many different parameters each statement is run at most, those first that gave the most rows."""


def read_again(reads: Iterable[Read], sides: Sides) -> Sides:
    """Run each on the second side, and compare with the rows that the first one gave."""
    by_text: dict[str, dict[str, Read]] = defaultdict(dict)
    for each in reads:
        by_text[each.text][said(dict(each.parameters))] = each
    found = Sides(sides.one, sides.other)

    def again(each: Read) -> None:
        with found.other.transaction() as transaction:
            rows = found.other.run(transaction, each.text, each.parameters)
        found.compare(each.text, each.parameters, told(each.text, each.rows), rows)

    runs = [each for runs in by_text.values() for each in sorted(runs.values(), key=_most_first)[:RUNS]]
    with ThreadPoolExecutor(2) as threads:
        list(threads.map(again, runs))
    return found


def _most_first(read: Read) -> int:
    return -len(read.rows)
