"""Profiles of the sample network: foreign ones of all types, about two thirds of them open; and some of our own."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random

from domain.achievements import AchievementStage
from domain.needs import NeedStage
from domain.profile_commands import AmendProfile, DraftProfile, ImportProfile, PublishProfile, WithdrawProfile
from domain.profile_details import ProfileDetails
from domain.reference.een import ProfileType
from domain.values import Source
from infra.sample.abroad import Country
from infra.sample.achievements import AchievementTold
from infra.sample.chance import chance, one_of
from infra.sample.data import phrases
from infra.sample.needs import NeedTold
from infra.sample.posts import Posts
from infra.sample.profile_texts import call, expiry, profile_details
from infra.sample.steps import Script
from infra.sample.topics import Topic, Variant, variant

TYPES: Mapping[ProfileType, float] = {
    ProfileType.TO: 36,
    ProfileType.BO: 22,
    ProfileType.TR: 16,
    ProfileType.BR: 14,
    ProfileType.RDR: 12,
}
OPEN = 0.69
"""So many of the foreign profiles are open today, but for those that are withdrawn."""


@dataclass(frozen=True, slots=True)
class ProfileTold:
    """A foreign profile that is open today, from its import on."""

    id: str
    type: ProfileType
    topic: Topic
    country: Country
    since: float


@dataclass(frozen=True, slots=True)
class _Dates:
    """When a profile was submitted, whether it is open today, and the deadline for interest of an R&D request."""

    submitted: date
    open: bool
    eoi: date | None = None


def foreign(
    script: Script,
    posts: Posts,
    topics: tuple[Topic, ...],
    points: Mapping[str, str],
    countries: tuple[Country, ...],
    number: int,
    serial: int = 1,
) -> tuple[ProfileTold, ...]:
    """So many profiles, imported by the international stations. References with one serial differ by their dates."""
    taken: set[str] = set()
    told = (_foreign(script, posts, topics, points, countries, i, serial, taken) for i in range(number))
    return tuple(each for each in told if each is not None)


def _foreign(
    script: Script,
    posts: Posts,
    topics: tuple[Topic, ...],
    points: Mapping[str, str],
    countries: tuple[Country, ...],
    number: int,
    serial: int,
    taken: set[str],
) -> ProfileTold | None:
    rng = chance(script.name, "profile", number)
    type = tuple(TYPES)[number] if number < len(TYPES) else one_of(rng, TYPES)
    country = one_of(rng, {each: each.weight for each in countries})
    about = variant(rng.choice(topics), rng)
    while True:
        dates = _dates(type, script.days.today, rng)
        reference = f"{type}{country.in_references}{dates.submitted:%Y%m%d}{serial:03}"
        if reference not in taken:
            break
    taken.add(reference)
    details = _dated(profile_details(type, about, country.adjective, country.code, rng), dates, rng)
    moment = min(
        max(script.days.moment(dates.submitted) + rng.uniform(3, 9), rng.uniform(8, 12)), script.days.last - 0.1
    )
    post = posts.abroad[number % len(posts.abroad)]
    imported = ImportProfile(
        station_id=post.id,
        reference=reference,
        details=details,
        source=Source(system="een", reference=reference),
        partner_id=points[country.code],
    )
    id = script.make(moment, post.adviser, f"profile/{number}", imported)
    if number % 16 == 7:
        amended = details.model_copy(update={"updated": script.days.day(later := moment + rng.uniform(1, 20))})
        script.do(later, post.adviser, f"profile/{number}/amend", AmendProfile(profile_id=id, details=amended))
    if number % 33 == 11:
        later = moment + rng.uniform(20, 60)
        reason = rng.choice(phrases("profile", "withdrawn"))
        withdrawn = WithdrawProfile(profile_id=id, reason=reason, on=script.days.day(later))
        script.do(later, post.adviser, f"profile/{number}/withdraw", withdrawn)
        return None
    return ProfileTold(id, type, about.topic, country, moment) if dates.open else None


def _dates(type: ProfileType, today: date, rng: Random) -> _Dates:
    open = rng.random() < OPEN
    ago = rng.randrange(12, 345) if open else rng.randrange(372, 500)
    submitted = today - timedelta(days=ago)
    if type is not ProfileType.RDR:
        return _Dates(submitted, open)
    eoi = today + timedelta(days=rng.randrange(15, 90)) if open else submitted + timedelta(days=rng.randrange(40, 200))
    return _Dates(submitted, open, eoi)


def _dated(details: ProfileDetails, dates: _Dates, rng: Random) -> ProfileDetails:
    deadline = dates.eoi + timedelta(days=rng.randrange(8, 40)) if dates.eoi else None
    return details.model_copy(
        update={
            "submitted": dates.submitted,
            "published": dates.submitted + timedelta(days=rng.randrange(1, 4)),
            "expires": expiry(dates.submitted),
            "eoi_deadline": dates.eoi,
            "call": call(deadline, rng) if deadline else None,
            "target_countries": ("CN", "JP", "KR") if rng.random() < 0.08 else (),
        }
    )


def own(script: Script, told: Iterable[NeedTold | AchievementTold], number: int) -> None:
    """Drafts of our own for published needs and achievements; two of three are published, half of these as EEN's."""
    fates = (NeedStage.PUBLISHED, AchievementStage.PUBLISHED)
    found = [
        each for each in told if each.fate in fates and (each.published or script.days.last) < script.days.last - 30
    ]
    rng = chance(script.name, "own profiles")
    for i, each in enumerate(rng.sample(found, min(len(found), number))):
        _own(script, each, i, rng)


def _own(script: Script, each: NeedTold | AchievementTold, number: int, rng: Random) -> None:
    asks = isinstance(each, NeedTold)
    type = ProfileType.TR if asks else ProfileType.TO
    about: Variant = each.about
    moment = (each.published or 0) + rng.uniform(2, 15)
    post, on = each.body.post, script.days.day(moment)
    details = profile_details(type, about, "Chinese", "CN", rng).model_copy(
        update={"submitted": on, "expires": expiry(on)}
    )
    subject = {"need_id" if asks else "achievement_id": each.id}
    drafted = DraftProfile(station_id=post.id, details=details, **subject)
    request = f"own/{number}"
    id = script.make(moment, post.adviser, request, drafted)
    if number % 3 == 0:
        return
    moment += rng.uniform(1, 8)
    on = script.days.day(moment)
    reference = f"{type}CN{on:%Y%m%d}{number % 900 + 100}" if number % 2 else None
    published = PublishProfile(profile_id=id, on=on, reference=reference)
    script.do(moment, post.adviser, f"{request}/publish", published)
