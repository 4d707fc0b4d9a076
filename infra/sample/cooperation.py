"""Cooperation of the sample's stations: base stations ask regional and international ones, and each other."""

from __future__ import annotations

from collections.abc import Sequence
from random import Random

from domain.cooperation import (
    AcceptCooperation,
    AskCooperation,
    CloseCooperation,
    CooperationOutcome,
    DeclineCooperation,
)
from infra.sample.achievements import AchievementTold
from infra.sample.chance import chance, one_of
from infra.sample.data import phrases
from infra.sample.needs import NeedTold
from infra.sample.posts import Post, Posts
from infra.sample.steps import Script

FATES = {"asked": 15, "declined": 10, "accepted": 30, "closed": 45}
"""How far cooperations come, in a hundred."""

REMARKS = {
    CooperationOutcome.SUCCEEDED: 1,
    CooperationOutcome.PARTLY: 0,
    CooperationOutcome.FAILED: 2,
}
"""Which remark goes with an outcome."""


def cooperations(script: Script, posts: Posts, subjects: Sequence[NeedTold | AchievementTold], number: int) -> None:
    """So many cooperations: half of them about a need, some about an achievement, the others at large."""
    rng = chance(script.name, "cooperations")
    seen = [each for each in subjects if (each.published or script.days.last) < script.days.last - 4]
    for i in range(number):
        subject = rng.choice(seen) if seen and rng.random() < 0.8 else None
        _cooperation(script, posts, subject, i, rng)


def _cooperation(
    script: Script, posts: Posts, subject: NeedTold | AchievementTold | None, number: int, rng: Random
) -> None:
    asking = subject.body.post if subject else rng.choice(posts.base)
    asked = _asked(posts, asking, rng)
    topic = "".join(subject.about.topic.keywords[:2]) if subject else "技术转移"
    since = subject.published if subject and subject.published is not None else rng.uniform(6, 190)
    moment = since + rng.uniform(0.2, 3)
    about = {"need_id" if isinstance(subject, NeedTold) else "achievement_id": subject.id} if subject else {}
    purpose = rng.choice(phrases("cooperation", "purpose")).format(topic=topic)
    command = AskCooperation(station_id=asking.id, asked_id=asked.id, purpose=purpose, **about)
    request = f"cooperation/{number}"
    id = script.make(moment, asking.adviser, request, command)
    fate = one_of(rng, FATES)
    moment += rng.uniform(0.3, 5)
    if fate == "declined":
        declined = DeclineCooperation(cooperation_id=id, reason=rng.choice(phrases("cooperation", "declined")))
        script.do(moment, asked.adviser, f"{request}/decline", declined)
    elif fate != "asked":
        script.do(moment, asked.adviser, f"{request}/accept", AcceptCooperation(cooperation_id=id))
        if fate == "closed":
            outcome = one_of(rng, dict(zip(CooperationOutcome, (6, 3, 1), strict=True)))
            remark = phrases("cooperation", "remark")[REMARKS[outcome]]
            closed = CloseCooperation(cooperation_id=id, outcome=outcome, remark=remark)
            by = rng.choice((asking, asked)).adviser
            script.do(moment + rng.uniform(5, 40), by, f"{request}/close", closed)


def _asked(posts: Posts, asking: Post, rng: Random) -> Post:
    """Its own regional station, one that serves abroad, or any other one."""
    own = [posts.above(asking)] if asking in posts.base else []
    others = (*own, *own, *posts.abroad, rng.choice(posts.base), rng.choice(posts.regional))
    return rng.choice([each for each in others if each is not asking])
