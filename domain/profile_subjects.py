"""What a profile of our own rests on: a need of an enterprise, or an achievement."""

from __future__ import annotations

from domain.achievements import Achievement, AchievementStage
from domain.kernel.refusals import ensure
from domain.needs import Need, NeedStage
from domain.reference.achievements import Secrecy
from domain.reference.een import ProfileType

ASKING = frozenset({ProfileType.TR, ProfileType.RDR, ProfileType.BR})
"""The types that ask, and so rest on a need; the others offer, and rest on an achievement."""


def ensure_subject(type: ProfileType, need: Need | None, achievement: Achievement | None) -> None:
    """What asks rests on a published need, what offers on a published achievement that is not secret."""
    if type in ASKING:
        ensure(
            need is not None and need.stage is NeedStage.PUBLISHED,
            "profile.need_not_published",
            f"a {type} rests on a published need",
        )
    else:
        ensure(
            achievement is not None
            and achievement.stage is AchievementStage.PUBLISHED
            and achievement.details.secrecy is Secrecy.OPEN,
            "profile.achievement_not_published",
            f"a {type} rests on a published achievement that is not secret",
        )
