"""Standing: what a log holds, told by its first commit and by the answer to the last step of a sample network."""

from __future__ import annotations

from enum import StrEnum

from infra.application import Network
from infra.identity.directory import person_id
from infra.sample.pilot import Pilot

FIRST, LAST = "install", "finished"
"""The requests of a pilot's first and last step, both the administrator's."""


class Standing(StrEnum):
    EMPTY = "empty"
    BEGUN = "begun"
    """A sample network that was interrupted."""
    FINISHED = "finished"
    OTHER = "other"
    """A network that is no sample."""


def standing(network: Network) -> tuple[Standing, Pilot | None]:
    """What the log holds, and of which pilot."""
    first = network.commits(0, 1)
    if not first:
        return Standing.EMPTY, None
    request = first[0].context.request_id
    pilot = Pilot.named(request)
    if pilot is None or request != f"{pilot.name}/{FIRST}":
        return Standing.OTHER, None
    finished = network.answered(person_id("administrator"), f"{pilot.name}/{LAST}")
    return (Standing.FINISHED if finished else Standing.BEGUN), pilot
