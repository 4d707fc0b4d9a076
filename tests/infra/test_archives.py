"""An archive of a server's classes: made once, used by those after it, and never in anybody's way."""

from __future__ import annotations

import os
import shutil
import subprocess
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path

import psutil
import pytest
from real_servers import or_skipped
from waiting import until

from infra.archives import LEFT, TOLD_TO_END, Archive
from infra.graphdb.embedded.installation import Installation
from infra.graphdb.embedded.process import ArcadeDB
from infra.servers.jars import jars
from infra.servers.kafka import Broker
from infra.servers.server import Manner, Server
from infra.servers.tools import java


@pytest.fixture
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A cache folder that has the jars, and nothing else."""
    with or_skipped():
        java()
        there = jars("kafka")
    folder = tmp_path / "cache"
    folder.mkdir()
    (folder / there.name).symlink_to(there)
    monkeypatch.setenv("YIZHAN_CACHE", str(folder))
    return folder


def archive() -> Archive:
    return Archive.of(jars("kafka"), java())


def broker(folder: Path, *, tethered: bool = True) -> Broker:
    return Broker(folder, manner=Manner(tethered=tethered))


def command(server: Server) -> list[str]:
    """What its process was started with; that is nothing for a moment, while it becomes another program."""
    process = psutil.Process(server.pid)
    until(lambda: bool(process.cmdline()))
    return process.cmdline()


def an_id(*options: str) -> str:
    """What a short run of Kafka's says with these options; it is to be 22 characters."""
    command = [str(java()), "-XX:+UseSerialGC", *options, "-cp", f"{jars('kafka')}/*"]
    told = {name: value for name, value in os.environ.items() if name != "JDK_JAVA_OPTIONS"}  # Java remarks upon it
    ran = subprocess.run(
        [*command, "kafka.tools.StorageTool", "random-uuid"], env=told, capture_output=True, text=True, check=True
    )
    assert ran.stderr == ""
    return ran.stdout


def loaded_from(archive: Archive) -> bool:
    """Whether Java takes a class of Kafka's from it; Java ends when it cannot use it at all."""
    told = an_id(f"-XX:SharedArchiveFile={archive.file}", "-Xshare:on", "-Xlog:class+load").splitlines()
    return any(" org.apache.kafka." in line and "shared objects file (top)" in line for line in told)


def test_a_stopped_broker_leaves_an_archive_for_those_after_it(cache: Path, tmp_path: Path) -> None:
    with broker(tmp_path / "first") as first:
        assert not archive().file.exists()
    assert archive().file.exists()
    assert not list(first.folder.glob("*.jsa"))
    assert {path.name for path in cache.iterdir()} == {jars("kafka").name, archive().file.name}
    assert "cds" not in first.log.read_text()

    made = archive().file.stat().st_mtime_ns
    with broker(tmp_path / "second") as second:
        maps = Path(f"/proc/{second.pid}/maps")
        assert not maps.exists() or str(archive().file) in maps.read_text()
    assert archive().file.stat().st_mtime_ns == made
    assert loaded_from(archive())


def test_a_broken_archive_keeps_no_broker_from_starting(cache: Path, tmp_path: Path) -> None:
    archive().file.write_bytes(b"no archive")
    (tmp_path / "kafka").mkdir()
    (tmp_path / "kafka" / LEFT).write_bytes(b"half of one, of a server that was killed at its end")
    with broker(tmp_path / "kafka") as started:
        assert "cds" not in started.log.read_text()
    assert archive().file.read_bytes() == b"no archive"


@pytest.mark.parametrize("content", [b"", bytes(100_000)])
def test_java_goes_on_in_silence_without_a_file_that_is_no_archive(cache: Path, content: bytes) -> None:
    archive().file.write_bytes(content)
    assert len(an_id(*archive().options()).strip()) == 22


def test_a_killed_broker_leaves_none(cache: Path, tmp_path: Path) -> None:
    killed = broker(tmp_path / "kafka")
    killed.launch()
    killed.kill()
    assert [path.name for path in cache.iterdir()] == [jars("kafka").name]
    assert not list(killed.folder.glob("*.jsa"))


def test_a_broker_that_outlives_its_maker_leaves_none(cache: Path, tmp_path: Path) -> None:
    for tethered in (True, False):
        launched = broker(tmp_path / str(tethered), tethered=tethered)
        launched.launch()
        try:
            assert any("ArchiveClassesAtExit" in word for word in command(launched)) is tethered
        finally:
            launched.kill()


def test_two_that_end_at_once_leave_one_whole_archive(cache: Path, tmp_path: Path) -> None:
    folders = [tmp_path / "one", tmp_path / "two"]
    for folder in folders:
        folder.mkdir()
    an_id(*archive().begin(folders[0]))
    shutil.copy(*(folder / LEFT for folder in folders))
    with ThreadPoolExecutor(2) as pool:
        list(pool.map(partial(archive().keep, exit_code=TOLD_TO_END), folders))
    assert {path.name for path in cache.iterdir()} == {jars("kafka").name, archive().file.name}
    assert loaded_from(archive())


def test_an_archive_that_cannot_be_kept_is_missed_by_nobody(tmp_path: Path) -> None:
    (tmp_path / LEFT).write_bytes(b"classes")
    nowhere = Archive(tmp_path / "nowhere" / "kafka.jsa", Path("/bin/sh"), None)
    nowhere.keep(tmp_path, TOLD_TO_END)
    assert (nowhere.wanted, nowhere.options(), nowhere.begin(tmp_path)) == (False, [], [])


def test_an_engine_whose_java_came_without_an_archive_of_its_own_classes_leaves_both(tmp_path: Path) -> None:
    found = Installation.found()
    for part in ("jars", "jre"):
        (tmp_path / part).symlink_to(found.root / part)
    installation = Installation(tmp_path)
    archive = installation.archive()
    for folder, known in (("first", False), ("second", True)):
        with ArcadeDB(tmp_path / folder, installation=installation) as engine:
            engine.start()
            assert archive.file.exists() == known
            assert any("ArchiveClassesAtExit" in word for word in psutil.Process(engine.pid).cmdline()) != known
        assert not list((tmp_path / folder).glob("*.jsa"))
    assert {archive.file, archive.own} == set(tmp_path.glob("*.jsa"))


def test_another_java_has_an_archive_of_its_own(tmp_path: Path) -> None:
    names = {Archive.of(tmp_path, java).file.name for java in (Path("/bin/sh"), Path("/bin/sh"), Path(__file__))}
    assert len(names) == 2
