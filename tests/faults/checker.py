"""Finds what is wrong: the log as the rule reads it, what writers were told, and what nodes hold, side by side.

Trusts nobody. Where there is no topic to read (the embedded log is one file), the first node's word is the log, and the
others, the journals and the invariants of the rule are held against it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from tests.faults.answers import Finding, Kind, answers_wrong
from tests.faults.dump import Dump
from tests.faults.journal import Attempt, Outcome, Told
from tests.faults.rule import Model, Stood


@dataclass(frozen=True)
class Evidence:
    """Journals by writer, dumps by node, and the model of the topic; None for an embedded log."""

    journals: Mapping[str, Told]
    nodes: Mapping[str, Dump]
    model: Model | None = None

    @cached_property
    def stood(self) -> Sequence[Stood]:
        """The accepted commits in the order of the log."""
        return self.model.stood if self.model else next(iter(self.nodes.values())).stood

    @cached_property
    def attempts(self) -> dict[str, Attempt]:
        """Everything that any writer ever sent, by name."""
        return {name: attempt for told in self.journals.values() for name, attempt in told.attempts.items()}


def check(evidence: Evidence) -> list[Finding]:
    """Everything that is wrong; empty when nothing is."""
    return [
        *sequence_wrong(evidence.stood, evidence.attempts),
        *requests_twice(evidence.stood),
        *order_wrong(evidence.stood, evidence.journals.values()),
        *answers_wrong(evidence.stood, evidence.journals.values(), evidence.model),
        *nodes_wrong(evidence.stood, evidence.nodes),
    ]


def sequence_wrong(stood: Sequence[Stood], attempts: Mapping[str, Attempt]) -> Iterator[Finding]:
    """What no log may hold, whatever its nodes and writers say."""
    head = 0
    heads: dict[str, int] = {}
    tracked: dict[str, int] = {}
    times = Counter(commit.name for commit in stood)
    yield from (Finding(Kind.DOUBLED, name, f"stands {n} times") for name, n in times.items() if n > 1)
    for commit in stood:
        name = commit.name
        if commit.first != head + 1:
            yield Finding(Kind.GAP, name, f"begins at {commit.first}, and the one before it ended at {head}")
        head = commit.last
        attempt = attempts.get(name)
        if attempt is None:
            yield Finding(Kind.UNHEARD_OF, name, "nobody sent it")
            continue
        if (commit.events, commit.request) != (attempt.events, attempt.request):
            yield Finding(Kind.ALTERED, name, "is not what its writer sent")
        if commit.reads is not None and commit.reads != attempt.reads:
            yield Finding(Kind.ALTERED, name, f"claims to have read {commit.reads}, and read {attempt.reads}")
        before = dict(heads)
        for entity, version, _, _ in commit.events:
            if version != heads.get(entity, 0) + 1:
                yield Finding(Kind.OUT_OF_SEQUENCE, name, f"{entity} {version} follows {heads.get(entity)}")
            heads[entity] = version
        written = {entity for entity, _, _, _ in commit.events}
        for entity, read in attempt.reads:
            if entity not in written and before.get(entity) != read:
                yield Finding(Kind.STALE_READ, name, f"read {entity} at {read}, and it was at {before.get(entity)}")
        if attempt.tracking is not None:
            application, position = attempt.tracking
            if position <= tracked.get(application, -1):
                yield Finding(Kind.TRACKED_TWICE, name, f"{application} {position} follows {tracked[application]}")
            tracked[application] = position


def requests_twice(stood: Sequence[Stood]) -> Iterator[Finding]:
    """Requests that took effect more than once."""
    first: dict[bytes, Stood] = {}
    for commit in stood:
        if commit.request is not None and first.setdefault(commit.request, commit) is not commit:
            earlier = first[commit.request]
            yield Finding(Kind.REQUEST_TWICE, commit.name, f"answers what {earlier.name} answered")


def order_wrong(stood: Sequence[Stood], journals: Iterable[Told]) -> Iterator[Finding]:
    """Commits that stand before one whose acknowledgement was there before they were sent."""
    places = {commit.name: place for place, commit in enumerate(stood)}
    moments: list[tuple[int, bool, str]] = []
    for told in journals:
        moments += [(attempt.at, False, name) for name, attempt in told.attempts.items() if name in places]
        moments += [
            (answer.at, True, name)
            for name, answer in told.answers.items()
            if name in places and answer.outcome is Outcome.ACCEPTED
        ]
    newest = (-1, "")
    for _, acknowledged, name in sorted(moments):
        if acknowledged:
            newest = max(newest, (places[name], name))
        elif places[name] < newest[0]:
            yield Finding(Kind.OUT_OF_ORDER, name, f"stands before {newest[1]}, which was acknowledged before")


def nodes_wrong(stood: Sequence[Stood], nodes: Mapping[str, Dump]) -> Iterator[Finding]:
    """Nodes that do not hold the log: the first difference of each; and chain hashes that are not one.

    Nodes give no commits without events, which only track.
    """
    stood = [commit for commit in stood if commit.events]
    for node, dump in nodes.items():
        for place, (held, wanted) in enumerate(zip(dump.stood, stood, strict=False)):
            if held != replace(wanted, reads=held.reads):
                yield Finding(Kind.NODES_DIFFER, node, f"holds {held} in place {place}, the log has {wanted}")
                break
        else:
            if len(dump.stood) != len(stood):
                yield Finding(Kind.NODES_DIFFER, node, f"holds {len(dump.stood)} commits, the log {len(stood)}")
    chains = {dump.chain for dump in nodes.values()}
    if len(chains) > 1:
        yield Finding(Kind.CHAINS_DIFFER, ", ".join(nodes), str(sorted(chains)))
    head = stood[-1].last if stood else 0
    for node, dump in nodes.items():
        if dump.chain[0] != head:
            yield Finding(Kind.CHAINS_DIFFER, node, f"its chain is for {dump.chain[0]}, the log ends at {head}")
