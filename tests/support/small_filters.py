"""Filters by a property: a value for each filter of the schema, and what it is to keep."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from small_network import CREDIT_CODE

Node = dict[str, Any]


def having(name: str, *values: Any) -> Callable[[Node], bool]:
    return lambda node: node.get(name) in values


def holding(name: str, *values: str) -> Callable[[Node], bool]:
    return lambda node: not set(node.get(name, ())).isdisjoint(values)


def within(digits: str) -> Callable[[Node], bool]:
    return lambda node: str(node.get("region", "")).startswith(digits)


def saying(text: str, *names: str) -> Callable[[Node], bool]:
    return lambda node: any(text.lower() in str(node.get(name, "")).lower() for name in names)


NAMES, TITLES = ("name_zh", "name_en"), ("title_zh", "title_en")
MARCH = "2026-03-10T08:00:00.000000Z"

BY_PROPERTY: list[tuple[str, str, Any, Callable[[Node], bool]]] = [
    ("stations", "tier", ["REGIONAL", "NATIONAL"], having("tier", "regional", "national")),
    ("stations", "region", "330000", within("33")),
    ("stations", "region", "33", within("33")),
    ("stations", "region", "330700", within("3307")),
    ("stations", "international", True, having("international", True)),
    ("stations", "international", False, having("international", False)),
    ("stations", "text", "SHAO", saying("shao", *NAMES)),
    ("organisations", "kind", ["ENTERPRISE"], having("kind", "enterprise")),
    ("organisations", "industry", ["C", "P"], having("industry", "C", "P")),
    ("organisations", "country", "NL", having("country", "NL")),
    ("organisations", "region", "440000", within("44")),
    ("organisations", "verified", True, having("verified", True)),
    ("organisations", "creditCode", CREDIT_CODE, having("credit_code", CREDIT_CODE)),
    ("organisations", "text", "名", saying("名", *NAMES)),
    ("partners", "kind", ["EEN_CONTACT_POINT"], having("kind", "een_contact_point")),
    ("partners", "country", "DE", having("country", "DE")),
    ("partners", "eenPartnerId", "NL00012", having("een_partner_id", "NL00012")),
    ("partners", "text", "dutch", saying("dutch", *NAMES)),
    ("experts", "fields", ["NEW_MATERIALS"], holding("fields", "new_materials")),
    ("experts", "libraries", ["BUSINESS"], holding("libraries", "business")),
    ("experts", "libraries", [], lambda _node: False),
    ("experts", "languages", ["en", "fr"], holding("languages", "en", "fr")),
    ("experts", "keywords", ["private"], holding("keywords", "private")),
    ("experts", "listed", False, having("listed", False)),
    ("brokers", "stage", ["SIGNED", "ENDED"], having("stage", "signed", "ended")),
    ("needs", "stage", ["PUBLISHED", "RETURNED"], having("stage", "published", "returned")),
    ("needs", "fields", ["ADVANCED_MANUFACTURING"], holding("fields", "advanced_manufacturing")),
    ("needs", "publishedSince", "2026-03-10T16:00:00+08:00", lambda node: node.get("published_at", "") >= MARCH),
    ("needs", "publishedUntil", "2026-03-10T08:00:00", lambda node: "" < node.get("published_at", "") < MARCH),
    ("needs", "text", "deep DECOL", saying("deep decol", *TITLES)),
    ("needs", "text", "%", lambda _node: False),
    ("achievements", "stage", ["REFUSED", "DEFERRED"], having("stage", "refused", "deferred")),
    ("achievements", "fields", ["AEROSPACE", "NEW_ENERGY"], holding("fields", "aerospace", "new_energy")),
    ("achievements", "maturity", ["LAB_TRIAL"], having("maturity", "lab_trial")),
    ("achievements", "registrationNumber", "9332026Y0001", having("registration_number", "9332026Y0001")),
    ("achievements", "publishedSince", "2026-08-10T12:00:00Z", lambda node: "published_at" in node),
    ("achievements", "publishedUntil", "2026-08-10T12:00:01Z", lambda node: "published_at" in node),
    ("achievements", "publishedUntil", "2026-08-10T12:00:00Z", lambda _node: False),
    ("achievements", "text", "纳滤膜", saying("纳滤膜", *TITLES, "abstract_zh")),
    ("profiles", "type", ["BO", "RDR"], having("type", "BO", "RDR")),
    ("profiles", "origin", ["OWN"], having("origin", "own")),
    ("profiles", "stage", ["WITHDRAWN", "DRAFT"], having("stage", "withdrawn", "draft")),
    ("profiles", "country", "DE", having("country", "DE")),
    ("profiles", "reference", "TONL20260101001", having("reference", "TONL20260101001")),
    ("profiles", "technologyKeywords", ["11001"], holding("technology_keywords", "11001")),
    ("profiles", "marketKeywords", ["08005"], holding("market_keywords", "08005")),
    ("profiles", "text", "ozone", saying("ozone", *TITLES)),
    ("matches", "stage", ["ACCEPTED"], having("stage", "accepted")),
    ("cooperations", "stage", ["ACCEPTED", "CLOSED"], having("stage", "accepted", "closed")),
    ("deals", "stage", ["SIGNED", "OPEN"], having("stage", "signed", "open")),
    ("deals", "contractClass", ["LICENCE"], having("contract_class", "licence")),
]
"""The list, the filter, its value, and which nodes it keeps."""
