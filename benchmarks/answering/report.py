"""The table of what was measured, the bars, and every sample."""

from __future__ import annotations

import statistics
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from measuring import Results

from answering.documents import QUESTIONS
from answering.load import Sample
from answering.rounds import DRIVER, Rounds
from answering.sides import BareHTTP, Graphene, Neo4jGraphQL, Ours

OURS, PEER = Ours.name, Neo4jGraphQL.name
COLUMNS = {OURS: OURS, PEER: "neo4j", Graphene.name: Graphene.name, BareHTTP.name: BareHTTP.name, DRIVER: DRIVER}
"""The sides, and what the table calls them."""

OF_PEER, ON_THE_WHOLE, OF_DRIVER, SPREAD = 3.5, 4.5, 0.85, 3.0
"""What ours is held to: of the peer's rate for each question, of it in the mean, of the driver's; p99 in p50."""

Figure = Callable[[Sample], float]


@dataclass(frozen=True, slots=True)
class Report:
    """What some rounds gave, brought into the results."""

    rounds: Rounds
    results: Results

    def write(self) -> None:
        for question in QUESTIONS:
            for connections in self.rounds.effort.connections:
                self._row(question, connections, f"over {connections}", lambda each: each.per_second)
            self._row(question, self._most, "p50 ms", lambda each: each.p50)
            self._row(question, self._most, "p99 ms", lambda each: each.p99)
        self._bars()
        self.results.samples.extend(self._samples())

    @property
    def _most(self) -> int:
        return max(self.rounds.effort.connections)

    def _row(self, question: str, connections: int, what: str, figure: Figure) -> None:
        figures = {name: self._median(question, connections, side, figure) for side, name in COLUMNS.items()}
        of_peer, of_driver = (self._ratio(question, connections, side, figure) for side in (PEER, DRIVER))
        self.results.row(question=question, what=what, **figures, of_neo4j=of_peer, of_driver=of_driver)

    def _median(self, question: str, connections: int, side: str, figure: Figure) -> float | str:
        """The figure of a side, or a dash where it gave way."""
        samples = self.rounds.samples.get((question, connections, side), [])
        return statistics.median(map(figure, samples)) if samples else "–"  # a dash

    def _ratio(self, question: str, connections: int, side: str, figure: Figure) -> float:
        """The median of the ratios within each round."""
        ours, theirs = (self.rounds.samples[question, connections, each] for each in (OURS, side))
        return statistics.median(figure(one) / figure(other) for one, other in zip(ours, theirs, strict=False))

    def _bars(self) -> None:
        cells = [(question, each) for question in QUESTIONS for each in self.rounds.effort.connections]
        of_peer = {cell: self._ratio(*cell, PEER, lambda each: each.per_second) for cell in cells}
        for (question, connections), ratio in of_peer.items():
            self.results.bar(f"{question} over {connections}: ours / @neo4j/graphql", ratio, OF_PEER)
        mean = statistics.geometric_mean(of_peer.values())
        self.results.bar("geometric mean of these", mean, ON_THE_WHOLE)
        for question, connections in cells:
            ratio = self._ratio(question, connections, DRIVER, lambda each: each.per_second)
            self.results.bar(f"{question} over {connections}: ours / the driver", ratio, OF_DRIVER)
        for question in QUESTIONS:
            spread = statistics.median(each.p99 / each.p50 for each in self.rounds.samples[question, self._most, OURS])
            self.results.bar(f"{question} over {self._most}: ours, p99 / p50", spread, SPREAD, at_most=True)

    def _samples(self) -> Iterator[dict[str, object]]:
        for (question, connections, side), samples in self.rounds.samples.items():
            way = "connections" if self.rounds.ways[question, connections] else "lists"
            yield {
                "question": question,
                "connections": connections,
                "side": COLUMNS[side],
                **({"asked by": way} if side == PEER else {}),
                "per_second": [each.per_second for each in samples],
                "p50_ms": [each.p50 for each in samples],
                "p99_ms": [each.p99 for each in samples],
            }
        for (question, connections, side), said in self.rounds.failures.items():
            yield {"question": question, "connections": connections, "side": COLUMNS[side], "gave way": said}
