"""The judged set for matching is what its page says, and a set that is none is refused with what would be accepted."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable
from datetime import date
from itertools import combinations, pairwise
from pathlib import Path
from typing import Any

import pytest
from matching import DATA
from matching_set import JudgedSet, Profile, Query, Unreadable, read_set

from domain.matching.eligibility import Obstacle, eligible, obstacles
from domain.matching.subject import Kind, complements
from domain.reference.een import PARTNERSHIPS
from domain.reference.fields import TechnologyField
from domain.reference.keywords import technology_keywords

NEED = {
    "id": "n1",
    "kind": "need",
    "text_zh": "印染废水脱色。希望引进运行费用低的技术。",
    "cn_field": "资源与环境",
    "gbt4754": "C1713",
    "region": "330600",
    "cooperation": "licence",
    "stage_wanted": "on_the_market",
}
PROFILE = {
    "id": "p1",
    "type": "TO",
    "title": "Electro-oxidation of coloured effluent",
    "text": "A Belgian company treats effluent of dye houses with electrodes.",
    "country": "BE",
    "stage": "on_the_market",
    "partnership": ["commercial_with_assistance"],
    "tech_keywords": ["10004001"],
    "nace": ["37.00"],
    "expires": "2027-06-25",
}
JUDGEMENT = {"id": "n1", "profile": "p1", "grade": 3}

Writes = Callable[..., Path]


@pytest.fixture(scope="module")
def judged() -> JudgedSet:
    return read_set(DATA)


@pytest.fixture(scope="module")
def day(judged: JudgedSet) -> date:
    assert judged.day is not None
    return judged.day


@pytest.fixture
def written(tmp_path: Path) -> Writes:
    """Writes a set of these lines, and gives its folder."""

    def write(
        needs: list[Any] | None = None, profiles: list[Any] | None = None, qrels: list[Any] | None = None
    ) -> Path:
        lines = {"needs": needs or [NEED], "profiles": profiles or [PROFILE], "qrels": qrels or [JUDGEMENT]}
        for name, rows in lines.items():
            text = "\n".join(json.dumps(row, ensure_ascii=False) for row in rows)
            (tmp_path / f"{name}.jsonl").write_text(text, encoding="utf-8")
        return tmp_path

    return write


def live(judged: JudgedSet, query: Query, day: date) -> set[str]:
    """The relevant profiles that pass the hard filter."""
    relevant = (judged.profiles[id].candidate for id in judged.grades[query.id])
    return {candidate.id for candidate in relevant if eligible(query.subject, candidate, day)}


# -- the set ------------------------------------------------------------------------------------


def test_the_set_is_large_enough_to_tell_rankings_apart(judged: JudgedSet) -> None:
    kinds = Counter(query.kind for query in judged.queries.values())
    assert kinds[Kind.NEED] >= 60
    assert kinds[Kind.ACHIEVEMENT] >= 45
    assert len(judged.profiles) >= 330


def test_every_technology_field_has_a_need_and_all_but_one_an_achievement(judged: JudgedSet) -> None:
    known = set(TechnologyField) - {TechnologyField.OTHER}
    asked = {kind: {each.cn_field for each in judged.queries.values() if each.kind is kind} for kind in Kind}
    assert asked[Kind.NEED] == known
    assert known - asked[Kind.ACHIEVEMENT] == {TechnologyField.ADVANCED_MANUFACTURING}


def test_every_query_has_up_to_four_relevant_profiles_and_one_that_answers_it(judged: JudgedSet) -> None:
    for query in judged.queries.values():
        grades = judged.grades[query.id]
        assert 1 <= len(grades) <= 4, query.id
        assert max(grades.values()) == 3, query.id


def test_every_relevant_profile_passes_the_hard_filter(judged: JudgedSet, day: date) -> None:
    for query in judged.queries.values():
        assert live(judged, query, day) == judged.grades[query.id].keys(), query.id


def test_all_grades_are_given_often(judged: JudgedSet) -> None:
    grades = Counter(grade for given in judged.grades.values() for grade in given.values())
    assert all(grades[grade] >= 20 for grade in (1, 2, 3))


def test_texts_are_as_long_as_real_ones(judged: JudgedSet) -> None:
    for query in judged.queries.values():
        assert 60 <= len(query.text_zh) <= 160, query.id
        assert query.subject.texts, query.id
    for profile in judged.profiles.values():
        assert 50 <= len(profile.text.split()) <= 110, profile.id


def test_no_text_is_made_of_another(judged: JudgedSet) -> None:
    shingles = {id: pieces(profile.text) for id, profile in judged.profiles.items()}
    for (one, of_one), (other, of_other) in combinations(shingles.items(), 2):
        assert len(of_one & of_other) <= 0.2 * min(len(of_one), len(of_other)), (one, other)


def pieces(text: str) -> set[tuple[str, ...]]:
    """All runs of five words."""
    words = text.casefold().split()
    return {tuple(words[start : start + 5]) for start in range(len(words) - 4)}


def test_profiles_say_what_the_guidelines_let_them_say(judged: JudgedSet) -> None:
    for profile in judged.profiles.values():
        assert set(profile.partnership) <= set(PARTNERSHIPS[profile.type]), profile.id
        assert all(technology_keywords().selectable(code) for code in profile.tech_keywords), profile.id
        assert len(profile.title) <= 256, profile.id


def test_profiles_stand_in_no_order_of_the_queries(judged: JudgedSet) -> None:
    """So that equal scores, which are ordered by id, favour nobody."""
    order = list(judged.profiles)
    answers = [order.index(id) for grades in judged.grades.values() for id, grade in grades.items() if grade == 3]
    rising = sum(one < other for one, other in pairwise(answers))
    assert 0.35 < rising / (len(answers) - 1) < 0.65


def test_some_profiles_have_expired(judged: JudgedSet, day: date) -> None:
    expired = [profile for profile in judged.profiles.values() if profile.expires < day]
    assert len(expired) >= 12
    assert {profile.type for profile in expired} >= {"TO", "TR", "RDR"}


def test_some_profiles_of_the_wrong_type_have_the_first_keyword_of_an_answer(judged: JudgedSet, day: date) -> None:
    """A request for what a need asks for, and an offer of what an achievement offers."""
    found = Counter(
        query.kind
        for query in judged.queries.values()
        for profile in judged.profiles.values()
        if profile.type not in complements(query.kind)
        and profile.expires >= day
        and profile.tech_keywords[0] in {keywords[0] for keywords in answering(judged, query)}
    )
    assert found[Kind.NEED] >= 7
    assert found[Kind.ACHIEVEMENT] >= 3


def answering(judged: JudgedSet, query: Query) -> list[tuple[str, ...]]:
    """The keywords of the profiles that answer a query."""
    return [judged.profiles[id].tech_keywords for id, grade in judged.grades[query.id].items() if grade == 3]


def test_many_live_profiles_of_the_right_type_share_a_keyword_and_are_not_relevant(
    judged: JudgedSet, day: date
) -> None:
    def beside(query: Query, profile: Profile) -> bool:
        wanted = {code for keywords in answering(judged, query) for code in keywords}
        allowed = eligible(query.subject, profile.candidate, day) and profile.id not in judged.grades[query.id]
        return allowed and bool(wanted & set(profile.tech_keywords))

    with_one = [
        query for query in judged.queries.values() if any(beside(query, each) for each in judged.profiles.values())
    ]
    assert len(with_one) >= 0.8 * len(judged.queries)


def test_a_profile_of_china_is_no_counterpart(judged: JudgedSet, day: date) -> None:
    query = next(query for query in judged.queries.values() if query.kind is Kind.NEED)
    found = [obstacles(query.subject, profile.candidate, day) for profile in judged.profiles.values()]
    assert frozenset({Obstacle.COUNTRY_NOT_TARGETED}) in found


# -- reading ------------------------------------------------------------------------------------


def test_a_set_is_read_with_its_fields_by_code_or_by_name(written: Writes) -> None:
    by_code = {**NEED, "id": "n2", "cn_field": "resources_and_environment"}
    judged = read_set(written([NEED, by_code], qrels=[JUDGEMENT, {**JUDGEMENT, "id": "n2"}]))
    assert {query.cn_field for query in judged.queries.values()} == {TechnologyField.RESOURCES_AND_ENVIRONMENT}
    assert judged.grades == {"n1": {"p1": 3}, "n2": {"p1": 3}}
    assert judged.day is None


def test_the_title_of_a_query_ends_at_its_first_stop(written: Writes) -> None:
    subject = read_set(written()).queries["n1"].subject
    assert subject.titles == ("印染废水脱色",)
    assert subject.texts == ("希望引进运行费用低的技术。",)


@pytest.mark.parametrize(
    ("change", "accepted"),
    [
        ({"kind": "wish"}, "'need' or 'achievement'"),
        ({"cn_field": "法律"}, "resources_and_environment (资源与环境)"),
        ({"gbt4754": "1713"}, "the letter of a section and two to four digits"),
        ({"region": "000001"}, "six digits of a place"),
        ({"cooperation": "barter"}, "'licence'"),
        ({"stage_wanted": "soon"}, "'on_the_market'"),
        ({"text_zh": "  "}, "at least 1 character"),
        ({"price": 3}, "Extra inputs are not permitted"),
    ],
    ids=lambda value: next(iter(value)) if isinstance(value, dict) else "",
)
def test_a_query_that_is_none_is_refused_with_its_line(written: Writes, change: dict[str, Any], accepted: str) -> None:
    with pytest.raises(Unreadable) as refused:
        read_set(written([NEED, {**NEED, "id": "n2", **change}]))
    assert str(refused.value).startswith(f"needs.jsonl, line 2: {next(iter(change))}")
    assert accepted in str(refused.value)


@pytest.mark.parametrize(
    ("change", "accepted"),
    [
        ({"type": "TX"}, "'TO'"),
        ({"country": "XX"}, "two letters of ISO 3166"),
        ({"stage": "soon"}, "'on_the_market'"),
        ({"partnership": []}, "at least 1 item"),
        ({"tech_keywords": ["10004"]}, "that a profile may carry"),
        ({"tech_keywords": ["99999"]}, "technology keywords"),
        ({"nace": ["C.37"]}, "should match pattern"),
        ({"expires": "soon"}, "valid date"),
    ],
    ids=lambda value: next(iter(value)) if isinstance(value, dict) else "",
)
def test_a_profile_that_is_none_is_refused_with_its_line(
    written: Writes, change: dict[str, Any], accepted: str
) -> None:
    with pytest.raises(Unreadable) as refused:
        read_set(written(profiles=[PROFILE, {**PROFILE, "id": "p2", **change}]))
    assert str(refused.value).startswith(f"profiles.jsonl, line 2: {next(iter(change))}")
    assert accepted in str(refused.value)


@pytest.mark.parametrize(
    ("lines", "said"),
    [
        ({"qrels": [JUDGEMENT, {**JUDGEMENT, "id": "n9"}]}, "qrels.jsonl, line 2: id: no query is called 'n9'"),
        ({"qrels": [{**JUDGEMENT, "profile": "p9"}]}, "qrels.jsonl, line 1: profile: none is 'p9'"),
        ({"qrels": [{**JUDGEMENT, "grade": 4}]}, "qrels.jsonl, line 1: grade: Input should be less than or equal to 3"),
        ({"qrels": [JUDGEMENT, JUDGEMENT]}, "qrels.jsonl, line 2: n1 and p1 were judged above"),
        ({"needs": [NEED, NEED]}, "needs.jsonl, line 2: id: 'n1' stands above"),
        ({"profiles": [PROFILE, PROFILE]}, "profiles.jsonl, line 2: id: 'p1' stands above"),
        ({"needs": [NEED, {**NEED, "id": "n2"}]}, "qrels.jsonl: nothing is relevant to n2"),
    ],
)
def test_lines_that_do_not_fit_each_other_are_refused(written: Writes, lines: dict[str, Any], said: str) -> None:
    with pytest.raises(Unreadable) as refused:
        read_set(written(**lines))
    assert str(refused.value).startswith(said)


def test_a_line_that_is_no_json_is_refused(written: Writes) -> None:
    folder = written()
    (folder / "needs.jsonl").write_text("id,kind", encoding="utf-8")
    with pytest.raises(Unreadable, match=r"needs\.jsonl, line 1: the line: Invalid JSON"):
        read_set(folder)


def test_a_file_that_is_missing_is_named(written: Writes) -> None:
    folder = written()
    (folder / "qrels.jsonl").unlink()
    with pytest.raises(Unreadable, match=r"qrels\.jsonl.*JSON lines in UTF-8 is accepted"):
        read_set(folder)


@pytest.mark.parametrize("text", ["{}", "[]", '{"day": "soon"}', "soon"])
def test_a_day_that_is_none_is_refused(written: Writes, text: str) -> None:
    folder = written()
    (folder / "set.json").write_text(text, encoding="utf-8")
    with pytest.raises(Unreadable, match="YYYY-MM-DD"):
        read_set(folder)
