"""Needs as stations' forms list them (企业技术需求), one a row."""

from __future__ import annotations

import re
import unicodedata
from decimal import Decimal

from stdnum.cn import uscc

from infra.imports.flaws import Flaw, shown
from infra.imports.records import NeedRecord
from infra.imports.tables import Columns, Row
from infra.imports.texts import CODE, LINE, PROSE, listed, one_line

SYSTEM = "needs-csv"

_MONEY = "拟投入资金总额(万元)"

NEED_COLUMNS = Columns(
    required=("技术需求名称", "技术需求单位"),
    optional=(
        "来源编号",
        "技术所属领域",
        "合作方式",
        "关键词",
        "技术需求说明",
        "预期目标",
        _MONEY,
        "统一社会信用代码",
        "单位地址",
        "联系人",
        "联系电话",
        "E-Mail",
    ),
)

_AMOUNT = re.compile(r"([0-9]{1,15}|[0-9]{1,3}(?:,[0-9]{3}){1,4})(\.[0-9]{1,6})?(?:万元?)?")
_NEGATIVE = re.compile(r"[-−–(]\s*[0-9]")
_TEN_THOUSAND = 10_000
_MOST = Decimal(10) ** 14


def need_in(row: Row) -> NeedRecord:
    """The need of a row. Flaws: `row.empty_cell`, `text.too_long`, `money.negative`, `money.too_much`."""
    warnings: list[str] = []
    return NeedRecord(
        where=row.where,
        source_system=SYSTEM,
        reference=row.line("来源编号", 200),
        title=one_line(row.required("技术需求名称", LINE)),
        fields=listed(row.text("技术所属领域", LINE)),
        cooperation_modes=listed(row.text("合作方式", LINE)),
        keywords=listed(row.text("关键词", LINE)),
        description=row.text("技术需求说明", PROSE),
        goal=row.text("预期目标", PROSE),
        investment=_investment(row, warnings),
        organisation=one_line(row.required("技术需求单位", LINE)),
        credit_code=_credit_code(row, warnings),
        address=row.line("单位地址", LINE),
        contact_name=row.line("联系人", LINE),
        contact_phone=row.line("联系电话", LINE),
        contact_email=row.line("E-Mail", LINE),
        warnings=tuple(warnings),
    )


def _investment(row: Row, warnings: list[str]) -> Decimal | None:
    """The money in CNY; None when nothing is said, or nothing that is a number."""
    text = unicodedata.normalize("NFKC", row.text(_MONEY, CODE) or "").replace(" ", "")
    if not text:
        return None
    if _NEGATIVE.match(text):
        raise Flaw("money.negative", f"{_MONEY} is {shown(text)}", "a number that is not negative", row.where)
    found = _AMOUNT.fullmatch(text)
    if found is None:
        warnings.append(f"{_MONEY} is no number and is left out: {shown(text)}")
        return None
    amount = Decimal(found[1].replace(",", "") + (found[2] or "")) * _TEN_THOUSAND
    if amount >= _MOST:
        raise Flaw("money.too_much", f"{_MONEY} is {shown(text)}", f"less than {_MOST / _TEN_THOUSAND:,.0f}", row.where)
    return amount.quantize(Decimal("0.01"))


def _credit_code(row: Row, warnings: list[str]) -> str | None:
    code = unicodedata.normalize("NFKC", row.text("统一社会信用代码", CODE) or "")
    if not code:
        return None
    if not uscc.is_valid(code):
        warnings.append(
            f"统一社会信用代码 {shown(code)} does not check and is left out: the organisation is unverified"
        )
        return None
    return str(uscc.compact(code))
