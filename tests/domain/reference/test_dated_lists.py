"""Lists whose words hold from a day on: contract classes and reasons of refusal."""

from __future__ import annotations

from datetime import date

import pytest

from domain.kernel.refusals import Refusal
from domain.reference.contracts import ContractClass, ensure_contract_class
from domain.reference.listed import Dated
from domain.reference.match_refusals import MatchRefusalReason


def test_the_licence_is_a_class_of_its_own_from_the_civil_code_on() -> None:
    four = {ContractClass.DEVELOPMENT, ContractClass.TRANSFER, ContractClass.CONSULTING, ContractClass.SERVICE}
    assert set(ContractClass.on(date(2020, 12, 31))) == four
    assert set(ContractClass.on(date(2021, 1, 1))) == {*four, ContractClass.LICENCE}


def test_a_class_that_the_law_of_the_day_does_not_know_is_refused_with_those_it_knows() -> None:
    with pytest.raises(Refusal) as refused:
        ensure_contract_class(ContractClass.LICENCE, date(2020, 12, 31))
    assert refused.value.code == "contract_class.not_in_force"
    assert "development, transfer, consulting, service" in refused.value.explanation
    with pytest.raises(Refusal, match="takes one of none"):
        ensure_contract_class(ContractClass.TRANSFER, date(1999, 9, 30))


@pytest.mark.parametrize("codes", [ContractClass, MatchRefusalReason])
def test_a_dated_word_is_read_from_its_labels(codes: type[Dated]) -> None:
    for word in codes:
        assert {codes.parse(spelling) for spelling in word.spellings} == {word}
        assert not word.zh.isascii()
