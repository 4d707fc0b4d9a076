"""The report: what was answered and refused, before, during and after the outage, and the bars."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final

from measuring import Results, quantile

from loading.findings import Kind
from loading.lives import Does
from loading.memory import Memory
from loading.questions import Question
from loading.telling import Answered, Failed, Told

LONGEST: Final = 25.0
"""Seconds that an answer may take: ten for a position, eight for the graph, and the rest for a machine under load."""
BACK: Final = 15.0
"""Seconds after which the graph is read again, once the database answers; and twice that until nothing is refused."""
GROWTH: Final = 1.1
ANY_TIME: Final = frozenset({("NOT_CONSISTENT",), ("CONTENDED",)})
"""What may be answered while nothing is wrong: others were at work at the same time."""


@dataclass(frozen=True, slots=True)
class Outage:
    """When the database was killed, when it was started again, and when it answered: seconds of one clock."""

    killed: float
    started: float
    answered: float

    @property
    def over(self) -> float:
        """When nothing may be refused any more."""
        return self.answered + 2 * BACK

    def excuses(self, failed: Failed) -> bool:
        """Whether an answer may have failed because of it."""
        return failed.heard >= self.killed and failed.sent <= self.over

    def touches(self, answered: Answered) -> bool:
        return answered.heard >= self.killed and answered.sent <= self.over


@dataclass(frozen=True, slots=True)
class Report:
    """What was told, and seen of the processes meanwhile."""

    told: Told
    outage: Outage
    memory: dict[str, Memory]
    begun: float
    verified: dict[str, Any]

    def write(self, results: Results, *, timed: bool) -> None:
        """Rows and bars; those of time and memory only where they say something."""
        for what, figure in self._figures():
            results.row(what=what, figure=figure)
        self._bars_of_what_is_right(results)
        if timed:
            self._bars_of_time_and_memory(results)

    # -- rows ----------------------------------------------------------------------

    def _figures(self) -> Iterator[tuple[str, str]]:
        for what in (*Question, *Does):
            if answers := [each for each in self.told.answered if each.what == what]:
                yield what, self._answered(answers)
        quiet = [each for each in self.told.answered if not self.outage.touches(each)]
        seconds = max(each.heard for each in quiet) - self.begun - (self.outage.over - self.outage.killed)
        yield "answers a second, outside of the outage", f"{len(quiet) / max(seconds, 1):,.0f}"
        yield "answers judged", f"{self.told.judged:,}"
        yield "counterparts of each topic", ", ".join(map(str, self.told.counterparts)) or "none"
        yield "needs recorded", f"{self.told.needs:,}"
        yield "mutations", _counted(Counter(self.told.mutations))
        yield "Neo4j away, and answering again after, s", f"{self._away:.1f}"
        yield "refused in the outage", _counted(self._codes(self._excused))
        yield "refused at other times", _counted(self._codes(self._outside))
        yield "first right answer after Neo4j's, s", f"{self.first_right:.1f}"
        yield "last refusal after Neo4j's answer, s", f"{self.last_refusal:.1f}"
        for name, memory in self.memory.items():
            second, last = memory.fifths(self._around)
            yield (
                f"memory of the {name}, MB",
                f"{second:,.0f} in the second fifth, {last:,.0f} in the last, {memory.most:,.0f} at most",
            )
        found = (
            f"{self.verified['nodes']:,} nodes and {self.verified['links']:,} links at {self.verified['position']:,}"
        )
        yield "compared with the log in the end", found

    def _answered(self, answers: Sequence[Answered]) -> str:
        quiet = [(each.heard - each.sent) * 1000 for each in answers if not self.outage.touches(each)]
        if len(quiet) < 2:
            return f"{len(answers):,} answers"
        return f"{len(answers):,} answers, p50 {quantile(quiet, 0.5):,.0f} ms, p99 {quantile(quiet, 0.99):,.0f} ms"

    @property
    def _away(self) -> float:
        return self.outage.answered - self.outage.killed

    @property
    def _around(self) -> tuple[float, float]:
        return self.outage.killed, self.outage.over

    @property
    def _excused(self) -> list[Failed]:
        return [each for each in self.told.failed if self.outage.excuses(each)]

    @property
    def _outside(self) -> list[Failed]:
        return [each for each in self.told.failed if not self.outage.excuses(each)]

    @property
    def first_right(self) -> float:
        """Seconds from the database's answer to the first one of the graph, which was asked for after the start."""
        heard = [
            each.heard for each in self.told.answered if each.what in set(Question) and each.sent > self.outage.started
        ]
        return max(0.0, min(heard) - self.outage.answered)

    @property
    def last_refusal(self) -> float:
        return max(0.0, max((each.heard for each in self._excused), default=0.0) - self.outage.answered)

    def _codes(self, failed: Sequence[Failed]) -> Counter[str]:
        return Counter(f"{'+'.join(each.codes) or 'no code'} ({each.status})" for each in failed)

    # -- bars ----------------------------------------------------------------------

    def _bars_of_what_is_right(self, results: Results) -> None:
        for kind in Kind:
            results.bar(kind, self.told.findings.get(kind, 0), 0, at_most=True)
        outside = [each for each in self._outside if each.codes not in ANY_TIME]
        results.bar("refusals while nothing was wrong", len(outside), 0, at_most=True)
        unsaved = [each for each in self.told.failed if each.what in set(Does) and each.codes not in ANY_TIME]
        results.bar("mutations that were not acknowledged at once", len(unsaved), 0, at_most=True)
        results.bar("differences from the fold of the log", self.verified["differing"], 0, at_most=True)
        heard: list[Answered | Failed] = [*self.told.answered, *self.told.failed]
        results.bar(
            "the longest wait for an answer, s", max(each.heard - each.sent for each in heard), LONGEST, at_most=True
        )

    def _bars_of_time_and_memory(self, results: Results) -> None:
        results.bar("first right answer after Neo4j's, s", self.first_right, BACK, at_most=True)
        results.bar("last refusal after Neo4j's answer, s", self.last_refusal, 2 * BACK, at_most=True)
        for name, memory in self.memory.items():
            second, last = memory.fifths(self._around)
            results.bar(f"memory of the {name}, last fifth / second fifth", last / second, GROWTH, at_most=True)


def _counted(counts: Counter[str]) -> str:
    return ", ".join(f"{number:,} {what}" for what, number in sorted(counts.items())) or "none"
