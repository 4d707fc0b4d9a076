from __future__ import annotations

import re
import subprocess
import tomllib
from importlib.metadata import PackageNotFoundError, requires
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parents[2]
PIN = re.compile(r"([a-z0-9.-]+)(?:\[[a-z,-]+\])?==(\S+) \\")
HASH = re.compile(r" {4}--hash=sha256:[0-9a-f]{64}( \\)?")
EXTRAS = ["fast", "tracing"]
LOCKS = ["build", "base", *EXTRAS, "dev"]
PYTHONS = ["3.11", "3.12", "3.13"]
INDEX = re.compile(
    r"https?://[^/\s]*(pypi|pythonhosted|npmjs|maven|golang|debian|crates)|--(extra-)?index-url|--find[-]links"
)


def lock(name: str) -> str:
    return (ROOT / "requirements" / f"{name}.txt").read_text()


def pins(name: str) -> dict[str, str]:
    return {canonicalize_name(pin[1]): pin[2] for pin in PIN.finditer(lock(name))}


def project() -> dict[str, Any]:
    return tomllib.loads((ROOT / "pyproject.toml").read_text())


def wanted(name: str) -> list[Requirement]:
    """What pyproject.toml asks of a lock."""
    table = project()
    asked = {
        "build": table["build-system"]["requires"],
        "base": table["project"]["dependencies"],
        **{extra: table["project"]["optional-dependencies"][extra] for extra in EXTRAS},
        "dev": [
            *table["project"]["dependencies"],
            *(each for extra in ("dev", *EXTRAS) for each in table["project"]["optional-dependencies"][extra]),
        ],
    }
    return [Requirement(each) for each in asked[name]]


def applies(requirement: Requirement, python: str, extra: str) -> bool:
    on = {"python_version": python, "python_full_version": f"{python}.0", "sys_platform": "linux", "extra": extra}
    return requirement.marker is None or requirement.marker.evaluate(on)


def reached(requirements: list[Requirement], python: str) -> set[str]:
    """The names of all that these lead to under this Python, by what the installed packages say that they need."""
    seen: set[tuple[str, str]] = set()
    todo = [each for each in requirements if applies(each, python, "")]
    while todo:
        requirement = todo.pop()
        name = canonicalize_name(requirement.name)
        for extra in {"", *requirement.extras} - {extra for known, extra in seen if known == name}:
            seen.add((name, extra))
            todo += [each for each in needs(name) if applies(each, python, extra)]
    return {name for name, _ in seen}


def needs(name: str) -> list[Requirement]:
    """What an installed package says that it needs; of one that is needed elsewhere only, nothing is known."""
    try:
        return [Requirement(each) for each in requires(name) or []]
    except PackageNotFoundError:
        return []


@pytest.mark.parametrize("name", LOCKS)
def test_a_lock_satisfies_the_project(name: str) -> None:
    pinned = pins(name)
    missing = [
        str(each) for each in wanted(name) if not each.specifier.contains(pinned.get(canonicalize_name(each.name), "0"))
    ]
    assert not missing, f"{missing}: run scripts/lock"


@pytest.mark.parametrize("python", PYTHONS)
@pytest.mark.parametrize("name", ["base", *EXTRAS, "dev"])
def test_a_lock_holds_all_that_is_needed_under_every_python(name: str, python: str) -> None:
    beside = pins("build") | (pins("base") if name in EXTRAS else {})
    assert reached(wanted(name), python) - pins(name).keys() - beside.keys() == set()


@pytest.mark.parametrize("name", LOCKS)
def test_a_lock_is_pins_and_hashes_and_nothing_else(name: str) -> None:
    lines = [line for line in lock(name).splitlines() if line and not line.startswith("# ")]
    strange = [line for line in lines if not PIN.fullmatch(line) and not HASH.fullmatch(line)]
    assert (strange, len(pins(name))) == ([], sum("==" in line for line in lines))
    for above, below in pairwise(lines):
        assert not PIN.fullmatch(above) or HASH.fullmatch(below), above


def test_the_locks_agree_with_each_other() -> None:
    everything = {name: version for each in LOCKS for name, version in pins(each).items()}
    for name in LOCKS:
        assert everything.items() >= pins(name).items()
    for name in ("base", *EXTRAS):
        assert pins("dev").keys() >= pins(name).keys()


@pytest.mark.skipif(not (ROOT / ".git").exists(), reason="these files are no checkout")
def test_no_file_of_the_repository_names_a_package_index() -> None:
    listed = ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"]
    files = subprocess.run(listed, cwd=ROOT, capture_output=True, text=True, check=True).stdout.split("\0")
    assert "pyproject.toml" in files
    naming = [
        name
        for name in files
        if (path := ROOT / name).is_file() and INDEX.search(path.read_text(encoding="utf-8", errors="replace"))
    ]
    assert naming == []


def test_the_pattern_finds_what_it_looks_for() -> None:
    host = "py" + "pi.example"
    assert INDEX.search(f"https://{host}/simple")
    assert INDEX.search("-" + "-extra-index-url x")
    assert not INDEX.search("pip-compile --no-emit-index-url --no-emit-find-links")
