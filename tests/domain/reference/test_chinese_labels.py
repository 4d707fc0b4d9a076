import csv
import re
from collections import defaultdict
from importlib.resources import files

import pytest

from domain.reference.keywords import KeywordTree, market_keywords, sdg_goals, technology_keywords

TREES = {"technology": technology_keywords, "market": market_keywords}

CHINESE = re.compile(r"(?:[\u4e00-\u9fff]|[、（）：]|(?<![A-Za-z0-9])[A-Za-z0-9/-]{1,7}(?![A-Za-z0-9]))+")
"""Chinese characters and punctuation, with abbreviations in Latin letters."""


def rows(name: str) -> list[dict[str, str]]:
    text = files("domain.reference").joinpath("data", name).read_text(encoding="utf-8-sig")
    return list(csv.DictReader(text.splitlines()))


@pytest.fixture(params=TREES)
def tree(request: pytest.FixtureRequest) -> KeywordTree:
    return TREES[request.param]()


def test_every_label_is_chinese_with_nothing_but_abbreviations_in_latin_letters(tree: KeywordTree) -> None:
    labels = [keyword.zh for keyword in tree] + [goal.zh for goal in sdg_goals().values()]
    assert [label for label in labels if not CHINESE.fullmatch(label)] == []
    assert [label for label in labels if not re.search(r"[\u4e00-\u9fff]{2}", label)] == []


@pytest.mark.parametrize(("name", "label"), [("technology", "3D打印"), ("market", "III-V族半导体材料（如砷化镓）")])
def test_an_abbreviation_is_allowed_and_an_english_word_or_comma_is_not(name: str, label: str) -> None:
    assert label in {keyword.zh for keyword in TREES[name]()}
    assert CHINESE.fullmatch(label)
    assert not CHINESE.fullmatch(f"{label}engineering")
    assert not CHINESE.fullmatch(f"{label}, {label}")


@pytest.mark.parametrize(
    ("name", "known"),
    [
        ("een_technology_keywords_zh.csv", [keyword.code for keyword in technology_keywords()]),
        ("een_market_keywords_zh.csv", [keyword.code for keyword in market_keywords()]),
        ("een_sdg_zh.csv", [row["Label"] for row in rows("een_sdg_labels.csv")]),
    ],
)
def test_every_row_of_a_list_has_one_chinese_label_and_there_is_no_row_besides(name: str, known: list[str]) -> None:
    assert sorted(row["code"] for row in rows(name)) == sorted(known)
    assert all(row["label_zh"] == row["label_zh"].strip() for row in rows(name))


@pytest.mark.parametrize(("name", "repeated"), [("technology", 18), ("market", 4)])
def test_both_generations_of_a_label_under_one_head_have_one_chinese_label(name: str, repeated: int) -> None:
    tree = TREES[name]()
    meant = defaultdict(list)
    for keyword in tree:
        head = (keyword.code, *tree.ancestors(keyword.code))[-1]
        meant[head, " ".join(keyword.label.casefold().split())].append(keyword.zh)
    twice = {label: chinese for label, chinese in meant.items() if len(chinese) > 1}
    assert len(twice) == repeated
    assert {label: chinese for label, chinese in twice.items() if len(set(chinese)) > 1} == {}


@pytest.mark.parametrize(
    ("code", "zh"),
    [
        ("03", "其他工业技术"),
        ("04008", "其他能源主题"),
        ("01003012", "成像、图像处理与模式识别"),
        ("01004008", "企业资源计划（ERP）"),
        ("01006014", "家庭网关"),
        ("02002002", "涂层"),
        ("02002005", "成形（轧制、锻造、压制、拉拔）"),
        ("02003", "过程控制与物流"),
        ("02004", "工厂设计与维护"),
        ("02007004", "涂料与清漆"),
        ("02007014", "塑料与聚合物"),
        ("02009019", "点火系统"),
        ("02009021", "开关与线束"),
        ("02010002", "交通工程"),
        ("002006012", "燃气安全"),
        ("03005009", "机织产业用纺织品"),
        ("04001007", "电转气技术"),
        ("04007001", "能源管理"),
        ("004006001", "能源管理"),
        ("05004002", "萃取"),
        ("005006006", "传感器与多传感器技术、仪器仪表"),
        ("06006008", "生物表面活性剂"),
        ("06006013", "下游分离纯化"),
        ("07001008", "种子包衣"),
        ("08002003", "保障食品安全的生产方法"),
        ("08002004", "食品追溯"),
        ("09001006", "材料的光学检测"),
        ("09005", "标准物质"),
        ("10002012", "污染场地修复"),
        ("10004003", "废水循环利用"),
    ],
)
def test_a_technology_keyword_has_the_sense_of_its_branch(code: str, zh: str) -> None:
    keyword = technology_keywords().get(code)
    assert keyword is not None
    assert keyword.zh == zh


@pytest.mark.parametrize(
    ("code", "zh"),
    [
        ("ENERGY", "能源"),
        ("Analytical and Scientific Instrumentation", "分析与科学仪器"),
        ("006002", "油气勘探服务"),
        ("02006001", "分时服务公司"),
        ("02007019", "计算机辅助教学"),
        ("05001003", "鉴别诊断"),
        ("06002002", "核能发电"),
        ("06004002", "稠油与油页岩"),
        ("07001006", "音乐、唱片、音乐制作与乐器"),
        ("07002001", "药店"),
        ("08001007", "涂料与胶粘剂制造"),
        ("08003004", "工业搬运车与牵引车"),
        ("09002004", "证券与商品经纪及服务"),
        ("09004004", "五金与管道器材"),
    ],
)
def test_a_market_keyword_has_the_sense_of_its_branch(code: str, zh: str) -> None:
    keyword = market_keywords().get(code)
    assert keyword is not None
    assert keyword.zh == zh
