"""Regions of China by GB/T 2260 (行政区划代码): provinces, prefectures, counties, and the years in which each existed.

The list is that of python-stdnum; codes have six digits, a code may have stood for several names in turn.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import IntEnum
from functools import cache
from importlib.resources import files

LINE = re.compile(r'(?P<indent> *)(?P<digits>\d+) (?:province|county)="(?P<names>.*)"')
DATED = re.compile(r"(?:\[(?P<since>\d*)-(?P<until>\d*)\])?(?P<name>[^,\[\]]+)")
GENERIC = frozenset(("市辖区", "市", "县", "郊区", "矿区", "林区"))
"""Names that say only "the districts", "the counties": no address is found by them."""

ENGLISH: Mapping[str, tuple[str, str]] = {
    "11": ("CN-BJ", "Beijing"),
    "12": ("CN-TJ", "Tianjin"),
    "13": ("CN-HE", "Hebei"),
    "14": ("CN-SX", "Shanxi"),
    "15": ("CN-NM", "Inner Mongolia"),
    "21": ("CN-LN", "Liaoning"),
    "22": ("CN-JL", "Jilin"),
    "23": ("CN-HL", "Heilongjiang"),
    "31": ("CN-SH", "Shanghai"),
    "32": ("CN-JS", "Jiangsu"),
    "33": ("CN-ZJ", "Zhejiang"),
    "34": ("CN-AH", "Anhui"),
    "35": ("CN-FJ", "Fujian"),
    "36": ("CN-JX", "Jiangxi"),
    "37": ("CN-SD", "Shandong"),
    "41": ("CN-HA", "Henan"),
    "42": ("CN-HB", "Hubei"),
    "43": ("CN-HN", "Hunan"),
    "44": ("CN-GD", "Guangdong"),
    "45": ("CN-GX", "Guangxi"),
    "46": ("CN-HI", "Hainan"),
    "50": ("CN-CQ", "Chongqing"),
    "51": ("CN-SC", "Sichuan"),
    "52": ("CN-GZ", "Guizhou"),
    "53": ("CN-YN", "Yunnan"),
    "54": ("CN-XZ", "Tibet"),
    "61": ("CN-SN", "Shaanxi"),
    "62": ("CN-GS", "Gansu"),
    "63": ("CN-QH", "Qinghai"),
    "64": ("CN-NX", "Ningxia"),
    "65": ("CN-XJ", "Xinjiang"),
    "71": ("CN-TW", "Taiwan"),
    "81": ("CN-HK", "Hong Kong"),
    "82": ("CN-MO", "Macao"),
}
"""By the first two digits of a code: the province's ISO 3166-2 code and its English name."""

SUFFIX = re.compile(
    r"(?:特别行政区|(?:壮族|回族|维吾尔)?自治区|省|市|地区|盟|"
    r"(?:(?:朝鲜|土家|苗|藏|羌|彝|布依|侗|哈尼|傣|白|景颇|傈僳|回|蒙古|哈萨克|柯尔克孜)族?)*自治州)$"
)
KINDS = tuple("省市区县旗")


class Level(IntEnum):
    PROVINCE = 1
    PREFECTURE = 2
    COUNTY = 3


@dataclass(frozen=True, slots=True)
class Region:
    """A region under one name: its code, its province (which it may be itself), and its first and last year.

    `since` is None for what is older than the list (1980), `until` for what stands.
    """

    code: str
    name: str
    level: Level
    province_code: str
    province: str
    since: int | None = None
    until: int | None = None

    @property
    def prefecture_code(self) -> str:
        """The code of the prefecture that it is or lies in; for a province, the province's own."""
        return self.code[:4] + "00"

    @property
    def province_en(self) -> str:
        return ENGLISH[self.code[:2]][1]

    @property
    def iso_code(self) -> str:
        """The province's code by ISO 3166-2, such as CN-ZJ."""
        return ENGLISH[self.code[:2]][0]

    def stood(self, year: int) -> bool:
        return (self.since is None or self.since <= year) and (self.until is None or year <= self.until)


def region(code: str, year: int | None = None) -> Region | None:
    """The region with this code: in that year, or, without one, as it stands or last stood."""
    named = _regions().get(code, ())
    if year is None:
        return named[-1] if named else None
    return next((each for each in reversed(named) if each.stood(year)), None)


@cache
def provinces() -> tuple[Region, ...]:
    """The 34 provinces, autonomous regions, municipalities and special administrative regions, by code."""
    return tuple(named[-1] for code, named in sorted(_regions().items()) if code.endswith("0000"))


def find_region(address: str) -> Region | None:
    """The most specific region that a Chinese address names, or None: 330603 for 浙江省绍兴市柯桥区.

    Each part narrows the next. Names without 省 or 市 count where the address begins with them. So does a county named
    alone, if only one in the country has the name. Former regions are found where no present one is.
    """
    rest = re.sub(r"\s", "", address).removeprefix("中华人民共和国").removeprefix("中国")
    found: Region | None = None
    for level in Level:
        named, rest = _named(rest, _by_level(level), found)
        found = named or found
    return found


def _named(address: str, pool: Iterable[Region], within: Region | None) -> tuple[Region | None, str]:
    """The region of the pool inside `within` that the address names first, and the rest of the address after it."""
    inside = [each for each in pool if within is None or _holds(within, each)]
    found = ((address.find(each.name), each) for each in inside)
    hits = [(at, each) for at, each in found if at == 0 or (at > 0 and (within or each.level < Level.COUNTY))]
    standing = [hit for hit in hits if hit[1].until is None]
    if hits:
        at, first = min(standing or hits, key=lambda hit: (hit[0], -len(hit[1].name), -(hit[1].until or 0)))
        if any(each.name == first.name and each.code != first.code for _, each in standing):
            return None, address
        return first, address[at + len(first.name) :]
    for each in inside:
        short = SUFFIX.sub("", each.name)
        rest = address.removeprefix(short)
        if each.level < Level.COUNTY and each.until is None and rest != address and rest[:1] not in KINDS:
            return each, rest
    return None, address


def _holds(outer: Region, inner: Region) -> bool:
    return inner.code.startswith(outer.code[: 2 * outer.level])


@cache
def _by_level(level: Level) -> tuple[Region, ...]:
    return tuple(
        each for named in _regions().values() for each in named if each.level is level and each.name not in GENERIC
    )


@cache
def _regions() -> Mapping[str, tuple[Region, ...]]:
    """Every region under every name it had, by code, in the order of time."""
    regions: dict[str, tuple[Region, ...]] = {}
    head = province = ""
    for line in files("stdnum").joinpath("cn", "loc.dat").read_text(encoding="utf-8").splitlines():
        if (entry := LINE.fullmatch(line)) is None:
            continue
        if not entry["indent"]:
            head = entry["digits"]
            continue
        code = head + entry["digits"]
        names = list(DATED.finditer(entry["names"]))
        if code.endswith("0000"):
            province = names[-1]["name"]
        regions[code] = tuple(
            Region(
                code, each["name"], _level(code), head + "0000", province, _year(each["since"]), _year(each["until"])
            )
            for each in names
        )
    return regions


def _level(code: str) -> Level:
    if code.endswith("0000"):
        return Level.PROVINCE
    return Level.PREFECTURE if code.endswith("00") else Level.COUNTY


def _year(text: str | None) -> int | None:
    return int(text) if text else None
