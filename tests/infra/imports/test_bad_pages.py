"""Profile pages that are broken or odd: none crashes the reader, none is half read."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date

import pytest

from domain.reference.een import IprStatus
from infra.imports.reading import read_file
from infra.imports.records import ProfileRecord, Read
from infra.imports.source import Bounds

Change = Callable[..., Read]


def codes(read: Read) -> list[tuple[str, str]]:
    return [(each.where, each.code) for each in read.quarantined]


def profile(read: Read) -> ProfileRecord:
    assert read.quarantined == ()
    (record,) = read.records
    assert isinstance(record, ProfileRecord)
    return record


@pytest.fixture
def changed(good: Callable[[str], bytes]) -> Change:
    """The good page, read with one piece of its text replaced and with other values beside its text."""
    page = json.loads(good("profile-page.json"))

    def change(old: str = "", new: str = "", **beside: object) -> Read:
        assert old in page["text"]
        text = page["text"].replace(old, new, 1) if old else page["text"]
        return read_file("page.json", json.dumps(page | {"text": text} | beside).encode())

    return change


def test_cut_off_json_is_quarantined_whole(good: Callable[[str], bytes]) -> None:
    read = read_file("page.json", good("profile-page.json")[:-20])
    assert (read.records, codes(read)) == ((), [("file", "json.malformed")])


def test_json_in_another_encoding_is_quarantined_whole() -> None:
    assert codes(read_file("page.json", '{"text": "Säge"}'.encode("latin-1"))) == [("file", "file.encoding")]


def test_brackets_without_bottom_are_quarantined() -> None:
    assert codes(read_file("page.json", b"[" * 1_000_000)) == [("file", "json.malformed")]


def test_a_page_that_is_too_large_is_quarantined(good: Callable[[str], bytes]) -> None:
    read = read_file("page.json", good("profile-page.json"), bounds=Bounds(page=1_000))
    assert codes(read) == [("file", "file.too_large")]


@pytest.mark.parametrize("content", [{}, {"text": 1}, [{"text": None}], ["text"], {"reference": "x", "page_url": "y"}])
def test_json_of_another_kind_is_quarantined(content: object) -> None:
    read = read_file("page.json", json.dumps(content).encode())
    assert (read.kind, codes(read)) == (None, [("file", "file.unknown_kind")])


@pytest.mark.parametrize(
    "label",
    ["Profile Type", "POD Reference", "Term of Validity", "General information", "Dissemination", "Share this page"],
)
def test_a_page_that_lacks_a_label_is_quarantined(label: str, changed: Change) -> None:
    read = changed(label, "")
    assert (read.records, codes(read)) == ((), [("$.text", "page.incomplete")])
    assert "Share this page" in read.quarantined[0].accepted


def test_a_page_cut_off_inside_its_text_is_quarantined(good: Callable[[str], bytes]) -> None:
    page = json.loads(good("profile-page.json"))
    for length in range(0, len(page["text"]), 7):
        read = read_file("page.json", json.dumps(page | {"text": page["text"][:length]}).encode())
        assert (read.records, codes(read)) == ((), [("$.text", "page.incomplete")])


def test_pages_in_a_list_are_read_one_by_one(good: Callable[[str], bytes]) -> None:
    page = json.loads(good("profile-page.json"))
    read = read_file("pages.json", json.dumps([page, page | {"text": ""}, page]).encode())
    assert len(read.records) == 1
    assert (codes(read), read.repeated) == ([("$[1].text", "page.incomplete")], 1)


def test_a_page_whose_reference_differs_from_its_text_is_quarantined(changed: Change) -> None:
    assert codes(changed(reference="RDRPT20260803005")) == [("$.reference", "page.other_reference")]


def test_a_page_without_a_reference_beside_its_text_is_read(changed: Change) -> None:
    assert str(profile(changed(reference=None)).reference) == "RDRPT20260803004"


@pytest.mark.parametrize("name", ["reference", "page_url", "title"])
def test_what_stands_beside_the_text_is_text(name: str, changed: Change) -> None:
    assert codes(changed(**{name: 7})) == [(f"$.{name}", "page.field")]


def test_an_impossible_reference_is_quarantined(changed: Change) -> None:
    assert codes(changed("RDRPT20260803004", "RDRPT20260832004")) == [("$.text", "reference.date_impossible")]


def test_a_type_that_contradicts_the_reference_is_quarantined(changed: Change) -> None:
    read = changed("Research & Development Request", "Technology Request")
    assert codes(read) == [("$.text", "profile.type_differs")]


@pytest.mark.parametrize(
    "dates", ["3 August 2026", "31 June 2026 - 3 August 2027", "3 Brumaire 2026 - 3 August 2027", ""]
)
def test_a_validity_that_is_no_two_days_is_quarantined(dates: str, changed: Change) -> None:
    assert codes(changed("3 August 2026 - 3 August 2027", dates)) == [("$.text", "date.unreadable")]


def test_a_validity_that_ends_before_it_begins_is_quarantined(changed: Change) -> None:
    read = changed("3 August 2026 - 3 August 2027", "3 August 2027 – 3 August 2026")
    assert codes(read) == [("$", "profile.expires_first")]


def test_a_deadline_for_interest_that_is_no_day_is_quarantined(changed: Change) -> None:
    assert codes(changed("Deadline for EoI 20 Aug 2026", "Deadline for EoI soon")) == [("$.text", "date.unreadable")]


def test_interest_after_the_call_has_closed_is_a_warning(changed: Change) -> None:
    record = profile(changed("Deadline for EoI 20 Aug 2026", "Deadline for EoI 11 Sep 2026"))
    assert record.eoi_deadline == date(2026, 9, 11)
    assert any("after the call has closed on 2026-09-10" in warning for warning in record.warnings)


def test_a_title_beside_the_text_is_taken(changed: Change) -> None:
    record = profile(changed(title=" Cork  against noise "))
    assert (record.title, record.warnings) == ("Cork against noise", ())


@pytest.mark.parametrize("address", ["javascript:alert(1)", "https://een.ec.europa.eu/", None])
def test_without_a_speaking_address_the_summary_gives_the_title(address: str | None, changed: Change) -> None:
    record = profile(changed(page_url=address))
    assert record.title.startswith("A Portuguese cork producer")
    assert "the title is made of the summary" in record.warnings


def test_a_page_of_another_scheme_is_left_out_with_a_warning(changed: Change) -> None:
    record = profile(changed(page_url="file:///etc/passwd"))
    assert record.public_url is None
    assert any("file:///etc/passwd" in warning for warning in record.warnings)


def test_a_page_without_summary_is_named_by_its_reference(changed: Change) -> None:
    summary = "A Portuguese cork producer prepares a project on sound barriers and seeks a laboratory. "
    assert profile(changed(summary, "", page_url=None)).title == "RDRPT20260803004"


def test_all_countries_are_no_limit(changed: Change) -> None:
    assert profile(changed("France Bosnia and Herzegovina Türkiye", "All countries")).target_countries == ()
    assert profile(changed("France Bosnia and Herzegovina Türkiye", "")).target_countries == ()


def test_what_is_no_country_is_noted(changed: Change) -> None:
    record = profile(changed("France Bosnia", "France, Far Away, Bosnia"))
    assert record.target_countries == ("FR", "BA", "TR")
    assert any("'Far Away,'" in warning for warning in record.warnings)


def test_a_country_that_is_not_known_leaves_that_of_the_reference(changed: Change) -> None:
    assert profile(changed("Company's Country Portugal", "Company’s Country Lusitania")).country == "PT"


def test_a_page_that_takes_no_interest_is_closed(changed: Change) -> None:
    assert not profile(changed("Express interest", "")).open_for_interest


def test_unknown_keywords_are_kept_aside(changed: Change) -> None:
    record = profile(changed("10004003 - Wastewater", "99999999 - Wastewater"))
    assert (record.technologies, record.unknown_keywords) == (("02009009",), ("99999999",))


@pytest.mark.parametrize(
    ("said", "status", "note"),
    [
        ("IPR status No IPR applied", IprStatus.NONE, None),
        ("IPR status IPR granted IPR notes In six states.", IprStatus.GRANTED, "In six states."),
        ("IPR status No answer yet.", None, "No answer yet."),
        ("", None, None),
    ],
)
def test_rights_are_read_with_their_note(
    said: str, status: IprStatus | None, note: str | None, changed: Change
) -> None:
    record = profile(changed("IPR status IPR applied but not yet granted A national filing of 2025.", said))
    assert (record.ipr, record.ipr_note) == (status, note)


def test_goals_may_be_none(changed: Change) -> None:
    goals = "Goal 12: Responsible Consumption and Production Goal 9: Industry, Innovation and Infrastructure"
    assert profile(changed(goals, "Not relevant")).sdgs == ()
    assert profile(changed(goals, "GOAL 99: Nothing")).sdgs == ()


def test_an_offer_without_a_call_is_read(changed: Change, good: Callable[[str], bytes]) -> None:
    text = json.loads(good("profile-page.json"))["text"]
    call = text[text.index("Call details") : text.index("Dissemination Technology")]
    assert profile(changed(call, "")).call is None


def test_a_duration_that_is_no_number_is_left_out(changed: Change) -> None:
    record = profile(changed("in weeks 104", "in weeks two years"))
    assert record.call is not None
    assert record.call.weeks is None


def test_a_text_that_is_too_long_is_quarantined(changed: Change) -> None:
    assert codes(changed("beside a railway", "x" * 30_000)) == [("$.text", "text.too_long")]
