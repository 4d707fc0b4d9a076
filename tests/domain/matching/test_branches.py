import pytest

from domain.matching.branches import HEAD_ONLY, WITHIN_FIELD, closeness, markets, technology
from domain.matching.candidate import Candidate
from domain.matching.subject import Kind, Subject
from domain.reference.een import ProfileType
from domain.reference.fields import TechnologyField
from domain.reference.keywords import technology_keywords


def subject(*codes: str, fields: tuple[TechnologyField, ...] = (), markets: tuple[str, ...] = ()) -> Subject:
    return Subject("s", Kind.NEED, ("题",), fields=fields, technology_keywords=codes, market_keywords=markets)


def candidate(*codes: str, markets: tuple[str, ...] = ()) -> Candidate:
    return Candidate("c", ProfileType.TO, "Title", technology_keywords=codes, market_keywords=markets)


@pytest.mark.parametrize(
    ("one", "other", "value"),
    [
        ("10004003", "10004003", 1.0),
        ("04007001", "004006001", 1.0),
        ("10004003", "10004", 0.7),
        ("10004003", "10004001", 0.5),
        ("10004003", "10003", 0.25 * HEAD_ONLY),
        ("10003", "10004", 0.5 * HEAD_ONLY),
        ("10004003", "10003004", 0.1 * HEAD_ONLY),
        ("10004003", "01003003", 0.0),
        ("10004003", "unknown", 0.0),
        ("unknown", "unknown", 0.0),
    ],
)
def test_closeness_falls_with_the_steps_and_with_the_width_of_what_is_shared(
    one: str, other: str, value: float
) -> None:
    tree = technology_keywords()
    assert closeness(tree, one, other) == pytest.approx(value)
    assert closeness(tree, other, one) == pytest.approx(value)


def test_the_closest_pair_counts_and_at_most_three_are_shown() -> None:
    found = technology(subject("10004001", "10004002"), candidate("10004003", "10004004", "99"))
    assert found is not None
    assert found.value == 0.5
    assert found.evidence
    assert len(found.words) == 3
    assert found.words[0] == ("10004001 工业用水处理", "10004003 Wastewater Recycling")


def test_keywords_are_shown_in_the_language_of_the_sentence() -> None:
    found = technology(subject("10004001"), candidate("10004003"))
    assert found is not None
    assert found.text.zh == "技术关键词相近：10004001 工业用水处理 ~ 10004003 废水循环利用"
    assert found.text.en == (
        "Technology keywords are close: 10004001 Industrial Water Treatment ~ 10004003 Wastewater Recycling"
    )
    market = markets(subject(markets=("08001007",)), candidate(markets=("08001007",)))
    assert market is not None
    assert market.text.zh == "市场关键词相近：08001007 涂料与胶粘剂制造 ~ 08001007 涂料与胶粘剂制造"


def test_a_field_reaches_the_branches_of_its_crosswalk_but_proves_nothing_alone() -> None:
    found = technology(subject(fields=(TechnologyField.RESOURCES_AND_ENVIRONMENT,)), candidate("10004003", "01003003"))
    assert found is not None
    assert found.value == WITHIN_FIELD
    assert not found.evidence
    assert found.words == (("资源与环境", "10004003 Wastewater Recycling"),)
    assert found.text.zh == "技术关键词相近：资源与环境 ~ 10004003 废水循环利用"
    assert found.text.en == "Technology keywords are close: Resources and environment ~ 10004003 Wastewater Recycling"


def test_a_distant_or_unknown_keyword_gives_no_reason() -> None:
    assert technology(subject("10004003"), candidate("01003003")) is None
    assert technology(subject("10004003"), candidate("unknown")) is None
    assert technology(subject(fields=(TechnologyField.MARINE,)), candidate("01003003", "unknown")) is None


def test_market_keywords_are_compared_in_their_own_tree() -> None:
    found = markets(subject(markets=("06003002",)), candidate(markets=("006005002", "10004003")))
    assert found is not None
    assert found.value == 0.5
    assert markets(subject("10004003"), candidate("10004003")) is None
