"""What the sample network speaks of: topics with real keyword codes, invented names, credit codes that check."""

from __future__ import annotations

import re

import pytest
from stdnum.cn import uscc

from domain.organisations import OrganisationKind
from domain.reference.checks import ensure_country, ensure_region
from domain.reference.countries import country
from domain.reference.fields import TechnologyField
from domain.reference.keywords import market_keywords, technology_keywords
from infra.sample.abroad import countries
from infra.sample.chance import chance
from infra.sample.data import data
from infra.sample.names import credit_code, organisation_name, phone
from infra.sample.posts import counties
from infra.sample.topics import ENGLISH, GROUPS, Topic, topics, variant

TEXTS = ("need", "why", "goal", "result", "how", "offer", "offers", "request", "asks", "product")
CHINESE = re.compile(r"[\u4e00-\u9fff]")


def test_there_are_about_sixty_topics_and_more_of_every_group() -> None:
    assert len(topics()) >= 60
    assert len({topic.key for topic in topics()}) == len(topics())
    assert {topic.group for topic in topics()} == set(GROUPS)


@pytest.mark.parametrize("topic", topics(), ids=lambda topic: topic.key)
def test_a_topic_carries_keyword_codes_that_a_profile_may_carry(topic: Topic) -> None:
    assert all(technology_keywords().selectable(code) for code in topic.technology)
    assert all(market_keywords().selectable(code) for code in topic.market)
    assert topic.technology
    assert topic.market
    assert TechnologyField.OTHER not in topic.fields


@pytest.mark.parametrize("topic", topics(), ids=lambda topic: topic.key)
def test_a_topic_speaks_chinese_to_those_who_need_and_english_to_those_abroad(topic: Topic) -> None:
    for number in range(6):
        rng = chance("texts", topic.key, number)
        said = variant(topic, rng)
        for kind in TEXTS:
            text = said.text(kind, rng)
            assert bool(CHINESE.search(text)) is (kind not in ENGLISH), text
            assert "{" not in text


def test_every_topic_says_something_of_its_own() -> None:
    written = [topic.texts[kind] for topic in topics() for kind in ("why", "goal", "how", "offers", "asks")]
    assert len(set(written)) == len(written)


@pytest.mark.parametrize(
    "kind", [OrganisationKind.ENTERPRISE, OrganisationKind.UNIVERSITY, OrganisationKind.ASSOCIATION]
)
def test_credit_codes_check_and_so_do_the_organisation_codes_inside(kind: OrganisationKind) -> None:
    codes = [credit_code(kind, "330603", chance("codes", number)) for number in range(300)]
    for code in codes:
        assert uscc.is_valid(code)
        assert code[2:8] == "330603"
        weighted = sum(w * int(c, 36) for w, c in zip((3, 7, 9, 10, 5, 8, 4, 2), code[8:16], strict=True))
        assert (weighted + ("0123456789X".index(code[16]))) % 11 == 0
    assert any(code[16] == "X" for code in codes)
    assert any(code[16] == "0" for code in codes)


@pytest.mark.parametrize(
    ("kind", "ending"),
    [
        (OrganisationKind.ENTERPRISE, "有限公司"),
        (OrganisationKind.INSTITUTE, "研究院"),
        (OrganisationKind.ASSOCIATION, "协会"),
    ],
)
def test_an_organisation_is_called_what_it_is(kind: OrganisationKind, ending: str) -> None:
    name = organisation_name(kind, ("绍兴", "Shaoxing"), "energy", chance("name"))
    assert name.zh
    assert name.en
    assert name.zh.startswith("绍兴")
    assert name.zh.endswith(ending)
    assert name.en.startswith("Shaoxing ")
    assert not CHINESE.search(name.en)


def test_nobody_has_the_phone_numbers() -> None:
    assert all(phone(chance("phone", number)).startswith("100") for number in range(20))


def test_stations_stand_in_real_regions() -> None:
    for regional in data("places")["regional"]:
        ensure_region(regional["region"])
        assert len(regional["bases"]) == 4
        for _, _, _, code in regional["bases"]:
            ensure_region(code)
            assert code[:2] == regional["region"][:2]
            for county in counties(code):
                ensure_region(county)


def test_a_prefecture_has_counties_and_a_county_has_itself() -> None:
    assert "330603" in counties("330600")
    assert counties("110108") == ("110108",)
    assert counties("441900") == ("441900",)
    assert counties("999999") == ("999999",)
    assert "310115" in counties("310000")


def test_references_carry_letters_that_name_the_country() -> None:
    assert len({each.code for each in countries()}) == len(countries())
    for each in countries():
        ensure_country(each.code)
        known = country(each.in_references)
        assert known
        assert known.code == each.code
