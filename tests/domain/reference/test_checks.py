"""Checks against reference data, made when something is first recorded."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from domain.kernel.refusals import Refusal
from domain.reference.checks import ensure_country, ensure_credit_code, ensure_keywords, ensure_region

CREDIT_CODE = "91110000600037341L"


def code_of(check: Callable[[], None]) -> str:
    with pytest.raises(Refusal) as refusal:
        check()
    return refusal.value.code


def test_a_region_is_one_of_the_standard() -> None:
    ensure_region("330600")
    assert code_of(lambda: ensure_region("999999")) == "region.unknown"


def test_a_country_is_one_of_the_standard() -> None:
    ensure_country("NL")
    assert code_of(lambda: ensure_country("ZZ")) == "country.unknown"
    assert code_of(lambda: ensure_country("nl")) == "country.unknown"


def test_the_last_character_of_a_credit_code_checks_the_others() -> None:
    ensure_credit_code(CREDIT_CODE)
    assert code_of(lambda: ensure_credit_code("91110000600037342L")) == "credit_code.invalid"


@pytest.mark.parametrize(
    "spelling", [CREDIT_CODE.lower(), f" {CREDIT_CODE}", "9111 0000 6000 3734 1L", "9-1110000600037341L"]
)
def test_a_credit_code_has_one_spelling_so_that_it_can_belong_to_one_organisation(spelling: str) -> None:
    assert code_of(lambda: ensure_credit_code(spelling)) == "credit_code.invalid"


@pytest.mark.parametrize("code", ["", "1", "9" * 18, "９" * 18, "91110000600037341I"])
def test_what_is_no_credit_code_is_refused(code: str) -> None:
    assert code_of(lambda: ensure_credit_code(code)) == "credit_code.invalid"


def test_what_is_not_given_is_not_checked() -> None:
    ensure_region(None)
    ensure_country(None)
    ensure_credit_code(None)
    ensure_keywords()


def test_keywords_stand_in_the_list_that_they_are_taken_from() -> None:
    ensure_keywords(technology=["01003017"], market=["02007016"])
    assert code_of(lambda: ensure_keywords(technology=["02007016x"])) == "keyword.unknown"
    assert code_of(lambda: ensure_keywords(market=["99999999"])) == "keyword.unknown"
    assert code_of(lambda: ensure_keywords(technology=["01003017", "x"])) == "keyword.unknown"
