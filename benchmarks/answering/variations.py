"""The variables that questions are asked with, one variation after the other, from what the graph holds."""

from __future__ import annotations

import re
from base64 import b64encode
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from neo4j import Driver

from answering.documents import FIELDS, NODE, PAGE, SEARCH, TEXT
from domain.searching.terms import asked
from gateway.paging import Place
from infra.graphdb.generation import Generation

Variables = Mapping[str, Any]
MOST = 32
"""How many ids, places and words there are at most."""
WORD = re.compile("[a-z]{5,}")

NEEDS = "MATCH (n:Need) RETURN n.id ORDER BY n.id"
PAGED = """MATCH (n:Need) WHERE n.stage = 'published' AND any(field IN n.fields WHERE field IN $fields)
RETURN n.created, n.id ORDER BY n.created DESC"""
TITLES = "MATCH (n:Profile) RETURN toLower(n.title_en)"


@dataclass(frozen=True, slots=True)
class Variations:
    """Those of one graph."""

    driver: Driver
    generation: Generation

    def of(self, question: str) -> Sequence[Variables]:
        """The variables for each time that a question is asked; a list has none, and is asked alike each time."""
        made = {NODE: self._ids, PAGE: self._places, TEXT: self._words, SEARCH: self._words}
        return made[question]() if question in made else [{}]

    def _ids(self) -> Sequence[Variables]:
        ids = [id for (id,) in self._rows(NEEDS)]
        return [{"id": id} for id in ids[:: max(1, len(ids) // MOST)][:MOST]]

    def _places(self) -> Sequence[Variables]:
        """Places in the middle of the filtered list: as a cursor of ours, as a position, and as a count of records."""
        rows = self._rows(PAGED, fields=list(FIELDS))
        middle = len(rows) // 2
        return [
            {
                "after": Place(created, id).cursor(),
                "before": created,
                "place": b64encode(f"arrayconnection:{number}".encode()).decode(),
            }
            for number, (created, id) in enumerate(rows)
            if middle - MOST <= number < middle
        ]

    def _words(self) -> Sequence[Variables]:
        """The words that most titles of profiles have, so that more are found than are shown; none of grammar alone,
        which our search finds nothing by.
        """
        count = Counter(word for (title,) in self._rows(TITLES) for word in set(WORD.findall(title or "")))
        return [{"text": word} for word, _ in count.most_common() if asked(word)][:MOST]

    def _rows(self, statement: str, **parameters: Any) -> list[list[Any]]:
        text = self.generation.statement(statement)
        found = self.driver.execute_query(text, parameters, database_=self.generation.database)
        return [record.values() for record in found.records]
