"""Matches (供需对接): a need or an achievement brought together with what may answer it, until somebody decides."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from typing import Annotated, TypeAlias, assert_never

from pydantic import Field

from domain.achievements import Achievement, AchievementStage
from domain.experts import Expert
from domain.kernel.acting import Acting
from domain.kernel.commands import Command
from domain.kernel.deciding import Slice
from domain.kernel.facts import Fact
from domain.kernel.fields import Line, Prose
from domain.kernel.refusals import ensure
from domain.matching.subject import Kind, complements
from domain.needs import Need, NeedStage
from domain.profiles import Profile, ProfileStage
from domain.reference.match_refusals import MatchRefusalReason
from domain.references import AchievementId, ExpertId, MatchId, NeedId, ProfileId, StationId
from domain.stations import Station

Score: TypeAlias = Annotated[float, Field(ge=0, allow_inf_nan=False)]
"""What the ranking gave the pair when it was proposed; higher is better, and only scores of one ranking compare."""


class MatchStage(StrEnum):
    PROPOSED = "proposed"
    ACCEPTED = "accepted"
    REFUSED = "refused"


# -- facts -------------------------------------------------------------------


class MatchProposed(Fact, topic="match.proposed"):
    """A station brought two together: a need, or else an achievement, and what may answer it.

    With a need, the achievement answers; without one, the achievement is what is to be answered.
    """

    station_id: StationId
    answering_ids: tuple[StationId, ...]
    """The stations that may decide on it: the one that proposed it, and those that answer for the two sides."""
    need_id: NeedId | None = None
    achievement_id: AchievementId | None = None
    profile_id: ProfileId | None = None
    expert_id: ExpertId | None = None
    score: Score | None = None
    note: Prose | None = None


class MatchAccepted(Fact, topic="match.accepted"):
    """The two want to talk."""


class MatchRefused(Fact, topic="match.refused"):
    """One of the two does not want to talk, for this reason."""

    reason: MatchRefusalReason
    words: Line | None = None


MatchFact: TypeAlias = MatchProposed | MatchAccepted | MatchRefused


# -- state -------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Match:
    answering: frozenset[str]
    need_id: str | None = None
    achievement_id: str | None = None
    profile_id: str | None = None
    expert_id: str | None = None
    stage: MatchStage = MatchStage.PROPOSED


def evolve(match: Match | None, fact: MatchFact) -> Match:
    if isinstance(fact, MatchProposed):
        return Match(frozenset(fact.answering_ids), fact.need_id, fact.achievement_id, fact.profile_id, fact.expert_id)
    assert match is not None, "history starts with MatchProposed"
    match fact:
        case MatchAccepted():
            return replace(match, stage=MatchStage.ACCEPTED)
        case MatchRefused():
            return replace(match, stage=MatchStage.REFUSED)
        case _:
            assert_never(fact)


# -- decisions ---------------------------------------------------------------


class ProposeMatch(Command):
    """Names the two sides: a need with an achievement, a profile or an expert; or an achievement with the last two."""

    station_id: StationId
    need_id: NeedId | None = None
    achievement_id: AchievementId | None = None
    profile_id: ProfileId | None = None
    expert_id: ExpertId | None = None
    score: Score | None = None
    note: Prose | None = None

    @property
    def pair(self) -> tuple[str, ...]:
        """The ids of the two sides, what is to be answered first."""
        sides = (self.need_id, self.achievement_id, self.profile_id, self.expert_id)
        return tuple(id for id in sides if id is not None)

    def derives_from(self) -> tuple[str, ...]:
        return self.pair


class AcceptMatch(Command):
    match_id: MatchId


class RefuseMatch(Command):
    match_id: MatchId
    reason: MatchRefusalReason
    words: Line | None = None


def propose(
    match: Match | None,
    station: Station,
    need: Need | None,
    achievement: Achievement | None,
    profile: Profile | None,
    expert: Expert | None,
    command: ProposeMatch,
    acting: Acting,
) -> MatchProposed:
    """An open station brings two together once: a need or an achievement that the network sees, and an answer to it."""
    ensure(match is None, "match.exists", "the two have been brought together already")
    ensure(station.opened_on is not None, "station.not_open", "takes a station that has opened")
    ensure(
        len(command.pair) == 2 and (command.need_id or command.achievement_id) is not None,
        "match.two_sides",
        "takes a need with an achievement, a profile or an expert; or an achievement with a profile or an expert",
    )
    ensure_known(command, need=need, achievement=achievement, profile=profile, expert=expert)
    ensure(
        need is None or need.stage is NeedStage.PUBLISHED, "match.need_not_published", "takes a need that is published"
    )
    ensure(
        achievement is None or achievement.stage is AchievementStage.PUBLISHED,
        "match.achievement_not_published",
        "takes an achievement that is published",
    )
    ensure(expert is None or not expert.delisted, "match.expert_delisted", "takes an expert of the network")
    if profile is not None:
        ensure_answer(Kind.NEED if need else Kind.ACHIEVEMENT, profile, acting.day)
    sides = (each.station_id for each in (need, achievement, profile) if each is not None)
    ids = (command.station_id, *sides, expert.listed_by if expert else None)
    return MatchProposed(answering_ids=tuple(dict.fromkeys(id for id in ids if id)), **dict(command))


def accept(match: Match, command: AcceptMatch) -> MatchAccepted:
    """What was proposed is accepted or refused, once."""
    ensure_undecided(match)
    return MatchAccepted()


def refuse(match: Match, command: RefuseMatch, acting: Acting) -> MatchRefused:
    """A refusal says why, by the list of the day; another reason than those of the list takes words."""
    ensure_undecided(match)
    ensure(
        command.reason.in_force(acting.day),
        "match.reason_not_in_force",
        f"takes one of {', '.join(MatchRefusalReason.on(acting.day))}",
    )
    ensure(
        command.reason is not MatchRefusalReason.OTHER or command.words is not None,
        "match.reason_without_words",
        "another reason than those of the list takes words",
    )
    return MatchRefused(reason=command.reason, words=command.words)


def ensure_undecided(match: Match) -> None:
    """Nobody has accepted or refused it yet."""
    ensure(match.stage is MatchStage.PROPOSED, "match.decided", f"the match has been {match.stage}")


def ensure_known(command: ProposeMatch, **sides: object | None) -> None:
    """What the command names exists."""
    for name, found in sides.items():
        id = getattr(command, f"{name}_id")
        ensure(id is None or found is not None, f"{name}.unknown", f"there is no {name} {id}")


def ensure_answer(kind: Kind, profile: Profile, on: date) -> None:
    """The profile is published, of a type that answers, valid, and interest in it may still be expressed."""
    details = profile.details
    ensure(profile.stage is ProfileStage.PUBLISHED, "match.profile_not_published", "takes a profile that is published")
    ensure(
        details.type in complements(kind),
        "match.profile_type",
        f"{' or '.join(sorted(complements(kind)))} answers this {kind}; the profile is a {details.type}",
    )
    ensure(not details.expired(on), "match.profile_expired", f"the profile expired on {details.expires}")
    ensure(
        details.takes_interest(on),
        "match.profile_closed",
        "takes a profile that is open for interest and whose deadline for it has not passed",
    )


SLICE = Slice("match", Match, (MatchProposed, MatchAccepted, MatchRefused), evolve, (propose, accept, refuse))
