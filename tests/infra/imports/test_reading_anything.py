"""Whatever the bytes, the reader answers; and what it takes from a broken file stands so in the whole one."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from infra.imports.reading import read_file
from infra.imports.records import Read

FILES = (
    "needs.csv",
    "achievements.csv",
    "pod-open-profiles.xml",
    "pod-old-profile.xml",
    "profile-page.json",
    "b2b-page.json",
)
STARTS = st.sampled_from(
    [
        b"",
        b"<",
        b"<pod><profile>",
        b'<?xml version="1.0"?><pod>',
        b"{",
        b'[{"text": "',
        b'{"data": {"items": [{"profileStatus": "PUBLISHED", "title": ',
        b"\xef\xbb\xbf",
        b"\xff\xfe<",
        "技术需求名称,技术需求单位\n".encode(),
        "成果名称,成果完成单位\n".encode("gb18030"),
    ]
)
quietly = settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


def answered(read: Read) -> None:
    """A file says something, or it is said why not; and what is said is complete."""
    assert read.records or read.quarantined or read.kind is not None
    for each in read.quarantined:
        assert each.file
        assert each.where
        assert each.code
        assert each.reason
        assert each.accepted


@quietly
@given(start=STARTS, rest=st.binary(max_size=2_000))
def test_any_bytes_are_answered(start: bytes, rest: bytes) -> None:
    answered(read_file("anything", start + rest))


@quietly
@given(start=STARTS, rest=st.text(max_size=1_000))
def test_any_text_is_answered(start: bytes, rest: str) -> None:
    answered(read_file("anything", start + rest.encode("utf-8", errors="surrogatepass")))


@quietly
@given(rows=st.lists(st.lists(st.text(max_size=20), min_size=2, max_size=2), max_size=5))
def test_any_cells_are_answered(rows: list[list[str]]) -> None:
    lines = [["技术需求名称", "技术需求单位"], *rows]
    quoted = "".join(",".join('"' + cell.replace('"', '""') + '"' for cell in line) + "\n" for line in lines)
    read = read_file("needs.csv", quoted.encode("utf-8", errors="replace"))
    answered(read)
    assert len(read.records) + read.repeated + len(read.quarantined) <= len(rows)


@pytest.mark.parametrize("name", FILES)
@quietly
@given(data=st.data())
def test_a_cut_file_gives_only_records_that_the_whole_file_gives(
    name: str, data: st.DataObject, good: Callable[[str], bytes]
) -> None:
    content = good(name)
    cut = read_file(name, content[: data.draw(st.integers(0, len(content)))])
    answered(cut)
    assert set(cut.records) <= set(read_file(name, content).records)


@pytest.mark.parametrize("name", FILES)
@quietly
@given(data=st.data())
def test_a_file_with_a_hole_is_answered(name: str, data: st.DataObject, good: Callable[[str], bytes]) -> None:
    content = good(name)
    start, end = sorted((data.draw(st.integers(0, len(content))), data.draw(st.integers(0, len(content)))))
    answered(read_file(name, content[:start] + data.draw(st.binary(max_size=20)) + content[end:]))


@pytest.mark.parametrize("name", ["needs.csv", "achievements.csv"])
def test_a_table_cut_at_any_byte_gives_whole_rows_only(name: str, good: Callable[[str], bytes]) -> None:
    content = good(name)
    whole = set(read_file(name, content).records)
    for length in range(len(content)):
        assert set(read_file(name, content[:length]).records) <= whole


@pytest.mark.parametrize("name", ["pod-open-profiles.xml", "profile-page.json", "b2b-page.json"])
def test_a_document_cut_at_any_byte_gives_nothing(name: str, good: Callable[[str], bytes]) -> None:
    content = good(name).rstrip()
    for length in range(0, len(content), 5):
        assert read_file(name, content[:length]).records == ()
