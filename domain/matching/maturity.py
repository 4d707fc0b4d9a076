"""Maturity: how the register's stages of an achievement (成果所处阶段) stand to the EEN's stages of development."""

from __future__ import annotations

from collections.abc import Mapping

from domain.reference.achievements import Maturity
from domain.reference.een import StageOfDevelopment

STAGES: Mapping[Maturity, StageOfDevelopment] = {
    Maturity.LAB_TRIAL: StageOfDevelopment.LAB_TESTED,
    Maturity.PILOT: StageOfDevelopment.DEMONSTRATION,
    Maturity.SMALL_PRODUCTION: StageOfDevelopment.ON_THE_MARKET,
    Maturity.LIMITED_USE: StageOfDevelopment.ON_THE_MARKET,
    Maturity.WIDE_USE: StageOfDevelopment.ON_THE_MARKET,
}

ORDER = tuple(StageOfDevelopment)


def stage_of(maturity: Maturity) -> StageOfDevelopment:
    """The stage of development that an achievement of this maturity would state in a profile."""
    return STAGES[maturity]


def steps_short(wanted: StageOfDevelopment, offered: StageOfDevelopment) -> int:
    """How many stages the offered one lies before the wanted one; 0 when it is reached."""
    return max(0, ORDER.index(wanted) - ORDER.index(offered))
