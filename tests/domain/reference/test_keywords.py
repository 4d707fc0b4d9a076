from hypothesis import given
from hypothesis import strategies as st

from domain.reference.keywords import (
    Goal,
    Keyword,
    KeywordTree,
    market_keywords,
    sdg_goals,
    technology_keywords,
    typed_codes,
)

CODES = st.sampled_from([keyword.code for keyword in technology_keywords()])


def test_the_lists_hold_every_row_of_their_files() -> None:
    assert len(technology_keywords()) == 575
    assert sum(keyword.selectable for keyword in market_keywords()) == 387
    assert len(sdg_goals()) == 17
    assert sdg_goals()[9] == Goal(9, "GOAL 9: Industry, Innovation and Infrastructure", "目标9：产业、创新和基础设施")


def test_a_code_keeps_its_leading_zeros_and_both_generations_stand() -> None:
    tree = technology_keywords()
    newer, older = tree.get("04007001"), tree.get("004006001")
    assert newer is not None
    assert older is not None
    assert newer.label == older.label == "Energy management"
    assert tree.codes("energy  MANAGEMENT") == ("004006001", "04007001")
    assert tree.get("4007001") is None


def test_the_parent_is_the_stated_one_not_the_prefix() -> None:
    tree = technology_keywords()
    assert tree.ancestors("004006001") == ("04007", "04")
    assert tree.ancestors("005006006") == ("05003", "05")
    assert tree.ancestors("01") == ()
    assert tree.ancestors("99") == ()


def test_every_parent_of_both_lists_exists() -> None:
    for tree in (technology_keywords(), market_keywords()):
        assert all(keyword.parent is None or keyword.parent in tree for keyword in tree)
        assert all(len(tree.ancestors(keyword.code)) == keyword.level - 1 for keyword in tree)


def test_distance_counts_the_steps_along_the_tree() -> None:
    tree = technology_keywords()
    assert tree.distance("10004003", "10004003") == 0
    assert tree.distance("10004003", "10004") == 1
    assert tree.distance("10004003", "10004001") == 2
    assert tree.distance("10004003", "10003004") == 4
    assert tree.distance("10004003", "01003003") is None
    assert tree.distance("10004003", "nothing") is None


@given(CODES, CODES)
def test_distance_is_the_same_both_ways_and_zero_only_to_itself(one: str, other: str) -> None:
    tree = technology_keywords()
    assert tree.distance(one, other) == tree.distance(other, one)
    assert (tree.distance(one, other) == 0) == (one == other)


def test_a_profile_may_carry_what_the_list_says() -> None:
    tree = technology_keywords()
    assert tree.selectable("10004003")
    assert tree.selectable("11002")
    assert not tree.selectable("10004")
    assert not tree.selectable("99")


def test_market_groups_stand_under_their_labels_and_cannot_be_chosen() -> None:
    tree = market_keywords()
    assert tree.ancestors("06003002") == ("Alternative Energy", "ENERGY")
    assert tree.ancestors("03002") == ("OTHER ELECTRONICS RELATED",)
    assert not tree.selectable("ENERGY")
    assert tree.distance("06003002", "006005002") == 2


def test_the_quirks_of_the_market_list_are_kept() -> None:
    tree = market_keywords()
    odd = tree.get("009")
    assert odd == Keyword("009", "Other", "其他（消费品）", 3, "Consumer Products")
    assert tree.codes("Surgery and Anaesthesiology") == ("05005019",)


def test_a_keyword_is_read_as_public_pages_type_it() -> None:
    tree = technology_keywords()
    speech = tree.get("01003017")
    assert tree.parse("01003017 - Speech Processing/Technology") == speech
    assert tree.parse(" 01003017 – something else ") == speech
    assert tree.parse("01003017") == speech
    assert tree.parse("Speech Processing/Technology") == speech
    assert tree.parse("99999999 - Speech Processing/Technology") == speech


def test_a_label_that_begins_with_a_digit_is_no_code() -> None:
    assert market_keywords().parse("3D") == market_keywords().get("02002008")


def test_an_unknown_or_ambiguous_label_names_no_keyword() -> None:
    assert technology_keywords().parse("Energy management") is None
    assert technology_keywords().parse("alchemy") is None
    assert technology_keywords().parse("") is None


def test_codes_are_read_from_a_run_of_keywords_known_or_not() -> None:
    text = "01003017 - Speech Processing/Technology 01003012 - Imaging, Image Processing 99999 - Gone"
    assert typed_codes(text) == ("01003017", "01003012", "99999")


def test_a_tree_of_our_own_answers_the_same_questions() -> None:
    tree = KeywordTree([Keyword("1", "head", "头", 1), Keyword("2", "leaf", "叶", 2, "1")])
    assert [keyword.code for keyword in tree] == ["1", "2"]
    assert "2" in tree
    assert tree.distance("1", "2") == 1
