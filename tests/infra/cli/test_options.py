"""Options and settings of the command line."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from infra.cli.failures import USAGE, Failure
from infra.cli.options import program, settings, typed


def test_a_misspelt_variable_is_named_with_those_that_there_are(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("YIZHAN_PROT", "8001")
    with pytest.raises(Failure, match=r"YIZHAN_PROT.*YIZHAN_PORT") as raised:
        settings()
    assert raised.value.code == USAGE


def test_what_the_command_line_gives_comes_before_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("YIZHAN_PORT", "8001")
    assert (settings().port, settings(port=8002).port, settings(port=None).port) == (8001, 8002, 8001)


def test_a_hint_names_the_program_and_paths_as_a_person_types_them(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys, "argv", [str(tmp_path / ".venv" / "bin" / "yizhan"), "serve"])
    assert program() == ".venv/bin/yizhan"
    assert [typed(tmp_path / "var"), typed(Path("/elsewhere"))] == ["var", "/elsewhere"]
