"""Experts (专家): people whose knowledge stations draw on, in their own teams or through a library shared by many."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Annotated, TypeAlias, assert_never

from pydantic import StringConstraints

from domain.kernel.acting import Acting
from domain.kernel.authority import entitle
from domain.kernel.commands import Command
from domain.kernel.deciding import Slice
from domain.kernel.facts import Fact, Value
from domain.kernel.fields import KeptLine, Line, Opening, PersonalText
from domain.kernel.refusals import ensure
from domain.organisations import Organisation
from domain.reference.fields import TechnologyField
from domain.reference.languages import language_name
from domain.references import ExpertId, OrganisationId, PersonId, StationId
from domain.stations import Station

LanguageCode: TypeAlias = Annotated[str, Opening.OPEN, StringConstraints(pattern=r"^[a-z]{2}$")]
"""A language by its two letters (ISO 639-1)."""


class ExpertLibrary(StrEnum):
    """The libraries (专家库) in which regional stations keep experts for the base stations."""

    BUSINESS = "business"
    """商业"""
    TECHNICAL = "technical"
    """技术"""
    LEGAL = "legal"
    """法律"""
    LANGUAGES = "languages"
    """多语种服务"""
    NEGOTIATION = "negotiation"
    """技术谈判"""
    FINANCE = "finance"
    """投融资"""
    POLICY = "policy"
    """政策"""


class ExpertDetails(Value):
    """What an expert knows and where; it may be corrected."""

    name_public: bool = False
    """Whether the person agreed that the name be shown to everybody."""
    title: Line | None = None
    """职称, such as 教授."""
    fields: tuple[TechnologyField, ...] = ()
    keywords: tuple[Line, ...] = ()
    languages: tuple[LanguageCode, ...] = ()
    libraries: tuple[ExpertLibrary, ...] = ()
    organisation_id: OrganisationId | None = None
    """The employer."""


# -- facts -------------------------------------------------------------------


class ExpertListed(Fact, topic="expert.listed"):
    """A station entered the person among the network's experts."""

    station_id: StationId
    person_id: PersonId
    name: PersonalText
    phone: PersonalText | None = None
    email: PersonalText | None = None
    details: ExpertDetails


class ExpertAmended(Fact, topic="expert.amended"):
    """What is known of the expert is now this; a name, phone or e-mail that is not given stays what it was."""

    person_id: PersonId
    details: ExpertDetails
    name: PersonalText | None = None
    phone: PersonalText | None = None
    email: PersonalText | None = None


class ExpertJoinedTeam(Fact, topic="expert.joined_team"):
    """The expert belongs to the station's team (专家队伍)."""

    station_id: StationId


class ExpertLeftTeam(Fact, topic="expert.left_team"):
    """The expert no longer belongs to the station's team."""

    station_id: StationId


class ExpertDelisted(Fact, topic="expert.delisted"):
    """The person is no expert of the network any more, nor of any station's team."""

    reason: KeptLine


ExpertFact: TypeAlias = ExpertListed | ExpertAmended | ExpertJoinedTeam | ExpertLeftTeam | ExpertDelisted


# -- state -------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Expert:
    """Any station may take an expert into its team, whichever listed the person: so each decision says who answers."""

    person_id: str
    listed_by: str
    details: ExpertDetails
    teams: frozenset[str] = frozenset()
    """The stations in whose teams the expert is."""
    delisted: bool = False


def evolve(expert: Expert | None, fact: ExpertFact) -> Expert:
    if isinstance(fact, ExpertListed):
        return Expert(fact.person_id, fact.station_id, fact.details)
    assert expert is not None, "history starts with ExpertListed"
    match fact:
        case ExpertAmended(details=details):
            return replace(expert, details=details)
        case ExpertJoinedTeam(station_id=station):
            return replace(expert, teams=expert.teams | {station})
        case ExpertLeftTeam(station_id=station):
            return replace(expert, teams=expert.teams - {station})
        case ExpertDelisted():
            return replace(expert, teams=frozenset(), delisted=True)
        case _:
            assert_never(fact)


# -- decisions ---------------------------------------------------------------


class ListExpert(Command):
    """With `in_team`, the expert joins the team of the station that lists the person."""

    station_id: StationId
    person_id: PersonId
    name: PersonalText
    phone: PersonalText | None = None
    email: PersonalText | None = None
    details: ExpertDetails
    in_team: bool = False

    @property
    def organisation_id(self) -> str | None:
        return self.details.organisation_id

    def derives_from(self) -> tuple[str, ...]:
        return (self.person_id,)


class AmendExpert(Command):
    expert_id: ExpertId
    details: ExpertDetails
    name: PersonalText | None = None
    phone: PersonalText | None = None
    email: PersonalText | None = None

    @property
    def organisation_id(self) -> str | None:
        return self.details.organisation_id


class JoinTeam(Command):
    expert_id: ExpertId
    station_id: StationId


class LeaveTeam(Command):
    expert_id: ExpertId
    station_id: StationId


class DelistExpert(Command):
    expert_id: ExpertId
    reason: Line


def list_(
    expert: Expert | None, station: Station, organisation: Organisation | None, command: ListExpert, acting: Acting
) -> tuple[ExpertListed] | tuple[ExpertListed, ExpertJoinedTeam]:
    """An open station lists a person who is not listed; one who was delisted may be listed again."""
    entitle(acting, command, (command.station_id,))
    ensure(expert is None or expert.delisted, "expert.exists", "the person is listed already; amend or join the team")
    ensure(station.opened_on is not None, "station.not_open", "takes a station that has opened")
    ensure_details(command.details, organisation)
    listed = ExpertListed(**{name: value for name, value in command if name != "in_team"})
    return (listed, ExpertJoinedTeam(station_id=command.station_id)) if command.in_team else (listed,)


def amend(
    expert: Expert, organisation: Organisation | None, command: AmendExpert, acting: Acting
) -> ExpertAmended | tuple[()]:
    """The station that listed an expert and those that have the expert in their team correct what is known."""
    entitle(acting, command, {expert.listed_by, *expert.teams})
    ensure_listed(expert)
    ensure_details(command.details, organisation)
    personal = {"name": command.name, "phone": command.phone, "email": command.email}
    changes = command.details != expert.details or any(value is not None for value in personal.values())
    return ExpertAmended(person_id=expert.person_id, details=command.details, **personal) if changes else ()


def join_team(expert: Expert, station: Station, command: JoinTeam, acting: Acting) -> ExpertJoinedTeam:
    """An open station takes any listed expert into its own team; several stations may share one."""
    entitle(acting, command, (command.station_id,))
    ensure_listed(expert)
    ensure(station.opened_on is not None, "station.not_open", "takes a station that has opened")
    ensure(command.station_id not in expert.teams, "expert.in_team", "the expert belongs to this team already")
    return ExpertJoinedTeam(station_id=command.station_id)


def leave_team(expert: Expert, command: LeaveTeam, acting: Acting) -> ExpertLeftTeam:
    """A station lets an expert go from its own team; the person stays listed."""
    entitle(acting, command, (command.station_id,))
    ensure(command.station_id in expert.teams, "expert.not_in_team", "the expert does not belong to this team")
    return ExpertLeftTeam(station_id=command.station_id)


def delist(expert: Expert, command: DelistExpert, acting: Acting) -> ExpertDelisted:
    """Only the station that listed a person takes the person off the list, and with it out of every team."""
    entitle(acting, command, (expert.listed_by,))
    ensure_listed(expert)
    return ExpertDelisted(reason=command.reason)


def ensure_listed(expert: Expert) -> None:
    """The person is one of the network's experts now."""
    ensure(not expert.delisted, "expert.delisted", "the person is no expert of the network any more; list again")


def ensure_details(details: ExpertDetails, organisation: Organisation | None) -> None:
    """The languages and the employer exist."""
    for code in details.languages:
        ensure(
            language_name(code) is not None,
            "language.unknown",
            f"{code} is no language code of ISO 639-1; takes two letters such as en",
        )
    ensure(
        details.organisation_id is None or organisation is not None,
        "organisation.unknown",
        f"there is no organisation {details.organisation_id}",
    )


SLICE = Slice(
    "expert",
    Expert,
    (ExpertListed, ExpertAmended, ExpertJoinedTeam, ExpertLeftTeam, ExpertDelisted),
    evolve,
    (list_, amend, join_team, leave_team, delist),
)
