"""JSON of the partner web service that is broken, odd or hostile: none crashes the reader, none is half read."""

from __future__ import annotations

import codecs
import json
from collections.abc import Callable
from typing import Any

import pytest

from infra.imports.reading import read_file
from infra.imports.records import ProfileRecord, Read
from infra.imports.source import Bounds

Good = Callable[[str], bytes]
Changed = Callable[..., Read]


@pytest.fixture
def offer(good: Good) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(good("b2b-page.json"))["data"]["items"][0]
    return found


@pytest.fixture
def changed(offer: dict[str, Any]) -> Changed:
    """The offer read alone, with some of its members changed."""
    return lambda **members: read_file("b2b.json", json.dumps({**offer, **members}).encode())


def codes(read: Read) -> list[tuple[str, str]]:
    return [(each.where, each.code) for each in read.quarantined]


def profile(read: Read) -> ProfileRecord:
    (record,) = read.records
    assert isinstance(record, ProfileRecord), read.quarantined
    return record


def test_a_cut_off_page_gives_nothing_not_even_what_was_whole(good: Good) -> None:
    content = good("b2b-page.json")
    read = read_file("b2b.json", content[: content.rindex(b'"pagingInfo"')])
    assert (read.records, codes(read)) == ((), [("file", "json.malformed")])
    assert "data.items" in read.quarantined[0].accepted


def test_bytes_that_are_not_utf_8_are_found(good: Good) -> None:
    content = good("b2b-page.json").replace(b"A German", b"A G\xe9rman", 1)
    read = read_file("b2b.json", content)
    assert (read.records, codes(read)) == ((), [("file", "file.encoding")])
    assert f"byte {content.index(b'G' + bytes([0xE9])) + 2:,}" in read.quarantined[0].reason


def test_utf_16_is_not_read(good: Good) -> None:
    content = codecs.BOM_UTF16_LE + good("b2b-page.json").decode().encode("utf-16-le")
    assert codes(read_file("b2b.json", content)) == [("file", "file.encoding")]


def test_a_byte_order_mark_is_no_part_of_it(good: Good) -> None:
    content = good("b2b-page.json")
    assert read_file("b2b.json", codecs.BOM_UTF8 + content).records == read_file("b2b.json", content).records != ()


@pytest.mark.parametrize("nul", [b"\x00", b"\x01"])
def test_a_control_character_in_the_file_is_no_json(nul: bytes, good: Good) -> None:
    read = read_file("b2b.json", good("b2b-page.json").replace(b"Laccase", b"Lac" + nul, 1))
    assert codes(read) == [("file", "json.malformed")]


def test_an_escaped_nul_is_left_out_of_its_text(changed: Changed) -> None:
    assert profile(changed(title="Enzyme\x00 membranes")).title == "Enzyme membranes"


def test_half_a_character_costs_its_own_profile_only(offer: dict[str, Any]) -> None:
    broken = {**offer, "reference": "TODE20260911030", "description": "a \ud800 b"}
    read = read_file("b2b.json", json.dumps([broken, offer]).encode())
    assert codes(read) == [("$[0].description", "text.broken")]
    assert str(profile(read).reference) == "TODE20260911029"


@pytest.mark.parametrize("opening", [b"[", b'{"data":', b'{"data": {"items": [{"profileStatus": '])
def test_values_without_bottom_are_refused(opening: bytes) -> None:
    start = b'[{"profileStatus": "PUBLISHED"}, ' + opening * 200_000
    read = read_file("b2b.json", start)
    assert read.records == ()
    assert codes(read) == [("file", "json.too_deep")]


def test_a_listing_larger_than_its_bound_is_refused(good: Good) -> None:
    read = read_file("b2b.json", good("b2b-page.json"), bounds=Bounds(listing=1_000))
    assert (read.records, codes(read)) == ((), [("file", "file.too_large")])


def test_a_text_of_10_mb_costs_its_own_profile_only(offer: dict[str, Any]) -> None:
    long = {**offer, "reference": "TODE20260911030", "description": "x" * 10_000_000}
    read = read_file("b2b.json", json.dumps([long, offer]).encode())
    assert codes(read) == [("$[0].description", "text.too_long")]
    assert str(profile(read).reference) == "TODE20260911029"


def test_entries_without_end_are_quarantined(changed: Changed) -> None:
    assert codes(changed(targetedCountries=["CN"] * 10_000)) == [("$.targetedCountries", "profile.too_large")]


def test_a_name_that_stands_twice_is_not_chosen_from(offer: dict[str, Any]) -> None:
    text = json.dumps(offer)
    twice = text[:-1] + ', "title": "Another title"}'
    read = read_file("b2b.json", f"[{twice}, {text}]".encode())
    assert codes(read) == [("$[0]", "json.name_twice")]
    assert "title" in read.quarantined[0].reason
    assert len(read.records) == 1


def test_a_name_that_stands_twice_inside_a_member_is_found_too(offer: dict[str, Any]) -> None:
    text = json.dumps(offer).replace('{"code": "TO", ', '{"code": "TO", "code": "TR", ')
    assert codes(read_file("b2b.json", text.encode())) == [("$.profileType", "json.name_twice")]


@pytest.mark.parametrize("name", ["data", "items"])
def test_a_page_with_two_lists_is_refused(name: str, offer: dict[str, Any]) -> None:
    inner = json.dumps([offer])
    twice = f'{{"{name}": {inner}, "{name}": {inner}}}'
    assert codes(read_file("b2b.json", twice.encode())) == [("$", "json.name_twice")]


@pytest.mark.parametrize("value", [7, "text", None, [], True])
def test_an_entry_that_is_no_object_is_quarantined(value: object, offer: dict[str, Any]) -> None:
    read = read_file("b2b.json", json.dumps([offer, value]).encode())
    assert codes(read) == [("$[1]", "profile.member")]
    assert len(read.records) == 1


@pytest.mark.parametrize(
    "content", [b'{"lastModified": 1}', b'{"data": {"hasNext": true}}', b'{"items": {"hasNext": 1}}']
)
def test_json_without_profiles_is_quarantined(content: bytes) -> None:
    read = read_file("b2b.json", content)
    assert (read.kind, codes(read)) == (None, [("file", "file.unknown_kind")])


@pytest.mark.parametrize("value", [True, [], ["a"]])
def test_a_text_that_is_none_is_quarantined(value: object, changed: Changed) -> None:
    read = changed(description=value)
    assert codes(read) == [("$.description", "profile.member")]
    assert read.quarantined[0].accepted == "description as a text"


def test_a_number_may_be_a_text_and_a_text_a_number(changed: Changed) -> None:
    call = profile(changed(projectDurationInWeeks="24", anticipatedProjectBudget=1.5e6)).call
    assert call is not None
    assert (call.weeks, call.budget) == (24, "1500000.0")
    assert profile(changed(title=2026)).title == "2026"


@pytest.mark.parametrize("number", ["1e999", "-Infinity", "NaN", "9" * 5_000])
def test_what_is_no_number_of_json_is_refused_or_no_duration(number: str, offer: dict[str, Any]) -> None:
    text = json.dumps({**offer, "projectDurationInWeeks": "?"}).replace('"?"', number)
    read = read_file("b2b.json", text.encode())
    if read.records:
        assert profile(read).call is None
        assert any("the duration in weeks" in warning for warning in profile(read).warnings)
    else:
        assert codes(read) == [("file", "json.malformed")]


@pytest.mark.parametrize("status", [None, "", "RETIRED", {"id": 3}, "GONE"])
def test_a_status_that_een_does_not_know_is_quarantined(status: object, changed: Changed) -> None:
    read = changed(profileStatus=status)
    assert codes(read) == [("$.profileStatus", "profile.status_unknown")]
    assert "ON_HOLD" in read.quarantined[0].accepted


@pytest.mark.parametrize(
    ("reference", "code"),
    [("TODE20260231002", "reference.date_impossible"), ("TO-1", "reference.malformed"), (None, "reference.missing")],
)
def test_a_profile_with_an_impossible_reference_is_quarantined(reference: object, code: str, changed: Changed) -> None:
    assert codes(changed(reference=reference)) == [("$.reference", code)]


@pytest.mark.parametrize(("type", "code"), [("TR", "profile.type_differs"), ({"code": "XX"}, "profile.type_unknown")])
def test_a_type_that_contradicts_the_reference_is_quarantined(type: object, code: str, changed: Changed) -> None:
    assert codes(changed(profileType=type)) == [("$.profileType", code)]


def test_a_type_may_be_left_to_the_reference(changed: Changed) -> None:
    assert profile(changed(profileType=None)).type == "TO"


def test_a_profile_without_a_title_is_quarantined(changed: Changed) -> None:
    assert codes(changed(title="N/A")) == [("$.title", "profile.untitled")]


def test_an_expiry_before_the_publication_is_quarantined(changed: Changed) -> None:
    assert codes(changed(expirationDate="2026-09-10")) == [("$", "profile.expires_first")]


@pytest.mark.parametrize("name", ["expirationDate", "deadlineForEoI"])
def test_a_day_on_which_it_hangs_whether_it_is_open_is_readable_or_quarantined(name: str, changed: Changed) -> None:
    assert codes(changed(**{name: "2027-02-30"})) == [(f"$.{name}", "date.unreadable")]


@pytest.mark.parametrize("name", ["created", "publicationDate", "lastModified", "deadlineOfTheCall"])
def test_another_day_that_is_none_is_left_out_with_a_warning(name: str, changed: Changed) -> None:
    (warning,) = profile(changed(**{name: "soon"})).warnings
    assert warning.endswith("is not known and left out: 'soon'")


@pytest.mark.parametrize("address", ["javascript:alert(1)", "https://user:password@example.org", "//example.org"])
def test_an_address_that_no_reader_should_be_sent_to_is_left_out(address: str, changed: Changed) -> None:
    record = profile(changed(publicURL=address, webLinkToTheCall=address))
    assert (record.public_url, record.call) == (None, None)
    assert len(record.warnings) == 2


def test_a_limited_record_that_names_nothing_is_quarantined() -> None:
    read = read_file("b2b.json", b'[{"profileStatus": "EXPIRED", "title": "N/A", "id": null}]')
    assert codes(read) == [("$[0]", "profile.unnamed")]
