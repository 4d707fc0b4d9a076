"""What an achievement is: its details, and what is asked of them when it is registered or amended."""

from __future__ import annotations

from domain.kernel.facts import Value
from domain.kernel.fields import Code, Line
from domain.reference.achievements import AchievementKind, IpForm, Level, Maturity, Secrecy
from domain.reference.checks import ensure_country
from domain.reference.fields import TechnologyField
from domain.values import Bilingual, CountryCode


class AchievementDetails(Value):
    """What was achieved; it may be corrected until the achievement is closed."""

    title: Bilingual
    secrecy: Secrecy
    abstract: Bilingual | None = None
    keywords: tuple[Line, ...] = ()
    fields: tuple[TechnologyField, ...] = ()
    registration_number: Code | None = None
    """成果登记号"""
    programme: Line | None = None
    """计划名称"""
    project_number: Code | None = None
    maturity: Maturity | None = None
    level: Level | None = None
    kind: AchievementKind | None = None
    ip_forms: tuple[IpForm, ...] = ()
    countries: tuple[CountryCode, ...] = ()
    """Where a partner may come from; empty is anywhere."""


def ensure_details(details: AchievementDetails) -> None:
    """The countries that a partner may come from exist."""
    for code in details.countries:
        ensure_country(code)
