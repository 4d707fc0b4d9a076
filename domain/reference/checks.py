"""Checks against reference data, made when something is first recorded; a stored fact is never judged again."""

from __future__ import annotations

from collections.abc import Iterable

from stdnum.cn import uscc

from domain.kernel.refusals import ensure
from domain.reference.countries import country_name
from domain.reference.keywords import market_keywords, technology_keywords
from domain.reference.regions import region


def ensure_region(code: str | None) -> None:
    """The region is one of GB/T 2260."""
    ensure(
        code is None or region(code) is not None,
        "region.unknown",
        f"{code} is no region code of GB/T 2260; takes six digits such as 330600 (绍兴市)",
    )


def ensure_country(code: str | None) -> None:
    """The country is one of ISO 3166-1."""
    ensure(
        code is None or country_name(code) is not None,
        "country.unknown",
        f"{code} is no country code of ISO 3166-1; takes two letters such as NL",
    )


def ensure_credit_code(code: str | None) -> None:
    """The unified social credit code (统一社会信用代码) is well formed and its check character fits.

    It has one spelling, in capitals and without blanks: what belongs to one organisation only must read alike.
    """
    ensure(
        code is None or (uscc.is_valid(code) and uscc.compact(code) == code),
        "credit_code.invalid",
        f"{code} is no unified social credit code: 18 digits and capitals, the last of which checks the others",
    )


def ensure_keywords(technology: Iterable[str] = (), market: Iterable[str] = ()) -> None:
    """The codes stand in the keyword lists of the Enterprise Europe Network."""
    for code in technology:
        ensure(technology_keywords().get(code) is not None, "keyword.unknown", f"{code} is no EEN technology keyword")
    for code in market:
        ensure(market_keywords().get(code) is not None, "keyword.unknown", f"{code} is no EEN market keyword")
