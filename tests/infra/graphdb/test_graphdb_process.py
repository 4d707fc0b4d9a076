"""The engine's process: one to a folder, out of sight of others, gone with its server, and never left behind."""

from __future__ import annotations

import os
import signal
import stat
import subprocess
import sys
import time
from pathlib import Path

import pytest
from neo4j.exceptions import AuthError
from small_graph import SMALL
from structlog.testing import capture_logs
from structlog.typing import EventDict

from infra.graphdb.embedded import tether
from infra.graphdb.embedded.folder import LOG_LIMIT, FolderInUse, engine_log, held, password_of
from infra.graphdb.embedded.installation import EngineUnavailable, Installation, Ports
from infra.graphdb.embedded.process import Address, ArcadeDB
from infra.graphdb.engines.arcadedb import ArcadeDBEngine

SERVER = """
import sys, time
from pathlib import Path
from infra.graphdb.embedded.process import ArcadeDB
engine = ArcadeDB(Path(sys.argv[1]))
address = engine.start()
print(engine.pid, flush=True)
time.sleep(60)
"""


def test_an_engine_keeps_what_it_was_given_from_one_start_to_the_next(tmp_path: Path) -> None:
    with ArcadeDB(tmp_path) as first:
        engine = ArcadeDBEngine(first.start(), "kept")
        engine._ask("POST", "/api/v1/server", command="create database kept")
        with engine.driver() as driver:
            driver.execute_query("CREATE (:Thing {id: '1'})", database_="kept")
    first.stop()
    with ArcadeDB(tmp_path) as second, ArcadeDBEngine(second.start(), "kept").driver() as driver:
        assert driver.execute_query("MATCH (n:Thing) RETURN n.id", database_="kept").records[0][0] == "1"


def test_an_engine_that_is_killed_with_its_server_leaves_nothing_and_starts_again(
    tmp_path: Path, support: Path
) -> None:
    environment = {**os.environ, "PYTHONPATH": str(support.parents[1])}
    command = [sys.executable, "-c", SERVER, str(tmp_path)]
    with subprocess.Popen(command, env=environment, stdout=subprocess.PIPE) as server:
        assert server.stdout is not None
        engine = int(server.stdout.readline())
        with pytest.raises(FolderInUse, match=f"the graph in {tmp_path} is in use by process {server.pid}"):
            ArcadeDB(tmp_path).start()
        server.kill()
    deadline = time.monotonic() + 5
    while Path(f"/proc/{engine}").exists() and "Z" not in Path(f"/proc/{engine}/stat").read_text().split(")")[1]:
        assert time.monotonic() < deadline
        time.sleep(0.02)
    with ArcadeDB(tmp_path) as again:
        again.start()


def test_a_folder_is_free_again_when_its_engine_was_stopped(tmp_path: Path) -> None:
    with held(tmp_path), pytest.raises(FolderInUse), held(tmp_path, patience=0.1):
        pass
    with held(tmp_path):
        pass


def test_only_the_owner_reads_what_the_folder_holds(tmp_path: Path) -> None:
    folder = tmp_path / "graph"
    with held(folder):
        password_of(folder)
        engine_log(folder).close()
    modes = {path.name: stat.S_IMODE(path.stat().st_mode) for path in (folder, *folder.iterdir())}
    assert modes == {"graph": 0o700, "lock": 0o600, "password": 0o600, "engine.log": 0o600}


def test_the_password_is_the_folders_own_and_on_no_command_line(arcadedb: Address, tmp_path: Path) -> None:
    assert password_of(tmp_path) == password_of(tmp_path) != arcadedb.password
    assert len(arcadedb.password) > 30
    lines = subprocess.run(["ps", "-eww", "-o", "args"], capture_output=True, check=True).stdout.splitlines()
    assert any(str(arcadedb.ports.bolt).encode() in line for line in lines)
    assert not any(arcadedb.password.encode() in line for line in lines)
    assert arcadedb.password not in repr(arcadedb)


def test_nobody_else_gets_in(arcadedb: Address) -> None:
    stranger = ArcadeDBEngine(Address(arcadedb.ports, "guessed"), "test")
    with stranger.driver() as driver, pytest.raises(AuthError):
        driver.verify_connectivity()
    with pytest.raises(EngineUnavailable, match="refused create database test"):
        stranger._ask("POST", "/api/v1/server", command="create database test")


def test_it_listens_on_this_machine_only(arcadedb: Address) -> None:
    listening = [
        line.split()[1]
        for table in ("/proc/net/tcp", "/proc/net/tcp6")
        for line in Path(table).read_text().splitlines()[1:]
        if line.split()[3] == "0A"
    ]
    for port in (arcadedb.ports.bolt, arcadedb.ports.http):
        hosts = {host for host, _, number in (each.partition(":") for each in listening) if int(number, 16) == port}
        assert hosts <= {"0100007F", "0000000000000000FFFF00000100007F"}
        assert hosts


def test_an_engine_that_does_not_answer_is_named(tmp_path: Path) -> None:
    engine = ArcadeDBEngine(Address(Ports.free(), "nobody"), "none")
    with pytest.raises(EngineUnavailable, match="the graph engine does not answer"):
        engine.remove(engine.generation(SMALL, 1))


def test_a_machine_without_the_engine_gets_one_clear_line(tmp_path: Path) -> None:
    with pytest.raises(EngineUnavailable, match="pip install arcadedb-embedded"):
        Installation.found("no_such_package")
    with pytest.raises(EngineUnavailable, match="has no Java for this machine"):
        Installation(tmp_path).checked()
    _installation(tmp_path, "exit 0")
    with pytest.raises(EngineUnavailable, match="no server in"):
        Installation(tmp_path).checked()


def test_an_engine_that_ends_as_it_starts_says_where_to_look(tmp_path: Path) -> None:
    engine = ArcadeDB(tmp_path / "graph", installation=_installation(tmp_path, "echo out of memory; exit 1"))
    with pytest.raises(EngineUnavailable, match=r"ended as it started; see .*engine\.log"):
        engine.start()
    assert (tmp_path / "graph" / "engine.log").read_text() == "out of memory\n"
    with held(tmp_path / "graph", patience=0):
        pass


def test_an_engine_that_never_answers_is_given_up_and_ended(tmp_path: Path) -> None:
    deaf = _installation(tmp_path, "trap '' TERM; while true; do sleep 0.1; done")
    engine = ArcadeDB(tmp_path / "graph", installation=deaf, patience=0.5)
    with pytest.raises(EngineUnavailable, match="did not come up"):
        engine.start()
    assert engine.pid is not None
    assert not Path(f"/proc/{engine.pid}").exists()


def test_an_engine_that_cannot_come_back_is_tried_again_visibly(tmp_path: Path) -> None:
    real, out_of_order = Installation.found(), tmp_path / "out_of_order"
    installation = _installation(tmp_path, f'test -e {out_of_order} && exit 3; exec {real.java} "$@"', real.jars)
    with capture_logs() as logs, ArcadeDB(tmp_path / "graph", installation=installation) as engine:
        engine.start()
        assert engine.pid is not None
        out_of_order.touch()
        os.kill(engine.pid, signal.SIGKILL)
        _until_logged(logs, "graph.engine.not_back", times=2)
        out_of_order.unlink()
        _until_logged(logs, "graph.engine.back", times=1, log=tmp_path / "graph" / "engine.log")
        restarts = engine.restarts
    died = [each for each in logs if each["event"] == "graph.engine.died"]
    assert [each["exit_code"] for each in died[:3]] == [-signal.SIGKILL, 3, 3]
    first, *later = (each["restart_in"] for each in died[:3])
    assert later == [2 * first, 4 * first]
    assert len(died) == restarts


def test_an_engine_that_is_stopped_while_it_comes_back_is_not_mourned(tmp_path: Path) -> None:
    with capture_logs() as logs, ArcadeDB(tmp_path) as engine:
        engine.start()
        before = engine.pid
        assert before is not None
        os.kill(before, signal.SIGKILL)
        while engine.pid == before:
            time.sleep(0.01)
    assert [each["event"] for each in logs] == ["graph.engine.died"]


def test_a_long_log_makes_room_and_the_one_before_it_is_kept(tmp_path: Path) -> None:
    with engine_log(tmp_path) as log:
        log.write("x" * (LOG_LIMIT + 1))
    with engine_log(tmp_path) as log:
        log.write("new")
    assert (tmp_path / "engine.log").read_text() == "new"
    assert (tmp_path / "engine.log.1").stat().st_size == LOG_LIMIT + 1


def test_a_program_whose_parent_has_gone_already_is_not_run(tmp_path: Path) -> None:
    not_a_parent = os.getpid() + 1_000_000
    with pytest.raises(SystemExit, match="the parent has already gone"):
        tether.main([str(not_a_parent), "/bin/true"])
    assert tether.tie(0) is (sys.platform == "linux")


def test_elsewhere_than_on_linux_a_program_is_merely_run(monkeypatch: pytest.MonkeyPatch) -> None:
    ran: list[tuple[str, list[str]]] = []
    monkeypatch.setattr(sys, "platform", "darwin")
    monkeypatch.setattr(os, "execv", lambda path, command: ran.append((path, command)))
    tether.main([str(os.getppid()), "/bin/echo", "hello"])
    assert ran == [("/bin/echo", ["/bin/echo", "hello"])]


def _installation(folder: Path, script: str, jars: Path | None = None) -> Installation:
    """An installation whose Java is a shell script, without jars or with these."""
    java = folder / "jre" / "bin" / "java"
    java.parent.mkdir(parents=True, exist_ok=True)
    if jars is None:
        (folder / "jars").mkdir(exist_ok=True)
    else:
        (folder / "jars").symlink_to(jars)
    java.write_text(f"#!/bin/sh\n{script}\n")
    java.chmod(0o755)
    return Installation(folder)


def _until_logged(logs: list[EventDict], event: str, times: int, log: Path | None = None) -> None:
    deadline = time.monotonic() + 60
    while [each["event"] for each in logs].count(event) < times:
        assert time.monotonic() < deadline, f"{logs}\n{log.read_text(errors='replace')[-5_000:] if log else ''}"
        time.sleep(0.02)
