from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
REAL_PYTHON = f'exec "{sys.executable}" "$@"'
SETTING_UP = "yizhan: setting up .venv"

Outcome = subprocess.CompletedProcess[str]
Run = Callable[..., Outcome]
Put = Callable[[str, str], None]


def assert_gave_up(outcome: Outcome, code: int, words: str) -> None:
    """It ended with this code, nothing on stdout, and one line on stderr that has these words."""
    assert (outcome.returncode, outcome.stdout, outcome.stderr.count("\n")) == (code, "", 1), outcome
    assert words in outcome.stderr


@pytest.mark.parametrize("script", ["start", "test", "check", "build", "lock", "setup.sh", "packages.sh", "../.ci/run"])
@pytest.mark.parametrize("shell", ["sh", "bash"])
def test_every_shell_reads_every_script(script: str, shell: str) -> None:
    if shutil.which(shell) is None:
        pytest.skip(f"there is no {shell} here")
    subprocess.run([shell, "-n", ROOT / "scripts" / script], check=True)


@pytest.mark.parametrize("script", ["scripts/start", "scripts/test", "scripts/check", ".ci/run"])
def test_an_old_python_is_named_in_one_line(script: str, run: Run, put: Put) -> None:
    put("python3", "echo 3.9")
    assert_gave_up(run(script), 2, "Python 3.11 or newer is needed; python3 here is 3.9")


@pytest.mark.parametrize("script", ["scripts/start", "scripts/test", "scripts/check", ".ci/run"])
def test_a_machine_without_python_is_told_so_in_one_line(script: str, run: Run) -> None:
    assert_gave_up(run(script), 2, "Python 3.11 or newer is needed, and none is on the PATH")


def test_a_full_disk_is_told_in_one_line(run: Run, put: Put) -> None:
    put("python3", REAL_PYTHON)
    put("df", "printf 'Filesystem 1024-blocks Used Available\\ndisk 100000 90000 10000\\n'")
    assert_gave_up(run("scripts/start"), 3, "no room: setting up needs 900 MB free")


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--port", "0"], "a number from 1 to 65535"),
        (["--port", "65536"], "a number from 1 to 65535"),
        (["--port", "9999999999999999999999"], "a number from 1 to 65535"),
        (["--port", "http"], "a number from 1 to 65535"),
        (["--port"], "--port takes a value"),
        (["--data="], "--data takes a folder"),
        (["--colour"], "--colour is not understood"),
    ],
)
def test_a_wrong_option_of_start_is_named_with_the_usage(arguments: list[str], words: str, run: Run) -> None:
    outcome = run("scripts/start", *arguments)
    assert_gave_up(outcome, 2, words)
    assert "usage: scripts/start [--port N] [--data DIR]" in outcome.stderr


def test_a_wrong_option_of_check_is_named_with_the_usage(run: Run) -> None:
    assert_gave_up(run("scripts/check", "--slow"), 2, "usage: scripts/check [--fast]")


def test_start_sets_up_once_and_serves_the_sample(run: Run, put: Put, checkout: Path) -> None:
    put("python3", "echo 3.9")
    put("python3.12", REAL_PYTHON)

    first = run("scripts/start")
    again = run("scripts/start", "--port=8123", "--data", "a folder")

    assert first.stdout == f"yizhan sample --data {checkout}/var\nyizhan serve --data {checkout}/var --port 8000\n"
    assert first.stderr.startswith(SETTING_UP)
    assert again.stdout == "yizhan sample --data a folder\nyizhan serve --data a folder --port 8123\n"
    assert (again.returncode, again.stderr) == (0, "")


@pytest.mark.slow
def test_an_environment_follows_its_locks_and_its_folder(run: Run, put: Put, checkout: Path) -> None:
    put("python3", REAL_PYTHON)
    run("scripts/test")
    assert run("scripts/start").stderr == ""

    (checkout / "requirements" / "dev.txt").write_text("# another nothing\n")
    assert run("scripts/start").stderr == ""
    assert run("scripts/test").stderr.startswith(SETTING_UP)

    (checkout / "requirements" / "base.txt").write_text("# another nothing\n")
    assert run("scripts/start").stderr.startswith(SETTING_UP)

    checkout.rename(checkout.with_name("elsewhere"))
    shutil.copytree(checkout.with_name("elsewhere"), checkout, symlinks=True)
    (checkout / ".venv" / "origin").write_text("another folder\n")
    (checkout / ".venv" / "base.recipe").write_text("another folder\n")
    (checkout / ".venv" / "stale").touch()
    moved = run("scripts/start")
    assert moved.stderr.startswith(SETTING_UP)
    assert moved.stdout.startswith("yizhan sample")
    assert not (checkout / ".venv" / "stale").exists()


@pytest.mark.slow
def test_a_debian_without_ensurepip_is_set_up_by_its_own_pip(run: Run, put: Put, checkout: Path) -> None:
    put("python3", f'case "$*" in *--without-pip*) ;; *"-m venv"*) exit 1 ;; esac\n{REAL_PYTHON}')
    outcome = run("scripts/start")
    assert outcome.returncode == 0, outcome
    assert not list((checkout / ".venv").glob("lib/*/site-packages/pip"))


def test_a_machine_without_pip_is_told_what_to_type(run: Run, put: Put) -> None:
    put("python3", f'case "$*" in *"-m pip"* | *"-m venv"* | *virtualenv*) exit 1 ;; esac\n{REAL_PYTHON}')
    outcome = run("scripts/start")
    assert outcome.returncode == 2
    assert outcome.stderr.endswith("type: sudo apt-get install -y python3-venv\n")


@pytest.mark.slow
def test_a_dependency_without_a_hash_is_not_installed(run: Run, put: Put, checkout: Path) -> None:
    put("python3", REAL_PYTHON)
    (checkout / "requirements" / "base.txt").write_text("setuptools==84.0.0\n")
    outcome = run("scripts/start")
    assert outcome.returncode == 3
    assert "yizhan: setting up failed: " in outcome.stderr
    assert "require-hashes" in (checkout / ".venv" / "setup.log").read_text()


@pytest.mark.slow
def test_the_arguments_of_test_go_on_to_pytest_and_without_any_two_files_are_run_at_once(run: Run, put: Put) -> None:
    put("python3", REAL_PYTHON)
    assert run("scripts/test", "-k", "two words").stdout == "pytest -k two words\n"
    assert run(".ci/run").stdout == "pytest -n 2 --dist loadfile --no-loadscope-reorder\n"
    assert run("scripts/check", "--fast").stdout.splitlines()[-1] == "pytest -m not slow"
    assert run("scripts/check").stdout.splitlines()[-1].startswith("coverage report")
