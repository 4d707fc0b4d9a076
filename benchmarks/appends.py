"""Commits per second and their latency: our log, embedded and over Kafka, beside other stores of events.

Events are of 256 bytes; every writer has a stream of its own and commits one after another; the optimistic check is on.
Each figure comes from a fresh process on a fresh store, alike for all sides; sides are interleaved; the median of some
rounds is shown, and every round's figure beside it. A commit counts when it begins within the window. Afterwards the
store has to hold just the events that were acknowledged.

What each side guarantees when it acknowledges:
- ours, embedded: the check, and one sync of the disk, which commits under way at the same time share;
- ours, Kafka: the check, as embedded also of what was read and of repeated requests; the record is on all
  in-sync replicas, here one, whose disk syncs later, and in our own fold;
- eventsourcing on SQLite: the check, and one sync a commit (WAL, synchronous=FULL);
- eventsourcing on PostgreSQL, with its functions in the database: the check, and a sync, under a lock of the table;
- UmaDB: the check, as a condition on tags, and two syncs, which commits share; its recorder tags each version;
- bare sends: on all in-sync replicas, here one, as above; no check, nothing read back: a floor, not a rival.

Also: how fast a fresh index folds a topic (written by 64 threads in two processes), how large it gets beside the
records with a context of 200 bytes and a request key of 32, and the enrolment scenario of the `eventsourcing`
documentation, one client, operations per second, its result checked.

What dominates, by profile. One writer waits: for the disk or the broker, and for a thread to wake up. Of a round of 32
threads (17 commits) the embedded engine spends a third in the fsync and a sixth in the fold; most of the rest is
waiting for Python's lock, which the threads have that were just told. On an event loop nobody is woken: of a round of
128 commits, a third is the fsync, a third the fold, a third the loop itself. Through kafka-python sending is the
limit, about a millisecond for each record in its own thread. A replay is the fold, a third of it hashing the chain,
beside the writing of the index, which SQLite does on another core; kafka-python adds 0.08 ms for each record that it
unpacks.

Peers run in an environment of their own (`appending/peers.txt`), ours in this one. Needs PostgreSQL, Java and Maven.

Run: python benchmarks/appends.py [--quick] [--json FILE]
"""

from __future__ import annotations

from appending import sides
from appending.bars import ONE
from appending.jobs import Job
from appending.measurement import measured, of_process, run_workers
from appending.places import Places
from appending.plan import plan
from appending.replays import Replays, replayed
from appending.samples import Samples, row
from appending.sides import Side
from measuring import Results, finish, options

REPLAY_BAR, WEIGHT_BAR = 60_000, 1.3
"""Commits a second; the index's bytes in bytes of the records."""


def enrolled(places: Places, side: Side, seconds: float) -> float:
    """Operations a second of the enrolment scenario."""
    with places.fresh(side) as settings:
        (outcome,) = run_workers(places, side, [of_process(Job("enrolment", settings), "a")], seconds)
    return outcome.figures["per_second"]


def add_replays(results: Results, replays: Replays) -> None:
    about = " with context" if replays.with_context else ""
    for side, rates in replays.per_second.items():
        line = row(f"replay{about}, {side.client}", rates, events=1)
        results.rows.append(line)
        if not replays.with_context:
            results.bar(f"commits a second replayed by {side.client}", line["per_second"], REPLAY_BAR)
    for side, rates in replays.written_per_second.items():
        results.rows.append(row(f"replay{about}, index on disk, {side.client}", rates, events=1))
    each = {"records": replays.record_bytes, "index": replays.index_bytes}
    for what, size in each.items():
        line = row(f"{what}{about}: bytes a commit", [size / replays.commits], events=1)
        results.rows.append(line | {"rounds": f"{replays.commits} commits in {replays.records} records"})
    if replays.with_context:
        weight = replays.index_bytes / replays.record_bytes
        results.bar("bytes of the index / of the records, with context", weight, WEIGHT_BAR, at_most=True)


def main() -> None:
    chosen = options(__doc__)
    work = plan(quick=chosen.quick)
    samples, enrolments = Samples(), dict[Side, list[float]]()
    with Places() as places:
        for side in sides.PIPELINED if work.warming else ():
            measured(places, side, ONE, work.warming)
        for side, cell, seconds in work.measurements():
            samples.add(side, cell, measured(places, side, cell, seconds))
        replays = [
            replayed(places, work.writing, work.writing_processes, rounds=work.table_rounds, with_context=context)
            for context in work.contexts
        ]
        for _ in range(work.table_rounds):
            for side in work.enrolling:
                enrolments.setdefault(side, []).append(enrolled(places, side, work.enrolling_seconds))
    results = Results("Commits per second, events of 256 bytes", rows=samples.rows())
    for bar in work.bars:
        results.bar(bar.name, samples.ratio(bar), bar.bar, at_most=bar.by_latency)
    for each in replays:
        add_replays(results, each)
    for side, rates in enrolments.items():
        results.rows.append(row(f"enrolment, operations: {side.name}", rates, load="1", events="1 or 2"))
    finish(results, chosen)


if __name__ == "__main__":
    main()
