"""The code lists of the register of achievements (科技成果登记): maturity, level, kind, intellectual property, secrecy.

Labels are those of the registration form for applied technology; what older forms say is read as well.
"""

from __future__ import annotations

from domain.reference.listed import Listed


class Maturity(Listed):
    """How far the achievement has come (成果所处阶段)."""

    LAB_TRIAL = "lab_trial", "小试", "Laboratory trial", "完成小试", "初期", "初期阶段"
    PILOT = "pilot", "完成中试", "Pilot completed", "中试", "中期", "中期阶段"
    SMALL_PRODUCTION = "small_production", "小规模生产", "Small-scale production"
    LIMITED_USE = "limited_use", "已通过小范围转化应用", "In use on a limited scale", "小范围转化应用"
    WIDE_USE = "wide_use", "大规模大范围应用", "In wide use", "成熟应用", "成熟应用阶段"


class Level(Listed):
    """How the achievement compares (成果水平)."""

    INTERNATIONAL_LEADING = "international_leading", "国际领先", "Leading internationally"
    INTERNATIONAL_ADVANCED = "international_advanced", "国际先进", "Advanced internationally"
    NATIONAL_LEADING = "national_leading", "国内领先", "Leading in China"
    NATIONAL_ADVANCED = "national_advanced", "国内先进", "Advanced in China"
    NOT_EVALUATED = "not_evaluated", "未评价", "Not evaluated"


class AchievementKind(Listed):
    """What sort of result it is (成果类型)."""

    APPLIED = "applied", "技术开发类应用技术", "Applied technology", "应用技术"
    PUBLIC_BENEFIT = "public_benefit", "社会公益类应用技术", "Applied technology for public benefit"
    SOFT_SCIENCE = "soft_science", "软科学研究成果", "Soft science", "软科学"
    BASIC_THEORY = "basic_theory", "基础理论成果", "Basic theory", "基础理论"


class IpForm(Listed):
    """How the achievement is protected (知识产权形式)."""

    INVENTION_PATENT = "invention_patent", "发明专利", "Invention patent"
    UTILITY_MODEL = "utility_model", "实用新型专利", "Utility model", "实用新型"
    LAYOUT_DESIGN = "layout_design", "集成电路设计权", "Layout design of integrated circuits", "集成电路布图设计权"
    SOFTWARE_COPYRIGHT = "software_copyright", "软件著作权", "Software copyright", "计算机软件著作权"
    OTHER = "other", "其他", "Other", "其它"


class Secrecy(Listed):
    """How secret the achievement is (成果密级). What is not open is neither published nor shown abroad."""

    OPEN = "open", "公开", "Open"
    INTERNAL = "internal", "内部", "Internal"
    CONFIDENTIAL = "confidential", "秘密", "Confidential"
    SECRET = "secret", "机密", "Secret"
    TOP_SECRET = "top_secret", "绝密", "Top secret"
