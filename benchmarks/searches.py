"""Ranked searches in memory beside SQLite's FTS5, over the same texts: the best twenty of a query of three words.

The texts are made up: sixty words each, of a vocabulary in which a few words are in most texts and most in a few, as in
real ones (Zipf's law). Both rank by BM25 over the same terms, any of which may be found; that both find the same texts
is seen first. The index's memory is what the process grew by while it was filled; SQLite's is its file. HTTP and the
graph are left out; they are in questions.py.

Run: python benchmarks/searches.py [--quick] [--json FILE]
"""

from __future__ import annotations

import random
import sqlite3
import statistics
import tempfile
import time
from collections.abc import Callable, Sequence
from itertools import accumulate
from pathlib import Path

import psutil
from measuring import Results, finish, options, quantile

from domain.searching.index import Index
from domain.searching.terms import asked, terms

WORDS = 60
"""Words of a text."""
BEST = 20
KIND = "Profile"
KINDS = frozenset((KIND,))
SYLLABLES = [a + b for a in "bdfgklmnprst" for b in "aiou"]


def vocabulary(number: int, chance: random.Random) -> list[str]:
    found: dict[str, None] = {}
    while len(found) < number:
        found["".join(chance.choices(SYLLABLES, k=chance.choice((2, 3, 4))))] = None
    return list(found)


def texts(number: int, words: Sequence[str], chance: random.Random) -> list[str]:
    shares = list(accumulate(1 / place for place in range(1, len(words) + 1)))
    return [" ".join(chance.choices(words, cum_weights=shares, k=WORDS)) for _ in range(number)]


def filled(index: Index, found: Sequence[str]) -> tuple[float, float]:
    """Seconds that it took to hold these texts, and bytes that the process grew by."""
    process = psutil.Process()
    before, began = process.memory_info().rss, time.perf_counter()
    for number, text in enumerate(found):
        index.put(f"id{number:07}", KIND, [(text, 1)])
    return time.perf_counter() - began, process.memory_info().rss - before


def in_sqlite(path: Path, found: Sequence[str]) -> tuple[sqlite3.Connection, float]:
    connection = sqlite3.connect(path)
    began = time.perf_counter()
    connection.execute("CREATE VIRTUAL TABLE texts USING fts5(text, content='', tokenize='unicode61')")
    rows = ((number, " ".join(terms(text).elements())) for number, text in enumerate(found, 1))
    connection.executemany("INSERT INTO texts (rowid, text) VALUES (?, ?)", rows)
    connection.commit()
    return connection, time.perf_counter() - began


def timed(work: Callable[[str], int], queries: Sequence[str]) -> list[float]:
    samples = []
    for query in queries:
        began = time.perf_counter()
        work(query)
        samples.append(time.perf_counter() - began)
    return samples


def main() -> None:
    chosen = options(__doc__)
    number, vocabulary_size, asking = (2_000, 2_000, 20) if chosen.quick else (100_000, 50_000, 300)
    chance = random.Random(20)
    words = vocabulary(vocabulary_size, chance)
    found = texts(number, words, chance)
    frequent = words[: vocabulary_size // 5]
    queries = [" ".join((*chance.choices(frequent, k=2), chance.choice(words))) for _ in range(asking)]
    results = Results(f"The best {BEST} of {number:,} texts, milliseconds")
    with tempfile.TemporaryDirectory() as folder:
        index = Index()
        seconds, grown = filled(index, found)
        file = Path(folder) / "texts.db"
        connection, of_sqlite = in_sqlite(file, found)
        counting = "SELECT count(*) FROM texts WHERE texts MATCH ?"
        best = f"SELECT rowid FROM texts WHERE texts MATCH ? ORDER BY rank LIMIT {BEST}"

        def match(query: str) -> str:
            return " OR ".join(f'"{term}"' for term in asked(query))

        for query in queries[:20]:
            (counted,) = connection.execute(counting, (match(query),)).fetchone()
            assert index.search(query, KINDS, BEST).total == counted
        ways: dict[str, Callable[[str], int]] = {
            "ours": lambda query: len(index.search(query, KINDS, BEST).hits),
            "FTS5": lambda query: len(connection.execute(best, (match(query),)).fetchall()),
        }
        medians = {}
        for name, way in ways.items():
            timed(way, queries[:20])
            samples = timed(way, queries)
            medians[name] = statistics.median(samples)
            filling, size = (seconds, grown) if name == "ours" else (of_sqlite, file.stat().st_size)
            results.row(
                what=name,
                p50=1_000 * medians[name],
                p99=1_000 * quantile(samples, 0.99),
                texts_a_second=number / filling,
                megabytes=size / 1e6,
            )
        connection.close()
    results.bar("p50 of FTS5 to ours", medians["FTS5"] / medians["ours"], 5)
    finish(results, chosen)


if __name__ == "__main__":
    main()
