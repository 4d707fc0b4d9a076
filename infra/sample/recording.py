"""Recording: the steps of the sample network given to the log, from where an interrupted recording stopped."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence

from infra.application import Network
from infra.identity.directory import Directory, Person
from infra.sample.network import rounds, tell
from infra.sample.pilot import Pilot
from infra.sample.posts import ADMINISTRATOR, AUDITOR, PARTNER, Posts
from infra.sample.steps import Step

Progress = Callable[[int, int], None]
"""Told now and then how many of how many steps, or events, there are."""

EVERY = 50
"""Steps between two reports of progress."""


def record_pilot(network: Network, directory: Directory, pilot: Pilot, progress: Progress) -> Counter[str]:
    """Record the pilot, and count what it makes by noun. What an earlier attempt recorded is found as it is.

    The directory is written before the last step, so that whoever finds the pilot finished finds its people too.
    """
    members, steps = tell(pilot)
    directory.add(*people(members.posts))
    made: Counter[str] = Counter()
    for number, step in enumerate(steps, start=1):
        _give(network, step, made)
        if number % EVERY == 0 or number == len(steps):
            progress(number, len(steps))
    return made


def record_rounds(network: Network, pilot: Pilot, events: int, progress: Progress) -> Counter[str]:
    """Go on with further visits until the log holds so many events, and count what they make by noun."""
    made: Counter[str] = Counter()
    if network.head() >= events:
        return made
    members, _ = tell(pilot)
    for steps in rounds(pilot, members):
        if not _whole(network, steps) and _round(network, steps, events, made, progress):
            break
    return made


def people(posts: Posts) -> tuple[Person, ...]:
    """Who can sign in on a sample network."""
    base, abroad, national = posts.base[0], posts.abroad[0], posts.national
    return (
        _person("administrator", ADMINISTRATOR.person_id, national.id, "administrator at the national station"),
        _person("manager", base.manager.person_id, base.id, f"manager at {base.name.zh} (base)"),
        _person("adviser", base.adviser.person_id, base.id, f"adviser at {base.name.zh} (base)"),
        _person("international", abroad.adviser.person_id, abroad.id, f"adviser at {abroad.name.zh} (international)"),
        _person("partner", PARTNER, abroad.id, f"EEN partner attached to {abroad.name.zh} (international)"),
        _person("auditor", AUDITOR, national.id, "auditor at the national station"),
    )


def _person(name: str, person_id: str, station_id: str, about: str) -> Person:
    return Person(name, person_id, station_id, about)


def _round(network: Network, steps: Sequence[Step], events: int, made: Counter[str], progress: Progress) -> bool:
    """Give the steps of a round; True as soon as the log holds enough."""
    for number, step in enumerate(steps, start=1):
        position = _give(network, step, made)
        if number % EVERY == 0:
            progress(min(position, events), events)
        if position >= events:
            progress(events, events)
            return True
    return False


def _whole(network: Network, steps: Sequence[Step]) -> bool:
    """Whether an earlier call has recorded the round: its last step is answered."""
    return network.answered(steps[-1].actor.person_id, steps[-1].request_id)


def _give(network: Network, step: Step, made: Counter[str]) -> int:
    """Have a step take effect; the position of the log when it did."""
    outcome = network.perform(step.command, step.context)
    if step.makes:
        made[step.makes] += 1
    return outcome.position
