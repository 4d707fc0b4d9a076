"""Countries by ISO 3166, as EEN's files and Chinese forms write them: codes, names in English and Chinese, aliases."""

from __future__ import annotations

import gettext
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from types import MappingProxyType

import pycountry


@dataclass(frozen=True, slots=True)
class Country:
    """A country or territory: its ISO 3166 alpha-2 code and its name in English and in Chinese."""

    code: str
    en: str
    zh: str


_OTHER_CODES: Mapping[str, str] = MappingProxyType({"UK": "GB", "EL": "GR"})

_OTHER_NAMES: Mapping[str, str] = MappingProxyType(
    {
        "America": "US",
        "Bosnia": "BA",
        "Britain": "GB",
        "Cape Verde": "CV",
        "Great Britain": "GB",
        "Holland": "NL",
        "Ivory Coast": "CI",
        "Kosovo *": "XK",
        "Macau": "MO",
        "Macedonia": "MK",
        "FYROM": "MK",
        "The former Yugoslav Republic of Macedonia": "MK",
        "Palestine": "PS",
        "Republic of Korea": "KR",
        "Korea": "KR",
        "Russia": "RU",
        "Slovak Republic": "SK",
        "Swaziland": "SZ",
        "Taiwan": "TW",
        "Turkey": "TR",
        "U.S.A.": "US",
        "United States of America": "US",
        "大不列颠及北爱尔兰联合王国": "GB",
        "香港特别行政区": "HK",
        "澳门特别行政区": "MO",
        "台湾": "TW",
        "中国台湾": "TW",
        "中华人民共和国": "CN",
    }
)

_KOSOVO = Country("XK", "Kosovo", "科索沃")
"""Not in ISO 3166; EEN's records carry it under the code that the European Union uses for it."""


def country(text: str) -> Country | None:
    """The country that a text names: a code in capitals (two or three letters) or a name in English or Chinese.

    None for what names no single country, such as "All countries".
    """
    code = text.strip()
    return _by_code().get(code) or _by_name().get(_folded(code))


def country_name(code: str) -> str | None:
    """The English name of the country with this alpha-2 code; None when there is none, as for EL, UK and NLD."""
    found = _by_code().get(code)
    return found.en if found and found.code == code else None


@cache
def _countries() -> tuple[tuple[Country, tuple[str, ...], str], ...]:
    """Every country with its names and its three-letter code. Where ISO knows a common name, that one is shown."""
    chinese = gettext.translation("iso3166-1", pycountry.LOCALES_DIR, languages=["zh_CN"]).gettext
    found: list[tuple[Country, tuple[str, ...], str]] = [(_KOSOVO, (_KOSOVO.en, _KOSOVO.zh), "XKX")]
    for each in pycountry.countries:
        names = tuple(_names(each))
        shown = each.name if each.alpha_2 == "TW" else names[0]
        every = (*names, *(chinese(name) for name in names))
        found.append((Country(each.alpha_2, shown, chinese(shown)), every, each.alpha_3))
    return tuple(found)


def _names(entry: object) -> Iterator[str]:
    for field in ("common_name", "name", "official_name"):
        name = getattr(entry, field, None)
        if name is not None:
            yield str(name)


@cache
def _by_code() -> Mapping[str, Country]:
    codes = {country.code: country for country, _, _ in _countries()}
    codes |= {three: country for country, _, three in _countries()}
    return codes | {other: codes[code] for other, code in _OTHER_CODES.items()}


@cache
def _by_name() -> Mapping[str, Country]:
    names = {_folded(name): country for country, every, _ in _countries() for name in every}
    return names | {_folded(name): _by_code()[code] for name, code in _OTHER_NAMES.items()}


def _folded(text: str) -> str:
    plain = unicodedata.normalize("NFKD", text).casefold().replace("&", " and ").removeprefix("the ")
    return "".join(character for character in plain if character.isalnum())
