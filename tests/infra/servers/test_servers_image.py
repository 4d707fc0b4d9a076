"""The image of yizhan: what it is made of, what it starts, and what never gets into it."""

from __future__ import annotations

import re
import subprocess
import tomllib
from pathlib import Path

import pytest
from dockerfiles import Instruction, kept_out, stages

from infra.servers.compose import document
from infra.servers.image import DATA, NAME, PLACE, PORT, START, text
from infra.servers.versions import versions
from infra.settings import Settings

ROOT = Path(__file__).parents[3]
IGNORING = (ROOT / ".dockerignore").read_text(encoding="utf-8")


def of(word: str, stage: int = -1) -> list[Instruction]:
    """The instructions of this kind in a stage; without one, in that of the image which runs."""
    return [each for each in stages(PLACE.read_text(encoding="utf-8"))[stage] if each.word == word]


def test_it_is_up_to_date() -> None:
    assert PLACE.read_text(encoding="utf-8") == text(), "type: scripts/compose"


def test_it_stands_on_the_oldest_python_that_the_project_takes_in_a_version_that_does_not_move() -> None:
    python = versions().python
    assert {each.rest.split()[0] for stage in (0, 1) for each in of("FROM", stage)} == {
        f"{python.image}:{python.version}"
    }
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    least = project["requires-python"].removeprefix(">=")
    assert re.fullmatch(rf"{re.escape(least)}\.\d+-slim-\w+", python.version)


def test_what_is_installed_comes_from_the_locks_for_running_and_by_its_hashes() -> None:
    installing = [each.rest for each in of("RUN", 0) if "pip install" in each.rest]
    locks = [name for each in installing for name in re.findall(r"--requirement (\S+)", each)]
    assert locks == [f"requirements/{name}.txt" for name in ("build", "base", "fast", "tracing")]
    assert all("--require-hashes" in each for each in installing if "--requirement" in each)
    assert all("--no-deps" in each for each in installing)
    assert [each.rest for each in of("RUN") if "pip" in each.rest] == []


def test_it_runs_as_nobody_in_particular_and_keeps_its_data_in_a_volume() -> None:
    (user,) = of("USER")
    assert int(user.rest) >= 1_000
    assert [each.rest for each in of("VOLUME")] == [DATA]
    set_there = {name: value for each in of("ENV") for name, value in each.variables.items()}
    assert set_there["PYTHONUNBUFFERED"] == "1"
    names = {name.removeprefix("YIZHAN_").lower(): value for name, value in set_there.items() if "YIZHAN" in name}
    assert names.keys() <= Settings.model_fields.keys()
    assert Settings(**names).model_dump(include={"data", "host", "port"}) == {  # type: ignore[arg-type]  # as from the environment
        "data": Path(DATA),
        "host": "0.0.0.0",
        "port": PORT,
    }


def test_it_starts_without_a_shell_what_the_containers_start_with_an_option() -> None:
    (command,) = of("CMD")
    assert command.exec_form == START
    commands = [each["command"] for each in document()["services"].values() if each["image"] == NAME]
    assert commands == [[*START, "--only", part] for part in ("api", "projector")]


def test_what_is_copied_is_let_in_and_nothing_else_is() -> None:
    copied = [name for each in of("COPY", 0) for name in each.rest.split()[:-1]]
    assert [name for name in copied if not (ROOT / name).exists() or kept_out(name, IGNORING)] == []
    let_in = [line[1:] for line in IGNORING.splitlines() if line.startswith("!")]
    assert {name.split("/")[0] for name in copied} == set(let_in)


@pytest.mark.parametrize(
    ("name", "out"),
    [
        ("var/secrets/graph_password", True),
        ("var/master.key", True),
        (".git/config", True),
        (".env", True),
        ("yizhan.toml", True),
        ("tests/conftest.py", True),
        ("infra/__pycache__/keys.cpython-311.pyc", True),
        ("infra/keys.py", False),
        ("domain/reference/data/regions.csv", False),
        ("requirements/base.txt", False),
        ("requirements.txt", True),
    ],
)
def test_no_secret_and_no_history_gets_to_whoever_builds(name: str, out: bool) -> None:
    assert kept_out(name, IGNORING) is out


@pytest.mark.skipif(not (ROOT / ".git").exists(), reason="these files are no checkout")
def test_every_file_of_the_program_is_let_in() -> None:
    listed = ["git", "ls-files", "-z", "--", "domain", "projections", "graphql", "infra"]
    files = subprocess.run(listed, cwd=ROOT, capture_output=True, text=True, check=True).stdout.split("\0")
    assert [name for name in files if name and kept_out(name, IGNORING)] == []
