"""The two sides of an interest: the profile in which it is expressed, and what of ours it is expressed for."""

from __future__ import annotations

from datetime import date

from domain.achievements import Achievement, AchievementStage
from domain.interest_commands import ExpressInterest
from domain.interest_facts import InterestDirection
from domain.kernel.refusals import ensure
from domain.matches import Match, MatchStage
from domain.matching.subject import Kind, complements
from domain.needs import Need, NeedStage
from domain.partners import Partner, PartnerKind
from domain.profiles import Origin, Profile, ProfileStage


def direction_of(profile: Profile) -> InterestDirection:
    """Interest in a foreign profile is made, interest in one of our own is received."""
    return InterestDirection.MADE if profile.origin is Origin.FOREIGN else InterestDirection.RECEIVED


def ensure_known(
    command: ExpressInterest,
    need: Need | None,
    achievement: Achievement | None,
    own: Profile | None,
    match: Match | None,
) -> None:
    """What the command names besides exists."""
    ensure(command.need_id is None or need is not None, "need.unknown", f"there is no need {command.need_id}")
    ensure(
        command.achievement_id is None or achievement is not None,
        "achievement.unknown",
        f"there is no achievement {command.achievement_id}",
    )
    ensure(
        command.own_profile_id is None or own is not None,
        "profile.unknown",
        f"there is no profile {command.own_profile_id}",
    )
    ensure(command.match_id is None or match is not None, "match.unknown", f"there is no match {command.match_id}")


def ensure_open_profile(profile: Profile, on: date) -> None:
    """Interest in the profile may be expressed on that day."""
    details = profile.details
    ensure(
        profile.stage is ProfileStage.PUBLISHED,
        "interest.profile_not_published",
        f"takes a profile that is published; this one is {profile.stage}",
    )
    ensure(not details.expired(on), "interest.profile_expired", f"the profile expired on {details.expires}")
    ensure(
        details.takes_interest(on),
        "interest.profile_closed",
        "takes a profile that is open for interest and whose deadline for it has not passed",
    )


def ensure_partner_abroad(partner: Partner) -> None:
    """An interest goes from adviser to adviser: the partner is a contact point of the EEN, and not in China."""
    ensure(
        partner.details.kind is PartnerKind.EEN_CONTACT_POINT and partner.details.country != "CN",
        "interest.partner_not_abroad",
        "takes a contact point of the Enterprise Europe Network abroad",
    )


def ensure_no_subject(*subjects: object | None) -> None:
    """Who is interested from abroad has neither a need nor an achievement nor a profile of ours."""
    ensure(
        all(each is None for each in subjects),
        "interest.subject_of_received",
        "interest in a profile of our own comes from abroad; takes neither need nor achievement nor own profile",
    )


def ensure_subject(
    need: Need | None, achievement: Achievement | None, own: Profile | None, profile: Profile, on: date
) -> None:
    """Ours is interested for one thing, which the network sees, and to which the foreign profile is an answer."""
    ensure(
        sum(each is not None for each in (need, achievement, own)) == 1,
        "interest.one_subject",
        "takes a need, an achievement or a profile of our own, and one of them only",
    )
    if need is not None:
        ensure(need.stage is NeedStage.PUBLISHED, "interest.need_not_published", "takes a need that is published")
        kind = Kind.NEED
    elif achievement is not None:
        ensure(
            achievement.stage is AchievementStage.PUBLISHED,
            "interest.achievement_not_published",
            "takes an achievement that is published",
        )
        kind = Kind.ACHIEVEMENT
    else:
        assert own is not None
        ensure(own.origin is Origin.OWN, "interest.not_own_profile", "takes a profile of one of our own stations")
        ensure_open_profile(own, on)
        kind = Kind(own.details.type)
    ensure(
        profile.details.type in complements(kind),
        "interest.profile_type",
        f"{' or '.join(sorted(complements(kind)))} answers this {kind}; the profile is a {profile.details.type}",
    )


def ensure_match(match: Match | None, ids: tuple[str | None, str | None, str]) -> None:
    """A match from which the interest comes was accepted, and brought the same two together."""
    if match is None:
        return
    ensure(match.stage is MatchStage.ACCEPTED, "interest.match_not_accepted", "takes a match that has been accepted")
    ensure(
        (match.need_id, match.achievement_id, match.profile_id) == ids,
        "interest.other_match",
        "takes a match of the same need or achievement with the same profile",
    )
