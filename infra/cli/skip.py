"""`yizhan skip`: leave out an event that the graph cannot apply; it is said in the log who decided that, and why."""

from __future__ import annotations

from typing import Annotated
from uuid import uuid4

import orjson
import typer

from domain.kernel.context import Context
from domain.skips import SkipEvent
from infra.application import now
from infra.cli.failures import USAGE, Failure
from infra.cli.opening import opened, with_network
from infra.cli.options import Data, Json, person_named, settings
from projections.network import network as network_projection


def skip(
    position: Annotated[int, typer.Argument(metavar="POSITION", min=1, help="The event at which the graph stopped.")],
    reason: Annotated[str, typer.Option(help="Why it may be left out; it stands in the log.")],
    data: Data = None,
    as_: Annotated[str, typer.Option("--as", help="Who decides: a name of the directory.")] = "administrator",
    json: Json = False,
) -> None:
    """Leave an event out of the graph if it cannot be applied. The log keeps it, and a repaired version applies it."""
    chosen = with_network(settings(data=data))
    projection = network_projection()
    network = opened(chosen)
    try:
        person = person_named(chosen.data, as_)
        found = network.commits(position - 1, 1)
        if not found:
            raise Failure(f"{position}: takes the position of an event, from 1 to {network.head()}", USAGE)
        (recorded,) = (event for event in found[0].events if event.position == position)
        command = SkipEvent(projection=projection.name, version=projection.version, position=position, reason=reason)
        request = f"skip/{position}/{uuid4().hex}"
        outcome = network.perform(
            command, Context(actor=person.person_id, station_id=person.station_id, request_id=request, at=now())
        )
    finally:
        network.close()
    event = {"event": recorded.fact.stored_as(), "entity": recorded.entity_id, "position": position}
    if json:
        print(orjson.dumps({**event, "version": projection.version, "changed": outcome.changed}).decode())
    else:
        said = "is left out" if outcome.changed else "is left out already"
        print(f"{event['event']} of {event['entity']} {said} of {projection.name}, version {projection.version}")
