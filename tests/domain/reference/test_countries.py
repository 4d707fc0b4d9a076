"""Countries are found by the codes and names that files carry."""

from __future__ import annotations

import pytest

from domain.reference.countries import Country, country, country_name


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("NL", "NL"),
        (" NLD ", "NL"),
        ("Netherlands", "NL"),
        ("The Netherlands", "NL"),
        ("the netherlands", "NL"),
        ("UK", "GB"),
        ("GB", "GB"),
        ("Great Britain", "GB"),
        ("EL", "GR"),
        ("Greece", "GR"),
        ("Türkiye", "TR"),
        ("Turkey", "TR"),
        ("TURKIYE", "TR"),
        ("Republic of Korea", "KR"),
        ("Korea, Republic of", "KR"),
        ("South Korea", "KR"),
        ("Bosnia & Herzegovina", "BA"),
        ("Czech Republic", "CZ"),
        ("Kosovo *", "XK"),
        ("德国", "DE"),
        ("中国", "CN"),
        ("中华人民共和国", "CN"),
        ("中国台湾", "TW"),
    ],
)
def test_a_country_is_known_by_its_codes_names_and_aliases(text: str, code: str) -> None:
    found = country(text)
    assert found is not None
    assert found.code == code


@pytest.mark.parametrize("text", ["", "All countries", "and", "nl", "ZZ", "Europe", "Utopia"])
def test_what_names_no_single_country_is_none(text: str) -> None:
    assert country(text) is None


def test_a_country_has_its_name_in_english_and_in_chinese() -> None:
    assert country("GR") == Country("GR", "Greece", "希腊")
    assert country("KR") == Country("KR", "South Korea", "韩国")
    assert country("TW") == Country("TW", "Taiwan, Province of China", "中国台湾省")


@pytest.mark.parametrize(("code", "name"), [("TR", "Türkiye"), ("XK", "Kosovo")])
def test_a_code_has_a_name(code: str, name: str) -> None:
    assert country_name(code) == name


@pytest.mark.parametrize("code", ["UK", "EL", "NLD", "ZZ", "nl", ""])
def test_only_the_code_of_iso_has_a_name(code: str) -> None:
    assert country_name(code) is None
