"""The code lists of the register of achievements, as forms old and new write them."""

from __future__ import annotations

import pytest

from domain.reference.achievements import AchievementKind, IpForm, Level, Maturity, Secrecy
from domain.reference.listed import Listed


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("完成中试", Maturity.PILOT),
        (" 小 试 ", Maturity.LAB_TRIAL),
        ("成熟应用阶段", Maturity.WIDE_USE),
        ("国内领先", Level.NATIONAL_LEADING),
        ("技术开发类应用技术", AchievementKind.APPLIED),
        ("实用新型专利", IpForm.UTILITY_MODEL),
        ("PILOT completed", Maturity.PILOT),
        ("small_production", Maturity.SMALL_PRODUCTION),
        ("公开", Secrecy.OPEN),
        ("机密", Secrecy.SECRET),
    ],
)
def test_a_word_of_a_form_is_read(text: str, meant: Listed) -> None:
    assert type(meant).parse(text) is meant


def test_a_word_of_no_list_is_not_read() -> None:
    assert Maturity.parse("国内领先") is None
    assert Secrecy.parse("") is None


@pytest.mark.parametrize("codes", [Maturity, Level, AchievementKind, IpForm, Secrecy])
def test_no_spelling_means_two_words_of_a_list(codes: type[Listed]) -> None:
    for word in codes:
        assert {codes.parse(spelling) for spelling in word.spellings} == {word}


@pytest.mark.parametrize("codes", [Maturity, Level, AchievementKind, IpForm, Secrecy])
def test_every_word_has_its_label_in_both_languages(codes: type[Listed]) -> None:
    for word in codes:
        assert not word.zh.isascii()
        assert word.en.isascii()
