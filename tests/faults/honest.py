"""Histories in which everything went right, as the checker sees them: record bytes, journal lines, dumps.

They hold every outcome that a writer can be told, so that each kind of lie has something to lie about.
"""

from __future__ import annotations

import json
import random
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import msgpack

from tests.faults.checker import Evidence
from tests.faults.dump import Dump
from tests.faults.journal import Outcome, told
from tests.faults.rule import Event, Model, Read, Verdict

WINDOW = 12
WRITERS = ("one", "two")
NODES = ("left", "right")
CHAIN = "c0ffee"

OUTCOMES = {
    Verdict.ACCEPTED: Outcome.ACCEPTED,
    Verdict.REPEATED: Outcome.REPEATED,
    Verdict.VERSION: Outcome.VERSION,
    Verdict.READ: Outcome.READ,
    Verdict.TRACKING: Outcome.TRACKING,
    Verdict.LATE: Outcome.NOT_RECORDED,
    Verdict.DUPLICATE: Outcome.NOT_RECORDED,
}


def packed(*items: Sequence[Any], format: int = 1) -> bytes:
    """A record of these items."""
    record: bytes = msgpack.packb([format, items])
    return record


@dataclass
class History:
    """Something that happened, told by the topic, by its writers and by its nodes."""

    records: list[bytes] = field(default_factory=lambda: [packed([2, WINDOW, 1])])
    journals: dict[str, list[dict[str, Any]]] = field(
        default_factory=lambda: {writer: [{"is": "started"}] for writer in WRITERS}
    )
    dumps: dict[str, Dump] = field(default_factory=dict)
    clock: int = 0

    @property
    def model(self) -> Model:
        """The topic as the rule reads it."""
        model = Model()
        model.fold(enumerate(self.records))
        return model

    def evidence(self, *, embedded: bool = False) -> Evidence:
        """What the checker is shown; of an embedded log there is no topic."""
        journals = {writer: told([json.dumps(line) for line in lines]) for writer, lines in self.journals.items()}
        return Evidence(journals, self.dumps, None if embedded else self.model)

    def note(self, writer: str, line: dict[str, Any]) -> None:
        """A line of a journal, a moment later than the one before."""
        self.clock += 1
        self.journals[writer].append(line | {"at": self.clock})

    def attempt(
        self,
        writer: str,
        name: str,
        events: Sequence[Event],
        reads: Sequence[Read] = (),
        request: bytes | None = None,
        tracking: tuple[str, int] | None = None,
        base: int | None = None,
        cancelled: bool = False,
    ) -> Verdict:
        """A commit that is sent and answered; `cancelled`: its cancel overtakes it."""
        plain = [[entity, version, topic, state.hex()] for entity, version, topic, state in events]
        asked = request.hex() if request else None
        line = {"is": "attempt", "name": name, "events": plain, "reads": reads, "request": asked, "tracking": tracking}
        self.note(writer, line)
        id = name.encode().rjust(12, b".")
        base = len(self.records) if base is None else base
        if cancelled:
            self.records.append(packed([1, id]))
        body = [0, id, base, request, events, reads, name.encode()]
        self.records.append(packed([*body, tracking] if tracking else body))
        model = self.model
        verdict = model.rulings[-1].verdict
        answer = {"is": "answer", "name": name, "outcome": OUTCOMES[verdict], "first": 0, "last": 0, "id": ""}
        told_of = next(
            (
                commit
                for commit in model.stood
                if commit.context == name.encode() or (verdict is Verdict.REPEATED and commit.request == request)
            ),
            None,
        )
        if told_of is not None:
            answer |= {"first": told_of.first, "last": told_of.last}
        self.note(writer, answer | {"words": ""})
        return verdict

    def end(self) -> History:
        """Writers end, nodes are dumped."""
        for lines in self.journals.values():
            lines.append({"is": "ended"})
        model = self.model
        plain = tuple(replace(commit, reads=None) for commit in model.stood)
        self.dumps = {node: Dump(plain, (model.head, CHAIN)) for node in NODES}
        return self


def story(seed: int, extra: int = 12) -> History:
    """A history with each outcome at least once, and some more commits by chance."""
    chance = random.Random(seed)
    history = History()
    heads: dict[str, int] = {}

    def event(entity: str, version: int) -> Event:
        return (entity, version, "small.noted", chance.randbytes(chance.randint(1, 20)))

    def commit(name: str, entities: Sequence[str], read: str | None = None, **more: Any) -> None:
        reads = [(read, heads.get(read))] if read else []
        events = [event(entity, heads.get(entity, 0) + 1) for entity in entities]
        verdict = history.attempt(chance.choice(WRITERS), name, events, reads, **more)
        assert verdict is Verdict.ACCEPTED, verdict
        heads.update((entity, version) for entity, version, _, _ in events)

    commit("first", ["a", "b"], "z", request=b"r1")
    commit("reader", ["c"], "a", tracking=("up", 5))
    commit("second", ["a"])
    commit("apart", ["p"])
    assert history.attempt("one", "taken", [event("a", 1)]) is Verdict.VERSION
    assert history.attempt("two", "moved", [event("c", 2)], [("a", 1)]) is Verdict.READ
    assert history.attempt("one", "again", [event("b", 2)], request=b"r1") is Verdict.REPEATED
    assert history.attempt("two", "tracked", [event("d", 1)], tracking=("up", 5)) is Verdict.TRACKING
    assert history.attempt("one", "cancelled", [event("d", 1)], cancelled=True) is Verdict.DUPLICATE
    history.records += [history.records[1], b"\x00no pack"]
    for number in range(extra):
        entities = chance.sample("abcd", chance.choice([1, 1, 2]))
        read = chance.choice([None, *(entity for entity in "abcdz" if entity not in entities)])
        commit(f"extra-{number}", entities, read, request=b"x%d" % number if chance.random() < 0.3 else None)
    assert history.attempt("two", "late", [event("e", 1)], base=1) is Verdict.LATE
    return history.end()
