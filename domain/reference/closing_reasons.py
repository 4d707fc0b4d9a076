"""Why an expression of interest is closed: a dated list, so that endings can be counted and learnt from.

The list is this network's own. The customer records of a national node of the EEN keep a reason beside "other" with
words as well (fields `Reason_Closed_EOI` and `Reason_Closed_Status_Other`), but do not publish their list.
"""

from __future__ import annotations

from datetime import date

from domain.kernel.refusals import ensure
from domain.reference.listed import Dated

FIRST_LIST = date(2010, 1, 1)


class ClosingReason(Dated):
    """What ended an interest."""

    NOT_INTERESTED = "not_interested", "对方无意", "The client who was asked is not interested", FIRST_LIST
    WITHDRAWN = "withdrawn", "表达方撤回", "Who expressed it is interested no longer", FIRST_LIST
    PARTNER_FOUND = "partner_found", "已有合作伙伴", "The client has found a partner already", FIRST_LIST
    PROFILE_GONE = "profile_gone", "信息已失效", "The profile has expired or was withdrawn", FIRST_LIST
    NOT_ELIGIBLE = "not_eligible", "不符合条件", "The client may not take part", FIRST_LIST
    TERMS = "terms", "条件未谈成", "The two did not agree on terms", FIRST_LIST
    NO_CAPACITY = "no_capacity", "无力承接", "No capacity", FIRST_LIST
    CONFIDENTIALITY = "confidentiality", "涉及保密", "Confidentiality", FIRST_LIST
    DUPLICATE = "duplicate", "重复", "The same interest was expressed already", FIRST_LIST
    OTHER = "other", "其他", "Other", FIRST_LIST


def ensure_reason(reason: ClosingReason, words: str | None, on: date) -> None:
    """The reason stands in the list of the day; another one than those of the list takes words."""
    ensure(
        reason.in_force(on),
        "interest.reason_not_in_force",
        f"takes one of {', '.join(ClosingReason.on(on))}",
    )
    ensure(
        reason is not ClosingReason.OTHER or words is not None,
        "interest.reason_without_words",
        "another reason than those of the list takes words",
    )
