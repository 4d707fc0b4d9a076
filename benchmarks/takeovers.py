"""Projectors that are killed and frozen while they project, and engines killed under them: is each event there once?

Three processes compete for one generation of a graph with counters, while readers look on. Time after time the owner is
killed (SIGKILL), or frozen until another one has taken over and woken again in the middle of what it was writing; now
and then the engine is killed. In the end the graph is compared with what the history makes in memory, and so is every
summary that a reader took between two looks at the same position. The control is many short contests without the lock,
in which all project at once: some have to go wrong, or the comparison would prove nothing. Not all of them do, because
it takes two that look within the same milliseconds.

A run is given again by its seed, except for what the machine's scheduler adds.

Run: python benchmarks/takeovers.py [--takeovers N] [--seed N] [--quick] [--json FILE]
"""

from __future__ import annotations

import argparse
import logging
import random
import sys
import tempfile
from pathlib import Path

from measuring import Results, finish

sys.path.insert(0, str(Path(__file__).parents[1]))
sys.path.insert(0, str(Path(__file__).parents[1] / "tests" / "support"))

from tests.takeovers.arena import Arena, arcadedb, neo4j
from tests.takeovers.contest import Contest

ENGINES = {"Neo4j": neo4j, "ArcadeDB": arcadedb}
COUNTED = "takeovers", "owner killed", "owner frozen", "engine killed"
CONTROLS = 20
"""Contests without the lock."""


def contested(arena: Arena, folder: Path, seed: int, takeovers: int) -> tuple[Contest, list[str]]:
    """A contest with so many takeovers, and what was found wrong."""
    chance = random.Random(seed)
    with arena.contest(folder, seed, takeovers) as contest:
        return contest, contest.run(chance, takeovers, engine_deaths=takeovers // 20)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--takeovers", type=int, default=200, help="how often others take over, on each engine")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--quick", action="store_true", help="a small run that shows that it works; no figure to quote")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the results here as well")
    chosen = parser.parse_args()
    logging.getLogger("neo4j").setLevel(logging.CRITICAL)  # it tells of each connection that an engine's death broke
    results = Results(f"Takeovers, seed {chosen.seed}")
    for name, times in [("ArcadeDB", 1)] if chosen.quick else [(name, chosen.takeovers) for name in ENGINES]:
        with (
            tempfile.TemporaryDirectory(prefix="takeovers-") as folder,
            ENGINES[name](Path(folder) / "engine") as arena,
        ):
            contest, found = contested(arena, Path(folder), chosen.seed, times)
        print(f"{name}: {dict(contest.done)}, {len(found)} findings", file=sys.stderr)
        for finding in found[:20]:
            print(f"{name}: {finding}", file=sys.stderr)
        results.row(
            on=name,
            **{what: contest.done[what] or "none" for what in COUNTED},
            reads=len(contest.seen.consistent),
            wrong=len(found) or "none",
        )
        results.bar(f"{name}: takeovers", contest.done["takeovers"], times)
        results.bar(f"{name}: what was found wrong", len(found), 0, at_most=True)
        results.bar(f"{name}: projectors that failed", contest.done["contestants that failed"], 0, at_most=True)
    if not chosen.quick:
        with tempfile.TemporaryDirectory(prefix="takeovers-") as folder, neo4j(Path(folder) / "engine") as arena:
            wrong = [arena.uncontrolled(Path(folder), chosen.seed + number) for number in range(CONTROLS)]
        gone_wrong = len([found for found in wrong if found])
        results.row(
            on=f"Neo4j, {CONTROLS} contests without the lock",
            **dict.fromkeys((*COUNTED, "reads"), ""),
            wrong=f"{gone_wrong} contests",
        )
        results.bar("Neo4j without the lock: contests that went wrong", gone_wrong, 1)
    chosen.quick = False  # a finding is a finding, however short the run
    finish(results, chosen)


if __name__ == "__main__":
    main()
