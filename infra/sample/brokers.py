"""Brokers of the sample network: certified, most of them signed by a station, some suspended or released."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from domain.brokers import CertifyBroker, ReleaseBroker, ResumeBroker, SignBroker, SuspendBroker
from domain.kernel.ids import derived_id
from infra.sample.chance import chance
from infra.sample.data import phrases
from infra.sample.names import person_name
from infra.sample.posts import Post, Posts
from infra.sample.steps import Script


@dataclass(frozen=True, slots=True)
class BrokerTold:
    """A broker who works in a station's name from a moment on."""

    id: str
    post: Post
    since: float


def brokers(script: Script, posts: Posts, number: int) -> tuple[BrokerTold, ...]:
    """So many brokers: of ten, one is never signed and one is suspended or released; the others are told."""
    told = (_broker(script, posts, i) for i in range(number))
    return tuple(each for each in told if each is not None)


def _broker(script: Script, posts: Posts, number: int) -> BrokerTold | None:
    rng = chance(script.name, "broker", number)
    stations = (*posts.base, *posts.regional)
    post = stations[number % len(stations)]
    moment = rng.uniform(6, 25)
    certified = CertifyBroker(
        station_id=post.id,
        person_id=derived_id("person", script.name, "broker", str(number)),
        name=person_name(rng),
        certificate=f"JJR{script.days.first.year - 1}{number:05}",
        issuer=rng.choice(phrases("broker", "issuer")),
        on=script.days.first - timedelta(days=rng.randrange(60, 900)),
    )
    request = f"broker/{number}"
    id = script.make(moment, post.adviser, request, certified)
    if number % 10 == 9:
        return None
    moment += rng.uniform(0.5, 10)
    until = script.days.today + timedelta(days=rng.randrange(200, 900)) if rng.random() < 0.6 else None
    signed = SignBroker(broker_id=id, station_id=post.id, since=script.days.day(moment), until=until)
    script.do(moment, post.adviser, f"{request}/sign", signed)
    if number % 10 != 8:
        return BrokerTold(id, post, moment)
    moment += rng.uniform(30, 90)
    if number % 20 == 8:
        reason = rng.choice(phrases("broker", "suspended"))
        script.do(moment, post.adviser, f"{request}/suspend", SuspendBroker(broker_id=id, reason=reason))
        if number % 40 == 8:
            script.do(moment + rng.uniform(10, 40), post.adviser, f"{request}/resume", ResumeBroker(broker_id=id))
    else:
        reason = rng.choice(phrases("broker", "released"))
        released = ReleaseBroker(broker_id=id, until=script.days.day(moment), reason=reason)
        script.do(moment, post.adviser, f"{request}/release", released)
    return None
