"""Names: invented people, enterprises and institutions, and credit codes that check."""

from __future__ import annotations

from random import Random

from stdnum.cn import uscc

from domain.organisations import OrganisationKind
from domain.values import Bilingual
from infra.sample.data import data

REGISTERS = {
    OrganisationKind.ENTERPRISE: "91",
    OrganisationKind.UNIVERSITY: "12",
    OrganisationKind.INSTITUTE: "12",
    OrganisationKind.ASSOCIATION: "51",
}
"""The register that gives the code, and the kind of body, by the first two characters of a credit code."""

WEIGHTS = (3, 7, 9, 10, 5, 8, 4, 2)
"""Of the characters of an organisation code (GB 11714), for the check character that is its ninth."""


def person_name(rng: Random) -> str:
    names = data("names")
    return f"{rng.choice(names['surnames'])}{rng.choice(names['given'])}"


def phone(rng: Random) -> str:
    """A number that nobody has: mobile numbers never begin with 100."""
    return f"100{rng.randrange(10**8):08}"


def organisation_name(kind: OrganisationKind, place: tuple[str, str], group: str, rng: Random) -> Bilingual:
    """A name made of a place, an invented word, and what the organisation does."""
    names = data("names")
    brand_zh, brand_en = rng.choice(names["brands"]).split("|")
    zh, en = place
    match kind:
        case OrganisationKind.UNIVERSITY:
            form_zh, form_en = rng.choice(names["universities"]).split("|")
            return Bilingual(zh=f"{brand_zh}{form_zh}", en=f"{brand_en} {form_en}")
        case OrganisationKind.INSTITUTE:
            subject_zh, subject_en = names[group]["subject"].split("|")
            return Bilingual(zh=f"{zh}{brand_zh}{subject_zh}研究院", en=f"{en} {brand_en} Institute of {subject_en}")
        case OrganisationKind.ASSOCIATION:
            trade_zh, trade_en = names[group]["trade"].split("|")
            return Bilingual(zh=f"{zh}{brand_zh}{trade_zh}协会", en=f"{en} {brand_en} {trade_en} Association")
        case _:
            does_zh, does_en = rng.choice(names[group]["enterprise"]).split("|")
            return Bilingual(zh=f"{zh}{brand_zh}{does_zh}有限公司", en=f"{en} {brand_en} {does_en} Co., Ltd.")


def credit_code(kind: OrganisationKind, region: str, rng: Random) -> str:
    """A unified social credit code with both of its check characters right. Codes that begin with YY are not given."""
    body = f"YY{rng.randrange(10**6):06}"
    values = (int(character, 36) for character in body)
    check = (11 - sum(weight * value for weight, value in zip(WEIGHTS, values, strict=True)) % 11) % 11
    number = f"{REGISTERS[kind]}{region}{body}{'X' if check == 10 else check}"
    return f"{number}{uscc.calc_check_digit(number)}"
