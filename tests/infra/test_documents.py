"""The folder of trusted documents: what is in it is read as it stands, and what does not fit is said with its place."""

from __future__ import annotations

from hashlib import sha256
from pathlib import Path

import pytest

from gateway.operations import known
from infra.documents import documents_in, own_folder
from infra.errors import UnfitError
from infra.guarding import guard_of
from infra.settings import Settings

GOOD = "query Good {\n  needs { totalCount }\n}\n"


def put(folder: Path, **files: str | bytes) -> Path:
    """The folder, with these files in it."""
    for name, content in files.items():
        file = folder / f"{name}.graphql"
        file.write_bytes(content.encode() if isinstance(content, str) else content)
    return folder


def faults(folder: Path) -> list[str]:
    with pytest.raises(UnfitError) as caught:
        documents_in(folder)
    return str(caught.value).splitlines()


def test_a_document_is_the_text_of_its_file_to_the_byte(tmp_path: Path) -> None:
    (tmp_path / "inner").mkdir()
    put(tmp_path / "inner", same="# 说明\r\nquery Same {\r\n  __typename\r\n}\r\n\r\n")
    found = documents_in(put(tmp_path, good=GOOD, b="query B { __typename } query A { __typename }"))
    assert [(each.file, each.names) for each in found] == [
        ("b.graphql", ("B", "A")),
        ("good.graphql", ("Good",)),
        ("inner/same.graphql", ("Same",)),
    ]
    for each in found:
        assert each.id == f"sha256:{sha256((tmp_path / each.file).read_bytes()).hexdigest()}"


def test_other_files_of_the_folder_are_left_alone(tmp_path: Path) -> None:
    (tmp_path / "readme.md").write_text("no GraphQL", encoding="utf-8")
    assert [each.file for each in documents_in(put(tmp_path, good=GOOD))] == ["good.graphql"]


def test_a_document_need_not_be_looked_into_when_it_is_asked_for(tmp_path: Path) -> None:
    text = f"{GOOD}# {tmp_path}"
    documents_in(put(tmp_path, good=text))
    assert known(text, None)
    assert known(text, "Good")


@pytest.mark.parametrize(
    ("content", "line", "reason"),
    [
        ("query Bad {\n  needs {\n    total\n  }\n}", 3, "Cannot query field 'total' on type 'NeedConnection'."),
        ("query Bad {\n  needs {", 2, "Syntax Error: Expected Name, found <EOF>."),
        ("# nothing", 1, "Syntax Error: Unexpected <EOF>."),
        ("fragment Alone on Need { id }", 1, "takes operations, each with a name"),
        ("{ __typename }", 1, "takes operations, each with a name"),
        ("query A { __typename }\n\nquery B($b: Nothing) { __typename }", 3, "Unknown type 'Nothing'."),
        (f"query Deep {{ {'node { ' * 30}{'}' * 30} }}", 1, ""),
        (b"query Bytes { \xff }", 1, "'utf-8' codec can't decode byte 0xff"),
        ("\n\nquery Many { " + "__typename " * 40 + "}", 3, "the same field more than 30 times"),
    ],
)
def test_what_does_not_fit_is_said_with_its_file_line_and_reason(
    tmp_path: Path, content: str | bytes, line: int, reason: str
) -> None:
    first = faults(put(tmp_path, bad=content, good=GOOD))[0]
    assert first.startswith(f"{tmp_path / 'bad.graphql'}:{line}: ")
    assert reason in first


def test_all_that_does_not_fit_is_said_at_once(tmp_path: Path) -> None:
    found = faults(put(tmp_path, a="{", b="query B { nothing\n more }", c="query C { __typename }", d="{ __typename }"))
    assert [each.removeprefix(f"{tmp_path}/").partition(": ")[0] for each in found] == [
        "a.graphql:1",
        "b.graphql:1",
        "b.graphql:2",
        "d.graphql:1",
    ]


def test_a_folder_that_is_not_there_is_said_so(tmp_path: Path) -> None:
    assert faults(tmp_path / "nothing") == [f"documents: there is no folder {tmp_path / 'nothing'}"]


def test_the_documents_that_come_with_it_fit() -> None:
    assert len(documents_in(own_folder())) > 5


def test_where_only_trusted_documents_are_executed_there_must_be_one(tmp_path: Path) -> None:
    guard_of(Settings(documents=tmp_path))
    with pytest.raises(UnfitError, match="trusted_documents is on, and there is no document in"):
        guard_of(Settings(documents=tmp_path, trusted_documents="on"))
    assert guard_of(Settings(trusted_documents="on")).documents.alone


def test_the_guard_is_as_the_settings_have_it(tmp_path: Path) -> None:
    usual = guard_of(Settings())
    assert (usual.documents.alone, usual.introspection, usual.rates) == (False, "everybody", None)
    chosen = guard_of(Settings(documents=put(tmp_path, good=GOOD), introspection="nobody", rate_limit=1))
    assert GOOD in chosen.documents
    assert chosen.introspection == "nobody"
    assert chosen.rates is not None
