"""A page that says what is not so is noticed: each kind of wrong page, read the way the guide is read."""

from __future__ import annotations

from pathlib import Path

import pytest
from guide_pages import Block, blocks, differences, like, links, tables
from guide_runs import Checkout, Reading, Served, patched, unlike


def page(tmp_path: Path, text: str) -> list[Block]:
    path = tmp_path / "page.md"
    path.write_text(text.replace("'''", "```"), encoding="utf-8")
    return blocks(path)


@pytest.fixture
def bare(tmp_path: Path) -> Checkout:
    """A folder to run commands in, without any network."""
    return Checkout(tmp_path / "checkout", tmp_path / "data").prepare()


def test_blocks_carry_where_they_stand_and_the_words_behind_their_language(tmp_path: Path) -> None:
    first, second = page(tmp_path, "# A\n\n'''graphql as=adviser\n{ a }\n'''\n\n- b\n\n  '''csv some.csv\n  c\n  '''\n")
    assert first == Block("page.md:3", "graphql", ("as=adviser",), "{ a }\n")
    assert (first.word("as"), first.word("exits"), first.file) == ("adviser", None, None)
    assert (second.file, second.text) == ("some.csv", "c\n")


def test_links_and_tables_are_read_from_a_page(tmp_path: Path) -> None:
    path = tmp_path / "page.md"
    path.write_text("[a](b.md#c)\n\n| x | y |\n| --- | --- |\n| `1` | 2 |\n| 3 | 4 |\n", encoding="utf-8")
    assert links(path) == ["b.md#c"]
    assert tables(path) == {("x", "y"): [("1", "2"), ("3", "4")]}


@pytest.mark.parametrize(
    ("shown", "got"),
    [
        ("a…c", "abbc"),
        ("…", {"any": "thing"}),
        ({"a": [1, "…"]}, {"a": [0, 1, 2]}),
        (["…"], []),
        ({"a": None}, {"a": None}),
    ],
)
def test_an_answer_as_shown_has_no_differences(shown: object, got: object) -> None:
    assert list(differences(shown, got)) == []


@pytest.mark.parametrize(
    ("shown", "got"),
    [
        ("a…c", "abcd"),
        (1, 2),
        (1, True),
        (None, {}),
        ({"a": 1}, {"a": 1, "b": 2}),
        ({"a": 1, "b": 2}, {"a": 1}),
        ([1], []),
        ([1, 2], [1]),
        ([1, "…"], []),
        ([1, 2, "…"], [2, 1]),
        ([], [1]),
    ],
)
def test_an_answer_other_than_shown_has_differences(shown: object, got: object) -> None:
    assert list(differences(shown, got))


def test_of_errors_a_page_may_leave_parts_out_but_not_the_errors_themselves() -> None:
    error = {"message": "m", "path": ["p"], "extensions": {"code": "C", "rule": "r"}}
    assert (
        list(unlike({"data": None, "errors": [{"extensions": {"code": "C"}}]}, {"data": None, "errors": [error]})) == []
    )
    assert list(unlike({"data": None}, {"data": None, "errors": [error]}))
    assert list(unlike({"errors": [{"extensions": {"code": "D"}}]}, {"errors": [error]}))
    assert list(unlike({"errors": [{"message": "m"}]}, {"data": {}}))


def test_blanks_do_not_count_in_what_is_printed() -> None:
    assert like("a  b\n… d\n", "a b\nc\nd")
    assert not like("a b", "a b c")


def test_a_command_that_ends_otherwise_than_the_page_says_is_noticed(tmp_path: Path, bare: Checkout) -> None:
    assert Reading(bare).read(page(tmp_path, "'''sh\nexit 1\n'''\n")) == ["page.md:1: ended with 1: "]
    assert Reading(bare).read(page(tmp_path, "'''sh exits=1\nexit 1\n'''\n")) == []
    assert Reading(bare).read(page(tmp_path, "'''sh exits=1\ntrue\n'''\n")) != []


def test_what_is_printed_otherwise_than_the_page_says_is_noticed(tmp_path: Path, bare: Checkout) -> None:
    text = "'''sh\ncat some.txt\n'''\n'''text\nc…\n'''\n'''json\n{}\n'''\n"
    wrong = Reading(bare).read(page(tmp_path, f"'''text some.txt\nbcd\n'''\n{text}"))
    assert [each.partition(": ")[0] for each in wrong] == ["page.md:7", "page.md:10"]


def test_a_command_that_sets_up_the_checkout_is_not_run(tmp_path: Path, bare: Checkout) -> None:
    assert Reading(bare).read(page(tmp_path, "'''sh\nscripts/start\n'''\n")) == []


def test_a_change_to_code_that_is_not_there_is_noticed(tmp_path: Path, bare: Checkout) -> None:
    text = "'''python some.py\na\n\nb\n'''\n'''diff some.py\n a\n\n-b\n+c\n'''\n"
    assert Reading(bare).read(page(tmp_path, text)) == []
    assert (bare.folder / "some.py").read_text(encoding="utf-8") == "a\n\nc\n"
    with pytest.raises(LookupError, match="0 places"):
        patched("x\n", " a\n+b\n")
    with pytest.raises(LookupError, match="2 places"):
        patched("a\na\n", " a\n+b\n")


@pytest.mark.parametrize(
    "question",
    [
        '{ needs(filter: {text: "nowhere"}) { edges { node { id } } } }',
        "{ needs { nothing } }",
        "{ nothing",
    ],
)
def test_a_question_that_is_answered_with_nothing_or_an_error_is_noticed(
    tmp_path: Path, served: Served, question: str
) -> None:
    answer = '{"data": {"needs": {"edges": [{"node": {"id": "need_…"}}, "…"]}}}'
    text = f"'''graphql\n{question}\n'''\n'''json\n{answer}\n'''\n"
    assert Reading(served.checkout, served).read(page(tmp_path, text))
