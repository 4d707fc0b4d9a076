"""Jars are fetched once, whole or not at all; what a machine lacks is named with what to type."""

from __future__ import annotations

import os
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from real_servers import or_skipped

from infra.servers.errors import MissingToolError, ServerError
from infra.servers.jars import cache, jars
from infra.servers.tools import java

FETCHES = """
for word; do case $word in -DoutputDirectory=*) folder=${word#*=} ;; esac; done
mkdir -p "$folder"
grep -q '<artifactId>kafka_2.13</artifactId>' pom.xml
sleep 0.3
echo jar >"$folder/one.jar"
echo fetched >>"$HOME/fetched"
"""
IS_CUT_OFF = FETCHES.replace("sleep 0.3", "echo half >$folder/half.jar; echo '[ERROR] No route to host'; exit 1")


class Machine:
    """A machine with nothing on its PATH but what a test puts there, and some tools of the system's."""

    def __init__(self, folder: Path) -> None:
        self.bin, self.home = folder / "bin", folder
        self.bin.mkdir()
        for tool in ("sh", "mkdir", "sleep", "grep"):
            (self.bin / tool).symlink_to(f"/bin/{tool}")
        self.environment = {"PATH": str(self.bin), "HOME": str(folder), "YIZHAN_CACHE": str(folder / "cache")}

    def put(self, name: str, body: str) -> None:
        """Put a program on its PATH."""
        (self.bin / name).write_text(f"#!/bin/sh\nset -e\n{body}\n")
        (self.bin / name).chmod(0o755)


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    return Machine(tmp_path)


def test_a_machine_without_maven_is_told_what_to_type(machine: Machine) -> None:
    with pytest.raises(MissingToolError, match=r"^Maven is needed .*; type: sudo apt-get install -y maven$"):
        jars("kafka", machine.environment)


def test_a_machine_without_java_is_told_what_to_type(machine: Machine) -> None:
    with pytest.raises(MissingToolError, match=r"^Java 17 or newer is needed; type: sudo apt-get install -y openjdk-1"):
        java(machine.environment)


@pytest.mark.parametrize("says", ['openjdk version "11.0.22" 2024-01-16', 'java version "1.8.0_392"', "no Java at all"])
def test_an_older_java_is_named(machine: Machine, says: str) -> None:
    machine.put("java", f"echo '{says}' >&2")
    with pytest.raises(MissingToolError, match=r"Java 17 or newer is needed, and .*/java is .*; type: sudo apt-get"):
        java(machine.environment)


def test_java_home_comes_before_the_path(machine: Machine, tmp_path: Path) -> None:
    machine.put("java", "echo 'openjdk version \"21.0.2\"' >&2")
    with pytest.raises(MissingToolError):
        java({**machine.environment, "JAVA_HOME": str(tmp_path / "nowhere")})
    assert java(machine.environment) == machine.bin / "java"
    assert java({**machine.environment, "JAVA_HOME": ""}) == machine.bin / "java"


def test_a_download_that_is_cut_off_leaves_nothing(machine: Machine) -> None:
    machine.put("mvn", IS_CUT_OFF)
    with pytest.raises(ServerError, match=r"could not be fetched; Maven says: \[ERROR\] No route to host"):
        jars("kafka", machine.environment)
    assert list(cache(machine.environment).iterdir()) == []
    machine.put("mvn", FETCHES)
    assert [path.name for path in jars("kafka", machine.environment).iterdir()] == ["one.jar"]


def test_jars_are_fetched_once(machine: Machine) -> None:
    machine.put("mvn", FETCHES)
    first = jars("kafka", machine.environment)
    machine.put("mvn", "exit 1")
    assert jars("kafka", machine.environment) == first
    assert first.name.startswith("kafka-4")


def test_two_that_fetch_at_once_get_the_same_whole_folder(machine: Machine) -> None:
    machine.put("mvn", FETCHES)
    with ThreadPoolExecutor(2) as pool:
        first, second = pool.map(lambda _: jars("kafka", machine.environment), range(2))
    assert first == second
    assert (machine.home / "fetched").read_text().splitlines() == ["fetched"] * 2
    assert [path.name for path in cache(machine.environment).iterdir()] == [first.name]


def test_another_cache_folder_is_one_setting() -> None:
    assert cache({"YIZHAN_CACHE": "/a/cache"}) == Path("/a/cache")
    assert cache({}).name == "yizhan"


@pytest.mark.parametrize(("ci", "outcome"), [("true", MissingToolError), ("", pytest.skip.Exception)])
def test_a_missing_tool_skips_a_test_but_not_under_ci(
    monkeypatch: pytest.MonkeyPatch, ci: str, outcome: type[BaseException]
) -> None:
    monkeypatch.setenv("CI", ci)
    with pytest.raises(outcome, match="no Java"), or_skipped():
        raise MissingToolError("no Java")
    assert os.environ["CI"] == ci
