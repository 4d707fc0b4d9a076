from datetime import date

import pytest

from domain.reference.fields import LABELS, TechnologyField, crosswalk, parse_field
from domain.reference.keywords import technology_keywords

COLLECTION_FORM = (
    "电子信息, 光机电一体化, 生物技术与制药, 新材料及应用, 现代农业, 新能源与高效节能, 资源与环境, 高技术服务业, 海洋, "
    "社会公共事业, 医疗卫生, 其他"
)
REGISTRATION_FORM = (
    "先进制造 / 新材料 / 电子与信息 / 生物与医药 / 新能源与高效节能 / 资源与环境 / 现代农业 / 民用航空 / 其他"
)
NATIONAL_LIST = "电子信息, 生物与新医药, 航空航天, 新材料, 高技术服务, 新能源与节能, 资源与环境, 先进制造与自动化"


def test_the_twelve_entries_of_the_collection_form_are_twelve_fields() -> None:
    fields = [parse_field(text) for text in COLLECTION_FORM.split(",")]
    assert None not in fields
    assert len(set(fields)) == 12


@pytest.mark.parametrize("text", [*REGISTRATION_FORM.split("/"), *NATIONAL_LIST.split(",")])
def test_every_spelling_of_the_other_forms_is_a_field(text: str) -> None:
    assert parse_field(text) is not None


def test_spellings_of_one_field_meet() -> None:
    assert parse_field("民用航空") is parse_field("航空航天") is TechnologyField.AEROSPACE
    assert parse_field("电子与信息") is parse_field("电子信息技术") is TechnologyField.ELECTRONICS_AND_IT
    assert parse_field("新材料 技术领域") is parse_field("新材料及应用") is TechnologyField.NEW_MATERIALS


@pytest.mark.parametrize("field", list(TechnologyField))
def test_a_field_reads_back_from_its_code_and_its_labels(field: TechnologyField) -> None:
    assert parse_field(field.value) is parse_field(field.zh) is parse_field(field.en) is field


@pytest.mark.parametrize("text", ["", "炼金术", "技术", "领域"])
def test_what_no_form_says_is_no_field(text: str) -> None:
    assert parse_field(text) is None


def test_no_spelling_stands_for_two_fields() -> None:
    spellings = [text for labels in LABELS.values() for text in (labels.zh, *labels.spellings)]
    assert len(spellings) == len(set(spellings))


def test_the_crosswalk_names_only_branches_that_exist_and_no_branch_inside_another() -> None:
    tree = technology_keywords()
    for field in TechnologyField:
        branches = crosswalk(field)
        assert bool(branches) == (field is not TechnologyField.OTHER)
        assert all(code in tree and branches.isdisjoint(tree.ancestors(code)) for code in branches)


def test_every_selectable_keyword_outside_pure_science_belongs_to_some_field() -> None:
    tree = technology_keywords()
    branches = frozenset[str]().union(*(crosswalk(field) for field in TechnologyField))
    missing = {
        keyword.code
        for keyword in tree
        if keyword.selectable and branches.isdisjoint((keyword.code, *tree.ancestors(keyword.code)))
    }
    assert {(tree.ancestors(code) or (code,))[-1] for code in missing} == {"05", "09"}


def test_the_crosswalk_holds_from_its_day_on() -> None:
    assert crosswalk(TechnologyField.MARINE, date(2025, 12, 31)) == frozenset()
    assert "07003" in crosswalk(TechnologyField.MARINE, date(2026, 1, 1))
    assert crosswalk(TechnologyField.MARINE, date(2030, 1, 1)) == crosswalk(TechnologyField.MARINE)
