"""Tables that are broken, odd or hostile: none crashes the reader, none is half read."""

from __future__ import annotations

import io
import tracemalloc
from decimal import Decimal
from typing import Any

import pytest

from infra.imports.reading import read_file
from infra.imports.records import NeedRecord, Read
from infra.imports.source import Bounds

HEADER = "来源编号,技术需求名称,技术需求单位,拟投入资金总额(万元),统一社会信用代码"


def table(*rows: str, header: str = HEADER, encoding: str = "utf-8") -> bytes:
    return "".join(f"{line}\n" for line in (header, *rows)).encode(encoding)


def codes(read: Read) -> list[tuple[str, str]]:
    return [(each.where, each.code) for each in read.quarantined]


def need(read: Read) -> NeedRecord:
    (record,) = read.records
    assert isinstance(record, NeedRecord)
    return record


def test_a_chinese_table_in_gb18030_is_read_and_said_to_be_one(needs_text: str) -> None:
    read = read_file("needs.csv", needs_text.encode("gb18030"))
    assert read.encoding == "gb18030"
    assert read.records == read_file("needs.csv", needs_text.encode()).records
    assert len(read.records) == 3


@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_a_byte_order_mark_and_the_kind_of_line_break_change_nothing(needs_text: str, mark: bytes, end: str) -> None:
    read = read_file("needs.csv", mark + needs_text.replace("\n", end).encode())
    assert read.records == read_file("needs.csv", needs_text.encode()).records
    assert len(read.records) == 3


def test_a_table_in_two_encodings_is_quarantined_whole(needs_text: str) -> None:
    good, bad = needs_text.encode(), "XQ-9,刀具,某公司\n".encode("gb18030")
    read = read_file("needs.csv", good + bad)
    assert (read.records, codes(read)) == ((), [("file", "file.encoding")])
    assert f"byte {len(good) + 6:,}" in read.quarantined[0].reason


def test_a_table_in_utf16_is_told_what_is_taken(needs_text: str) -> None:
    read = read_file("needs.csv", needs_text.encode("utf-16"))
    assert codes(read) == [("file", "file.encoding")]
    assert "GB18030" in read.quarantined[0].accepted


def test_a_line_of_50_mb_is_quarantined_and_takes_no_room() -> None:
    content = table("N1,甲,某公司,,", "x" * 50_000_000, "N2,乙,某公司,,")
    tracemalloc.start()
    try:
        read = read_file("needs.csv", content)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert codes(read) == [("line 3", "row.malformed")]
    assert [record.key for record in read.records] == [("N1",), ("N2",)]
    assert peak < 8_000_000


def test_a_last_line_that_is_too_long_is_quarantined() -> None:
    read = read_file("needs.csv", table("N1,甲,某公司,,", "y" * 3_000_000)[:-1])
    assert codes(read) == [("line 3", "row.malformed")]
    assert len(read.records) == 1


def test_a_header_that_is_too_long_is_quarantined() -> None:
    read = read_file("needs.csv", table("N1,甲,某公司,,", header=HEADER + "," + "z" * 2_000_000))
    assert (read.records, codes(read)) == ((), [("file", "table.header")])


def test_a_file_that_ends_inside_a_quoted_cell_is_quarantined_whole() -> None:
    read = read_file("needs.csv", table("N1,甲,某公司,,") + 'N2,"乙'.encode())
    assert (read.records, codes(read)) == ((), [("file", "file.cut_off")])


def test_a_file_that_ends_in_the_middle_of_a_row_is_quarantined_whole() -> None:
    read = read_file("needs.csv", table("N1,甲,某公司,,") + "N2,乙,某".encode())
    assert (read.records, codes(read)) == ((), [("file", "file.cut_off")])


def test_a_last_line_without_an_end_is_not_trusted() -> None:
    read = read_file("needs.csv", table("N1,甲,某公司,,") + "N2,乙,某公司,12,".encode())
    assert codes(read) == [("line 3", "row.unfinished")]
    assert [record.key for record in read.records] == [("N1",)]


def test_blank_lines_are_no_rows() -> None:
    read = read_file("needs.csv", table("", ",,,,", "N1,甲,某公司,,", "  "))
    assert (len(read.records), read.quarantined) == (1, ())


def test_quoted_cells_may_hold_line_breaks_and_the_lines_are_still_counted() -> None:
    read = read_file("needs.csv", table('N1,"甲\n乙",某公司,,', "N2,,某公司,,"))
    assert need(read).title == "甲 乙"
    assert codes(read) == [("line 4", "row.empty_cell")]


def test_a_row_with_other_cells_than_the_header_is_quarantined_and_the_rest_goes_on() -> None:
    read = read_file("needs.csv", table("N1,甲,某公司,,", "N2,乙,某公司,,,,", "N3,丙", "N4,丁,某公司,,"))
    assert codes(read) == [("line 3", "row.columns"), ("line 4", "row.columns")]
    assert read.quarantined[0].reason == "it has 7 cells, the header has 5"
    assert [record.key for record in read.records] == [("N1",), ("N4",)]


def test_a_stray_quotation_mark_costs_its_own_row_only() -> None:
    read = read_file("needs.csv", table('N1,"甲"乙,某公司,,', "N2,丙,某公司,,"))
    assert codes(read) == [("line 2", "row.malformed")]
    assert need(read).reference == "N2"


def test_a_cell_that_swallows_many_lines_is_quarantined_with_all_of_them() -> None:
    read = read_file("needs.csv", table('N1,"甲', *["乙" * 1000] * 200, 'N2",,,,', "N3,丙,某公司,,"))
    assert read.quarantined[0].code == "row.malformed"
    assert read.quarantined[0].where.startswith("lines 2 to ")
    assert need(read).reference == "N3"


def test_missing_columns_are_named() -> None:
    read = read_file("needs.csv", table("N1,300", header="来源编号,拟投入资金总额(万元)"))
    assert (read.records, codes(read)) == ((), [("file", "table.columns_missing")])
    assert read.quarantined[0].reason == "it lacks the columns 技术需求名称, 技术需求单位"


def test_a_column_that_stands_twice_is_refused() -> None:
    read = read_file("needs.csv", table("N1,甲,某公司,乙", header="来源编号,技术需求名称,技术需求单位,技术需求名称"))
    assert codes(read) == [("file", "table.columns_twice")]


def test_columns_that_are_not_read_are_named() -> None:
    read = read_file("needs.csv", table("甲,某公司,好", header="技术需求名称,技术需求单位,评语"))
    assert read.notes == ("columns that are not read: '评语'",)
    assert len(read.records) == 1


def test_brackets_of_full_width_in_the_header_are_understood() -> None:
    read = read_file("needs.csv", table("甲,某公司,１２", header="技术需求名称,技术需求单位,拟投入资金总额（万元）"))
    assert need(read).investment == Decimal("120000.00")


@pytest.mark.parametrize("column", ["技术需求名称", "技术需求单位"])
def test_a_row_without_title_or_organisation_is_quarantined(column: str) -> None:
    row = {"技术需求名称": "甲", "技术需求单位": "某公司"} | {column: " "}
    read = read_file("needs.csv", table(f"N1,{row['技术需求名称']},{row['技术需求单位']},,"))
    assert codes(read) == [("line 2", "row.empty_cell")]
    assert column in read.quarantined[0].reason


@pytest.mark.parametrize("amount", ["-300", "－300", "−300", "(300)", "-0.01"])
def test_negative_money_is_quarantined(amount: str) -> None:
    read = read_file("needs.csv", table(f"N1,甲,某公司,{amount},", "N2,乙,某公司,5,"))
    assert codes(read) == [("line 2", "money.negative")]
    assert need(read).reference == "N2"


@pytest.mark.parametrize(
    ("amount", "yuan"),
    [("300", "3000000.00"), ("0.5", "5000.00"), ('"1,200"', "12000000.00"), ("80 万元", "800000.00"), ("0", "0.00")],
)
def test_money_is_counted_in_yuan(amount: str, yuan: str) -> None:
    assert need(read_file("needs.csv", table(f"N1,甲,某公司,{amount},"))).investment == Decimal(yuan)


@pytest.mark.parametrize("amount", ["面议", "约300", "NaN", "Infinity", "1e99", "1.2.3", "0.0000001"])
def test_money_that_is_no_number_is_left_out_with_a_warning(amount: str) -> None:
    record = need(read_file("needs.csv", table(f"N1,甲,某公司,{amount},")))
    assert record.investment is None
    assert amount in record.warnings[0]


def test_money_without_bounds_is_quarantined() -> None:
    assert codes(read_file("needs.csv", table("N1,甲,某公司,999999999999999,"))) == [("line 2", "money.too_much")]


def test_a_credit_code_is_checked() -> None:
    right = need(read_file("needs.csv", table("N1,甲,某公司,,91110000600037341l")))
    assert (right.credit_code, right.warnings) == ("91110000600037341L", ())
    wrong = need(read_file("needs.csv", table("N1,甲,某公司,,91110000600037341K")))
    assert wrong.credit_code is None
    assert "unverified" in wrong.warnings[0]


def test_a_formula_is_text_and_nothing_but_text() -> None:
    formula = '=HYPERLINK("https://example.org")'
    quoted = formula.replace('"', '""')
    assert need(read_file("needs.csv", table(f'N1,"{quoted}",+1-1,,'))).title == formula


def test_control_characters_are_dropped() -> None:
    assert need(read_file("needs.csv", table("N1,甲\x00\x1b[31m乙,某公司,,"))).title == "甲[31m乙"


def test_a_text_that_is_too_long_is_quarantined() -> None:
    read = read_file("needs.csv", table(f"N1,{'甲' * 501},某公司,,", f"N2,{'甲' * 500},某公司,,"))
    assert codes(read) == [("line 2", "text.too_long")]
    assert need(read).reference == "N2"


def test_the_same_reference_with_other_content_is_quarantined_and_the_first_stays() -> None:
    read = read_file("needs.csv", table("N1,甲,某公司,,", "N1,乙,某公司,,", "N1,甲,某公司,,"))
    assert codes(read) == [("line 3", "record.duplicate")]
    assert "line 2" in read.quarantined[0].reason
    assert (need(read).title, read.repeated) == ("甲", 1)


def test_without_a_reference_organisation_and_title_tell_rows_apart() -> None:
    read = read_file("needs.csv", table(",甲,某公司,,", ",甲,另公司,,", ",甲,某公司,5,", ",甲,另公司,,"))
    assert len(read.records) == 2
    assert codes(read) == [("line 4", "record.duplicate")]
    assert read.repeated == 1


def test_a_file_with_flaws_without_end_is_quarantined_whole() -> None:
    read = read_file("needs.csv", table(*["x"] * 50), bounds=Bounds(flaws=20))
    assert (read.records, codes(read)) == ((), [("file", "file.too_many_flaws")])


def test_a_file_with_records_without_end_is_quarantined_whole() -> None:
    rows = (f"N{number},甲,某公司,," for number in range(30))
    read = read_file("needs.csv", table(*rows), bounds=Bounds(records=20))
    assert (read.records, codes(read)) == ((), [("file", "file.too_many_records")])


@pytest.mark.parametrize("content", [b"", b"\n\n", b"\xef\xbb\xbf \r\n"])
def test_an_empty_file_is_quarantined(content: bytes) -> None:
    assert codes(read_file("needs.csv", content)) == [("file", "file.empty")]


@pytest.mark.parametrize(
    "content",
    [
        b"PK\x03\x04 a workbook",
        b"a,b,c\n1,2,3\n",
        "关键词,联系人,联系电话\n甲,乙,丙\n".encode(),
        b"<html><body>no</body></html>",
        b'{"profiles": []}',
        b"[1]",
        b"\x89PNG\r\n\x1a\n",
    ],
)
def test_a_file_of_no_known_kind_is_quarantined(content: bytes) -> None:
    read = read_file("needs.csv", content)
    assert (read.kind, read.records, codes(read)) == (None, (), [("file", "file.unknown_kind")])
    assert read.quarantined[0].accepted


def test_a_file_that_is_too_large_is_quarantined(needs_text: str) -> None:
    read = read_file("needs.csv", needs_text.encode(), bounds=Bounds(file=100))
    assert (read.records, codes(read)) == ((), [("file", "file.too_large")])


def test_a_pipe_is_read_no_further_than_the_bound() -> None:
    class Endless(io.RawIOBase):
        def readable(self) -> bool:
            return True

        def readinto(self, buffer: Any) -> int:
            return len(buffer)

    read = read_file("pipe", io.BufferedReader(Endless()), bounds=Bounds(file=1_000_000))
    assert codes(read) == [("file", "file.too_large")]


def test_a_file_that_grows_while_it_is_read_is_quarantined(needs_text: str) -> None:
    class Growing(io.BytesIO):
        def seek(self, offset: int, whence: int = 0) -> int:
            return super().seek(offset, whence) if whence == io.SEEK_SET else 100

    read = read_file("needs.csv", Growing(needs_text.encode()), bounds=Bounds(file=200))
    assert (read.records, codes(read)) == ((), [("file", "file.too_large")])
