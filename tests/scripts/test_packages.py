from __future__ import annotations

import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

Outcome = subprocess.CompletedProcess[str]
Run = Callable[..., Outcome]
Put = Callable[[str, str], None]

ONLY_GIT_IS_HERE = '[ "$3" = git ] && echo installed'


@pytest.fixture
def ensure(checkout: Path, run: Run) -> Callable[..., Outcome]:
    """Runs `ensure_packages` over a list of packages."""

    def ensure(listed: str, **environment: str) -> Outcome:
        (checkout / "scripts" / "packages.txt").write_text(listed)
        (checkout / "scripts" / "ensure").write_text(
            'set -eu\n. "$(dirname "$0")/setup.sh"\n. "$ROOT/scripts/packages.sh"\nensure_packages\necho went on\n'
        )
        return run("scripts/ensure", **environment)

    return ensure


def test_the_committed_list_is_read(ensure: Callable[..., Outcome], put: Put) -> None:
    put("dpkg-query", "echo installed")
    outcome = ensure((Path(__file__).parents[2] / "scripts" / "packages.txt").read_text())
    assert (outcome.returncode, outcome.stdout, outcome.stderr) == (0, "went on\n", "")


@pytest.mark.parametrize("listed", ["", "# a comment\n\n", "git\n", "  git  # for the tests"])
def test_nothing_is_said_when_nothing_is_missing(listed: str, ensure: Callable[..., Outcome], put: Put) -> None:
    put("dpkg-query", ONLY_GIT_IS_HERE)
    outcome = ensure(listed, CI="true")
    assert (outcome.returncode, outcome.stdout, outcome.stderr) == (0, "went on\n", "")


def test_a_person_is_told_what_to_type(ensure: Callable[..., Outcome], put: Put) -> None:
    put("dpkg-query", ONLY_GIT_IS_HERE)
    outcome = ensure("# tools\ngit\nkcat\nchromium\n")
    assert outcome.stderr == "yizhan: some tests need system packages; type: sudo apt-get install -y kcat chromium\n"
    assert outcome.stdout == "went on\n"


def test_a_machine_of_another_kind_is_told_the_names(ensure: Callable[..., Outcome]) -> None:
    assert "kcat" in ensure("kcat\n").stderr


def test_what_is_missing_is_installed_under_ci(ensure: Callable[..., Outcome], put: Put) -> None:
    put("dpkg-query", ONLY_GIT_IS_HERE)
    put("id", "echo 1000")
    put("sudo", 'exec "$@"')
    put("env", 'shift; exec "$@"')
    put("apt-get", 'echo "apt-get $*"')
    outcome = ensure("git\nkcat\nchromium\n", CI="true")
    assert outcome.stderr.splitlines() == [
        "apt-get update -qq",
        "apt-get install -y -qq --no-install-recommends kcat chromium",
    ]
    assert outcome.stdout == "went on\n"


def test_a_package_that_cannot_be_installed_ends_the_run(ensure: Callable[..., Outcome], put: Put) -> None:
    put("id", "echo 0")
    put("env", 'shift; exec "$@"')
    put("apt-get", '[ "$1" = update ]')
    outcome = ensure("kcat\n", CI="true")
    assert (outcome.returncode, outcome.stdout) == (3, "")
    assert outcome.stderr == "yizhan: these system packages could not be installed: kcat\n"


@pytest.mark.skipif(shutil.which("dpkg-query") is None, reason="this is no Debian")
def test_the_real_register_of_packages_is_understood(ensure: Callable[..., Outcome], bin: Path) -> None:
    (bin / "dpkg-query").symlink_to(str(shutil.which("dpkg-query")))
    outcome = ensure("dpkg\nno-such-package-anywhere\n")
    assert outcome.stderr.endswith("apt-get install -y no-such-package-anywhere\n")
