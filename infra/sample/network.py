"""The whole sample network as steps: the pilot first, then as many rounds of further visits as are wanted for load."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import count

from infra.sample.abroad import Country, countries
from infra.sample.achievements import achievements, transfer
from infra.sample.brokers import BrokerTold, brokers
from infra.sample.chance import chance
from infra.sample.cooperation import cooperations
from infra.sample.deals import deals
from infra.sample.experts import ExpertTold, experts
from infra.sample.founding import appoint_auditor, found
from infra.sample.matches import Candidates, matches
from infra.sample.needs import needs, solve
from infra.sample.organisations import Body, associations, clients, enterprises, science
from infra.sample.partners import at_home, contact_points
from infra.sample.pilot import Pilot
from infra.sample.posts import Posts
from infra.sample.profiles import foreign, own
from infra.sample.steps import Script, Step
from infra.sample.topics import Topic, topics

PACE = timedelta(milliseconds=100)
"""Between the steps of a round."""

SERIALS = 999
"""The serials that an EEN reference has room for: a round uses one."""


@dataclass(frozen=True, slots=True)
class Members:
    """Whom further visits go to: what the pilot has founded and recorded."""

    posts: Posts
    topics: tuple[Topic, ...]
    countries: tuple[Country, ...]
    points: dict[str, str]
    enterprises: tuple[Body, ...]
    science: tuple[Body, ...]
    clients: tuple[tuple[Body, Country], ...]
    experts: tuple[ExpertTold, ...]
    brokers: tuple[BrokerTold, ...]


def tell(pilot: Pilot) -> tuple[Members, list[Step]]:
    """The pilot: its members, and all of its steps in order. The last one appoints the auditor."""
    script = Script(pilot.name, pilot.days)
    members = _members(script, pilot)
    _visits(script, pilot, members, own_profiles=pilot.count(0.04), serial=1)
    appoint_auditor(script, pilot)
    return members, script.in_order()


def rounds(pilot: Pilot, members: Members) -> Iterator[list[Step]]:
    """Further visits without end, in rounds of as many as the pilot has, after its last day."""
    at = pilot.days.at(pilot.days.last) + timedelta(hours=1)
    for number in count(1):
        script = Script(f"{pilot.name}/round/{number}", pilot.days)
        _visits(script, pilot, members, own_profiles=0, serial=number % SERIALS + 1)
        steps = [_paced(step, at, place) for place, step in enumerate(script.in_order())]
        at = steps[-1].at + PACE
        yield steps


def _paced(step: Step, at: datetime, place: int) -> Step:
    return replace(step, at=at + place * PACE)


def _members(script: Script, pilot: Pilot) -> Members:
    posts = found(script, pilot)
    every = topics()
    chosen = tuple(chance(pilot.name, "topics").sample(every, min(len(every), max(7, pilot.visits // 10))))
    companies = enterprises(script, posts, chosen, pilot.count(0.47))
    homes = science(script, posts, chosen, pilot.count(0.07))
    associations(script, posts, chosen, pilot.count(0.02))
    abroad = countries()
    points = contact_points(script, posts, abroad)
    at_home(script, posts, pilot.count(0.03))
    return Members(
        posts,
        chosen,
        abroad,
        points,
        companies,
        homes,
        clients(script, posts, abroad, pilot.count(0.026)),
        experts(script, posts, homes, pilot.count(0.12)),
        brokers(script, posts, pilot.count(0.04)),
    )


def _visits(script: Script, pilot: Pilot, members: Members, *, own_profiles: int, serial: int) -> None:
    """Visits and all that comes of them."""
    told = needs(script, members.enterprises, pilot.visits)
    results = achievements(script, members.posts, members.science, members.enterprises, pilot.count(0.3))
    profiles = foreign(
        script, members.posts, members.topics, members.points, members.countries, pilot.count(0.5), serial
    )
    own(script, (*told, *results), own_profiles)
    busy: dict[str, float] = {}
    among = Candidates(told, results, profiles, members.experts)
    accepted = matches(script, among, pilot.count(0.2), busy)
    deals(
        script,
        accepted,
        members.enterprises,
        members.science,
        members.clients,
        members.brokers,
        pilot.count(0.1),
        busy,
    )
    cooperations(script, members.posts, (*told, *results), pilot.count(0.08))
    solve(script, told, busy)
    transfer(script, results, busy)
