"""A commit beyond 900 kB is refused alike by both engines, before anything is sent."""

from __future__ import annotations

import asyncio
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from infra.eventlog import Draft, open_log
from infra.eventlog.errors import CommitTooLargeError
from tests.faults.stand import Stand, note

LARGEST = 900_000


def refuses_what_is_too_large(log: Any) -> str:
    """Tries it in every way; gives the words of the refusal."""
    large = Draft([("a", 1, "small.noted", bytes(LARGEST))])
    many = Draft([("a", version, "small.noted", bytes(1_000)) for version in range(1, 900)])
    words = []
    for draft in (large, many):
        with pytest.raises(CommitTooLargeError) as refused:
            log.commit(draft)
        with pytest.raises(CommitTooLargeError):
            asyncio.run(log.commit_async(draft))
        words.append(str(refused.value))
    assert log.head() == 0
    assert note(log, "a", 1, bytes(LARGEST - 200)).last == 1
    assert [len(commit.events[0][3]) for commit in log.commits(0, 10)] == [LARGEST - 200]
    return "\n".join(words)


def test_a_commit_of_more_than_900_kb_is_refused_before_anything_is_sent(stand: Stand, tmp_path: Path) -> None:
    before = len(stand.values())
    with closing(stand.open("node")) as log:
        of_kafka = refuses_what_is_too_large(log)
        assert len(stand.values()) == before + 1
    with closing(open_log(f"sqlite:{tmp_path / 'log.db'}")) as log:
        of_embedded = refuses_what_is_too_large(log)
    assert of_kafka == of_embedded
