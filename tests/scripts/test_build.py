"""`scripts/build`: the bundle of GraphiQL, and the package that holds it."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path
from zipfile import ZipFile

import pytest

ROOT = Path(__file__).parents[2]
SOURCE = ROOT / "console" / "graphiql"
PACKAGES = [SOURCE, ROOT / "tests" / "js", ROOT / "examples" / "typescript"]
NAMED = re.compile(r"[a-z-]+-[A-Z0-9]{8}\.(js|css|ttf|woff2)")

Outcome = subprocess.CompletedProcess[str]
Run = Callable[..., Outcome]
Put = Callable[[str, str], None]


def contents(folder: Path) -> dict[str, bytes]:
    return {each.name: each.read_bytes() for each in folder.iterdir()}


def test_the_bundle_is_a_page_and_files_that_are_named_by_what_is_in_them(bundle: Path) -> None:
    files = contents(bundle)
    named = sorted(name for name in files if NAMED.fullmatch(name))
    assert sorted(files) == sorted([*named, "licences.txt", "page.html"])
    kinds = {name.partition("-")[0] for name in named}
    assert kinds == {"codicon", "editor", "fira", "graphiql", "graphql", "json", "roboto"}
    page = files["page.html"].decode()
    assert sorted(re.findall(r'/graphiql/([^"]+)', page)) == [name for name in named if name.startswith("graphiql")]


def test_the_page_holds_no_script_and_names_no_other_host(bundle: Path) -> None:
    page = (bundle / "page.html").read_text(encoding="utf-8")
    assert not re.findall(r"https?:|//[a-z]", page)
    assert re.findall(r"<script[^>]*>(.*?)</script>", page, re.DOTALL) == [""]


def test_no_style_of_the_bundle_loads_anything_from_elsewhere(bundle: Path) -> None:
    (style,) = bundle.glob("*.css")
    loaded = re.findall(r"url\(\s*[\"']?([^\"')]*)", style.read_text(encoding="utf-8"))
    own = {f"./{each.name}" for each in bundle.iterdir()}
    assert [each for each in loaded if not each.startswith("data:image/") and each not in own] == []
    assert "@import" not in style.read_text(encoding="utf-8")


def test_the_licence_of_everything_in_it_is_with_it(bundle: Path) -> None:
    licences = (bundle / "licences.txt").read_text(encoding="utf-8")
    for package in ("react 19", "graphiql 5", "monaco-editor 0", "graphql-ws 6", "@fontsource-variable/roboto 5"):
        assert f"{package}." in licences
    assert "Permission is hereby granted" in licences
    assert "SIL OPEN FONT LICENSE" in licences


def test_the_same_sources_make_the_same_bytes_wherever_they_lie(bundle: Path, tmp_path: Path) -> None:
    elsewhere = tmp_path / "elsewhere"
    copy = os.link if ROOT.stat().st_dev == tmp_path.stat().st_dev else shutil.copy2
    shutil.copytree(SOURCE, elsewhere, copy_function=copy, symlinks=True)
    subprocess.run(["node", "build.js", tmp_path / "again"], cwd=elsewhere, check=True, timeout=120)
    assert contents(tmp_path / "again") == contents(bundle)


def test_what_was_built_is_not_built_again_until_its_sources_change(bundle: Path) -> None:
    before = bundle.stat().st_ino
    subprocess.run([ROOT / "scripts" / "build", "--bundle"], check=True, timeout=120)
    assert bundle.stat().st_ino == before


def test_the_wheel_holds_the_bundle_and_nothing_that_only_makes_it(bundle: Path) -> None:
    done = subprocess.run([ROOT / "scripts" / "build"], capture_output=True, text=True, timeout=300, check=False)
    assert done.returncode == 0, done.stderr
    with ZipFile(ROOT / done.stdout.strip()) as wheel:
        packed = {name: wheel.read(name) for name in wheel.namelist()}
    inside = "gateway/bundle/"
    assert {name.removeprefix(inside): packed[name] for name in packed if name.startswith(inside)} == contents(bundle)
    assert "gateway/no_graphiql.html" in packed
    documents = {name.removeprefix("gateway/trusted/"): packed[name] for name in packed if name.endswith(".graphql")}
    assert documents == contents(ROOT / "graphql" / "operations")
    assert [name for name in packed if "node_modules" in name or "console" in name] == []


def test_a_machine_without_node_is_told_what_to_type(run: Run, put: Put) -> None:
    said = run("scripts/build", "--bundle")
    assert (said.returncode, said.stdout) == (2, "")
    assert said.stderr.endswith("there is no node; type: sudo apt-get install -y nodejs npm\n")
    put("node", "echo v16.20.2")
    put("npm", "")
    assert "Node.js 18 or newer is needed, and 16.20.2 is here" in run("scripts/build").stderr
    assert "usage: scripts/build [--bundle]" in run("scripts/build", "--colour").stderr


def needed(package: dict[str, dict[str, str]]) -> dict[str, str]:
    """The packages that one asks for, to run or to be made."""
    return package["dependencies"] | package.get("devDependencies", {})


@pytest.mark.parametrize("folder", PACKAGES, ids=lambda folder: folder.name)
def test_npm_packages_are_pinned_by_their_hashes_and_by_no_address(folder: Path) -> None:
    asked = needed(json.loads((folder / "package.json").read_text(encoding="utf-8")))
    lock = json.loads((folder / "package-lock.json").read_text(encoding="utf-8"))["packages"]
    assert [name for name, version in asked.items() if not re.fullmatch(r"\d+\.\d+\.\d+", version)] == []
    assert {name: lock[f"node_modules/{name}"]["version"] for name in asked} == asked
    assert needed(lock[""]) == asked
    assert [name for name, pinned in lock.items() if name and ("resolved" in pinned or "integrity" not in pinned)] == []
