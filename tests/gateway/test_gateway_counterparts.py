"""Counterparts: the hard filters one by one, the countries, the pages and the reasons."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from asking import Asking
from small_network import SmallNetwork

from domain.needs import CheckNeed, NeedDetails, PublishNeed, RecordNeed
from domain.values import Bilingual

QUERY = """
query($of: ID!, $countries: [String!], $on: Date, $first: Int, $after: String) {
  counterparts(of: $of, countries: $countries, on: $on, first: $first, after: $after) {
    totalCount pageInfo { hasNextPage endCursor }
    edges { cursor node {
      score profile { id type openNow } contact { id }
      reasons { rule weight contribution text { zh en } words { ours theirs } }
    } }
  }
}
"""
OFFERS = {"to good", "to named", "to second", "to last day", "to nowhere"}
"""The offers that stand every hard filter for the need on the day of the tests."""


def found(asking: Asking, made: SmallNetwork, of: str, who: str | None = None, **more: Any) -> list[str]:
    """The counterparts of a record, by the names of the small network, the best first."""
    names = {id: name for name, id in made.ids.items()}
    answer = asking.data(QUERY, who, of=made[of], **more)["counterparts"]
    assert answer["totalCount"] >= len(answer["edges"])
    return [names[edge["node"]["profile"]["id"]] for edge in answer["edges"]]


def test_a_need_finds_the_offers_that_stand_every_hard_filter_and_no_others(asking: Asking, made: SmallNetwork) -> None:
    assert set(found(asking, made, "dyeing")) == OFFERS


@pytest.mark.parametrize(
    ("day", "more"),
    [
        (date(2026, 8, 9), {"to expired", "to deadline"}),
        (date(2026, 8, 10), set()),
        (date(2025, 1, 1), {"to expired", "to deadline"}),
    ],
)
def test_dates_are_judged_on_the_day_that_is_asked_for(
    asking: Asking, made: SmallNetwork, day: date, more: set[str]
) -> None:
    assert set(found(asking, made, "dyeing", on=day.isoformat())) == OFFERS | more


def test_what_lasts_until_a_day_is_a_counterpart_on_that_day_and_not_on_the_next(
    asking: Asking, made: SmallNetwork
) -> None:
    assert "to last day" in found(asking, made, "dyeing", on="2026-08-10")
    assert "to last day" not in found(asking, made, "dyeing", on="2026-08-11")
    assert "to good" in found(asking, made, "dyeing", on="2026-12-31")
    assert "to good" not in found(asking, made, "dyeing", on="2027-01-01")
    assert found(asking, made, "dyeing", on="2027-07-01") == []


@pytest.mark.parametrize(
    "hidden", ["to closed", "to elsewhere", "to withdrawn", "to chinese", "own to", "bo", "tr good"]
)
def test_what_is_closed_elsewhere_withdrawn_our_own_or_of_another_type_is_never_a_counterpart(
    asking: Asking, made: SmallNetwork, hidden: str
) -> None:
    for day in ("2025-01-01", "2026-08-10"):
        for who in (None, "administrator"):
            assert hidden not in found(asking, made, "dyeing", who, on=day)


def test_an_achievement_finds_requests_and_a_secret_one_nothing(asking: Asking, made: SmallNetwork) -> None:
    named = {"tr good", "rdr"}
    assert set(found(asking, made, "membrane")) == named
    assert found(asking, made, "secret", "administrator") == []


def test_profiles_of_our_own_find_what_complements_them(asking: Asking, made: SmallNetwork) -> None:
    assert found(asking, made, "own br") == ["bo"]
    assert set(found(asking, made, "own to")) == {"tr good", "rdr"}
    assert set(found(asking, made, "draft tr", "adviser")) == OFFERS


def test_countries_narrow_the_answer(asking: Asking, made: SmallNetwork) -> None:
    dutch = {"to good", "to second"}
    assert set(found(asking, made, "dyeing", countries=["NL"])) == dutch
    assert set(found(asking, made, "dyeing", countries=["NL", "DE"])) == OFFERS - {"to nowhere"}
    assert found(asking, made, "dyeing", countries=["FR"]) == []
    assert set(found(asking, made, "dyeing", countries=[])) == OFFERS
    assert set(found(asking, made, "dyeing", countries=None)) == OFFERS
    assert set(found(asking, made, "dutch")) == dutch
    assert found(asking, made, "dutch", countries=["DE"]) == []
    assert set(found(asking, made, "dutch", countries=["NL", "DE"])) == dutch


def test_reasons_add_up_to_the_score_and_are_said_in_both_languages(asking: Asking, made: SmallNetwork) -> None:
    edges = asking.data(QUERY, of=made["dyeing"])["counterparts"]["edges"]
    scores = [edge["node"]["score"] for edge in edges]
    assert scores == sorted(scores, reverse=True)
    for edge in edges:
        node = edge["node"]
        assert node["score"] == pytest.approx(sum(reason["contribution"] for reason in node["reasons"]))
        assert 0 < node["score"] <= 1
        assert node["profile"]["openNow"]
        for reason in node["reasons"]:
            assert 0 < reason["contribution"] <= reason["weight"]
            assert any("\u4e00" <= letter <= "\u9fff" for letter in reason["text"]["zh"])
            assert any("a" <= letter <= "z" for letter in reason["text"]["en"])
            assert reason["text"]["en"] != reason["text"]["zh"]
    best = next(reason for reason in edges[0]["node"]["reasons"] if reason["rule"] == "WORDS")
    assert {"印染", "脱色", "废水"} & {pair["ours"] for pair in best["words"]}
    contacts = {edge["node"]["profile"]["id"]: edge["node"]["contact"] for edge in edges}
    assert contacts[made["to good"]] == {"id": made["agency"]}
    assert contacts[made["to last day"]] is None


@pytest.mark.parametrize("size", [1, 2, 3])
def test_pages_of_counterparts_give_each_once_in_the_order_of_the_whole(
    asking: Asking, made: SmallNetwork, size: int
) -> None:
    whole = found(asking, made, "dyeing")
    seen: list[str] = []
    after = None
    while True:
        page = asking.data(QUERY, of=made["dyeing"], first=size, after=after)["counterparts"]
        assert page["totalCount"] == len(whole)
        seen += [made_name(made, edge) for edge in page["edges"]]
        after = page["pageInfo"]["endCursor"]
        if not page["pageInfo"]["hasNextPage"]:
            break
    assert seen == whole


def made_name(made: SmallNetwork, edge: dict[str, Any]) -> str:
    return next(name for name, id in made.ids.items() if id == edge["node"]["profile"]["id"])


@pytest.mark.parametrize("of", ["shaoxing", "to good", "match abroad", "factory"])
def test_counterparts_of_anything_else_are_bad_input(asking: Asking, made: SmallNetwork, of: str) -> None:
    assert asking.error(QUERY, "administrator", of=made[of])["code"] == "BAD_INPUT"


@pytest.mark.parametrize("of", ["", "nonsense", "need_01yt6fqv6sa2qvpczpxnze0000"])
def test_counterparts_of_nothing_are_not_found(asking: Asking, of: str) -> None:
    assert asking.error(QUERY, "administrator", of=of) == {"message": f"there is no {of}", "code": "NOT_FOUND"}


def test_a_need_in_nobody_s_words_finds_nothing(asking: Asking, made: SmallNetwork) -> None:
    details = NeedDetails(title=Bilingual(zh="量子计算云平台"))
    command = RecordNeed(station_id=made["shaoxing"], organisation_id=made["factory"], details=details)
    id = made.name("quantum", command)
    made.give(CheckNeed(need_id=id))
    made.give(PublishNeed(need_id=id))
    assert found(asking, made, "quantum") == []


def test_a_country_that_is_none_is_refused_and_no_list_of_them_is_anywhere(asking: Asking, made: SmallNetwork) -> None:
    query = "query ($of: ID!, $countries: [String!]) { counterparts(of: $of, countries: $countries) { totalCount } }"
    of = made["dyeing"]
    for code in ("nl", "ZZ", "Netherlands"):
        error = asking.error(query, "adviser", of=of, countries=["NL", code])
        assert error["code"] == "BAD_INPUT"
        assert code in error["message"]
    anywhere = asking.data(query, "adviser", of=of)
    assert anywhere["counterparts"]["totalCount"] > 0
    assert asking.data(query, "adviser", of=of, countries=None) == anywhere
    assert asking.data(query, "adviser", of=of, countries=[]) == anywhere
