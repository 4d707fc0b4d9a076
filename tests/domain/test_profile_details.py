"""What profiles say, and what is asked of it when they are imported, drafted and amended."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from profile_stories import (
    DRAFT,
    DRAFTED,
    FOREIGN,
    IMPORTED,
    OFFER,
    OURS,
    PUBLISH,
    details,
    drafted,
    importing,
    network,
)
from pydantic import ValidationError

from domain.profile_commands import AmendProfile
from domain.profile_details import Call, ProfileDetails
from domain.profiles import ProfilePublished
from domain.reference.een import PartnershipType, ProfileType
from domain.values import Bilingual


@pytest.mark.parametrize(
    ("reference", "code"),
    [
        ("TONL2026", "reference.malformed"),
        ("TONL20260230001", "reference.date_impossible"),
        ("TRNL20260903002", "profile.type_disagrees"),
    ],
)
def test_a_reference_is_well_formed_and_agrees_with_what_the_profile_says(reference: str, code: str) -> None:
    network().when(importing(reference=reference)).then_refused(code)


@pytest.mark.parametrize("reference", ["TODE20260903002", "TOQQ20260903002"])
def test_a_hub_may_serve_a_client_in_another_country_than_its_own(reference: str) -> None:
    assert network().when(importing(reference=reference)).refusal is None


def test_a_reference_whose_letters_name_no_country_goes_with_none() -> None:
    nowhere = importing(reference="TOQQ20260903002", details=details(FOREIGN, country=None))
    assert network().when(nowhere).refusal is None


def test_the_reference_of_our_own_agrees_with_it() -> None:
    drafted().when(PUBLISH.model_copy(update={"reference": "TRCN20260810001"})).then_refused("profile.type_disagrees")
    abroad = PUBLISH.model_copy(update={"reference": "TODE20260810001"})
    drafted().when(abroad).then_refused("profile.country_disagrees")
    published = drafted(ProfilePublished(on=PUBLISH.on, reference=PUBLISH.reference))
    moved = AmendProfile(profile_id=OURS, details=details(country="DE"))
    published.when(moved).then_refused("profile.country_disagrees")


def test_countries_of_a_profile_exist() -> None:
    network().when(importing(details=details(FOREIGN, target_countries=("CN", "ZZ")))).then_refused("country.unknown")
    ours = DRAFT.model_copy(update={"details": details(country="ZZ")})
    network().when(ours).then_refused("country.unknown")


def test_a_profile_does_not_expire_before_its_submission() -> None:
    backwards = details(FOREIGN, expires=date(2026, 9, 2))
    network().when(importing(details=backwards)).then_refused("profile.dates")
    assert network().when(importing(details=details(FOREIGN, submitted=None))).refusal is None
    assert network().when(importing(details=details(FOREIGN, expires=None))).refusal is None


def test_unknown_keywords_and_odd_partnerships_of_an_imported_profile_are_kept() -> None:
    odd = details(FOREIGN, market_keywords=("123",), partnerships=(PartnershipType.OUTSOURCING,))
    assert network().when(importing(details=odd)).then(IMPORTED.model_copy(update={"details": odd}))


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"technology_keywords": ("99999999",)}, "keyword.unknown"),
        ({"market_keywords": ("99999999",)}, "keyword.unknown"),
        ({"partnerships": (PartnershipType.OUTSOURCING,)}, "profile.partnership"),
        ({"country": None}, "profile.no_country"),
        ({"target_countries": ("CN",)}, "profile.own_country_targeted"),
        ({"submitted": date(2027, 8, 2)}, "profile.dates"),
        (
            {"eoi_deadline": date(2026, 10, 1), "call": Call(deadline=date(2026, 10, 1))},
            "profile.deadlines",
        ),
    ],
)
def test_what_our_own_profile_says_is_checked_when_drafted_and_when_amended(changes: dict[str, Any], code: str) -> None:
    wrong = details(**changes)
    network().when(DRAFT.model_copy(update={"details": wrong})).then_refused(code)
    drafted().when(AmendProfile(profile_id=OURS, details=wrong)).then_refused(code)


@pytest.mark.parametrize(
    "call", [None, Call(title="HORIZON-CL5"), Call(deadline=date(2026, 10, 2), coordinator_required=True)]
)
def test_the_deadline_for_interest_lies_before_that_of_the_call_if_there_is_one(call: Call | None) -> None:
    fine = details(eoi_deadline=date(2026, 10, 1), call=call)
    network().when(DRAFT.model_copy(update={"details": fine})).then(DRAFTED.model_copy(update={"details": fine}))


def test_a_profile_takes_interest_while_it_is_open_and_until_its_deadline() -> None:
    deadline = details(eoi_deadline=date(2026, 9, 1))
    assert OFFER.takes_interest(date(2030, 1, 1))
    assert deadline.takes_interest(date(2026, 9, 1))
    assert not deadline.takes_interest(date(2026, 9, 2))
    assert not details(open_for_interest=False).takes_interest(date(2026, 9, 1))
    assert not details(expires=None).expired(date(2030, 1, 1))


@pytest.mark.parametrize("url", ["javascript:alert(1)", "ftp://example.org", "https://", "https://a b", "x https://a"])
def test_an_address_is_one_of_the_web(url: str) -> None:
    with pytest.raises(ValidationError):
        ProfileDetails(type=ProfileType.TO, title=Bilingual(en="x"), url=url)
    with pytest.raises(ValidationError):
        Call(url=url)
