"""A judged set for matching: queries, profiles, and the grades that a person gave to some pairs of them.

A folder with needs.jsonl, profiles.jsonl and qrels.jsonl, one JSON object a line, and set.json, which tells the day
that the set is meant for. What each field holds, and which words it knows, is in matching/README.md.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from pathlib import Path
from typing import Annotated, TypeAlias, TypeVar

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, StringConstraints, ValidationError

from domain.matching.candidate import Candidate
from domain.matching.subject import Kind, Subject
from domain.reference.countries import country_name
from domain.reference.een import PartnershipType, ProfileType, StageOfDevelopment
from domain.reference.fields import TechnologyField, parse_field
from domain.reference.industries import Industry
from domain.reference.keywords import technology_keywords
from domain.reference.regions import region


class Unreadable(ValueError):
    """The set is not one. The text says where, what stands there, and what would be accepted."""


class Cooperation(StrEnum):
    """How the Chinese side would like to work with the other one (合作方式)."""

    JOINT_DEVELOPMENT = "joint_development"
    """合作开发"""
    LICENCE = "licence"
    """技术许可"""
    ASSIGNMENT = "assignment"
    """技术转让"""
    COMMISSION = "commission"
    """委托开发"""
    EQUITY = "equity"
    """技术入股"""
    OPEN = "open"
    """方式不限"""


def _kind(text: object) -> Kind:
    if text not in (Kind.NEED, Kind.ACHIEVEMENT):
        raise ValueError("'need' or 'achievement' is accepted")
    return Kind(str(text))


def _field(text: object) -> TechnologyField:
    found = parse_field(text) if isinstance(text, str) else None
    if found is None:
        known = ", ".join(f"{field.value} ({field.zh})" for field in TechnologyField)
        raise ValueError(f"a technology field is accepted by code or Chinese name: {known}")
    return found


def _region(code: str) -> str:
    if region(code) is None:
        raise ValueError("a code of GB/T 2260 is accepted: six digits of a place that it lists")
    return code


def _industry(code: str) -> str:
    if not re.fullmatch(rf"[{''.join(Industry)}]\d{{2,4}}", code):
        raise ValueError("a code of GB/T 4754 is accepted: the letter of a section and two to four digits")
    return code


def _country(code: str) -> str:
    if not re.fullmatch("[A-Z]{2}", code) or country_name(code) is None:
        raise ValueError("a country is accepted by its two letters of ISO 3166")
    return code


def _keyword(code: str) -> str:
    if not technology_keywords().selectable(code):
        raise ValueError("a code of the EEN's technology keywords that a profile may carry is accepted")
    return code


Text: TypeAlias = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]


class _Line(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Query(_Line):
    """A need (技术需求) or an achievement (科技成果) as a station writes it: a title up to the first 。, and more."""

    id: Text
    kind: Annotated[Kind, BeforeValidator(_kind)]
    text_zh: Text
    cn_field: Annotated[TechnologyField, BeforeValidator(_field)]
    gbt4754: Annotated[str, AfterValidator(_industry)]
    region: Annotated[str, AfterValidator(_region)]
    cooperation: Cooperation
    stage_wanted: StageOfDevelopment

    @property
    def subject(self) -> Subject:
        """What the ranking reads of it. Industry, region and cooperation are for those who read the set."""
        title, _, text = self.text_zh.partition("。")
        texts = (text,) if text else ()
        return Subject(self.id, self.kind, (title,), texts, fields=(self.cn_field,), stage=self.stage_wanted)


class Profile(_Line):
    """A profile in the style of the EEN."""

    id: Text
    type: ProfileType
    title: Text
    text: Text
    country: Annotated[str, AfterValidator(_country)]
    stage: StageOfDevelopment | None
    partnership: Annotated[tuple[PartnershipType, ...], Field(min_length=1, max_length=3)]
    tech_keywords: Annotated[tuple[Annotated[str, AfterValidator(_keyword)], ...], Field(min_length=1, max_length=5)]
    nace: tuple[Annotated[str, StringConstraints(pattern=r"^\d{2}(\.\d{1,2})?$")], ...]
    expires: date

    @property
    def candidate(self) -> Candidate:
        keywords, country = self.tech_keywords, self.country
        return Candidate(
            self.id, self.type, self.title, self.text, keywords, country=country, stage=self.stage, expires=self.expires
        )


class Judgement(_Line):
    """A pair that was judged: 3 answers the query, 2 answers much of it, 1 is related and worth a look."""

    id: Text
    profile: Text
    grade: Annotated[int, Field(ge=1, le=3)]


@dataclass(frozen=True, slots=True)
class JudgedSet:
    """All of it; `grades` are those of each query, by profile. `day` is None when the set does not tell."""

    queries: Mapping[str, Query]
    profiles: Mapping[str, Profile]
    grades: Mapping[str, Mapping[str, int]]
    day: date | None


Read = TypeVar("Read", bound=_Line)
Named = TypeVar("Named", Query, Profile)


def read_set(folder: Path) -> JudgedSet:
    """The set in a folder. `Unreadable` says what is wrong with one that is none."""
    queries = _by_id("needs.jsonl", _lines(folder / "needs.jsonl", Query))
    profiles = _by_id("profiles.jsonl", _lines(folder / "profiles.jsonl", Profile))
    grades: dict[str, dict[str, int]] = {}
    for number, judged in _lines(folder / "qrels.jsonl", Judgement):
        where = f"qrels.jsonl, line {number}"
        if judged.id not in queries:
            raise Unreadable(f"{where}: id: no query is called {judged.id!r}; an id of needs.jsonl is accepted")
        if judged.profile not in profiles:
            raise Unreadable(f"{where}: profile: none is {judged.profile!r}; an id of profiles.jsonl is accepted")
        if judged.profile in grades.setdefault(judged.id, {}):
            raise Unreadable(f"{where}: {judged.id} and {judged.profile} were judged above; a pair is accepted once")
        grades[judged.id][judged.profile] = judged.grade
    for id in queries:
        if id not in grades:
            raise Unreadable(f"qrels.jsonl: nothing is relevant to {id}; one pair at least is accepted for each query")
    return JudgedSet(queries, profiles, grades, _day(folder / "set.json"))


def _lines(file: Path, shape: type[Read]) -> Iterator[tuple[int, Read]]:
    try:
        text = file.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as cause:
        raise Unreadable(f"{file}: {cause}; a file of JSON lines in UTF-8 is accepted") from cause
    for number, line in enumerate(text.split("\n"), 1):
        if line.strip():
            try:
                yield number, shape.model_validate_json(line)
            except ValidationError as cause:
                first = cause.errors(include_url=False)[0]
                place = ".".join(map(str, first["loc"])) or "the line"
                wrong = first["msg"].removeprefix("Value error, ")
                message = f"{file.name}, line {number}: {place}: {wrong}; it says {first['input']!r}"
                raise Unreadable(message) from cause


def _by_id(name: str, read: Iterable[tuple[int, Named]]) -> dict[str, Named]:
    found: dict[str, Named] = {}
    for number, each in read:
        if each.id in found:
            raise Unreadable(f"{name}, line {number}: id: {each.id!r} stands above; an id is accepted once")
        found[each.id] = each
    return found


def _day(file: Path) -> date | None:
    if not file.exists():
        return None
    try:
        return date.fromisoformat(json.loads(file.read_text(encoding="utf-8"))["day"])
    except (ValueError, KeyError, TypeError) as cause:
        raise Unreadable(f'{file.name}: no day in it; {{"day": "YYYY-MM-DD"}} is accepted') from cause
