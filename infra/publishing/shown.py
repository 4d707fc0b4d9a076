"""Whether the public sees an entity, before an event and after it, by the rule that the graph is asked with."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from domain.kernel.context import Context
from domain.kernel.facts import Fact
from domain.kernel.history import Commit, Recorded
from domain.kernel.ids import prefix_of
from domain.visibility import VISIBLE, Having
from projections.memory import Graph
from projections.network import NOUNS

BATCH = 1_000
LABELS = {noun.prefix: noun for noun in NOUNS}


class Lives(Protocol):
    """The log, as it is asked for the life of one entity."""

    def history(self, id: str, after: int, limit: int) -> Sequence[Commit]:
        """The entity's commits beyond a version, of at most `limit` events: of each commit only its own events."""


@dataclass(frozen=True, slots=True)
class Shown:
    """Whether the public saw the entity before an event and sees it after it, and what earlier facts said last.

    `earlier` has, by the name of a field, the latest earlier fact with that field.
    """

    before: bool
    after: bool
    earlier: Mapping[str, Fact]

    def __bool__(self) -> bool:
        return self.before or self.after


def shown(lives: Lives, recorded: Recorded, context: Context) -> Shown:
    """How the public sees the entity of an event at its place in the log, whatever has become of it since."""
    noun = LABELS.get(prefix_of(recorded.entity_id))
    if noun is None:
        return Shown(False, False, {})
    graph, label, id, earlier = Graph(), noun.node.label, recorded.entity_id, dict[str, Fact]()
    for past, its_context in _before(lives, recorded):
        graph.apply(noun.project(past, its_context))
        earlier.update(dict.fromkeys(type(past.fact).model_fields, past.fact))
    before = public_sees(label, graph.node(label, id))
    graph.apply(noun.project(recorded, context))
    return Shown(before, public_sees(label, graph.node(label, id)), earlier)


def public_sees(label: str, properties: Mapping[str, Any] | None) -> bool:
    """Whether somebody who acts for no station sees a node with these properties; None is no node."""
    if properties is None:
        return False
    rule = VISIBLE.get(label)
    if rule is None or rule.public is None:
        return True
    return any(
        all(properties.get(name) in values for name, values in alternative.values.items())
        for alternative in rule.public
        if isinstance(alternative, Having)
    )


def _before(lives: Lives, recorded: Recorded) -> Iterator[tuple[Recorded, Context]]:
    """The entity's facts before this one, with their contexts, in their order."""
    version = 0
    while version < recorded.version - 1:
        commits = lives.history(recorded.entity_id, version, BATCH)
        if not commits:
            raise LookupError(f"the log has {recorded.entity_id} at {recorded.version}, and nothing after {version}")
        for commit in commits:
            for past in commit.events:
                if past.version >= recorded.version:
                    return
                yield past, commit.context
                version = past.version
