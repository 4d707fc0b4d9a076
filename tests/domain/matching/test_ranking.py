from dataclasses import replace
from math import fsum

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.kernel.refusals import Refusal
from domain.matching.candidate import Candidate
from domain.matching.ranking import LEAST_SCORE, rank
from domain.matching.subject import Kind, Subject, complements
from domain.matching.weights import WEIGHTS, Rule, Weights
from domain.reference.een import ProfileType, StageOfDevelopment
from domain.reference.fields import TechnologyField
from infra.gloss import CedictGloss

Market = tuple[Candidate, ...]


def test_a_need_finds_the_offer_that_answers_it_across_languages(
    dyehouse_need: Subject, decolouring: Candidate, market: Market, gloss: CedictGloss
) -> None:
    first, *others = rank(dyehouse_need, market, gloss)
    assert first.id == decolouring.id
    assert all(other.score < first.score / 1.5 for other in others)
    words = next(reason for reason in first.reasons if reason.rule is Rule.WORDS)
    assert {("脱色", "removes colour"), ("COD", "COD")} <= set(words.words)
    assert words.text.zh is not None
    assert words.text.en is not None
    assert "removes colour" in words.text.zh
    assert "removes colour" in words.text.en


def test_an_achievement_finds_the_request_that_asks_for_it(
    tool_achievement: Subject, breakage: Candidate, market: Market, gloss: CedictGloss
) -> None:
    first, *others = rank(tool_achievement, market, gloss)
    assert first.id == breakage.id
    assert all(other.score < first.score / 1.5 for other in others)
    assert ("声发射", "acoustic emission") in first.reasons[0].words


def test_a_request_is_no_answer_to_a_need(
    tool_wear_need: Subject, breakage: Candidate, market: Market, gloss: CedictGloss
) -> None:
    suggested = {suggestion.id for suggestion in rank(tool_wear_need, market, gloss)}
    assert not {candidate.id for candidate in market if candidate.type is not ProfileType.TO} & suggested
    offer = replace(breakage, type=ProfileType.TO)
    assert [suggestion.id for suggestion in rank(tool_wear_need, [offer], gloss)] == [offer.id]


def test_nothing_is_suggested_where_nothing_fits(cold_chain_need: Subject, market: Market, gloss: CedictGloss) -> None:
    assert rank(cold_chain_need, market, gloss) == []


def test_another_achievement_finds_another_request(
    leachate_achievement: Subject, market: Market, gloss: CedictGloss
) -> None:
    suggestions = rank(leachate_achievement, market, gloss)
    titles = {candidate.id: candidate.title for candidate in market}
    assert [titles[suggestion.id] for suggestion in suggestions] == ["Leachate treatment for a closed landfill sought"]


@pytest.mark.parametrize(
    ("title", "text", "offer"),
    [
        ("锂电池硅碳负极材料循环寿命提升", "现有硅碳负极膨胀大，希望引进高容量负极材料技术", "Silicon anode"),
        ("城镇污水处理厂膜生物反应器节能改造", "降低膜污染和曝气能耗", "Membrane bioreactor"),
        ("肉鸡饲料替代抗生素技术", "需要益生菌或酶制剂替代饲料中的抗生素，提高成活率", "Probiotic feed"),
        ("葡萄园精准灌溉", "利用无人机遥感指导灌溉", "Drone imaging"),
        ("电解水制氢电极", "碱性电解槽镍电极寿命短", "Electrolyser"),
        ("玻璃激光切割", "蓝宝石与显示玻璃激光切割崩边", "Femtosecond laser"),
        ("污染场地地下水修复", "氯代烃污染地下水原位修复", "Soil remediation"),
        ("永磁电机稀土回收", "从废旧电机回收钕铁硼", "Recovery of rare earths"),
        ("海岛海水淡化", "小型反渗透海水淡化装置", "Reverse osmosis"),
        ("废旧纺织品再生纱线", "利用废旧棉纺织品生产再生纱线", "Recycling of cotton"),
    ],
)
def test_needs_of_many_fields_find_the_offer_of_theirs_first(
    title: str, text: str, offer: str, market: Market, gloss: CedictGloss
) -> None:
    first = rank(Subject("need", Kind.NEED, (title,), (text,)), market, gloss)[0]
    assert next(each.title for each in market if each.id == first.id).startswith(offer)


@pytest.mark.parametrize("title", ["面向中小企业的财务软件", "高铁轴承润滑脂", "古籍修复用纸", "隧道消防"])
def test_needs_that_no_offer_answers_find_none(title: str, market: Market, gloss: CedictGloss) -> None:
    assert rank(Subject("need", Kind.NEED, (title,)), market, gloss) == []


def test_a_profile_of_our_own_finds_its_complement_by_english_words(
    decolouring: Candidate, market: Market, gloss: CedictGloss
) -> None:
    own = Subject("TRCN20260101001", Kind.TR, ("Colour removal for dyeing effluents",), ("Textile dyes resist.",))
    assert rank(own, market, gloss)[0].id == decolouring.id


def test_a_shared_field_a_stage_and_a_country_together_propose_nothing(gloss: CedictGloss) -> None:
    subject = Subject(
        "need",
        Kind.NEED,
        ("无关",),
        fields=(TechnologyField.RESOURCES_AND_ENVIRONMENT,),
        stage=StageOfDevelopment.LAB_TESTED,
        countries=frozenset({"NL"}),
    )
    candidate = Candidate(
        "TO",
        ProfileType.TO,
        "Something quite different",
        technology_keywords=("10004003",),
        country="NL",
        stage=StageOfDevelopment.ON_THE_MARKET,
    )
    assert rank(subject, [candidate], gloss) == []
    known = replace(subject, technology_keywords=("10004001",))
    (suggestion,) = rank(known, [candidate], gloss)
    assert {reason.rule for reason in suggestion.reasons} == {Rule.TECHNOLOGY, Rule.STAGE, Rule.COUNTRY}


def test_market_keywords_alone_are_too_little(gloss: CedictGloss) -> None:
    subject = Subject("offer", Kind.BO, ("铝板",), market_keywords=("08001012",))
    candidate = Candidate("BR", ProfileType.BR, "Anything", market_keywords=("08001012",))
    assert rank(subject, [candidate], gloss) == []
    heavier = Weights(words=0.4, technology=0.2, markets=0.3, stage=0.05, country=0.05)
    (suggestion,) = rank(subject, [candidate], gloss, heavier)
    assert suggestion.score == pytest.approx(0.3)


def test_a_rule_without_effect_gives_no_reason(
    dyehouse_need: Subject, decolouring: Candidate, market: Market, gloss: CedictGloss
) -> None:
    first = rank(dyehouse_need, market, gloss)[0]
    assert [reason.rule for reason in first.reasons] == [Rule.WORDS, Rule.TECHNOLOGY]
    ripe = replace(dyehouse_need, stage=StageOfDevelopment.DEMONSTRATION, countries=frozenset({"NL"}))
    better = rank(ripe, market, gloss)[0]
    assert better.score == pytest.approx(first.score + WEIGHTS.stage + WEIGHTS.country)


@pytest.mark.parametrize("weights", [{"words": -0.1}, {"words": 0.9}])
def test_weights_that_could_leave_the_range_are_refused(weights: dict[str, float]) -> None:
    with pytest.raises(Refusal, match=r"weights\.out_of_range"):
        Weights(**weights)


WORDS = [
    "dye",
    "colour",
    "textile",
    "COD",
    "tool",
    "wear",
    "spindle",
    "titanium",
    "印染",
    "脱色",
    "刀具",
    "磨损",
    "废水",
]
CODES = st.lists(st.sampled_from(["10004003", "10004001", "004006001", "02", "01003017", "none"]), max_size=3).map(
    tuple
)
TEXT = st.lists(st.sampled_from([*WORDS, "的", ".", "the"]), max_size=12).map(" ".join)
STAGE = st.none() | st.sampled_from(list(StageOfDevelopment))
COUNTRIES = st.frozensets(st.sampled_from(["CN", "NL", "ES"]))

CANDIDATES = st.lists(
    st.builds(
        Candidate,
        id=st.uuids().map(str),
        type=st.sampled_from(list(ProfileType)),
        title=TEXT,
        text=TEXT,
        technology_keywords=CODES,
        country=st.none() | st.sampled_from(["NL", "ES", "XX"]),
        stage=STAGE,
        target_countries=COUNTRIES,
    ),
    max_size=8,
    unique_by=lambda candidate: candidate.id,
)
SUBJECTS = st.builds(
    Subject,
    id=st.just("subject"),
    kind=st.sampled_from(list(Kind)),
    titles=st.tuples(TEXT),
    texts=st.tuples(TEXT),
    fields=st.lists(st.sampled_from(list(TechnologyField)), max_size=2).map(tuple),
    technology_keywords=CODES,
    stage=STAGE,
    countries=COUNTRIES,
)


@given(SUBJECTS, CANDIDATES.flatmap(lambda found: st.tuples(st.just(found), st.permutations(found))))
def test_any_ranking_is_sound_and_knows_no_order(
    gloss: CedictGloss, subject: Subject, orders: tuple[list[Candidate], list[Candidate]]
) -> None:
    candidates, shuffled = orders
    suggestions = rank(subject, candidates, gloss)
    types = {candidate.id: candidate.type for candidate in candidates}
    for suggestion in suggestions:
        assert LEAST_SCORE <= suggestion.score <= 1
        assert suggestion.score == fsum(reason.contribution for reason in suggestion.reasons)
        assert all(0 < reason.contribution <= reason.weight for reason in suggestion.reasons)
        assert {reason.rule for reason in suggestion.reasons} & {Rule.WORDS, Rule.TECHNOLOGY, Rule.MARKETS}
        assert types[suggestion.id] in complements(subject.kind)
    assert suggestions == rank(subject, candidates, gloss) == rank(subject, shuffled, gloss)
