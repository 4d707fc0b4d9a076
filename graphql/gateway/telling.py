"""Telling: what a reader is told of what happened to a record, which need not be all that the log says of it.

The log keeps what a record said when it was not for these readers, names records that they do not see, and holds what
is for those who answer for the record alone. A fact is told of if the reader sees the record as the fact left it. What
it names stands in it as far as the reader sees that, and what is for those who answer only for them.
"""

from __future__ import annotations

from asyncio import gather
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

import anyio.to_thread

from domain.kernel.context import Context
from domain.kernel.facts import Fact, kept_fields, named_fields, sealed_fields
from domain.kernel.history import Commit, Recorded
from domain.kernel.ids import prefix_of
from gateway.context import Request
from gateway.loading import answering_links, answers_for, labels_by_prefix, load_node
from gateway.ports import History, Viewer
from gateway.seeing import sees, sees_whatever_it_says
from projections.memory import Graph
from projections.network import NOUNS
from projections.nouns import timestamp

LONGEST = 100_000
"""So many facts of a record whose readers depend on what it says are looked through at most."""


@dataclass(frozen=True, slots=True)
class _Reading:
    """How a reader stands to a record: whether they answer for it, and in which of its versions they saw it.

    None is all of them.
    """

    answers: bool
    versions: Collection[int] | None

    def saw(self, version: int) -> bool:
        return self.versions is None or version in self.versions


async def told(request: Request, commits: Iterable[Commit]) -> list[dict[str, Any]]:
    """What happened in these commits, with the context of each fact, flat, as far as the reader is told of it."""
    recorded = [(each, commit.context) for commit in commits for each in commit.events]
    ids = list(dict.fromkeys(each.entity_id for each, _ in recorded))
    reading = dict(zip(ids, await gather(*(_reading(request, id) for id in ids)), strict=True))
    named = list(dict.fromkeys(id for each, _ in recorded for id in _named(each.fact)))
    nodes = await gather(*(load_node(request, id) for id in named))
    unseen = {id for id, node in zip(named, nodes, strict=True) if node is None}
    return [
        event(each, context, _open_to(each.fact, reading[each.entity_id].answers, unseen))
        for each, context in recorded
        if reading[each.entity_id].saw(each.version)
    ]


def event(recorded: Recorded, context: Context, data: dict[str, Any]) -> dict[str, Any]:
    """A fact with its context, flat, of which this is said."""
    return {
        "id": f"{recorded.entity_id}/{recorded.version}",
        "position": recorded.position,
        "version": recorded.version,
        "topic": recorded.fact.TOPIC,
        "happened_at": timestamp(context.at),
        "recorded_at": timestamp(context.recorded_at) if context.recorded_at else None,
        "actor": context.actor,
        "station": context.station_id,
        "appointment": context.appointment_id,
        "command": context.command,
        "request_id": context.request_id,
        "data": data,
    }


def unsealed(fact: Fact) -> dict[str, Any]:
    """The fact without what is sealed in it."""
    data = fact.model_dump(mode="json", exclude_none=True)
    for path, _ in sealed_fields(type(fact)):
        _leave_out(data, path, lambda _value: True)
    return data


# -- what of a fact -----------------------------------------------------------


def _open_to(fact: Fact, answers: bool, unseen: Collection[str]) -> dict[str, Any]:
    """The fact for a reader who answers for its record or does not, and to whom these ids say nothing."""
    data = unsealed(fact)
    for path in () if answers else kept_fields(type(fact)):
        _leave_out(data, path, lambda _value: True)
    for path, _ in named_fields(type(fact)):
        _leave_out(data, path, lambda value: value in unseen)
    return data


def _named(fact: Fact) -> list[str]:
    """The ids of records that a fact names."""
    found: list[str] = []

    def keep(value: Any) -> bool:
        found.append(value)
        return False

    data = fact.model_dump(mode="json", exclude_none=True)
    for path, ref in named_fields(type(fact)):
        if ref.prefix in labels_by_prefix():
            _leave_out(data, path, keep)
    return found


def _leave_out(holder: dict[str, Any], path: Sequence[str], hidden: Callable[[Any], bool]) -> None:
    """Take away what stands at a path, in each of the lists on the way, where it is hidden."""
    step, *rest = path
    found = holder.get(step)
    if rest:
        for each in found if isinstance(found, list) else [found]:
            if isinstance(each, dict):
                _leave_out(each, rest, hidden)
    elif isinstance(found, list):
        holder[step] = [each for each in found if not hidden(each)]
    elif found is not None and hidden(found):
        del holder[step]


# -- which facts --------------------------------------------------------------


async def _reading(request: Request, id: str) -> _Reading:
    answers = await answers_for(request, id)
    if sees_whatever_it_says(request.viewer, labels_by_prefix()[prefix_of(id)]):
        return _Reading(answers, None)
    versions = partial(_versions, request.services.history, request.viewer, id)
    return _Reading(answers, await anyio.to_thread.run_sync(versions))


def _versions(history: History, viewer: Viewer, id: str) -> set[int]:
    """The versions in which the viewer sees a record, by the rule that the graph is asked with."""
    noun = next(each for each in NOUNS if each.prefix == prefix_of(id))
    label, graph, found = noun.node.label, Graph(), set[int]()
    for commit in history.history(id, 0, LONGEST):
        for recorded in commit.events:
            try:
                changes = list(noun.project(recorded, commit.context))
            except Exception:  # the graph goes on without a fact that cannot be applied, if at all
                changes = []
            graph.apply(changes)
            stations = {station for link in answering_links()[label] for station in graph.targets(link, id)}
            if sees(viewer, label, graph.node(label, id) or {}, stations):
                found.add(recorded.version)
    return found
