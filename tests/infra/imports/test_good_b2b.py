"""The JSON of EEN's partner web service gives exactly what it says, and a limited record no more than it does."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any

import pytest

from domain.profile_standing import SourceStatus
from domain.reference.een import IprStatus, PartnershipType, SoughtPartner, StageOfDevelopment, parse_reference
from infra.imports.b2b_profile import REPORTED
from infra.imports.reading import read_file
from infra.imports.records import Call, Kind, ProfileRecord, Read, StandingRecord

Good = Callable[[str], bytes]


@pytest.fixture
def items(good: Good) -> list[dict[str, Any]]:
    """The profiles of the page: an offer, an R&D request, and a limited record."""
    found: list[dict[str, Any]] = json.loads(good("b2b-page.json"))["data"]["items"]
    return found


def read(content: object) -> Read:
    return read_file("b2b.json", json.dumps(content).encode())


def one(content: object) -> ProfileRecord:
    found = read(content)
    (record,) = found.records
    assert isinstance(record, ProfileRecord)
    return record


def test_a_page_is_read(good: Good) -> None:
    found = read_file("page.json", good("b2b-page.json"))
    assert (found.kind, found.encoding, found.quarantined, found.repeated) == (Kind.B2B_JSON, "utf-8", (), 0)
    offer, request, limited = found.records
    assert offer == ProfileRecord(
        where="$.data.items[0]",
        source_system="een",
        source_id="900001",
        status=SourceStatus.PUBLISHED,
        modified=datetime(2026, 10, 2, 9, 30, 0, 123456, UTC),
        reference=parse_reference("TODE20260911029"),
        title="Maker of enzyme membranes offers the removal of dyes from process water",
        summary="A German SME offers membranes with bound enzymes that take colour out of process water.",
        description="Laccase is bound to a ceramic membrane. Two mills have run it for eight months.",
        advantages="No oxidant and little sludge.",
        partner_role="The partner tries the membrane in its dye house and reports on the colour.",
        stage=StageOfDevelopment.DEMONSTRATION,
        ipr=IprStatus.APPLIED,
        partnerships=(PartnershipType.COMMERCIAL_WITH_ASSISTANCE, PartnershipType.RESEARCH_COOPERATION),
        partner_kinds=(SoughtPartner.SME_249, SoughtPartner.BIG_COMPANY),
        technologies=("10004003", "02009009"),
        markets=("08004002",),
        sdgs=(6, 12),
        country="DE",
        target_countries=("CN", "GB", "GR"),
        submitted=date(2026, 9, 9),
        updated=date(2026, 10, 2),
        published=date(2026, 9, 11),
        expires=date(2099, 9, 11),
        public_url="https://een.ec.europa.eu/partnering-opportunities/enzyme-membranes",
    )
    assert request == ProfileRecord(
        where="$.data.items[1]",
        source_system="een",
        source_id="900002",
        status=SourceStatus.PUBLISHED,
        modified=datetime(2026, 10, 5, tzinfo=UTC),
        reference=parse_reference("RDRUK20260820005"),
        title="Consortium seeks a speech laboratory for a Eureka project",
        summary="A British company prepares a Eureka project on speech processing and seeks a laboratory.",
        description="The laboratory measures how well speech is understood beside a loom.",
        technical_specification="Listening tests in noise above 85 dB.",
        partner_role="The partner leads the tests.",
        partnerships=(PartnershipType.RESEARCH_COOPERATION,),
        partner_kinds=(SoughtPartner.UNIVERSITY, SoughtPartner.RESEARCH_INSTITUTION),
        technologies=("01003017",),
        country="GB",
        submitted=date(2026, 8, 20),
        updated=date(2026, 10, 5),
        published=date(2026, 8, 20),
        expires=date(2099, 8, 20),
        eoi_deadline=date(2099, 9, 1),
        call=Call(
            framework="Eureka",
            title="https://example.org/call",
            scheme="Single stage",
            budget="750000",
            deadline=date(2099, 9, 22),
            weeks=104,
            url="https://example.org/call",
            coordinator_required=False,
        ),
        open_for_interest=False,
    )
    assert limited == StandingRecord(
        where="$.data.items[2]",
        source_system="een",
        source_id="900003",
        status=SourceStatus.EXPIRED,
        modified=datetime(2026, 10, 6, tzinfo=UTC),
    )
    assert [record.warnings for record in found.records] == [(), (), ()]


def test_a_profile_a_list_and_a_page_say_the_same(items: list[dict[str, Any]]) -> None:
    whole = {"data": {"items": items, "pagingInfo": {"hasNext": False}}}
    records = read(whole).records
    assert read(items).records == read({"items": items}).records == read({"data": items}).records == records
    assert read(items[0]).records == records[:1]
    assert [record.where for record in (*read(items[0]).records, *read(items).records)][:2] == ["$", "$[0]"]


def test_a_page_without_profiles_is_no_fault() -> None:
    empty = read({"data": {"items": [], "pagingInfo": {"hasNext": False}}})
    assert (empty.kind, empty.records, empty.quarantined) == (Kind.B2B_JSON, (), ())


@pytest.mark.parametrize("status", REPORTED)
@pytest.mark.parametrize("written", [str.upper, lambda name: {"id": 1, "name": name.upper()}, str.title])
def test_every_status_is_known_however_it_is_wrapped(
    status: SourceStatus, written: Callable[[str], Any], items: list[dict[str, Any]]
) -> None:
    assert one({**items[0], "profileStatus": written(status.value)}).status is status


def test_what_is_published_is_not_open_for_that(items: list[dict[str, Any]]) -> None:
    closed = [one({**items[0], "openForEOI": said}) for said in (False, "no", None)]
    assert [(each.status, each.open_for_interest) for each in closed] == [(SourceStatus.PUBLISHED, False)] * 3
    assert closed[2].warnings == ("openForEOI says nothing: it counts as closed for interest",)
    assert one({**items[0], "openForEOI": "true"}).open_for_interest


@pytest.mark.parametrize("budget", ["Approx. EUR 700000-900000", "1.500.000 Euro", "750000"])
def test_a_budget_stays_the_text_that_it_is(budget: str, items: list[dict[str, Any]]) -> None:
    call = one({**items[1], "anticipatedProjectBudget": budget}).call
    assert call is not None
    assert call.budget == budget


@pytest.mark.parametrize(
    ("written", "code"),
    [
        ("01003017", "01003017"),
        ("01003017 - Speech Processing/Technology", "01003017"),
        ({"id": 7, "uuid": "a", "name": "Speech Processing/Technology"}, "01003017"),
        ({"acronym": "04007001", "name": "Energy management"}, "04007001"),
        ({"code": "004006001", "name": "Energy management"}, "004006001"),
    ],
)
def test_keywords_of_both_generations_are_known_by_code_or_by_label(
    written: object, code: str, items: list[dict[str, Any]]
) -> None:
    assert one({**items[0], "technologyKeywords": [written]}).technologies == (code,)


def test_a_label_of_both_generations_is_no_key(items: list[dict[str, Any]]) -> None:
    record = one({**items[0], "technologyKeywords": [{"name": "Energy management"}]})
    assert (record.technologies, record.unknown_keywords) == ((), ("Energy management",))
    assert record.warnings == ("the technology keyword 'Energy management' is not in the list",)


@pytest.mark.parametrize(("written", "goals"), [("GOAL 16: Peace", (16,)), ("Goal 16", (16,)), ("not relevant", ())])
def test_goals_are_read_however_they_are_written(
    written: str, goals: tuple[int, ...], items: list[dict[str, Any]]
) -> None:
    record = one({**items[0], "sdgKeywords": [written]})
    assert (record.sdgs, record.warnings) == (goals, ())


def test_codes_that_no_list_knows_are_left_out_with_a_warning(items: list[dict[str, Any]]) -> None:
    odd = {
        "stageOfDevelopment": "Dreamt of",
        "typesOfPartnership": ["Barter", "Investment agreement"],
        "typesAndSizes": [{"name": "Guild"}],
        "targetedCountries": ["Utopia", "Türkiye"],
        "sdgKeywords": ["GOAL 99: Nothing"],
    }
    record = one({**items[0], **odd})
    assert (record.stage, record.partnerships, record.partner_kinds) == (None, (PartnershipType.INVESTMENT,), ())
    assert (record.target_countries, record.sdgs) == (("TR",), ())
    quoted = [next(word for word in each.split("'") if word) for each in record.warnings]
    assert len(quoted) == 5
    assert all(any(name in warning for warning in record.warnings) for name in ("Dreamt", "Barter", "Guild", "Utopia"))


@pytest.mark.parametrize(
    ("name", "most"),
    [
        ("title", 256),
        ("shortSummary", 500),
        ("description", 4_000),
        ("advantagesAndInnovation", 2_000),
        ("expectedRoleOfThePartner", 4_000),
        ("technicalSpecificationOrExpertiseSought", 2_000),
    ],
)
def test_a_text_beyond_the_length_that_een_takes_is_kept_and_noted(
    name: str, most: int, items: list[dict[str, Any]]
) -> None:
    assert one({**items[0], name: "x" * most}).warnings == ()
    noted = one({**items[0], name: "x" * (most + 1)})
    assert noted.warnings == (f"{name} has {most + 1:,} characters, of which EEN takes {most:,}",)


def test_days_that_contradict_each_other_are_noted(items: list[dict[str, Any]]) -> None:
    backwards = one({**items[0], "created": "2026-10-01", "lastModified": "2026-09-30T00:00:00Z"})
    assert backwards.warnings == (
        "it was published on 2026-09-11, before it was created on 2026-10-01",
        "it was last changed on 2026-09-30, before it was created on 2026-10-01",
    )
    late = one({**items[1], "deadlineForEoI": "2099-09-23"})
    assert late.warnings == ("interest may be expressed until 2099-09-23, after the call has closed on 2099-09-22",)


def test_not_available_is_no_value_anywhere(items: list[dict[str, Any]]) -> None:
    record = one({**items[1], "technicalSpecificationOrExpertiseSought": " n/a ", "typesAndSizes": ["N/A"]})
    assert (record.technical_specification, record.partner_kinds, record.warnings) == (None, (), ())


def test_two_states_of_a_profile_stand_in_one_file(items: list[dict[str, Any]]) -> None:
    later = {**items[0], "title": "Another title", "lastModified": "2026-10-03T00:00:00Z"}
    found = read([items[0], later, items[0], {**items[0], "title": "A third"}])
    assert (len(found.records), found.repeated) == (2, 1)
    assert [(each.where, each.code) for each in found.quarantined] == [("$[3]", "record.duplicate")]
