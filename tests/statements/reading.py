"""What the gateway read from one engine, read again from the other."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor

from gateway.ports import OneRecord
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

    def again(runs: Sequence[Read]) -> None:
        for each in runs:
            with found.other.transaction() as transaction:
                rows = found.other.run(transaction, each.text, each.parameters)
            found.compare(each.text, each.parameters, told(each.text, each.rows), rows)
        if isinstance(record := runs[0].text, OneRecord):
            _together(record, runs, found)

    runs = [sorted(runs.values(), key=_most_first)[:RUNS] for runs in by_text.values()]
    with ThreadPoolExecutor(2) as threads:
        list(threads.map(again, runs))
    return found


def _together(record: OneRecord, runs: Sequence[Read], found: Sides) -> None:
    """Let those who can ask together do so on the second side: each is to get the record that the first one gave."""
    shared = [{name: each.parameters[name] for name in record.shared} for each in runs]
    those = [each for each, with_these in zip(runs, shared, strict=True) if with_these == shared[0]] * 2
    asked = record.asked([each.parameters for each in those])
    with found.other.transaction() as transaction:
        rows = found.other.run(transaction, record.for_all, asked)
    expected = [[place, *each.rows[0]] for place, each in enumerate(those)]
    found.compare(record.for_all, asked, told(record.for_all, expected), rows)


def _most_first(read: Read) -> int:
    return -len(read.rows)
