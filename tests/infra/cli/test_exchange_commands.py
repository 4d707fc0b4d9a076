"""`yizhan import --b2b`, `import --complete` and `yizhan export`, as they are typed."""

from __future__ import annotations

import json
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from command_line import ROOT, typed
from small_partner_service import KEY, SmallPartnerService, profile, serving

from infra.imports.b2b_following import FILE

INSTALL = ("install", "--station", "国家站点", "--region", "110108", "--administrator", "王某")
PROFILES = ROOT / "tests/data/pod-open-profiles.xml"


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("installed")
    assert typed(*INSTALL, folder=folder).returncode == 0
    return folder / "var"


@pytest.fixture
def folder(installed: Path, tmp_path: Path) -> Path:
    """A folder with a network of its own, in `var`."""
    shutil.copytree(installed, tmp_path / "var")
    return tmp_path


@pytest.fixture
def service() -> Iterator[SmallPartnerService]:
    with serving(*(profile(number) for number in range(3))) as made:
        yield made


def imported(
    folder: Path, service: SmallPartnerService, *arguments: object, key: str = KEY
) -> subprocess.CompletedProcess[str]:
    return typed("import", "--b2b", *arguments, folder=folder, YIZHAN_EEN_SERVICE=service.address, YIZHAN_EEN_KEY=key)


def report(said: subprocess.CompletedProcess[str]) -> Any:
    return json.loads(said.stdout)


def test_what_the_service_has_is_imported_and_the_next_time_what_changed(
    folder: Path, service: SmallPartnerService
) -> None:
    said = imported(folder, service)
    assert (said.returncode, said.stderr) == (0, "")
    assert said.stdout.splitlines()[1].split() == ["page", "1", "b2b-json", "3", "0", "0", "0", "0"]
    service.profiles[1]["lastModified"] = "2026-09-03T00:00:00+00:00"
    service.profiles[1]["title"] = "Another title"
    again = report(imported(folder, service, "--json"))
    assert (again["counts"]["amended"], again["counts"]["accepted"]) == (1, 0)
    assert service.asked[-1]["FromDate"] == "2026-08-31"
    imported(folder, service, "--since", "2026-09-02")
    assert service.asked[-1]["FromDate"] == "2026-09-02"


def test_a_dry_run_of_the_service_keeps_no_bookmark(folder: Path, service: SmallPartnerService) -> None:
    said = imported(folder, service, "--dry-run")
    assert said.stdout.splitlines()[-1] == "a dry run: nothing was recorded"
    assert not (folder / "var" / FILE).exists()


def test_a_wrong_key_is_refused_and_never_printed(folder: Path, service: SmallPartnerService) -> None:
    said = imported(folder, service, key="a-secret-of-somebody")
    assert (said.returncode, said.stdout) == (1, "")
    assert "refuses with 401" in said.stderr
    assert "a-secret" not in said.stderr
    doctor = typed("doctor", folder=folder, YIZHAN_EEN_KEY="a-secret-of-somebody")
    assert "setting een_key" in doctor.stdout
    assert "a-secret" not in doctor.stdout + doctor.stderr


def test_without_a_key_nothing_is_asked(folder: Path, service: SmallPartnerService) -> None:
    said = typed("import", "--b2b", folder=folder, YIZHAN_EEN_SERVICE=service.address)
    assert (said.returncode, service.asked) == (1, [])
    assert "set een_key, or een_key_file" in said.stderr


def test_a_service_that_breaks_off_is_out_of_reach_and_what_came_is_reported(
    folder: Path, service: SmallPartnerService
) -> None:
    service.profiles = [profile(number) for number in range(201)]
    service.headers["Retry-After"] = "3600"
    service.troubles.extend([200, 429])
    said = imported(folder, service, "--json")
    assert said.returncode == 3
    assert report(said)["counts"]["accepted"] == 200
    assert "page 2: it answers with 429" in said.stderr
    assert report(imported(folder, service, "--json"))["counts"]["accepted"] == 1


@pytest.mark.parametrize(
    "arguments",
    [(), ("--b2b", PROFILES), ("--since", "2026-09-01", PROFILES), ("--b2b", "--since", "2026-09-01", "--complete")],
)
def test_files_and_the_service_exclude_each_other(arguments: tuple[object, ...], folder: Path) -> None:
    said = typed("import", *arguments, folder=folder)
    assert (said.returncode, said.stdout) == (2, "")


def test_a_complete_listing_removes_what_it_lacks_and_says_so(folder: Path) -> None:
    assert typed("import", PROFILES, folder=folder).returncode == 0
    text = PROFILES.read_text(encoding="utf-8")
    later = folder / "later.xml"
    later.write_text(text[: text.index("  <profile>\n    <reference><external>TRES")] + "</pod>\n", encoding="utf-8")
    assert report(typed("import", later, "--json", folder=folder))["removed"] == []
    rehearsed = report(typed("import", later, "--complete", "--dry-run", "--json", folder=folder))
    assert [each["reference"] for each in rehearsed["removed"]] == ["TRES20260815007"]
    said = typed("import", later, "--complete", folder=folder)
    assert said.returncode == 0
    assert "TRES20260815007: the listing holds it no longer: removed" in said.stdout
    assert report(typed("import", later, "--complete", "--json", folder=folder))["removed"] == []
    back = report(typed("import", PROFILES, "--json", folder=folder))
    assert (back["counts"]["amended"], back["counts"]["unchanged"]) == (1, 1)


def test_a_listing_that_was_not_taken_whole_removes_nothing_and_is_a_finding(folder: Path) -> None:
    typed("import", PROFILES, folder=folder)
    needs = typed("import", ROOT / "tests/data/needs.csv", "--complete", folder=folder)
    assert needs.returncode == 1
    assert "nothing was removed: the files hold no profile that is known here" in needs.stdout


@pytest.mark.parametrize(("format", "start"), [("pod-xml", "<?xml"), ("b2b-json", "{")])
def test_an_export_is_printed_or_written(format: str, start: str, folder: Path) -> None:
    said = typed("export", format, folder=folder)
    assert (said.returncode, said.stderr) == (0, "profiles exported: 0\n")
    assert said.stdout.startswith(start)
    file = folder / "ours"
    written = typed("export", format, "--out", file, "--station", "国家站点", folder=folder)
    assert (written.returncode, written.stdout) == (0, "")
    assert file.read_text(encoding="utf-8") == said.stdout
    assert [each.name for each in folder.iterdir() if each.suffix == ".part"] == []


def test_an_export_of_an_unknown_station_or_format_is_wrong_usage(folder: Path) -> None:
    assert typed("export", "pod-xml", "--station", "火星站", folder=folder).returncode == 2
    assert typed("export", "docx", folder=folder).returncode == 2
    assert typed("export", "pod-xml", "--data", folder / "nothing", folder=folder).returncode == 2
