"""EEN's code lists are read as files and pages write them, and its references are checked."""

from __future__ import annotations

from datetime import date

import pytest

from domain.kernel.refusals import Refusal
from domain.reference.een import (
    PARTNERSHIPS,
    IprStatus,
    PartnershipType,
    ProfileType,
    SoughtPartner,
    StageOfDevelopment,
    parse_ipr_status,
    parse_partner_kind,
    parse_partnership,
    parse_profile_type,
    parse_reference,
    parse_stage,
)


@pytest.mark.parametrize(
    ("text", "type"),
    [
        ("BO", ProfileType.BO),
        ("Business offer", ProfileType.BO),
        ("technology  Request", ProfileType.TR),
        ("Research & Development Request", ProfileType.RDR),
        ("Research and development request", ProfileType.RDR),
        ("RD", ProfileType.RDR),
    ],
)
def test_a_type_is_read_by_code_and_by_label(text: str, type: ProfileType) -> None:
    assert parse_profile_type(text) is type


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("SME <=10", SoughtPartner.SME_10),
        ("SME ≤ 10", SoughtPartner.SME_10),
        ("SME 11-49", SoughtPartner.SME_49),
        ("SME 50 - 249", SoughtPartner.SME_249),
        ("SME 50–249", SoughtPartner.SME_249),
        ("R & D institution", SoughtPartner.RESEARCH_INSTITUTION),
        ("Big company", SoughtPartner.BIG_COMPANY),
    ],
)
def test_a_kind_of_partner_is_read_with_any_dash_and_any_blank(text: str, kind: SoughtPartner) -> None:
    assert parse_partner_kind(text) is kind


def test_the_other_lists_are_read_by_their_labels() -> None:
    assert parse_stage("available for demonstration") is StageOfDevelopment.DEMONSTRATION
    assert parse_ipr_status("Secret Know-how") is IprStatus.SECRET
    assert parse_partnership("Research and development cooperation agreement") is PartnershipType.RESEARCH_COOPERATION
    assert parse_partnership("Investment") is parse_partnership("Investment agreement") is PartnershipType.INVESTMENT


def test_every_label_is_read_as_its_own_word() -> None:
    for parse, words in (
        (parse_profile_type, ProfileType),
        (parse_stage, StageOfDevelopment),
        (parse_ipr_status, IprStatus),
        (parse_partnership, PartnershipType),
        (parse_partner_kind, SoughtPartner),
    ):
        for word in words:
            assert parse(word.label) is word
            assert parse(word.value) is word


@pytest.mark.parametrize("text", ["", "?", "Barter", "业务"])
def test_what_no_list_knows_is_none(text: str) -> None:
    parsers = (parse_profile_type, parse_stage, parse_ipr_status, parse_partnership, parse_partner_kind)
    assert [parse(text) for parse in parsers] == [None] * len(parsers)


def test_each_type_has_its_own_partnerships() -> None:
    assert set(PARTNERSHIPS) == set(ProfileType)
    assert PARTNERSHIPS[ProfileType.RDR] == {PartnershipType.RESEARCH_COOPERATION}
    assert PartnershipType.SUPPLIER in PARTNERSHIPS[ProfileType.BO]
    assert PartnershipType.SUPPLIER not in PARTNERSHIPS[ProfileType.TO]
    assert PartnershipType.COMMERCIAL_WITH_ASSISTANCE in PARTNERSHIPS[ProfileType.TR]


def test_a_reference_says_type_country_and_day() -> None:
    reference = parse_reference("TONL20260903002")
    assert reference.type is ProfileType.TO
    assert reference.country == "NL"
    assert reference.date == date(2026, 9, 3)
    assert reference.serial == "002"
    assert str(reference) == "TONL20260903002"


def test_the_type_of_a_research_request_has_three_letters() -> None:
    reference = parse_reference("RDRGR20260731019")
    assert (reference.type, reference.letters, reference.country) == (ProfileType.RDR, "GR", "GR")


@pytest.mark.parametrize(("text", "code"), [("BOUK20240903021", "GB"), ("BOEL20240903021", "GR")])
def test_older_letters_of_countries_are_understood_and_kept(text: str, code: str) -> None:
    reference = parse_reference(text)
    assert reference.country == code
    assert str(reference) == text


def test_letters_that_name_no_country_are_kept() -> None:
    reference = parse_reference("BOZZ20240903021")
    assert (reference.letters, reference.country) == ("ZZ", None)


def test_the_text_of_a_reference_is_kept_as_it_was_given() -> None:
    reference = parse_reference(" tonl20260903002\n")
    assert reference.raw == " tonl20260903002\n"
    assert str(reference) == "TONL20260903002"


@pytest.mark.parametrize(
    "text", ["", "DRTR20240925006", "TONL2026090302", "TONL202609030021", "11 GB 4101 3KXX", "TONL２０２６0903002"]
)
def test_another_form_is_no_reference(text: str) -> None:
    with pytest.raises(Refusal, match=r"as in TONL20260903002") as refused:
        parse_reference(text)
    assert refused.value.code == "reference.malformed"


@pytest.mark.parametrize("text", ["TONL20260231002", "TONL20261301002", "TONL00000000002", "TONL19990101002"])
def test_an_impossible_day_is_refused(text: str) -> None:
    with pytest.raises(Refusal) as refused:
        parse_reference(text)
    assert refused.value.code == "reference.date_impossible"
