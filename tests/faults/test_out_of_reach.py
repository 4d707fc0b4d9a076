"""What a node says when it cannot open: in one line, within its deadline."""

from __future__ import annotations

import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

from infra.eventlog.errors import IndexInUseError
from infra.ports import free_ports
from infra.servers.kafka import Broker
from tests.faults.crew import ROOT, Hand
from tests.faults.stand import Stand, note

OPENING = """
import sys
from pathlib import Path
import structlog
from infra.eventlog import open_log
from infra.eventlog.errors import LogOutOfReachError
structlog.configure(logger_factory=structlog.PrintLoggerFactory(sys.stderr))
url, index, client = sys.argv[1:]
try:
    open_log(url, index=Path(index), client=client, deadline=2.0)
except LogOutOfReachError as error:
    print(error)
"""


def test_a_broker_that_is_away_at_opening_is_named_within_the_deadline(client: str, tmp_path: Path) -> None:
    (port,) = free_ports(1)
    command = [sys.executable, "-c", OPENING, f"kafka://127.0.0.1:{port}/away", str(tmp_path / "index"), client]
    ran = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=40, check=False)
    assert ran.returncode == 0, ran.stderr
    (words,) = ran.stdout.splitlines()
    assert f"127.0.0.1:{port}" in words


def test_a_broker_that_stands_still_at_opening_is_named_within_the_deadline(
    broker: Broker, stand: Stand, client: str
) -> None:
    url = stand.job("frozen").url
    command = [sys.executable, "-c", OPENING, url, str(stand.job("frozen").index), client]
    broker.freeze()
    try:
        ran = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=60, check=False)
    finally:
        broker.thaw()
        broker.wait()
    assert ran.returncode == 0, ran.stderr
    (words,) = ran.stdout.splitlines()
    assert broker.bootstrap in words


def test_a_second_process_on_one_index_is_refused_until_the_first_is_gone(stand: Stand) -> None:
    job = stand.job("node", silent=True)
    hand = Hand(job)
    try:
        hand.start()
        hand.wait_until("ready")
        with pytest.raises(IndexInUseError) as refused:
            job.open()
        assert str(job.index) in str(refused.value)
        assert "\n" not in str(refused.value)
        hand.kill()
        with closing(job.open()) as log:
            assert note(log, "a", 1).first == 1
    finally:
        hand.discard()


def test_a_second_opening_of_one_index_in_one_process_is_refused_too(stand: Stand) -> None:
    with closing(stand.open("node")), pytest.raises(IndexInUseError):
        stand.open("node")
