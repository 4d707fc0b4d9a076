"""What is exported is read back by the importer as it was, but for what the guide says is lost."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, datetime
from typing import Any
from xml.etree.ElementTree import fromstring

import pytest
from hypothesis import given
from hypothesis import strategies as st
from own_profiles import REFERENCE, full

from domain.profile_details import Call, ProfileDetails
from domain.reference.een import IprStatus, ProfileType, SoughtPartner, StageOfDevelopment
from domain.values import Bilingual
from infra.exports import b2b, pod
from infra.exports.losses import LOST
from infra.exports.profiles import Exported
from infra.imports.details import profile_details
from infra.imports.reading import read_file
from infra.imports.records import Kind, ProfileRecord

WRITERS: Mapping[Kind, Callable[[Iterable[Exported]], bytes]] = {
    Kind.POD_XML: pod.written,
    Kind.B2B_JSON: b2b.written,
}
ID = "profile_01h455vb4pex5vsknk084sn02q"
CHANGED = datetime(2026, 11, 20, 8, 30, tzinfo=UTC)
formats = pytest.mark.parametrize("kind", WRITERS)


def exported(details: ProfileDetails, **more: Any) -> Exported:
    given: dict[str, Any] = {"reference": REFERENCE, "modified": CHANGED, **more}
    return Exported(ID, details, "陕西站", **given)


def record(kind: Kind, details: ProfileDetails) -> ProfileRecord:
    """What the importer makes of the profile in a format."""
    read = read_file("exported", WRITERS[kind]([exported(details)]))
    assert (read.kind, read.quarantined) == (kind, ())
    (found,) = read.records
    assert isinstance(found, ProfileRecord)
    return found


def said(details: ProfileDetails) -> dict[str, Any]:
    """All that the details say, by the name of each field; those of the title and of the call with a dot."""
    values: dict[str, Any] = {}
    for name, value in details:
        if isinstance(value, Bilingual | Call):
            values |= {f"{name}.{part}": of_it for part, of_it in value}
        else:
            values[name] = value
    return values


@formats
def test_everything_comes_back_but_what_the_list_of_losses_names(kind: Kind) -> None:
    details = full()
    before = said(details)
    assert [name for name, value in before.items() if value in (None, ())] == []
    after = said(profile_details(record(kind, details)))
    assert {name for name in before if after.get(name) != before[name]} == LOST[kind].keys()


@formats
def test_a_full_profile_is_read_back_without_a_warning(kind: Kind) -> None:
    assert record(kind, full()).warnings == ()


@formats
def test_a_bare_profile_is_read_back_as_bare_as_it_was(kind: Kind) -> None:
    bare = ProfileDetails(type=ProfileType.RDR, title=Bilingual(zh="印染废水脱色"), country="CN")
    after = profile_details(record(kind, bare))
    expected = {"title": Bilingual(en="印染废水脱色")} | ({"updated": CHANGED.date()} if kind is Kind.B2B_JSON else {})
    assert after == bare.model_copy(update=expected)


TEXTS = st.text(min_size=1, max_size=60).filter(lambda text: bool(text.strip()))
WORDS = st.sampled_from(["<b>&amp;</b>", "]]>", "a\x0bb", "\ufffe", '"\\', "价格 < 100 万元", " x ", "&#0;", "\u2028"])


@formats
@given(text=st.one_of(TEXTS, WORDS), other=st.one_of(TEXTS, WORDS))
def test_whatever_a_text_says_it_stays_in_its_place(kind: Kind, text: str, other: str) -> None:
    try:
        details = full(summary=text, description=other, ipr_note=text)
        details = ProfileDetails.model_validate(details.model_dump())
    except ValueError:
        return
    after = record(kind, details)
    for before, back in ((details.summary, after.summary), (details.description, after.description)):
        assert plain(before) == plain(back)
    assert after.title == "Membranes against colour in waste water"


def plain(text: str | None) -> str:
    """A text without what neither XML nor the importer keeps: control characters, and how its lines end."""
    held = "" if text is None or text.strip().casefold() == "n/a" else text
    return "".join("".join(each for each in held if each.isprintable() or each in "\u2028\u2029\u00a0").split())


@formats
@pytest.mark.parametrize("stage", StageOfDevelopment)
@pytest.mark.parametrize("status", IprStatus)
def test_every_word_of_the_code_lists_comes_back(kind: Kind, stage: StageOfDevelopment, status: IprStatus) -> None:
    after = record(kind, full(stage_of_development=stage, ipr_status=status, partner_kinds=tuple(SoughtPartner)))
    assert (after.stage, after.ipr) == (stage, status)
    assert after.partner_kinds == (tuple(SoughtPartner) if kind is Kind.B2B_JSON else ())


@formats
def test_an_export_of_nothing_is_a_file_without_profiles(kind: Kind) -> None:
    read = read_file("exported", WRITERS[kind]([]))
    assert (read.kind, read.records, read.quarantined) == (kind, (), ())


def test_the_xml_has_the_root_the_items_and_the_names_of_pod() -> None:
    root = fromstring(pod.written([exported(full()), exported(full(), reference=None)]))
    assert (root.tag, [each.tag for each in root]) == ("pod", ["profile", "profile"])
    first, second = root
    assert [each.tag for each in first] == [
        "reference",
        "datum",
        "content",
        "company",
        "contact",
        "cooperation",
        "partnerships",
        "keyword",
        "program",
        "dissemination",
        "eoi",
    ]
    assert [(each.tag, each.text) for each in first[0]] == [
        ("external", REFERENCE),
        ("internal", ID),
        ("type", "RDR"),
    ]
    assert second.findtext("reference/external") == ""
    assert first.findtext("contact/organization") == "陕西站"


def test_a_profile_without_a_reference_is_named_by_our_id_and_not_read_as_another_one() -> None:
    read = read_file("pod.xml", pod.written([exported(full(), reference=None)]))
    assert [(each.where, each.code) for each in read.quarantined] == [
        ("/pod/profile[1]/reference/external", "reference.missing")
    ]


def test_the_json_has_the_members_that_the_service_gives() -> None:
    page = json.loads(b2b.written([exported(full())]))
    (item,) = page["data"]["items"]
    assert page["data"]["pagingInfo"] == {"pageIndex": 1, "pageSize": 1, "hasNext": False}
    assert (item["reference"], item["profileStatus"], item["openForEOI"]) == (REFERENCE, {"name": "PUBLISHED"}, False)
    assert item["lastModified"] == "2026-11-20T08:30:00+00:00"
    assert item["profileType"] == {"code": "RDR", "name": "Research & development request"}
