"""The command line as a person uses it: processes of their own, what they print, and how they end."""

from __future__ import annotations

import contextlib
import io
import os
import re
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from unittest import mock

from infra.cli import main

ROOT = Path(__file__).parents[2]
PROGRAM = (sys.executable, "-c", "from infra.cli import main; main()")


def environment(**more: str) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("YIZHAN_")}
    return {**kept, "PYTHONPATH": os.pathsep.join((str(ROOT), str(ROOT / "graphql"))), "COLUMNS": "200", **more}


def typed(*arguments: object, folder: Path, **more: str) -> subprocess.CompletedProcess[str]:
    """The same in this process, for commands that start nothing: what a process of its own takes to begin is saved."""
    out, err = io.StringIO(), io.StringIO()
    command = ["yizhan", *map(str, arguments)]
    with (
        contextlib.chdir(folder),
        contextlib.redirect_stdout(out),
        contextlib.redirect_stderr(err),
        mock.patch.dict(os.environ, environment(**more), clear=True),
        mock.patch.object(sys, "argv", command),
    ):
        try:
            main()
        except SystemExit as ended:
            code = ended.code
    return subprocess.CompletedProcess(command, int(code or 0), out.getvalue(), err.getvalue())


def yizhan(*arguments: object, folder: Path, **more: str) -> subprocess.CompletedProcess[str]:
    """Run a command to its end in a process of its own, in this folder, with these variables besides."""
    command = (*PROGRAM, *map(str, arguments))
    return subprocess.run(
        command, cwd=folder, env=environment(**more), capture_output=True, text=True, timeout=60, check=False
    )


@dataclass
class Served:
    """A server in a process of its own, and the address that it printed."""

    process: subprocess.Popen[str]
    address: str

    def children(self) -> list[int]:
        """The processes that it started."""
        tasks = Path(f"/proc/{self.process.pid}/task").glob("*/children")
        return [int(pid) for task in tasks for pid in task.read_text().split()]

    def end(self, signal: int, seconds: float = 15) -> int:
        """Send the signal, and give the exit code; a server that does not end by it in time is killed."""
        self.process.send_signal(signal)
        try:
            self.process.communicate(timeout=seconds)
        finally:
            self.process.kill()
        return self.process.returncode


def serve(data: Path, *arguments: object, **more: str) -> Served:
    """Start a server over a data folder on a free port, and wait until it has said where it is."""
    process, line = started("serve", "--data", data, "--port", "0", *arguments, folder=data.parent, **more)
    address = re.match(r"(http://127\.0\.0\.1:\d+)/ ", line)
    if address is None:
        process.kill()
        raise AssertionError(f"the server said {line!r} and {process.communicate()[1]}")
    return Served(process, address[1])


def project(data: Path, **more: str) -> Served:
    """Start a projector over a data folder, and wait until it has said that it is one."""
    process, line = started("serve", "--data", data, "--only", "projector", folder=data.parent, **more)
    if not line.startswith("projecting "):
        process.kill()
        raise AssertionError(f"the projector said {line!r} and {process.communicate()[1]}")
    return Served(process, "")


def started(*arguments: object, folder: Path, **more: str) -> tuple[subprocess.Popen[str], str]:
    """A command that goes on, and the first line that it prints."""
    process = subprocess.Popen(
        [*PROGRAM, *map(str, arguments)],
        cwd=folder,
        env=environment(YIZHAN_GRAPH_HEAP="256m", **more),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    return process, process.stdout.readline()


def gone(pid: int, seconds: float = 5) -> bool:
    """Whether the process ends within this time."""
    deadline = time.monotonic() + seconds
    while Path(f"/proc/{pid}").exists() and _state(pid) != "Z":
        if time.monotonic() > deadline:
            return False
        time.sleep(0.05)
    return True


def _state(pid: int) -> str:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except FileNotFoundError:
        return "Z"
