"""Industries by the sections of GB/T 4754—2017 (国民经济行业分类)."""

from __future__ import annotations

from enum import StrEnum


class Industry(StrEnum):
    """A section of the national classification: its letter. Chinese and English names are in `INDUSTRY_NAMES`."""

    A = "A"
    B = "B"
    C = "C"
    D = "D"
    E = "E"
    F = "F"
    G = "G"
    H = "H"
    I = "I"  # noqa: E741 - the letter that the standard gives the section
    J = "J"
    K = "K"
    L = "L"
    M = "M"
    N = "N"
    O = "O"  # noqa: E741 - the letter that the standard gives the section
    P = "P"
    Q = "Q"
    R = "R"
    S = "S"
    T = "T"


INDUSTRY_NAMES: dict[Industry, tuple[str, str]] = {
    Industry.A: ("农、林、牧、渔业", "Agriculture, forestry, animal husbandry and fishery"),
    Industry.B: ("采矿业", "Mining"),
    Industry.C: ("制造业", "Manufacturing"),
    Industry.D: ("电力、热力、燃气及水生产和供应业", "Supply of electricity, heat, gas and water"),
    Industry.E: ("建筑业", "Construction"),
    Industry.F: ("批发和零售业", "Wholesale and retail trade"),
    Industry.G: ("交通运输、仓储和邮政业", "Transport, storage and post"),
    Industry.H: ("住宿和餐饮业", "Hotels and catering"),
    Industry.I: ("信息传输、软件和信息技术服务业", "Information transmission, software and IT services"),
    Industry.J: ("金融业", "Finance"),
    Industry.K: ("房地产业", "Real estate"),
    Industry.L: ("租赁和商务服务业", "Leasing and business services"),
    Industry.M: ("科学研究和技术服务业", "Scientific research and technical services"),
    Industry.N: ("水利、环境和公共设施管理业", "Water, environment and public facilities"),
    Industry.O: ("居民服务、修理和其他服务业", "Household services, repair and other services"),
    Industry.P: ("教育", "Education"),
    Industry.Q: ("卫生和社会工作", "Health and social work"),
    Industry.R: ("文化、体育和娱乐业", "Culture, sports and entertainment"),
    Industry.S: ("公共管理、社会保障和社会组织", "Public administration and social organisations"),
    Industry.T: ("国际组织", "International organisations"),
}
