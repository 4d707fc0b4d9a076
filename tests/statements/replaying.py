"""Statements that were sent to one engine, sent again in their order to two, in a place that is empty on both."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import partial

from infra.graphdb.names import BEAT, PROJECTION, RECORD, REGISTER
from infra.graphdb.ownership import ADVANCED
from projections.changes import LinkType, NodeType
from projections.projection import Projection
from tests.statements.recording import Sent
from tests.statements.sides import Sides, schema_of

PLACE = "__s"
"""Labels end so in a replay, and with a number: that of the generation, or 0 for what says how generations stand."""
NEO4JS_OWN = "SHOW INDEXES"
"""What only Neo4j is asked, and ArcadeDB has no word for: which indexes do not stand yet."""
SCHEMA = re.compile(r"(?:CREATE|DROP) (?:CONSTRAINT|INDEX)\b")
WRITES = re.compile(r"\b(?:CREATE|MERGE|SET|DELETE|REMOVE)\b")
STANDINGS = PROJECTION, BEAT, REGISTER, RECORD


class Replay:
    """Sends again what was sent for a projection, whether its generations had labels or databases of their own."""

    def __init__(self, sides: Sides, projection: Projection) -> None:
        self.sides = sides
        self._projection = projection
        labels = "|".join([*(node.label for node in projection.nodes), *STANDINGS])
        self._label = re.compile(rf"\b({labels})(?:__g(\d+))?(?![A-Za-z0-9])")
        self._schema_changed = False

    def send(self, sent: Iterable[Sent], *, new_only: bool = False) -> None:
        """All of this in its order, or what was not sent before; but not again what reads the same once more."""
        before = self.originals() if new_only else set()
        read: set[str] = set()
        for each in sent:
            if each.text.startswith(NEO4JS_OWN) or self._original(each.text) in before:
                continue
            text = self._label.sub(partial(self._placed, each), each.text)
            if WRITES.search(text):
                read.clear()
            elif (run := f"{text} {each.parameters}") in read:
                continue
            else:
                read.add(run)
            self._send(text, each)
        self._compare_schema()

    def originals(self) -> set[str]:
        """The texts that were sent, without what tells generations from one another."""
        return {self._original(text) for text in self.sides.compared}

    def _original(self, text: str) -> str:
        return re.sub(rf"(?:{PLACE}|__g)\d+", "", text)

    def _send(self, text: str, sent: Sent) -> None:
        if SCHEMA.match(text):
            self._schema_changed = True
        elif self._schema_changed:
            self._compare_schema()
        with self.sides.together(keep=True) as both:
            both.run(text, sent.parameters)
            assert not both.over or text.endswith(ADVANCED), f"refused: {text}"
            if WRITES.search(text) and not SCHEMA.match(text) and not both.over:
                for kind in self._written(text):
                    both.hold(kind)

    def _written(self, text: str) -> Iterator[NodeType | LinkType]:
        """The kinds of nodes and links that the statement names."""
        yield from (NodeType(label) for label in sorted(set(re.findall(rf"\w+{PLACE}\d+", text))))
        place = re.search(rf"{PLACE}\d+", text)
        for link in self._projection.links:
            if f":{link.name}]" in text and place:
                yield LinkType(link.source + place[0], link.name, link.target + place[0])

    def _compare_schema(self) -> None:
        self.sides.compare(
            "the schema", {}, *(schema_of(side, _replayed) for side in (self.sides.one, self.sides.other))
        )
        self._schema_changed = False

    def _placed(self, sent: Sent, found: re.Match[str]) -> str:
        """The label, or the beginning of the name of an index, in its place."""
        number = found[2] or (re.findall(r"_g(\d+)$", sent.database) or ["0"])[0]
        return f"{found[1]}{PLACE}{0 if found[1] in STANDINGS else number}"


def _replayed(label: str) -> str | None:
    """What a label of a place for replaying is called elsewhere; None for all others."""
    return label.replace(PLACE, "") if PLACE in label else None
