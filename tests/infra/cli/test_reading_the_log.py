"""While a log is read again from its beginning, a terminal shows how far that is; a pipe hears nothing of it."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest
from command_line import PROGRAM, environment, typed
from real_servers import fresh_topic

from domain.stations import NATIONAL_STATION
from infra.networks import indexes
from infra.servers.kafka import Broker

HISTORY = [*PROGRAM, "history", NATIONAL_STATION]


@pytest.fixture
def url(kafka: Broker, tmp_path: Path) -> str:
    """A log that holds an installation, and of which this folder has no index."""
    url = kafka.url(fresh_topic("read"))
    named = ("--station", "国家驿站", "--region", "110108", "--administrator", "王敏")
    assert typed("install", *named, folder=tmp_path, YIZHAN_LOG=url).returncode == 0
    for file in tmp_path.glob(f"var/{indexes(tmp_path)[0].name}*"):
        file.unlink()
    return url


def test_a_terminal_shows_how_many_records_are_read_and_of_how_many(url: str, tmp_path: Path) -> None:
    ours, theirs = os.openpty()
    done = subprocess.run(
        HISTORY,
        cwd=tmp_path,
        env=environment(YIZHAN_LOG=url, TERM="xterm"),
        stdout=subprocess.PIPE,
        stderr=theirs,
        text=True,
        timeout=60,
        check=True,
    )
    os.close(theirs)
    with open(ours, "rb", buffering=0) as terminal:
        shown = terminal.read(65_536).decode()
    assert "reading the log" in shown
    assert "2/2" in shown
    assert "国家驿站" in done.stdout


def test_a_pipe_gets_the_answer_alone(url: str, tmp_path: Path) -> None:
    done = subprocess.run(
        HISTORY, cwd=tmp_path, env=environment(YIZHAN_LOG=url), capture_output=True, text=True, timeout=60, check=True
    )
    assert "国家驿站" in done.stdout
    assert done.stderr == ""
