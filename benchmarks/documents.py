"""Documents at random, each answered by its plan and by graphql-core, on ArcadeDB and on Neo4j, with equal bytes.

On Neo4j a plan answers each of them alone, and as one of several that are asked at the same moment.

hypothesis-graphql makes the documents; their arguments are mostly such as the graph of the sample network knows: ids,
values of filters, cursors from earlier answers. Variables, defaults, fragments, conditions and names of the sender's
own are put in. They are asked by the public and by people in several roles. What is read of one log on two engines is
compared as well. A document counts as planned where the plan answered it, and was not left to graphql-core; as telling
where the answer holds something of a record.

The first difference ends the run: the smallest document that shows it is printed, and the seed that makes it again.

Run: python benchmarks/documents.py [--documents N] [--engine arcadedb|neo4j|both] [--seed N] [--quick] [--json FILE]
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

import orjson
from chance.documents import Question, questions
from chance.ground import ENGINES, Ground, ground
from chance.ways import Sent, says_something
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st
from measuring import Results, finish

DOCUMENTS, QUICK = 5_000, 40
BATCH = 50
"""Documents that are made from one seed: after some, hypothesis varies what it has made already."""
PLANNED, TELLING = 0.6, 0.6
"""Shares of the documents that should be answered by their plan, and tell something."""


class DifferenceError(Exception):
    """Two answers to one question differ."""

    def __init__(self, question: Question, who: str, answers: dict[str, Sent]) -> None:
        said = "\n".join(f"{name}: {answer.data.decode()}\n  {answer.errors}" for name, answer in answers.items())
        super().__init__(f"asked by {who}:\n{question.text}\nwith {question.variables}\n{said}")


@dataclass
class Tally:
    """What was asked, and how it was answered."""

    documents: int
    counts: Counter[str] = field(default_factory=Counter)
    readers: Counter[str] = field(default_factory=Counter)
    asked: set[tuple[str, str, str]] = field(default_factory=set)

    def ask(self, over: Ground, question: Question, who: str) -> None:
        """Ask all ways, what was not asked before. Raises DifferenceError."""
        said = question.text, str(question.variables), who
        if said in self.asked:
            return
        answers: dict[str, Sent] = {}
        by_plan = 0
        for engine in over.systems:
            planned = over.by_plan(engine, who, question.text, question.variables)
            if planned is not None:
                by_plan += 1
                answers[f"{engine}, by its plan"] = planned
            together = over.together(engine, who, question.text, question.variables)
            if together is not None:
                answers[f"{engine}, by its plan, with others"] = together
            answers[f"{engine}, field by field"] = over.by_field(engine, who, question.text, question.variables)
        one, *others = answers.values()
        if any(each != one for each in others):
            raise DifferenceError(question, who, answers)
        self.asked.add(said)
        self.counts["asked"] += 1
        self.counts["planned"] += by_plan == len(over.systems)
        self.counts["telling"] += says_something(orjson.loads(one.data))
        self.counts["with errors"] += bool(one.errors)
        self.counts["with variables"] += bool(question.variables)
        self.counts["with fragments"] += "\nfragment " in question.text
        self.readers[who] += 1
        if sys.stderr.isatty():
            print(f"\r{self.counts['asked']:,} of {self.documents:,}", end="", file=sys.stderr)

    def share(self, name: str) -> float:
        return self.counts[name] / max(1, self.counts["asked"])


def difference(over: Ground, tally: Tally, number: int) -> DifferenceError | None:
    """Ask so many documents; the smallest that shows a difference, if there is one."""
    asked = questions(over.known())
    while tally.counts["asked"] < tally.documents:
        if (found := _difference(over, tally, asked, number)) is not None:
            return found
        number += 1
    return None


def _difference(over: Ground, tally: Tally, asked: st.SearchStrategy[Question], number: int) -> DifferenceError | None:
    """The same with the documents of one seed."""

    @seed(number)
    @settings(
        max_examples=BATCH,
        deadline=None,
        database=None,
        phases=(Phase.generate, Phase.shrink),
        suppress_health_check=list(HealthCheck),
        report_multiple_bugs=False,
    )
    @given(question=asked, who=st.sampled_from(sorted(over.tokens)))
    def ask(question: Question, who: str) -> None:
        tally.ask(over, question, who)

    try:
        ask()
    except DifferenceError as found:
        return found
    return None


def chosen_options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--documents", type=int, metavar="N", help=f"at least so many; {DOCUMENTS:,} if left out")
    parser.add_argument("--engine", choices=sorted(ENGINES), default="both")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--quick", action="store_true", help="a small run that shows that it works")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the results here as well")
    return parser.parse_args()


def main() -> None:
    chosen = chosen_options()
    engines = ENGINES[chosen.engine]
    tally = Tally(chosen.documents or (QUICK if chosen.quick else DOCUMENTS))
    with (
        tempfile.TemporaryDirectory(prefix="documents-") as folder,
        ground(Path(folder), engines, quick=chosen.quick) as over,
    ):
        began = time.perf_counter()
        found = difference(over, tally, chosen.seed)
        seconds = time.perf_counter() - began
    results = Results(f"Documents at random on {' and '.join(engines)}, seed {chosen.seed}")
    results.row(what="asked", figure=f"{tally.counts['asked']:,} in {seconds:,.0f} s")
    for name in ("planned", "telling", "with errors", "with variables", "with fragments"):
        results.row(what=name, figure=f"{tally.counts[name]:,} ({tally.share(name):.0%})")
    for who, asked in sorted(tally.readers.items()):
        results.row(what=f"asked by {who}", figure=f"{asked:,}")
    if found is not None:
        print(f"{found}\nmade by --seed {chosen.seed}", file=sys.stderr)
    results.bar("differences", found is not None, 0, at_most=True)
    results.bar("documents", tally.counts["asked"], tally.documents)
    results.bar("share that was planned", tally.share("planned"), PLANNED)
    results.bar("share that tells something", tally.share("telling"), TELLING)
    if found is not None:
        results.print()
        raise SystemExit(1)
    finish(results, chosen)


if __name__ == "__main__":
    main()
