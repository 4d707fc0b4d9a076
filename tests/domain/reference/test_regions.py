import pycountry
import pytest

from domain.reference.regions import Level, find_region, provinces, region


def test_a_county_knows_its_prefecture_and_its_province() -> None:
    found = region("330603")
    assert found is not None
    assert (found.name, found.level, found.since, found.until) == ("柯桥区", Level.COUNTY, 2013, None)
    assert (found.prefecture_code, found.province_code, found.province) == ("330600", "330000", "浙江省")
    assert (found.province_en, found.iso_code) == ("Zhejiang", "CN-ZJ")


def test_an_unknown_code_is_no_region() -> None:
    assert region("999999") is None
    assert region("3306") is None


def test_a_code_is_read_as_of_a_year() -> None:
    names = {year: found.name for year in (2013, 2014) if (found := region("210112", year))}
    assert names == {2013: "东陵区", 2014: "浑南区"}
    assert region("371200", 2019) is None
    last = region("371200")
    assert last is not None
    assert (last.name, last.until) == ("莱芜市", 2018)


def test_the_provinces_are_those_of_iso_3166() -> None:
    listed = {each.iso_code: each.province_en for each in provinces()}
    standard = {each.code: each.name for each in pycountry.subdivisions if each.country_code == "CN"}
    assert listed.keys() == standard.keys()
    assert all(each.level is Level.PROVINCE and each.code == each.province_code for each in provinces())
    named_otherwise = {code for code in standard if not standard[code].startswith(listed[code])}
    assert named_otherwise == {"CN-NM", "CN-XZ"}


@pytest.mark.parametrize(
    ("address", "code"),
    [
        ("浙江省绍兴市柯桥区", "330603"),
        ("中国 浙江 绍兴 柯桥区", "330603"),
        ("山东省青岛市", "370200"),
        ("绍兴某印染有限公司", "330600"),
        ("北京市朝阳区建国路", "110105"),
        ("辽宁省朝阳市双塔区", "211302"),
        ("内蒙古自治区呼和浩特市赛罕区", "150105"),
        ("浙江省义乌市稠江街道", "330782"),
        ("湖北省仙桃市", "429004"),
        ("吉林省吉林市昌邑区", "220202"),
        ("吉林市", "220200"),
        ("恩施州利川市", "422802"),
        ("新疆伊犁哈萨克自治州伊宁市", "654002"),
        ("西藏拉萨", "540100"),
        ("香港", "810000"),
        ("柯桥区", "330603"),
        ("江苏省苏州工业园区", "320500"),
    ],
)
def test_an_address_names_its_most_specific_region(address: str, code: str) -> None:
    found = find_region(address)
    assert found is not None
    assert found.code == code


def test_a_county_name_that_several_have_is_found_only_inside_a_parent() -> None:
    assert find_region("鼓楼区") is None
    inside = find_region("江苏省南京市鼓楼区")
    assert inside is not None
    assert inside.code == "320106"


def test_a_name_inside_another_word_is_no_county() -> None:
    assert find_region("某某绍兴县") is None


def test_a_former_region_is_found_where_no_present_one_is() -> None:
    found = find_region("浙江省绍兴县")
    assert found is not None
    assert (found.code, found.until) == ("330621", 2013)


@pytest.mark.parametrize("address", ["", "外国", "市辖区", "朝阳区"])
def test_an_address_without_a_region_names_none(address: str) -> None:
    assert find_region(address) is None
