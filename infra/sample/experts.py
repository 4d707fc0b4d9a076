"""Experts of the sample network: in the libraries of regional stations and in the teams of base stations."""

from __future__ import annotations

from dataclasses import dataclass
from random import Random

from domain.experts import DelistExpert, ExpertDetails, ExpertLibrary, JoinTeam, ListExpert
from domain.kernel.ids import derived_id
from infra.sample.chance import chance
from infra.sample.data import phrases
from infra.sample.names import person_name, phone
from infra.sample.organisations import Body
from infra.sample.posts import Post, Posts
from infra.sample.steps import Script
from infra.sample.topics import Topic


@dataclass(frozen=True, slots=True)
class ExpertTold:
    """An expert who stays one: what about, listed by which station and when."""

    id: str
    post: Post
    topic: Topic
    since: float


def experts(script: Script, posts: Posts, science: tuple[Body, ...], number: int) -> tuple[ExpertTold, ...]:
    """So many experts from universities and institutes; two of three are in a team, a few leave."""
    told = (_expert(script, posts, science[i % len(science)], i) for i in range(number))
    return tuple(each for each in told if each is not None)


def _expert(script: Script, posts: Posts, body: Body, number: int) -> ExpertTold | None:
    rng = chance(script.name, "expert", number)
    topic = rng.choice(body.topics)
    in_team = number % 3 > 0
    post = rng.choice(posts.base) if in_team else body.post
    person = derived_id("person", script.name, "expert", str(number))
    since = rng.uniform(13, 60)
    listed = ListExpert(
        station_id=post.id,
        person_id=person,
        name=person_name(rng),
        phone=phone(rng),
        email=f"{person[-8:]}@example.cn",
        details=_details(body, topic, rng, in_team),
        in_team=in_team,
    )
    id = script.make(since, post.adviser, f"expert/{number}", listed)
    other = rng.choice(posts.base)
    if other is not post and rng.random() < 0.2:
        joined = JoinTeam(expert_id=id, station_id=other.id)
        script.do(since + rng.uniform(2, 30), other.adviser, f"expert/{number}/join", joined)
    if number % 25 == 24:
        reason = rng.choice(phrases("expert", "delisted"))
        left = DelistExpert(expert_id=id, reason=reason)
        script.do(since + rng.uniform(40, 90), post.adviser, f"expert/{number}/delist", left)
        return None
    return ExpertTold(id, post, topic, since)


def _details(body: Body, topic: Topic, rng: Random, in_team: bool) -> ExpertDetails:
    libraries = () if in_team else (ExpertLibrary.TECHNICAL, rng.choice(tuple(ExpertLibrary)[2:]))
    return ExpertDetails(
        name_public=rng.random() < 0.4,
        title=rng.choice(phrases("expert", "title")),
        fields=topic.fields,
        keywords=topic.keywords,
        languages=tuple(dict.fromkeys(("zh", rng.choice(("en", "en", "de", "ja", "fr"))))),
        libraries=libraries,
        organisation_id=body.id,
    )
