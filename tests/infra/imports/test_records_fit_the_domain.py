"""Whatever is read fits the domain's values: their bounds are the reader's bounds."""

from __future__ import annotations

import csv
import io
from xml.sax.saxutils import escape

from hypothesis import given, settings
from hypothesis import strategies as st

from infra.imports.achievements import ACHIEVEMENT_COLUMNS
from infra.imports.details import achievement_details, need_details, profile_details
from infra.imports.flaws import Flaw
from infra.imports.needs import NEED_COLUMNS
from infra.imports.reading import read_file
from infra.imports.records import AchievementRecord, NeedRecord, ProfileRecord
from infra.imports.tables import Columns

LENGTHS = st.sampled_from([1, 64, 65, 200, 201, 500, 501, 2_001, 19_990, 20_000])
ODD = [
    "\u200b",
    "\u3000",
    "\x85",
    "\x00",
    "-1",
    "99999999999",
    "1e5",
    "HTTP://A",
    "https://a\u00a0b",
    "0 weeks",
    "9999 weeks",
]
DATES = ["2026-01-01", "00010101", "99991231", "公开", "UK", "XK", "=1+1", "甲；;乙", "true"]
TEXTS = st.one_of(LENGTHS.map(lambda length: "甲" * length), st.sampled_from([*ODD, *DATES]), st.text(max_size=30))
PATHS = (
    "datum/submit",
    "datum/deadline",
    "content/summary",
    "company/country/key",
    "cooperation/stagedev/comment",
    "cooperation/partner/area",
    "cooperation/partner/sought",
    "keyword/markets/market/key",
    "program/framework",
    "program/programme",
    "program/duration",
    "program/prebudget",
    "program/url",
    "dissemination/preferred/country/key",
)


@settings(deadline=None)
@given(columns=st.sampled_from([NEED_COLUMNS, ACHIEVEMENT_COLUMNS]), data=st.data())
def test_every_row_that_is_read_is_a_need_or_an_achievement(columns: Columns, data: st.DataObject) -> None:
    names = [*columns.required, *columns.optional]
    row = [data.draw(TEXTS) if name in columns.required or data.draw(st.booleans()) else "" for name in names]
    file = io.StringIO()
    csv.writer(file, lineterminator="\n", quoting=csv.QUOTE_ALL).writerows([names, row])
    read = read_file("table.csv", file.getvalue().encode("utf-8", errors="replace"))
    assert len(read.records) + len(read.quarantined) + len(read.notes) == 1
    for record in read.records:
        if isinstance(record, NeedRecord):
            assert need_details(record, lambda _warning: None).title.zh == record.title
        elif isinstance(record, AchievementRecord):
            assert achievement_title(record) in (record.title, None)


def achievement_title(record: AchievementRecord) -> str | None:
    """The title that the domain holds; None when the record is refused with a reason."""
    try:
        return achievement_details(record, lambda _warning: None).title.zh
    except Flaw:
        return None


@settings(deadline=None)
@given(title=TEXTS, values=st.dictionaries(st.sampled_from(PATHS), TEXTS, max_size=5))
def test_every_profile_that_is_read_is_one_to_the_domain(title: str, values: dict[str, str]) -> None:
    inside = "".join(element(path, text) for path, text in values.items())
    reference = "<reference><external>TONL20260903002</external></reference>"
    content = f"<pod><profile>{reference}{element('content/title', title)}{inside}</profile></pod>"
    read = read_file("pod.xml", content.encode("utf-8", errors="replace"))
    assert len(read.records) + len(read.quarantined) == 1
    for record in read.records:
        assert isinstance(record, ProfileRecord)
        assert profile_details(record).title.en == record.title


def element(path: str, text: str) -> str:
    """The element at a path with a text that XML can hold."""
    held = "".join(character for character in text if character.isprintable())
    names = path.split("/")
    return "".join(f"<{name}>" for name in names) + escape(held) + "".join(f"</{name}>" for name in reversed(names))
