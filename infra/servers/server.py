"""A server as a child process: started, waited for, stopped, and hurt in the ways that servers get hurt."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
import time
from abc import ABC, abstractmethod
from concurrent.futures import Future
from dataclasses import dataclass
from pathlib import Path
from threading import Thread
from types import TracebackType
from typing import ClassVar, Self

from infra.graphdb.embedded import tether
from infra.servers.errors import ServerError

TAIL = 20
"""Lines of a server's log that an error shows."""


@dataclass(frozen=True, slots=True)
class Manner:
    """How a server's process is run, whatever server it is.

    It ends with this process, even when that is killed; `tethered=False` lets it outlive it. `patience` is the time in
    seconds for it to come up, and again for it to go down.
    """

    patience: float = 180.0
    tethered: bool = True


USUAL = Manner()


class Server(ABC):
    """One server over one folder. It keeps its ports and its data from one start to the next."""

    name: ClassVar[str]

    def __init__(self, folder: Path, *, manner: Manner = USUAL) -> None:
        self.folder = folder.absolute()
        self._manner = manner
        self._process: subprocess.Popen[bytes] | None = None

    @abstractmethod
    def _command(self) -> list[str]:
        """Make what is missing in the folder, and say how the server is run on it."""

    @abstractmethod
    def _answers(self) -> bool:
        """Whether it does its work by now."""

    @property
    def log(self) -> Path:
        """The file that holds what it printed, at every start."""
        return self.folder / f"{self.name}.log"

    @property
    def running(self) -> bool:
        """Whether its process lives; a frozen one does."""
        return self._process is not None and self._process.poll() is None

    @property
    def pid(self) -> int | None:
        """The process that runs now, or ran last; None before the first."""
        return self._process.pid if self._process else None

    def start(self) -> Self:
        """Start it and wait until it serves; nothing is done when it runs. Raises MissingToolError, ServerError."""
        if not self.running:
            self.launch()
            try:
                self.wait()
            except BaseException:
                self.kill()
                raise
        return self

    def launch(self) -> None:
        """Start it, and do not wait."""
        self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        command = self._command()
        if self._manner.tethered:
            command = [sys.executable, "-I", "-S", tether.__file__, str(os.getpid()), *command]
        self._process = _spawn(command, self.folder, self.log)

    def wait(self) -> None:
        """Wait until it serves. Raises ServerError when it ends or takes too long."""
        deadline = time.monotonic() + self._manner.patience
        while not self._answers():
            if not self.running:
                raise ServerError(f"{self.name} ended as it started:\n{self.tail()}")
            if time.monotonic() > deadline:
                raise ServerError(f"{self.name} did not come up in {self._manner.patience:g} s:\n{self.tail()}")
            time.sleep(0.05)

    def stop(self) -> None:
        """End it, giving it time to close its files; one that takes too long is killed. Stopping twice does nothing."""
        if self._process is None or not self.running:
            return
        self.thaw()
        self._process.terminate()
        try:
            self._process.wait(self._manner.patience)
        except subprocess.TimeoutExpired:
            self.kill()

    def kill(self) -> None:
        """End it at once, as a failing machine would (SIGKILL)."""
        if self._process is not None:
            self._process.kill()
            self._process.wait()

    def freeze(self) -> None:
        """Let it stand still, with its connections open (SIGSTOP); all of its threads do when this returns."""
        self._signal(signal.SIGSTOP)
        while self.running and not self._stands_still():
            time.sleep(0.001)

    def thaw(self) -> None:
        """Let a frozen one go on (SIGCONT)."""
        self._signal(signal.SIGCONT)

    def tail(self, lines: int = TAIL) -> str:
        """The last lines that it printed."""
        try:
            return "\n".join(self.log.read_text(encoding="utf-8", errors="replace").splitlines()[-lines:])
        except FileNotFoundError:
            return ""

    def _stands_still(self) -> bool:
        # Left to be told again (WNOWAIT): freezing twice is freezing once.
        return os.waitid(os.P_PID, self.pid or 0, os.WSTOPPED | os.WNOHANG | os.WNOWAIT) is not None

    def _signal(self, number: int) -> None:
        if self._process is not None:
            self._process.send_signal(number)

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()


def _spawn(command: list[str], folder: Path, log: Path) -> subprocess.Popen[bytes]:
    # The kernel ends a tethered child with the thread that made it, so that thread stays for as long as the child does.
    made: Future[subprocess.Popen[bytes]] = Future()

    def stay() -> None:
        with contextlib.ExitStack() as stack:
            try:
                output = stack.enter_context(open(os.open(log, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600), "a"))
                process = subprocess.Popen(
                    command,
                    cwd=folder,
                    stdin=subprocess.DEVNULL,
                    stdout=output,
                    stderr=subprocess.STDOUT,
                    start_new_session=True,
                )
            except OSError as error:
                made.set_exception(error)
                return
        made.set_result(process)
        process.wait()

    Thread(target=stay, name=f"{log.stem}-server", daemon=True).start()
    return made.result()
