"""Technology fields (技术领域): how the Chinese forms sort needs and achievements, and what answers them at the EEN.

The forms (the needs form of a regional station, the national collection of needs, the registration of achievements, the
national list of high-tech fields of 2016) word the same fields differently; each spelling is read as one field here.
The crosswalk to the EEN's technology keywords is ours: made by hand, dated, in data/field_crosswalk.csv.
"""

from __future__ import annotations

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import cache
from importlib.resources import files


class TechnologyField(StrEnum):
    """A technology field, by a code of our own that never changes."""

    ELECTRONICS_AND_IT = "electronics_and_it"
    OPTO_MECHATRONICS = "opto_mechatronics"
    BIOTECHNOLOGY_AND_PHARMACY = "biotechnology_and_pharmacy"
    NEW_MATERIALS = "new_materials"
    MODERN_AGRICULTURE = "modern_agriculture"
    NEW_ENERGY = "new_energy"
    RESOURCES_AND_ENVIRONMENT = "resources_and_environment"
    HIGH_TECH_SERVICES = "high_tech_services"
    MARINE = "marine"
    PUBLIC_SERVICES = "public_services"
    HEALTH_CARE = "health_care"
    ADVANCED_MANUFACTURING = "advanced_manufacturing"
    AEROSPACE = "aerospace"
    OTHER = "other"

    @property
    def zh(self) -> str:
        return LABELS[self].zh

    @property
    def en(self) -> str:
        return LABELS[self].en


@dataclass(frozen=True, slots=True)
class Labels:
    """What a field is called: in Chinese, in English, and how else the Chinese forms spell it."""

    zh: str
    en: str
    spellings: tuple[str, ...] = ()


LABELS: Mapping[TechnologyField, Labels] = {
    TechnologyField.ELECTRONICS_AND_IT: Labels("电子信息", "Electronics and information technology", ("电子与信息",)),
    TechnologyField.OPTO_MECHATRONICS: Labels("光机电一体化", "Opto-mechatronics"),
    TechnologyField.BIOTECHNOLOGY_AND_PHARMACY: Labels(
        "生物技术与制药", "Biotechnology and pharmacy", ("生物与医药", "生物与新医药", "生物医药", "生物、医药")
    ),
    TechnologyField.NEW_MATERIALS: Labels("新材料及应用", "New materials and their use", ("新材料",)),
    TechnologyField.MODERN_AGRICULTURE: Labels("现代农业", "Modern agriculture", ("农业",)),
    TechnologyField.NEW_ENERGY: Labels(
        "新能源与高效节能", "New energy and energy saving", ("新能源与节能", "新能源及高效节能", "新能源、高效节能")
    ),
    TechnologyField.RESOURCES_AND_ENVIRONMENT: Labels(
        "资源与环境", "Resources and environment", ("资源环境", "资源与环保", "环境保护")
    ),
    TechnologyField.HIGH_TECH_SERVICES: Labels("高技术服务业", "High-tech services", ("高技术服务",)),
    TechnologyField.MARINE: Labels("海洋", "Marine technology"),
    TechnologyField.PUBLIC_SERVICES: Labels("社会公共事业", "Public services", ("社会事业", "公共事业")),
    TechnologyField.HEALTH_CARE: Labels("医疗卫生", "Health care", ("医药卫生",)),
    TechnologyField.ADVANCED_MANUFACTURING: Labels(
        "先进制造", "Advanced manufacturing", ("先进制造与自动化", "先进制造及自动化")
    ),
    TechnologyField.AEROSPACE: Labels("航空航天", "Aerospace", ("民用航空", "航空航天与民用航空")),
    TechnologyField.OTHER: Labels("其他", "Other", ("其它",)),
}


def parse_field(text: str) -> TechnologyField | None:
    """The field that a text means: a spelling of the forms, with or without 技术 or 领域, our code, our English."""
    folded = _folded(text)
    bare = folded.removesuffix("领域").removesuffix("技术")
    return _spellings().get(folded) or _spellings().get(bare)


def crosswalk(field: TechnologyField, on: date | None = None) -> frozenset[str]:
    """The branches of the EEN technology keywords that belong to a field: codes of any level, with all below them.

    On a day, those that held then; without a day, those of the latest rows. A field without branches has none.
    """
    return frozenset(row.code for row in _crosswalk() if row.field is field and row.holds(on))


@dataclass(frozen=True, slots=True)
class _Row:
    field: TechnologyField
    code: str
    since: date
    until: date | None

    def holds(self, on: date | None) -> bool:
        if on is None:
            return self.until is None
        return self.since <= on and (self.until is None or on <= self.until)


@cache
def _crosswalk() -> tuple[_Row, ...]:
    text = files("domain.reference").joinpath("data", "field_crosswalk.csv").read_text(encoding="utf-8")
    return tuple(
        _Row(
            TechnologyField(row["field"]),
            row["code"],
            date.fromisoformat(row["since"]),
            date.fromisoformat(row["until"]) if row["until"] else None,
        )
        for row in csv.DictReader(text.splitlines())
    )


@cache
def _spellings() -> Mapping[str, TechnologyField]:
    return {
        _folded(spelling): field
        for field, labels in LABELS.items()
        for spelling in (field.value, labels.zh, labels.en, *labels.spellings)
    }


def _folded(text: str) -> str:
    return "".join(text.split()).casefold()
