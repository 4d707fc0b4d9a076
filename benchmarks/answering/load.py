"""Load by wrk, from a process of its own: questions over so many connections, each asking again when it is answered.

wrk counts, for each answer that is later than usual, those that would have been asked meanwhile: its latencies are
those of somebody who does not wait for the others.
"""

from __future__ import annotations

import json
import math
import signal
import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from infra.servers.node import write_private
from infra.servers.tools import program

SCRIPT = Path(__file__).with_name("load.lua")
LONGEST = 120
"""Seconds that an answer may take."""
FEW, LONGER = 3, 4.0
"""Answers that tell something, and how much longer is tried for them."""
SPARE = 30
"""Seconds after which wrk ends by itself, if nobody is there to end it."""


class LoadError(Exception):
    """Something was not answered as it should be."""


@dataclass(frozen=True, slots=True)
class Sample:
    """What one measurement gave: answers a second, and latencies in milliseconds."""

    per_second: float
    p50: float
    p99: float


def wrk() -> str:
    """The program. Raises MissingToolError."""
    return str(program("wrk", "wrk is needed to put a server under load", "wrk"))


def write_questions(file: Path, headers: Mapping[str, str], bodies: Sequence[bytes]) -> None:
    """Write what the script of wrk reads."""
    lines = [*(f"{name}: {value}" for name, value in headers.items()), "", *(body.decode() for body in bodies)]
    write_private(file, "\n".join(lines) + "\n")


def under_load(url: str, questions: Path, connections: int, seconds: float) -> Sample:
    """Ask the questions of a file for so many seconds, and again for longer where too few were answered in that time.

    Raises LoadError when an answer was none, or none came.
    """
    while True:
        told = _told(url, questions, connections, seconds)
        if told["wrong"]:
            what = f"{told['wrong']} wrong among {told['answers']} answers of {url} to {questions.name}"
            raise LoadError(f"{what}: {told['said'] or 'no answer at all'}")
        if told["answers"] >= FEW:
            return Sample(told["answers"] / told["seconds"], told["p50"], told["p99"])
        if seconds * LONGER > LONGEST:
            raise LoadError(f"{told['answers']} answers of {url} to {questions.name} in {seconds:g} s")
        seconds *= LONGER


def _told(url: str, questions: Path, connections: int, seconds: float) -> dict[str, Any]:
    """What our script says at the end of one run of wrk."""
    command = [wrk(), "-t1", f"-c{connections}", f"-d{math.ceil(seconds) + SPARE}", f"--timeout={LONGEST}"]
    process = subprocess.Popen(
        [*command, "-s", str(SCRIPT), url, "--", str(questions)],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    try:
        said = _said(process, seconds)
    finally:
        process.kill()
        process.wait()
    try:
        told: dict[str, Any] = json.loads(said.splitlines()[-1])
    except (IndexError, ValueError):
        raise LoadError(f"wrk said nothing of {url}:\n{said}") from None
    return told


def _said(process: subprocess.Popen[str], seconds: float) -> str:
    """What wrk says when it is told to stop after so many seconds; by itself it would know whole ones only."""
    try:
        return process.communicate(timeout=seconds)[0]
    except subprocess.TimeoutExpired:
        process.send_signal(signal.SIGINT)
        return process.communicate(timeout=2 * SPARE)[0]
