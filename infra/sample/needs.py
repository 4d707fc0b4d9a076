"""Needs of the sample network: what enterprises tell at visits, and how far each need comes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from random import Random

from domain.needs import (
    AmendNeed,
    CheckNeed,
    CooperationMode,
    NeedDetails,
    NeedStage,
    PublishNeed,
    RecordNeed,
    ReturnNeed,
    SolveNeed,
    WithdrawNeed,
)
from domain.values import Bilingual, Money
from infra.sample.chance import chance, one_of
from infra.sample.data import phrases
from infra.sample.organisations import Body
from infra.sample.steps import Script
from infra.sample.topics import Variant, variant

FATES: Mapping[NeedStage, float] = {
    NeedStage.RECORDED: 6,
    NeedStage.RETURNED: 4,
    NeedStage.CHECKED: 4,
    NeedStage.PUBLISHED: 74,
    NeedStage.SOLVED: 8,
    NeedStage.WITHDRAWN: 4,
}
"""How far needs come, in a hundred; those told in the last days come less far."""


@dataclass(frozen=True, slots=True)
class NeedTold:
    """A need, how far it is meant to come, and when the network saw it (None if it did not)."""

    id: str
    body: Body
    about: Variant
    fate: NeedStage
    published: float | None


def needs(script: Script, bodies: tuple[Body, ...], number: int) -> tuple[NeedTold, ...]:
    """So many needs, one of each enterprise first."""
    return tuple(_need(script, bodies, i) for i in range(number))


def solve(script: Script, told: tuple[NeedTold, ...], busy: Mapping[str, float]) -> None:
    """Solve the needs that are meant to be, once nobody is busy with them."""
    for need in told:
        if need.fate is NeedStage.SOLVED and need.published is not None:
            rng = chance(script.name, "solve", need.id)
            moment = busy.get(need.id, need.published + 10) + rng.uniform(0.1, 4)
            script.do(moment, need.body.post.adviser, f"solve/{need.id}", SolveNeed(need_id=need.id))


def _need(script: Script, bodies: tuple[Body, ...], number: int) -> NeedTold:
    rng = chance(script.name, "need", number)
    body = bodies[number] if number < len(bodies) else rng.choice(bodies)
    about = variant(rng.choice(body.topics), rng)
    fate = one_of(rng, FATES)
    adviser, days = body.post.adviser, script.days
    earliest = body.since + 0.05 if number < len(bodies) else body.since + 3
    moment = earliest if number < len(bodies) else rng.uniform(earliest, days.last - 6)
    details = _details(about, rng)
    recorded = RecordNeed(station_id=body.post.id, organisation_id=body.id, details=details, contact=body.contact)
    id = script.make(moment, adviser, f"need/{number}", recorded)
    if fate is NeedStage.RECORDED:
        return NeedTold(id, body, about, fate, None)
    moment += rng.uniform(0.2, 3)
    if fate is NeedStage.RETURNED or rng.random() < 0.07:
        reasons = tuple(rng.sample(phrases("need", "returned"), rng.choice((1, 1, 2))))
        script.do(moment, adviser, f"need/{number}/return", ReturnNeed(need_id=id, reasons=reasons))
        if fate is NeedStage.RETURNED:
            return NeedTold(id, body, about, fate, None)
        moment += rng.uniform(0.5, 3)
        amended = details.model_copy(update={"goal": f"{details.goal}；指标由双方确认的第三方检测"})
        script.do(moment, adviser, f"need/{number}/amend", AmendNeed(need_id=id, details=amended))
        moment += rng.uniform(0.1, 1)
    script.do(moment, adviser, f"need/{number}/check", CheckNeed(need_id=id))
    if fate is NeedStage.CHECKED:
        return NeedTold(id, body, about, fate, None)
    moment += rng.uniform(0.05, 1.5)
    seen = script.do(moment, adviser, f"need/{number}/publish", PublishNeed(need_id=id))
    if fate is NeedStage.WITHDRAWN:
        reason = rng.choice(phrases("need", "withdrawn"))
        later = moment + rng.uniform(3, 40)
        script.do(later, adviser, f"need/{number}/withdraw", WithdrawNeed(need_id=id, reason=reason))
    return NeedTold(id, body, about, fate, moment if seen else None)


def _details(about: Variant, rng: Random) -> NeedDetails:
    zh = about.text("need", rng)
    english = about.text("request", rng) if rng.random() < 0.25 else None
    context = rng.choice(phrases("need", "context")).format(k=rng.randrange(2, 9), j=rng.randrange(3, 12))
    closing = rng.choice(phrases("need", "closing"))
    fields = about.topic.fields if rng.random() < 0.6 else about.topic.fields[:1]
    budget = Money(amount=Decimal(rng.choice((20, 30, 50, 80, 100, 120, 200, 300, 500)) * 10_000))
    return NeedDetails(
        title=Bilingual(zh=zh, en=english[:1].upper() + english[1:] if english else None),
        description=Bilingual(zh=f"{about.text('why', rng)}{context}{closing}"),
        goal=about.text("goal", rng),
        fields=fields,
        keywords=about.topic.keywords,
        mode=rng.choice(tuple(CooperationMode)),
        budget=budget if rng.random() < 0.85 else None,
        countries=tuple(sorted(rng.sample(("DE", "IT", "FR", "NL", "SE", "CN"), 3))) if rng.random() < 0.1 else (),
    )
