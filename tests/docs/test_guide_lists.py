"""The lists in the guide are those of the code, and a page that is out of date is noticed."""

from __future__ import annotations

import shutil
from pathlib import Path

import guide_lists
import pytest
from guide_lists import BEGIN, END, GUIDE, LISTS, main, refusals, rewritten
from said_in_code import Saying, by_code, sayings

from domain.registry import registry


def test_every_list_in_the_guide_is_up_to_date(capsys: pytest.CaptureFixture[str]) -> None:
    stale = main(["--check"])
    assert (stale, capsys.readouterr().out) == (0, ""), "scripts/docs writes the lists"


def test_every_list_stands_on_a_page() -> None:
    pages = "".join(page.read_text(encoding="utf-8") for page in GUIDE.glob("*.md"))
    assert [name for name in LISTS if BEGIN.format(name) not in pages] == []


def test_a_page_that_is_out_of_date_is_named_and_written_anew(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for page in GUIDE.glob("*.md"):
        shutil.copy(page, tmp_path)
    page = tmp_path / "refusals.md"
    right = page.read_text(encoding="utf-8")
    page.write_text(right.replace("need.not_checked`", "need.unchecked`"), encoding="utf-8")
    assert main(["--check"], tmp_path) == 1
    assert "refusals.md: out of date" in capsys.readouterr().out
    assert main([], tmp_path) == 0
    assert page.read_text(encoding="utf-8") == right


def test_a_list_without_an_end_is_an_error() -> None:
    with pytest.raises(ValueError, match="settings has no end"):
        rewritten(BEGIN.format("settings"))
    assert rewritten(f"a {BEGIN.format('settings')}{END} z").startswith(
        f"a {BEGIN.format('settings')}\n\n| environment"
    )


def test_the_list_of_refusals_holds_codes_that_are_put_together_and_names_where_they_stand() -> None:
    lines = {line.split("`")[1]: line for line in refusals().splitlines()[2:]}
    assert {"need.not_checked", "need.unknown", "credit_code.taken", "request.reused", "authority.role"} <= lines.keys()
    assert "publishing takes a checked need; this one is …" in lines["need.not_checked"]
    assert "`domain/needs.py`" in lines["need.not_checked"]
    assert {code.split(".")[0] for code in lines} >= registry().slices.keys() - {"claim"}


def test_a_code_that_only_run_time_knows_is_an_error(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    source = 'def refuse(what):\n    ensure(False, f"{what}.no", "a reason")\n'
    (tmp_path / "unclear_codes").mkdir()
    (tmp_path / "unclear_codes" / "some_rules.py").write_text(source, encoding="utf-8")
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.setattr("said_in_code.ROOT", tmp_path)
    with pytest.raises(LookupError, match=r"some_rules\.py:2: the code"):
        sayings("unclear_codes", {"ensure": 1}, {})
    found = by_code(sayings("unclear_codes", {"ensure": 1}, {"what": ("a", "b")}))
    module = "unclear_codes/some_rules.py"
    assert found == {"a.no": [Saying(module, "a.no", ("a reason",))], "b.no": [Saying(module, "b.no", ("a reason",))]}


def test_camel_case_is_that_of_the_schema() -> None:
    assert guide_lists.camel("published_since") == "publishedSince"
