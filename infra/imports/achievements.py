"""Achievements as the register lists them (科技成果登记), one a row."""

from __future__ import annotations

from infra.imports.records import AchievementRecord
from infra.imports.tables import Columns, Row
from infra.imports.texts import CODE, LINE, PROSE, listed, one_line

SYSTEM = "achievements-csv"

ACHIEVEMENT_COLUMNS = Columns(
    required=("成果名称", "成果完成单位"),
    optional=(
        "成果登记号",
        "关键词",
        "计划名称",
        "项目编号",
        "成果密级",
        "成果类型",
        "知识产权形式",
        "成果所处阶段",
        "成果水平",
        "所属技术领域",
        "成果简介",
        "联系人",
        "联系电话",
    ),
)


def achievement_in(row: Row) -> AchievementRecord:
    """The achievement of a row. Flaws: `row.empty_cell`, `text.too_long`."""
    return AchievementRecord(
        where=row.where,
        source_system=SYSTEM,
        reference=row.line("成果登记号", CODE),
        title=one_line(row.required("成果名称", LINE)),
        keywords=listed(row.text("关键词", LINE)),
        organisation=one_line(row.required("成果完成单位", LINE)),
        programme=row.line("计划名称", LINE),
        project_number=row.line("项目编号", CODE),
        secrecy=row.line("成果密级", CODE),
        achievement_kind=row.line("成果类型", CODE),
        ip_forms=listed(row.text("知识产权形式", LINE)),
        stage=row.line("成果所处阶段", CODE),
        level=row.line("成果水平", CODE),
        fields=listed(row.text("所属技术领域", LINE)),
        summary=row.text("成果简介", PROSE),
        contact_name=row.line("联系人", LINE),
        contact_phone=row.line("联系电话", LINE),
    )
