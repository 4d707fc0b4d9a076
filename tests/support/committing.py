"""A process that commits to a log until it is done or killed: `python committing.py FILE NAME COMMITS`.

Each commit holds three events: of an entity of its own, of a second one, and the next version of one shared by all
writers, which it read first. It prints each accepted commit's number after it was accepted.
"""

from __future__ import annotations

import sys

from eventsourcing.persistence import RecordConflictError, StoredEvent
from eventsourcing.utils import Environment

from infra.eventlog import Factory
from infra.eventlog.recorders import CommitRecorder

SHARED = "shared"


def opened(path: str) -> CommitRecorder:
    """The recorder of this file, as the application has it."""
    settings = {"EVENTLOG_URL": f"sqlite:{path}", "ORIGINATOR_ID_TYPE": "text"}
    recorder = Factory(Environment("log", settings)).application_recorder()
    assert isinstance(recorder, CommitRecorder)
    return recorder


def commit(recorder: CommitRecorder, name: str, number: int) -> None:
    """Commit once, again and again until nobody was quicker."""
    while True:
        version = max(
            (each.originator_version for each in recorder.select_events(SHARED, desc=True, limit=1)), default=0
        )
        own = [StoredEvent(f"{name}{part}", number, "t.v1", f"{name}{number}".encode()) for part in "ab"]
        shared = StoredEvent(SHARED, version + 1, "t.v1", f"{name}{number}".encode())
        try:
            recorder.insert_events(
                [*own, shared],
                context=f"{name}{number}".encode(),
                request=f"{name}/{number}".encode(),
                reads={"absent": None},
            )
        except RecordConflictError:
            continue
        return


def main() -> None:
    path, name, commits = sys.argv[1:]
    recorder = opened(path)
    for number in range(1, int(commits) + 1):
        commit(recorder, name, number)
        print(number, flush=True)


if __name__ == "__main__":
    main()
