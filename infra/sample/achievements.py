"""Achievements of the sample network: results of research, screened, published and transferred."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from random import Random

from domain.achievement_details import AchievementDetails
from domain.achievements import (
    AchievementStage,
    PublishAchievement,
    RegisterAchievement,
    ScreenAchievement,
    ScreeningResult,
    TransferAchievement,
    WithdrawAchievement,
)
from domain.reference.achievements import AchievementKind, IpForm, Level, Maturity, Secrecy
from domain.values import Bilingual
from infra.sample.chance import chance, one_of
from infra.sample.data import phrases
from infra.sample.organisations import Body
from infra.sample.posts import Posts
from infra.sample.steps import Script
from infra.sample.topics import Variant, variant

FATES: Mapping[AchievementStage, float] = {
    AchievementStage.REGISTERED: 9,
    AchievementStage.DEFERRED: 5,
    AchievementStage.REFUSED: 5,
    AchievementStage.ACCEPTED: 6,
    AchievementStage.PUBLISHED: 58,
    AchievementStage.TRANSFERRED: 13,
    AchievementStage.WITHDRAWN: 4,
}
"""How far achievements come, in a hundred."""

SECRECY: Mapping[Secrecy, float] = {Secrecy.OPEN: 92, Secrecy.INTERNAL: 5, Secrecy.CONFIDENTIAL: 3}
"""How secret they are, in a hundred. What is not open is transferred without being shown."""

SCREENED = {
    AchievementStage.DEFERRED: ScreeningResult.DEFER,
    AchievementStage.REFUSED: ScreeningResult.REFUSE,
}


@dataclass(frozen=True, slots=True)
class AchievementTold:
    """An achievement, how far it is meant to come, when it was accepted and when the network saw it."""

    id: str
    body: Body
    about: Variant
    fate: AchievementStage
    accepted: float | None = None
    published: float | None = None


def achievements(
    script: Script, posts: Posts, science: tuple[Body, ...], enterprises: tuple[Body, ...], number: int
) -> tuple[AchievementTold, ...]:
    """So many achievements, three of four from universities and institutes."""
    return tuple(_achievement(script, posts, science if i % 4 else enterprises, i) for i in range(number))


def transfer(script: Script, told: tuple[AchievementTold, ...], busy: Mapping[str, float]) -> None:
    """Transfer the achievements that are meant to be, once nobody is busy with them."""
    for each in told:
        if each.fate is AchievementStage.TRANSFERRED and each.accepted is not None:
            rng = chance(script.name, "transfer", each.id)
            since = each.accepted if each.published is None else each.published
            moment = busy.get(each.id, since + 15) + rng.uniform(0.1, 4)
            command = TransferAchievement(achievement_id=each.id)
            script.do(moment, each.body.post.adviser, f"transfer/{each.id}", command)


def _achievement(script: Script, posts: Posts, bodies: tuple[Body, ...], number: int) -> AchievementTold:
    rng = chance(script.name, "achievement", number)
    body = rng.choice(bodies)
    about = variant(rng.choice(body.topics), rng)
    fate = one_of(rng, FATES)
    details = _details(about, number, rng)
    adviser = body.post.adviser
    moment = rng.uniform(body.since + 0.1, max(body.since + 1, script.days.last - 25))
    registered = RegisterAchievement(
        station_id=body.post.id, organisation_id=body.id, details=details, contact=body.contact
    )
    id = script.make(moment, adviser, f"achievement/{number}", registered)
    if fate is AchievementStage.REGISTERED:
        return AchievementTold(id, body, about, fate)
    result = SCREENED.get(fate, ScreeningResult.ACCEPT)
    if result is ScreeningResult.ACCEPT and rng.random() < 0.1:
        moment += rng.uniform(0.5, 3)
        _screen(script, posts, moment, f"achievement/{number}/defer", id, ScreeningResult.DEFER, rng)
    moment += rng.uniform(1, 8)
    done = _screen(script, posts, moment, f"achievement/{number}/screen", id, result, rng)
    if fate in SCREENED or not done:
        return AchievementTold(id, body, about, fate)
    accepted, published = moment, None
    if details.secrecy is Secrecy.OPEN and fate is not AchievementStage.ACCEPTED:
        moment += rng.uniform(0.2, 3)
        command = PublishAchievement(achievement_id=id)
        published = moment if script.do(moment, adviser, f"achievement/{number}/publish", command) else None
    if fate is AchievementStage.WITHDRAWN:
        reason = rng.choice(phrases("achievement", "withdrawn"))
        moment += rng.uniform(3, 60)
        withdrawn = WithdrawAchievement(achievement_id=id, reason=reason)
        script.do(moment, adviser, f"achievement/{number}/withdraw", withdrawn)
    return AchievementTold(id, body, about, fate, accepted, published)


def _screen(
    script: Script, posts: Posts, moment: float, request: str, id: str, result: ScreeningResult, rng: Random
) -> bool:
    kind = {ScreeningResult.DEFER: "deferred", ScreeningResult.REFUSE: "refused"}.get(result)
    reasons = (rng.choice(phrases("achievement", kind)),) if kind else ()
    command = ScreenAchievement(achievement_id=id, result=result, reasons=reasons)
    return script.do(moment, posts.national.adviser, request, command)


def _details(about: Variant, number: int, rng: Random) -> AchievementDetails:
    english = about.text("offer", rng) if rng.random() < 0.35 else None
    closing = rng.choice(phrases("achievement", "closing")).format(k=rng.randrange(2, 6), j=rng.randrange(3, 20))
    return AchievementDetails(
        title=Bilingual(zh=about.text("result", rng), en=english[:1].upper() + english[1:] if english else None),
        secrecy=one_of(rng, SECRECY),
        abstract=Bilingual(zh=f"{about.text('how', rng)}{closing}", en=about.text("offers", rng) if english else None),
        keywords=about.topic.keywords,
        fields=about.topic.fields,
        registration_number=f"99{number:06}{rng.randrange(10**4):04}",
        programme=rng.choice(phrases("achievement", "programme")),
        maturity=rng.choice(tuple(Maturity)),
        level=rng.choice(tuple(Level)),
        kind=one_of(rng, {AchievementKind.APPLIED: 8, AchievementKind.PUBLIC_BENEFIT: 2}),
        ip_forms=tuple(rng.sample(tuple(IpForm), rng.choice((1, 1, 2)))),
    )
