"""XML that is broken, odd or hostile: none crashes the reader, none is half read."""

from __future__ import annotations

import tracemalloc
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from domain.reference.een import PartnershipType, StageOfDevelopment
from infra.imports.reading import read_file
from infra.imports.records import Call, ProfileRecord, Read

Pod = Callable[..., bytes]
Good = Callable[[str], bytes]

LAUGHS = """<?xml version="1.0"?>
<!DOCTYPE pod [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;"><!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;">]>
<pod><profile><content><title>&c;</title></content></profile></pod>
"""


def codes(read: Read) -> list[tuple[str, str]]:
    return [(each.where, each.code) for each in read.quarantined]


def profile(read: Read) -> ProfileRecord:
    (record,) = read.records
    assert isinstance(record, ProfileRecord)
    return record


def test_billion_laughs_are_refused() -> None:
    read = read_file("pod.xml", LAUGHS.encode())
    assert (read.records, codes(read)) == ((), [("file", "xml.doctype")])


@pytest.mark.parametrize("declaration", ['SYSTEM "{secret}"', '[<!ENTITY x SYSTEM "{secret}">]'])
def test_external_entities_are_refused(declaration: str, pod: Pod, tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_text("hidden")
    doctype = f"<!DOCTYPE pod {declaration.format(secret=secret.as_uri())}>"
    read = read_file("pod.xml", doctype.encode() + pod(title="&x;"))
    assert (read.records, codes(read)) == ((), [("file", "xml.doctype")])
    assert "hidden" not in repr(read)


def test_an_entity_that_nobody_declared_is_refused(pod: Pod) -> None:
    assert codes(read_file("pod.xml", pod(title="&x;"))) == [("file", "xml.malformed")]


def test_a_cut_off_file_gives_nothing_not_even_what_was_whole(good: Good) -> None:
    content = good("pod-open-profiles.xml")
    read = read_file("pod.xml", content[: content.rindex(b"</profile>")])
    assert (read.records, codes(read)) == ((), [("file", "file.cut_off")])


def test_a_fault_behind_whole_profiles_leaves_none_of_them(good: Good) -> None:
    read = read_file("pod.xml", good("pod-open-profiles.xml").replace(b"</pod>", b"</dop>"))
    assert (read.records, codes(read)) == ((), [("file", "xml.malformed")])


def test_bytes_that_are_not_of_the_encoding_are_found(good: Good) -> None:
    content = good("pod-open-profiles.xml")
    read = read_file("pod.xml", content.replace(b"A Spanish", b"A Espa\xf1ol", 1))
    assert (read.records, codes(read)) == ((), [("file", "file.encoding")])
    assert f"byte {content.index(b'A Spanish') + 7:,}" in read.quarantined[0].reason


@pytest.mark.parametrize(
    ("declared", "written"),
    [
        ("GB18030", "gb18030"),
        ("gb2312", "gb18030"),
        ("ISO-8859-1", "latin-1"),
        ("utf-8", "utf-8"),
        ("UTF-16", "utf-16"),
    ],
)
def test_a_declared_encoding_is_followed(declared: str, written: str, pod: Pod) -> None:
    title = "Säge" if written == "latin-1" else "锯"
    declaration = f'<?xml version="1.0" encoding="{declared}"?>'
    read = read_file("pod.xml", (declaration + pod(title=title).decode()).encode(written))
    assert profile(read).title == title


@pytest.mark.parametrize("declared", ["UTF-7", "utf-16", "koi8-r", "zip"])
def test_an_encoding_that_is_not_read_is_refused(declared: str, pod: Pod) -> None:
    read = read_file("pod.xml", f'<?xml version="1.0" encoding="{declared}"?>'.encode() + pod())
    assert codes(read) == [("file", "file.encoding")]


@pytest.mark.parametrize(
    ("inside", "after"),
    [(b"<!--%s-->", b""), (b"<a b='%s'/>", b""), (b"<%s/>", b""), (b"", b" " * 50_000_000)],
)
def test_mark_up_of_50_mb_is_refused_and_takes_no_room(inside: bytes, after: bytes, pod: Pod) -> None:
    content = b"<pod>" + inside.replace(b"%s", b"x" * 50_000_000) + pod()[5:] + after
    tracemalloc.start()
    try:
        read = read_file("pod.xml", content)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert (read.records, codes(read)) == ((), [("file", "xml.piece_too_long")])
    assert peak < 8_000_000


def test_a_text_of_50_mb_costs_its_own_profile_only(good: Good) -> None:
    content = good("pod-open-profiles.xml").replace(b"No sludge", b"x" * 50_000_000)
    tracemalloc.start()
    try:
        read = read_file("pod.xml", content)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert codes(read) == [("/pod/profile[1]/cooperation/plusvalue", "text.too_long")]
    assert str(profile(read).reference) == "TRES20260815007"
    assert peak < 8_000_000


def test_elements_without_bottom_are_refused() -> None:
    assert codes(read_file("pod.xml", b"<pod><profile>" + b"<a>" * 1_000_000)) == [("file", "xml.too_deep")]


def test_a_profile_with_values_without_end_is_quarantined(pod: Pod) -> None:
    keys = "<technology><key>1</key></technology>" * 3_000
    read = read_file("pod.xml", pod(f"<keyword><technologies>{keys}</technologies></keyword>"))
    assert codes(read) == [("/pod/profile[1]", "profile.too_large")]


def test_xml_of_another_kind_is_quarantined() -> None:
    read = read_file("pod.xml", b"<OAI-PMH><ListRecords/></OAI-PMH>")
    assert (read.kind, codes(read)) == (None, [("file", "file.unknown_kind")])


def test_what_is_no_profile_is_counted(pod: Pod) -> None:
    read = read_file("pod.xml", pod().replace(b"</pod>", b"<event><title>Fair</title></event></pod>"))
    assert len(read.records) == 1
    assert read.notes == ("elements that are no profiles and are not read: 1",)


def test_a_keyword_that_no_list_knows_is_kept_aside_with_a_warning(pod: Pod) -> None:
    technologies = "<technology><key>99999999</key></technology><technology><key>10004003</key></technology>"
    record = profile(read_file("pod.xml", pod(f"<keyword><technologies>{technologies}</technologies></keyword>")))
    assert (record.technologies, record.unknown_keywords) == (("10004003",), ("99999999",))
    assert record.warnings == ("the technology keyword '99999999' is not in the list",)


def test_a_keyword_without_a_code_is_found_by_its_label(pod: Pod) -> None:
    labels = (
        "<technology><key/><label>Wastewater Recycling</label></technology><technology><label>?</label></technology>"
    )
    markets = "<market><key>01001003</key><label>ignored</label></market>"
    inside = f"<keyword><technologies>{labels}</technologies><markets>{markets}</markets></keyword>"
    record = profile(read_file("pod.xml", pod(inside)))
    assert (record.technologies, record.markets) == (("10004003",), ("01001003",))
    assert record.warnings == ("a technology keyword is not known and left out: '?'",)


@pytest.mark.parametrize(
    ("reference", "code"),
    [("TONL20260231002", "reference.date_impossible"), ("TO-1", "reference.malformed"), (" ", "reference.missing")],
)
def test_a_profile_with_an_impossible_reference_is_quarantined(reference: str, code: str, pod: Pod) -> None:
    read = read_file("pod.xml", pod(reference=reference))
    assert (read.records, codes(read)) == ((), [("/pod/profile[1]/reference/external", code)])
    assert "TONL20260903002" in read.quarantined[0].accepted


@pytest.mark.parametrize(("type", "code"), [("TR", "profile.type_differs"), ("XX", "profile.type_unknown")])
def test_a_type_that_contradicts_the_reference_is_quarantined(type: str, code: str, pod: Pod) -> None:
    assert codes(read_file("pod.xml", pod(type=type))) == [("/pod/profile[1]/reference/type", code)]


def test_a_type_may_be_left_to_the_reference(pod: Pod) -> None:
    assert profile(read_file("pod.xml", pod(type=""))).type == "TO"


def test_a_profile_without_a_title_is_quarantined(pod: Pod) -> None:
    assert codes(read_file("pod.xml", pod(title=" "))) == [("/pod/profile[1]/content/title", "profile.untitled")]


def test_an_expiry_before_the_submission_is_quarantined(pod: Pod) -> None:
    dates = "<datum><submit>2026-09-03T00:00:00</submit><deadline>2026-09-02T00:00:00</deadline></datum>"
    assert codes(read_file("pod.xml", pod(dates))) == [("/pod/profile[1]", "profile.expires_first")]


def test_an_expiry_that_is_no_day_is_quarantined(pod: Pod) -> None:
    read = read_file("pod.xml", pod("<datum><deadline>2027-02-30T00:00:00</deadline></datum>"))
    assert codes(read) == [("/pod/profile[1]/datum/deadline", "date.unreadable")]


def test_another_date_that_is_no_day_is_left_out_with_a_warning(pod: Pod) -> None:
    record = profile(read_file("pod.xml", pod("<datum><submit>soon</submit><update>20260904</update></datum>")))
    assert (record.submitted, record.updated) == (None, date(2026, 9, 4))
    assert record.warnings == ("the date of submission is not known and left out: 'soon'",)


def test_the_same_reference_with_other_content_is_quarantined(good: Good) -> None:
    content = good("pod-open-profiles.xml").replace(b"TRES20260815007", b"TONL20260903002").replace(b">TR<", b">TO<")
    read = read_file("pod.xml", content)
    assert codes(read) == [("/pod/profile[2]", "record.duplicate")]
    assert "/pod/profile[1]" in read.quarantined[0].reason
    assert profile(read).title.startswith("Electro-oxidation")


def test_an_identical_repetition_is_counted(pod: Pod) -> None:
    one = pod().removeprefix(b"<pod>").removesuffix(b"</pod>")
    read = read_file("pod.xml", b"<pod>" + one * 3 + b"</pod>")
    assert (len(read.records), read.quarantined, read.repeated) == (1, (), 2)


@pytest.mark.parametrize(
    "address",
    [
        "javascript:alert(1)",
        "file:///etc/passwd",
        "data:text/html,x",
        "https://",
        "//example.org",
        "www.example.org",
        "https://user:password@example.org",
        "https://exa mple.org",
        "https://[",
        "https://example.org/" + "x" * 3_000,
    ],
)
def test_an_address_that_no_reader_should_be_sent_to_is_left_out(address: str, pod: Pod) -> None:
    inside = f"<program><framework>Eureka</framework><call><website>{address}</website></call></program>"
    record = profile(read_file("pod.xml", pod(inside, reference="RDRGR20260731019", type="RDR")))
    assert record.call == Call(framework="Eureka")
    assert "no http or https address" in record.warnings[0]
    assert len(record.warnings[0]) < 200


def test_the_scheme_of_an_address_is_written_in_small_letters(pod: Pod) -> None:
    record = profile(read_file("pod.xml", pod("<program><url>HTTPS://Example.org/Call</url></program>")))
    assert record.call == Call(url="https://Example.org/Call")


def test_texts_that_are_too_long_together_are_quarantined(pod: Pod) -> None:
    partner = f"<partner><area>{'x' * 15_000}</area><sought>{'y' * 15_000}</sought></partner>"
    read = read_file("pod.xml", pod(f"<cooperation>{partner}</cooperation>"))
    assert codes(read) == [("/pod/profile[1]/cooperation/partner/area", "text.too_long")]


def test_everything_else_that_a_profile_says_is_kept(pod: Pod) -> None:
    inside = """
      <company><country><key>EL</key></country></company>
      <contact><organization>Hub</organization><organizationcountry><label>Greece</label></organizationcountry></contact>
      <cooperation>
        <stagedev><stage>Lab tested</stage><comment>TRL 5</comment></stagedev>
        <ipr><status>Trade secret</status><comment>two filings</comment></ipr>
        <partner><area>Dyers</area><sought>A dye house</sought><task>Tests the unit</task></partner>
      </cooperation>
      <partnerships><string>Investment agreement</string><string>Supplier agreement</string></partnerships>
      <program>
        <framework>Eureka</framework><programme>Eurostars</programme><acronym>BLUE</acronym>
        <call><deadline>20260910000000000</deadline><website>https://example.org/call</website></call>
        <funding>National</funding><evaluation>One stage</evaluation><coordinator>true</coordinator>
        <duration>104 weeks</duration><prebudget>1.500.000 Euro</prebudget>
      </program>
      <dissemination><preferred><country><key>FR</key></country><country><key>Utopia</key></country></preferred></dissemination>
      <eoi><status>false</status></eoi>"""
    record = profile(read_file("pod.xml", pod(inside, reference="TOEL20260903002")))
    assert (record.country, record.target_countries, record.open_for_interest) == ("GR", ("FR",), False)
    assert record.contact is not None
    assert record.contact.country == "GR"
    assert (record.stage, record.stage_note) == (StageOfDevelopment.LAB_TESTED, "TRL 5")
    assert (record.ipr, record.ipr_note) == (None, "two filings")
    assert (record.partner_sought, record.partner_role) == ("Dyers\nA dye house", "Tests the unit")
    assert record.partnerships == (PartnershipType.INVESTMENT, PartnershipType.SUPPLIER)
    assert record.call == Call(
        framework="Eureka / Eurostars",
        scheme="National\nOne stage",
        budget="1.500.000 Euro",
        deadline=date(2026, 9, 10),
        weeks=104,
        url="https://example.org/call",
        project="BLUE",
        coordinator_required=True,
    )
    assert record.warnings == (
        "the IPR status is not known and left out: 'Trade secret'",
        "a country is not known and left out: 'Utopia'",
        "'Supplier agreement' is no partnership that a TO may look for",
    )


def test_a_duration_without_its_unit_is_left_out(pod: Pod) -> None:
    record = profile(read_file("pod.xml", pod("<program><duration>24</duration></program>")))
    assert record.call is None
    assert record.warnings == ("the duration in weeks is not known and left out: '24'",)


@pytest.mark.parametrize(("status", "is_open"), [("true", True), ("1", True), ("no", False), ("perhaps", False)])
def test_only_a_plain_yes_keeps_a_stated_door_open(status: str, is_open: bool, pod: Pod) -> None:
    record = profile(read_file("pod.xml", pod(f"<eoi><status>{status}</status></eoi>")))
    assert record.open_for_interest is is_open
    assert len(record.warnings) == (status == "perhaps")


def test_letters_of_no_country_are_a_warning(pod: Pod) -> None:
    record = profile(read_file("pod.xml", pod(reference="TOZZ20260903002")))
    assert record.country is None
    assert record.warnings == ("the letters ZZ in TOZZ20260903002 name no country",)


def test_mark_up_inside_a_text_does_not_swallow_it(pod: Pod) -> None:
    assert profile(read_file("pod.xml", pod(title="An <b>anaerobic</b> unit"))).title == "An anaerobic unit"
