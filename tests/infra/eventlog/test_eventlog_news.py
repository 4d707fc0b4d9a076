"""Who listens to a log is told of what is recorded, once it can be read there."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from queue import Queue

import pytest
from real_servers import fresh_topic

from infra.eventlog import Draft, Log, open_log

Nodes = tuple[Log, Log]
"""The one that records, and the one that is listened to."""


@pytest.fixture(params=("embedded", "kafka"))
def nodes(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Nodes]:
    """Two nodes on Kafka; the embedded log tells its own process only, and is both."""
    with ExitStack() as stack:
        if request.param == "embedded":
            log = open_log(f"sqlite:{tmp_path / 'log.db'}")
            stack.callback(log.close)
            yield log, log
        else:
            url = request.getfixturevalue("kafka").url(fresh_topic("news"))
            one, other = (open_log(url, index=tmp_path / f"{name}.db") for name in ("one", "other"))
            stack.callback(one.close)
            stack.callback(other.close)
            yield one, other


def test_the_bell_rings_for_each_record_once_it_can_be_read_whoever_recorded_it(nodes: Nodes) -> None:
    recording, listening = nodes
    heads: Queue[int] = Queue()
    with listening.news.heard_by(lambda: heads.put(listening.head())):
        for version in range(1, 20):
            recording.commit(Draft([("a", version, "t.v1", b"{}")]))
            while heads.get(timeout=10) < version:
                pass


def test_who_listens_no_more_is_not_told(nodes: Nodes) -> None:
    recording, listening = nodes
    for_a_while, all_along = Queue[int](), Queue[int]()
    with listening.news.heard_by(lambda: all_along.put(listening.head())):
        with listening.news.heard_by(lambda: for_a_while.put(listening.head())):
            recording.commit(Draft([("a", 1, "t.v1", b"{}")]))
            assert for_a_while.get(timeout=10) == 1
        recording.commit(Draft([("a", 2, "t.v1", b"{}")]))
        while all_along.get(timeout=10) < 2:
            pass
    assert 2 not in for_a_while.queue
