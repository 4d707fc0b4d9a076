"""An index of texts in memory: which records share words with a query, and how well each fits, by BM25.

How rare a word is, is counted over the texts that the index holds now. Two indexes with the same texts give the same
scores to the last bit, whatever they held before: pages of a search may come from different processes.
"""

from __future__ import annotations

from array import array
from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass
from threading import Lock
from typing import Any, Final, NamedTuple

import numpy as np

from domain.searching.bm25 import rarity, score
from domain.searching.terms import asked, terms

MOST_TERMS: Final = 64
"""So many terms of a query count."""
FREQUENCY_BITS: Final = 8
MOST_OFTEN: Final = (1 << FREQUENCY_BITS) - 1
SPARE: Final = 1_000
"""So many places may be left empty by texts that changed, and as many as are taken, before they are closed up."""


class Hit(NamedTuple):
    """A record that was found: how well it fits, its kind and its id."""

    score: float
    kind: str
    id: str


@dataclass(frozen=True, slots=True)
class Found:
    """The hits of a page, the best first, and how many there are in all."""

    hits: list[Hit]
    total: int


class Index:
    """Texts by the ids of their records. Any thread may use it."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._postings: dict[str, array[int]] = {}  # per term the places of texts, each with how often it is there
        self._places: dict[str, int] = {}
        self._ids: list[str | None] = []
        self._kinds: list[str] = []
        self._codes = array("B")
        self._lengths = array("I")  # 0 where a text was taken out
        self._texts: list[int] = []
        self._words = 0

    def __len__(self) -> int:
        return len(self._places)

    def put(self, id: str, kind: str, texts: Sequence[tuple[str, int]]) -> None:
        """Hold these texts of a record, each with how much its words count, in place of what was held of it."""
        stamp = hash((kind, tuple(texts)))
        with self._lock:
            place = self._places.get(id)
            if place is not None and self._texts[place] == stamp:
                return
        found: dict[str, int] = {}
        for text, weight in texts:
            for term, times in terms(text).items():
                found[term] = found.get(term, 0) + weight * times
        with self._lock:
            self._take_out(id)
            if found:
                self._add(id, kind, found, stamp)

    def remove(self, id: str) -> None:
        """Hold nothing of a record any more."""
        with self._lock:
            self._take_out(id)

    def search(self, query: str, kinds: Set[str], limit: int, beyond: tuple[float, str] | None = None) -> Found:
        """The records of these kinds that share a word with the query, the best first and by id where they fit alike.

        `beyond` is the score and the id after which a page begins.
        """
        with self._lock:
            scores = self._scores(asked(query)[:MOST_TERMS])
            if scores is None:
                return Found([], 0)
            places = np.flatnonzero(scores > 0)
            if not kinds >= set(self._kinds):
                wanted = np.array([kind in kinds for kind in self._kinds])
                places = places[wanted[np.frombuffer(self._codes, np.uint8)[places]]]
            total = len(places)
            if beyond is not None:
                places = places[scores[places] <= beyond[0]]
            return Found(self._best(scores, places, limit, beyond), total)

    # -- ranking -----------------------------------------------------------------------

    def _scores(self, query: list[str]) -> Any:
        """The score of the text at each place, 0 where nothing is shared; None when no text has a word of it."""
        lengths = np.frombuffer(self._lengths, np.uint32)
        scores = None
        count = len(self._places)
        for term in query:
            if (posting := self._postings.get(term)) is None:
                continue
            packed = np.frombuffer(posting, np.uint32)
            places, times = packed >> FREQUENCY_BITS, (packed & MOST_OFTEN).astype(np.float64)
            long = lengths[places]
            if not long.all():
                held = long > 0
                places, times, long = places[held], times[held], long[held]
            if not len(places):
                continue
            if scores is None:
                scores = np.zeros(len(lengths))
                average = self._words / count
            scores[places] += score(rarity(len(places), count), times, long, average)
        return scores

    def _best(self, scores: Any, places: Any, limit: int, beyond: tuple[float, str] | None) -> list[Hit]:
        """The best of these places: those with the highest scores, then in the order of the ids."""
        found: list[Hit] = []
        while len(places) and len(found) < limit:
            if len(places) > 2 * limit:
                edge = np.partition(scores[places], len(places) - limit)[len(places) - limit]
                chosen = places[scores[places] >= edge]
                places = places[scores[places] < edge]
            else:
                chosen, places = places, places[:0]
            hits = [self._hit(float(scores[place]), int(place)) for place in chosen]
            if beyond is not None:
                hits = [hit for hit in hits if (-hit.score, hit.id) > (-beyond[0], beyond[1])]
            found += sorted(hits, key=lambda hit: (-hit.score, hit.id))
        return found[:limit]

    def _hit(self, score: float, place: int) -> Hit:
        id = self._ids[place]
        assert id is not None
        return Hit(score, self._kinds[self._codes[place]], id)

    # -- what is held ------------------------------------------------------------------

    def _add(self, id: str, kind: str, found: Mapping[str, int], stamp: int) -> None:
        if kind not in self._kinds:
            self._kinds.append(kind)
        place = len(self._ids)
        for term, times in found.items():
            packed = place << FREQUENCY_BITS | min(times, MOST_OFTEN)
            if (posting := self._postings.get(term)) is None:
                self._postings[term] = array("I", (packed,))
            else:
                posting.append(packed)
        self._places[id] = place
        self._ids.append(id)
        self._codes.append(self._kinds.index(kind))
        self._lengths.append(length := sum(found.values()))
        self._words += length
        self._texts.append(stamp)

    def _take_out(self, id: str) -> None:
        if (place := self._places.pop(id, None)) is None:
            return
        self._words -= self._lengths[place]
        self._ids[place], self._lengths[place], self._texts[place] = None, 0, 0
        if len(self._ids) > 2 * len(self._places) + SPARE:
            self._close_up()

    def _close_up(self) -> None:
        """Leave out the places that are empty."""
        held = np.frombuffer(self._lengths, np.uint32) > 0
        moved = (np.cumsum(held) - 1).astype(np.uint32)
        for term, posting in list(self._postings.items()):
            packed = np.frombuffer(posting, np.uint32)
            packed = packed[held[packed >> FREQUENCY_BITS]]
            if len(packed):
                places, times = moved[packed >> FREQUENCY_BITS], packed & MOST_OFTEN
                self._postings[term] = array("I", (places << FREQUENCY_BITS | times).astype(np.uint32).tobytes())
            else:
                del self._postings[term]
        kept = np.flatnonzero(held).tolist()
        self._ids = [self._ids[place] for place in kept]
        self._codes = array("B", [self._codes[place] for place in kept])
        self._lengths = array("I", [self._lengths[place] for place in kept])
        self._texts = [self._texts[place] for place in kept]
        self._places = {id: place for place, id in enumerate(self._ids) if id is not None}
