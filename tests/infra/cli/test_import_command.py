"""`yizhan install` and `yizhan import`, as they are typed."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path
from typing import Any

import pytest
from command_line import ROOT, typed

from domain.stations import NATIONAL_STATION
from infra.application import Network

NEEDS, ACHIEVEMENTS = ROOT / "tests/data/needs.csv", ROOT / "tests/data/achievements.csv"
INSTALL = ("install", "--station", "国家站点", "--region", "110108", "--administrator", "王某")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder in which a network of its own has been installed, in `var`."""
    assert typed(*INSTALL, folder=tmp_path).returncode == 0
    return tmp_path


def imported(folder: Path, *arguments: object) -> subprocess.CompletedProcess[str]:
    return typed("import", *arguments, folder=folder)


def report(folder: Path, *arguments: object) -> Any:
    return json.loads(imported(folder, "--json", *arguments).stdout)


def head(folder: Path) -> int:
    network = Network(folder / "var")
    try:
        return network.head()
    finally:
        network.close()


def test_an_installation_names_its_station_and_how_to_sign_in(tmp_path: Path) -> None:
    said = typed(*INSTALL, folder=tmp_path)
    assert (said.returncode, said.stderr) == (0, "")
    assert said.stdout.startswith(NATIONAL_STATION)
    assert "--as administrator" in said.stdout
    assert typed("token", "--as", "administrator", folder=tmp_path).returncode == 0


def test_a_network_is_installed_once(folder: Path) -> None:
    again = typed(*INSTALL, folder=folder)
    assert (again.returncode, again.stdout) == (1, "")
    assert "installation.done" in again.stderr


def test_an_import_prints_a_table_and_what_was_not_taken(folder: Path, tmp_path: Path) -> None:
    odd = tmp_path / "odd.csv"
    odd.write_text(
        "来源编号,技术需求名称,技术需求单位,技术所属领域\n1,需求,某公司,炼金术\n2,,某公司,\n", encoding="utf-8"
    )
    said = imported(folder, NEEDS, odd)
    assert said.returncode == 1
    lines = said.stdout.splitlines()
    assert lines[1].split() == ["needs.csv", "needs-csv", "3", "0", "0", "0", "0"]
    assert lines[2].split() == ["odd.csv", "needs-csv", "1", "0", "0", "0", "1"]
    assert lines[3].split() == ["all", "4", "0", "0", "0", "1"]
    assert "炼金术" in said.stdout
    assert "line 3: row.empty_cell" in said.stdout


def test_a_file_in_gb18030_is_read_and_its_encoding_is_said(folder: Path, tmp_path: Path) -> None:
    chinese = tmp_path / "gb.csv"
    chinese.write_bytes(NEEDS.read_text(encoding="utf-8-sig").encode("gb18030"))
    (file,) = report(folder, chinese)["files"]
    assert (file["encoding"], file["counts"]["accepted"]) == ("gb18030", 3)


def test_a_dry_run_says_so_and_records_nothing(folder: Path) -> None:
    before = head(folder)
    said = imported(folder, "--dry-run", NEEDS)
    assert (said.returncode, said.stdout.splitlines()[-1]) == (0, "a dry run: nothing was recorded")
    assert head(folder) == before


def test_what_is_imported_belongs_to_the_station_that_is_named(folder: Path) -> None:
    for station in ("国家站点", NATIONAL_STATION):
        assert report(folder, "--station", station, ACHIEVEMENTS)["counts"]["quarantined"] == 0
    unknown = imported(folder, "--station", "火星站", NEEDS)
    assert (unknown.returncode, unknown.stdout) == (2, "")
    assert "火星站" in unknown.stderr


def test_a_file_that_is_not_there_and_a_person_who_is_not_known_are_wrong_usage(folder: Path) -> None:
    missing = imported(folder, "nothing.csv", NEEDS)
    assert (missing.returncode, missing.stdout) == (2, "")
    assert "nothing.csv" in missing.stderr
    stranger = imported(folder, "--as", "stranger", NEEDS)
    assert (stranger.returncode, stranger.stdout) == (2, "")
    assert "stranger" in stranger.stderr


def test_days_are_judged_by_the_day_that_is_named(folder: Path) -> None:
    page = ROOT / "tests/data/profile-page.json"
    for today, open in (("2026-08-10", True), ("2026-11-23", False)):
        (file,) = report(folder, "--dry-run", "--today", today, page)["files"]
        assert [record["open"] for record in file["records"]] == [open]


def test_the_schema_is_printed_as_it_stands_in_the_repository(tmp_path: Path) -> None:
    said = typed("schema", folder=tmp_path)
    assert said.stdout == (ROOT / "graphql/schema.graphql").read_text(encoding="utf-8")
