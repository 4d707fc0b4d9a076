"""A process that may not write files beyond a size: `python -m tests.faults.filling JOB LIMIT`.

It commits until that fails, or 300 commits are made; prints a JSON line for each, then the name and words of the error.
"""

from __future__ import annotations

import json
import resource
import sys

import structlog
from eventsourcing.persistence import OperationalError

from infra.eventlog import Draft
from tests.faults.job import Job

COMMITS = 300
STATE = 8_000


def main() -> None:
    job, limit = Job(**json.loads(sys.argv[1])), int(sys.argv[2])
    structlog.configure(logger_factory=structlog.PrintLoggerFactory(sys.stderr))  # stdout is for the test
    log = job.open()
    resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))
    try:
        for version in range(1, COMMITS + 1):
            accepted = log.commit(Draft([("a", version, "small.noted", bytes(STATE))]))
            print(json.dumps([accepted.first, accepted.last]), flush=True)
    except OperationalError as error:
        print(json.dumps({"error": type(error).__name__, "words": str(error)}), flush=True)
    finally:
        log.close()


if __name__ == "__main__":
    main()
