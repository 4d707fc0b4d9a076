"""Why a match is refused: a dated list, so that refusals can be counted and learnt from."""

from __future__ import annotations

from datetime import date

from domain.reference.listed import Dated

FIRST_LIST = date(2010, 1, 1)


class MatchRefusalReason(Dated):
    """What speaks against a match."""

    STAGE_TOO_EARLY = "stage_too_early", "成熟度不足", "Stage too early", FIRST_LIST
    BENEFIT_UNCLEAR = "benefit_unclear", "优势不明", "Benefit over what exists unclear", FIRST_LIST
    ROUTE_UNCLEAR = "route_unclear", "商业化路径不明", "Commercial route unclear", FIRST_LIST
    DESCRIPTION_UNCLEAR = "description_unclear", "描述不清", "Description unclear", FIRST_LIST
    SCIENTIFIC_DOUBT = "scientific_doubt", "科学性存疑", "Scientific doubt", FIRST_LIST
    PRICE_OR_TERMS = "price_or_terms", "价格或条件不合", "Price or terms", FIRST_LIST
    NO_CAPACITY = "no_capacity", "无力承接", "No capacity", FIRST_LIST
    ALREADY_SOLVED = "already_solved", "问题已解决", "Already solved", FIRST_LIST
    WRONG_FIELD = "wrong_field", "领域不符", "Wrong field", FIRST_LIST
    CONFIDENTIALITY = "confidentiality", "涉及保密", "Confidentiality", FIRST_LIST
    OTHER = "other", "其他", "Other", FIRST_LIST
