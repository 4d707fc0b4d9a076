"""An accepted event as a CloudEvent 1.0.2, in the structured form of JSON.

`type` is `network.yizhan.` and the topic and version of the fact: `network.yizhan.need.published.v1`. The reversed name
in front keeps it apart from the types of others, as CloudEvents asks for; the version behind it goes up with the shape
of the data, so that whoever subscribes to a type always gets what its schema says.

Besides the attributes of the standard each event has these. `sequence` (a registered extension) is its position in
figures of fixed width, which sort as texts. `recordedtime`, `partitionkey`, `correlationid` and `causationid` are
registered extensions too. `entityversion` counts the events of the subject from 1. `commitlast` is the id of the last
event that goes out of the same commit: events with the same one belong together. `shown` says whether the public sees
the subject after the event; where it does not, the event has neither data nor a schema of it, and tells those who hold
something of the subject to let go of it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import orjson

from domain.kernel.context import Context
from domain.kernel.history import Commit, Recorded
from infra.publishing.shapes import Shape, shapes
from infra.publishing.shown import Lives, Shown, shown
from projections.nouns import timestamp

SPEC_VERSION = "1.0"
CONTENT_TYPE = "application/cloudevents+json; charset=UTF-8"
DATA_CONTENT_TYPE = "application/json"
TYPE_PREFIX = "network.yizhan."
SCHEMA_PREFIX = "urn:yizhan:schema:"
SEQUENCE_DIGITS = 20
TOKEN = re.compile(r"[A-Za-z0-9._:/-]{1,128}")
"""What the sender of a command may name as correlation or cause: a token goes out, a text does not."""


@dataclass(frozen=True, slots=True)
class Event:
    """An event that goes out: its position in the log, the entity that it is about, and its JSON."""

    position: int
    entity_id: str
    value: bytes


def type_of(name: str) -> str:
    """The type of the events of a fact, by its topic and version."""
    return f"{TYPE_PREFIX}{name}"


def schema_id(name: str) -> str:
    """The id of the schema of their data: a URN, which says what it is and not where it is kept."""
    return f"{SCHEMA_PREFIX}{name}"


def events_of(commit: Commit, lives: Lives, origin: str) -> list[Event]:
    """The events of a commit that go out, in their order. `origin` is the URI of the log, the `source` of the events.

    The same commit gives the same events, byte for byte, whenever this release is asked for them.
    """
    chosen = list(_chosen(commit, lives))
    if not chosen:
        return []
    last = str(chosen[-1][0].position)
    return [
        Event(
            recorded.position,
            recorded.entity_id,
            orjson.dumps(_attributes(recorded, commit.context, origin, last) | _content(recorded, shape, seen)),
        )
        for recorded, shape, seen in chosen
    ]


def _chosen(commit: Commit, lives: Lives) -> Iterator[tuple[Recorded, Shape, Shown]]:
    for recorded in commit.events:
        shape = shapes().get(recorded.fact.stored_as())
        if shape is not None and (seen := shown(lives, recorded, commit.context)):
            yield recorded, shape, seen


def _attributes(recorded: Recorded, context: Context, origin: str, last: str) -> dict[str, Any]:
    attributes = {
        "specversion": SPEC_VERSION,
        "id": str(recorded.position),
        "source": origin,
        "type": type_of(recorded.fact.stored_as()),
        "subject": recorded.entity_id,
        "time": timestamp(context.at),
        "recordedtime": timestamp(context.recorded_at) if context.recorded_at else None,
        "sequence": f"{recorded.position:0{SEQUENCE_DIGITS}d}",
        "partitionkey": recorded.entity_id,
        "entityversion": recorded.version,
        "commitlast": last,
        "correlationid": _token(context.correlation_id),
        "causationid": _token(context.causation_id),
    }
    return {name: value for name, value in attributes.items() if value is not None}


def _content(recorded: Recorded, shape: Shape, seen: Shown) -> dict[str, Any]:
    if not seen.after:
        return {"shown": False}
    return {
        "shown": True,
        "datacontenttype": DATA_CONTENT_TYPE,
        "dataschema": schema_id(shape.name),
        "data": shape.data(recorded.fact, seen.earlier),
    }


def _token(said: str | None) -> str | None:
    return said if said is not None and TOKEN.fullmatch(said) else None
