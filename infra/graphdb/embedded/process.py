"""ArcadeDB as a child process: started, watched, started again when it dies, and stopped with the server."""

from __future__ import annotations

import http.client
import os
import subprocess
import time
from concurrent.futures import Future
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from threading import Event, Thread
from types import TracebackType
from typing import IO, Self

import structlog

from infra.archives import Archive
from infra.graphdb.embedded.folder import engine_log, held, password_of, write_users
from infra.graphdb.embedded.installation import EngineUnavailable, Installation, Ports

SHORTEST_PAUSE, LONGEST_PAUSE = 0.1, 10.0
SETTLED = 60.0
"""Seconds of life after which a death is taken for a new trouble, and the pause before the restart is short again."""


@dataclass(frozen=True, slots=True)
class Address:
    """Where an engine on this machine is reached, and the password of its user `root`."""

    ports: Ports
    password: str = field(repr=False)


class ArcadeDB:
    """The engine over one data folder. It is stopped by `stop`, and by the kernel when this process is killed.

    Its thread starts every child, and lives as long as they do: the kernel ends a child with the thread that made it.
    """

    def __init__(
        self,
        folder: Path,
        *,
        heap: str = "1g",
        statement_timeout: float = 8.0,
        patience: float = 30.0,
        installation: Installation | None = None,
    ) -> None:
        self._folder = folder.absolute()
        self._heap = heap
        self._statement_timeout = statement_timeout
        self._patience = patience
        self._installation = installation
        self._log = structlog.get_logger("graph.engine").bind(folder=str(folder))
        self._stopping = Event()
        self._resources = ExitStack()
        self._process: subprocess.Popen[bytes] | None = None
        self._thread: Thread | None = None
        self._archive: Archive | None = None
        self.restarts = 0

    def start(self) -> Address:
        """Start it and wait until it answers.

        Raises FolderInUse when another server runs on the folder, EngineUnavailable when the engine does not come up.
        """
        installation = self._installation or Installation.found()
        archive = self._archive = installation.archive()
        lock = self._resources.enter_context(held(self._folder))
        password = password_of(self._folder)
        write_users(self._folder, password)
        ports = Ports.free()
        command = installation.command(
            *(self._folder, ports),
            parent=os.getpid(),
            heap=self._heap,
            timeout=self._statement_timeout,
            classes=archive.begin(self._folder),
        )
        up: Future[None] = Future()
        self._thread = Thread(target=self._supervise, args=(command, ports, lock, up), name="graph-engine", daemon=True)
        self._thread.start()
        try:
            up.result()
        except EngineUnavailable:
            self.stop()
            raise
        return Address(ports, password)

    def stop(self) -> None:
        """End it, giving it time to close its files. Stopping twice does nothing."""
        self._stopping.set()
        if self._thread is not None:
            self._thread.join()
        if self._archive is not None and self._process is not None:
            self._archive.keep(self._folder, self._process.returncode)
        self._resources.close()

    @property
    def pid(self) -> int | None:
        """The process that runs now, or ran last; None before the first."""
        return self._process.pid if self._process else None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    def _supervise(self, command: list[str], ports: Ports, lock: IO[str], up: Future[None]) -> None:
        pause = SHORTEST_PAUSE
        while not self._stopping.is_set():
            began = time.monotonic()
            process = self._process = self._spawn(command, lock)
            try:
                self._wait_until_ready(process, ports)
                if up.done():
                    self._log.info("graph.engine.back", pid=process.pid)
                else:
                    up.set_result(None)
                self._watch(process)
            except EngineUnavailable as error:
                if not up.done():
                    up.set_exception(error)
                    return
                if not self._stopping.is_set():
                    self._log.error("graph.engine.not_back", reason=str(error))
            finally:
                _end(process, self._patience)
            pause = SHORTEST_PAUSE if time.monotonic() - began > SETTLED else min(pause * 2, LONGEST_PAUSE)
            if not self._stopping.is_set():
                self.restarts += 1
                self._log.error("graph.engine.died", exit_code=process.returncode, restart_in=pause)
                self._stopping.wait(pause)

    def _spawn(self, command: list[str], lock: IO[str]) -> subprocess.Popen[bytes]:
        with engine_log(self._folder) as output:
            return subprocess.Popen(
                command,
                cwd=self._folder,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                pass_fds=(lock.fileno(),),
                start_new_session=True,
            )

    def _watch(self, process: subprocess.Popen[bytes]) -> None:
        while process.poll() is None and not self._stopping.wait(0.05):
            pass

    def _wait_until_ready(self, process: subprocess.Popen[bytes], ports: Ports) -> None:
        deadline = time.monotonic() + self._patience
        while not _ready(ports.http):
            if self._stopping.is_set():
                raise EngineUnavailable("stopped while it started")
            if process.poll() is not None:
                raise EngineUnavailable(f"the graph engine ended as it started; see {self._folder / 'engine.log'}")
            if time.monotonic() > deadline:
                raise EngineUnavailable(f"the graph engine did not come up in {self._patience:g} s")
            time.sleep(0.03)


def _ready(port: int) -> bool:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=2)
    try:
        connection.request("GET", "/api/v1/ready")
        return connection.getresponse().status == http.HTTPStatus.NO_CONTENT
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()


def _end(process: subprocess.Popen[bytes], patience: float) -> None:
    process.terminate()
    try:
        process.wait(patience)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
