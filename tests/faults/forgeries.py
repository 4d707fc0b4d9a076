"""Ways to lie: each changes an honest history, and names what the checker has to find."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import msgpack

from tests.faults.answers import Kind
from tests.faults.dump import Dump
from tests.faults.honest import History
from tests.faults.journal import Outcome
from tests.faults.rule import Stood


def place(history: History, name: str) -> int:
    """Where in the topic the commit of this name stands."""
    return next(offset for offset, record in enumerate(history.records) if name.encode() in record)


def rewrite(history: History, name: str, change: Callable[[list[Any]], object]) -> None:
    """Change a commit in the topic."""
    offset = place(history, name)
    format, items = msgpack.unpackb(history.records[offset])
    change(items[0])
    history.records[offset] = msgpack.packb([format, items])


def answer_of(history: History, name: str) -> dict[str, Any]:
    return next(line for line in lines_of(history, name) if line["is"] == "answer")


def attempt_of(history: History, name: str) -> dict[str, Any]:
    return next(line for line in lines_of(history, name) if line["is"] == "attempt")


def lines_of(history: History, name: str) -> list[dict[str, Any]]:
    return [line for lines in history.journals.values() for line in lines if line.get("name") == name]


def forget(history: History, line: dict[str, Any]) -> None:
    for lines in history.journals.values():
        if line in lines:
            lines.remove(line)


def swap(rows: list[Any], one: int, other: int) -> None:
    rows[one], rows[other] = rows[other], rows[one]


def redump(history: History, node: str, change: Callable[[list[Stood]], object]) -> None:
    """Change what a node holds."""
    rows = list(history.dumps[node].stood)
    change(rows)
    history.dumps[node] = Dump(tuple(rows), history.dumps[node].chain)


def redump_all(history: History, change: Callable[[list[Stood]], object]) -> None:
    """Change what every node holds; of an embedded log, nothing else remains."""
    for node in history.dumps:
        redump(history, node, change)


def renumber(rows: list[Stood]) -> None:
    head = 0
    for index, row in enumerate(rows):
        rows[index] = replace(row, first=head + 1)
        head = rows[index].last


def renumbered(change: Callable[[list[Stood]], object]) -> Callable[[list[Stood]], object]:
    """The change, with notification ids that fit again."""

    def changed(rows: list[Stood]) -> None:
        change(rows)
        renumber(rows)

    return changed


def drop_event(rows: list[Stood]) -> None:
    rows[0] = replace(rows[0], events=rows[0].events[1:])


def set_chain(history: History) -> None:
    history.dumps["right"] = replace(history.dumps["right"], chain=(history.dumps["right"].chain[0], "beef"))


def set_position(history: History) -> None:
    for node, dump in history.dumps.items():
        history.dumps[node] = replace(dump, chain=(dump.chain[0] - 1, dump.chain[1]))


def stand_again(history: History) -> None:
    """The same decision, under a new id and fitting versions, as a careless writer would send it again."""
    _, items = msgpack.unpackb(history.records[place(history, "second")])
    item = items[0]
    heads = {entity: version for commit in history.model.stood for entity, version, _, _ in commit.events}
    item[1], item[2] = b"another.id..", len(history.records)
    item[4] = [[entity, heads[entity] + 1, topic, state] for entity, _, topic, state in item[4]]
    history.records.append(msgpack.packb([1, [item]]))


def trade_places(history: History) -> None:
    """Two commits that have nothing to do with each other, and whose bases allow it."""
    rewrite(history, "apart", lambda item: item.__setitem__(2, 1))
    swap(history.records, place(history, "second"), place(history, "apart"))
    rewrite(history, "second", lambda item: item.__setitem__(2, 1))


def acknowledge_too_early(history: History) -> None:
    answer_of(history, "extra-0")["at"] = 1
    attempt_of(history, "first")["at"] = 2


FORGERIES: dict[str, tuple[Callable[[History], object], Kind]] = {
    "an accepted record is not in the topic": (lambda h: h.records.pop(place(h, "second")), Kind.LOST),
    "an accepted event is not in the record": (
        lambda h: rewrite(h, "first", lambda item: item[4].pop()),
        Kind.ALTERED,
    ),
    "two accepted records change places": (trade_places, Kind.OUT_OF_ORDER),
    "ids move with their records": (trade_places, Kind.MISNUMBERED),
    "a commit comes before the one that it read": (
        lambda h: swap(h.records, place(h, "reader"), place(h, "second")),
        Kind.STALE_READ,
    ),
    "a decision stands twice": (stand_again, Kind.DOUBLED),
    "a state is altered": (
        lambda h: rewrite(h, "second", lambda item: item[4][0].__setitem__(3, b"forged")),
        Kind.ALTERED,
    ),
    "a request is altered": (lambda h: rewrite(h, "first", lambda item: item.__setitem__(3, b"r9")), Kind.ALTERED),
    "a read is altered in the topic": (
        lambda h: rewrite(h, "reader", lambda item: item.__setitem__(5, [["b", 1]])),
        Kind.ALTERED,
    ),
    "a read is left out of the topic": (
        lambda h: rewrite(h, "reader", lambda item: item.__setitem__(5, [])),
        Kind.ALTERED,
    ),
    "a read moved, and the record hides it": (
        lambda h: attempt_of(h, "reader").update(reads=[["a", None]]),
        Kind.STALE_READ,
    ),
    "a conflict is acknowledged": (
        lambda h: answer_of(h, "taken").update(outcome=Outcome.ACCEPTED, first=1, last=1),
        Kind.LOST,
    ),
    "a commit whose read had moved is acknowledged": (
        lambda h: answer_of(h, "moved").update(outcome=Outcome.ACCEPTED, first=1, last=1),
        Kind.STALE_READ,
    ),
    "a cancelled commit is acknowledged": (
        lambda h: answer_of(h, "cancelled").update(outcome=Outcome.ACCEPTED, first=1, last=1),
        Kind.LOST,
    ),
    "a late commit is acknowledged": (
        lambda h: answer_of(h, "late").update(outcome=Outcome.ACCEPTED, first=1, last=1),
        Kind.LOST,
    ),
    "an accepted commit is refused": (
        lambda h: answer_of(h, "second").update(outcome=Outcome.NOT_RECORDED),
        Kind.REFUSED_STANDS,
    ),
    "an accepted commit is called a conflict": (
        lambda h: answer_of(h, "second").update(outcome=Outcome.VERSION),
        Kind.REFUSED_STANDS,
    ),
    "an accepted commit is called repeated": (
        lambda h: answer_of(h, "first").update(outcome=Outcome.REPEATED),
        Kind.REFUSED_STANDS,
    ),
    "other ids are acknowledged": (lambda h: answer_of(h, "second").update(first=1, last=1), Kind.MISNUMBERED),
    "a repeated request is told another first outcome": (
        lambda h: answer_of(h, "again").update(first=3, last=3),
        Kind.OTHER_FIRST,
    ),
    "a request is called repeated that never was": (
        lambda h: answer_of(h, "late").update(outcome=Outcome.REPEATED),
        Kind.GROUNDLESS,
    ),
    "a conflict is claimed where there is none": (
        lambda h: answer_of(h, "late").update(outcome=Outcome.VERSION),
        Kind.GROUNDLESS,
    ),
    "a read is said to have moved that did not": (
        lambda h: answer_of(h, "late").update(outcome=Outcome.READ),
        Kind.GROUNDLESS,
    ),
    "a tracking conflict is claimed where there is none": (
        lambda h: answer_of(h, "late").update(outcome=Outcome.TRACKING),
        Kind.GROUNDLESS,
    ),
    "an outcome stays unknown": (
        lambda h: answer_of(h, "second").update(outcome=Outcome.UNKNOWN),
        Kind.UNSETTLED,
    ),
    "an outcome of what was refused stays unknown": (
        lambda h: answer_of(h, "taken").update(outcome=Outcome.UNKNOWN),
        Kind.UNSETTLED,
    ),
    "a writer is never answered": (lambda h: forget(h, answer_of(h, "taken")), Kind.UNANSWERED),
    "an error that nobody promised": (lambda h: answer_of(h, "taken").update(outcome=Outcome.FAILED), Kind.FAILED),
    "something stands that nobody sent": (lambda h: forget(h, attempt_of(h, "second")), Kind.UNHEARD_OF),
    "something was acknowledged long before it was sent": (
        acknowledge_too_early,
        Kind.OUT_OF_ORDER,
    ),
    "a node lacks an event": (lambda h: redump(h, "left", drop_event), Kind.NODES_DIFFER),
    "a node lacks its last commit": (lambda h: redump(h, "right", lambda rows: rows.pop()), Kind.NODES_DIFFER),
    "a node has two commits the other way round": (
        lambda h: redump(h, "right", lambda rows: swap(rows, 0, 1)),
        Kind.NODES_DIFFER,
    ),
    "a node has one commit twice": (
        lambda h: redump(h, "right", lambda rows: rows.append(rows[-1])),
        Kind.NODES_DIFFER,
    ),
    "a node has another request": (
        lambda h: redump(h, "right", lambda rows: rows.__setitem__(0, replace(rows[0], request=None))),
        Kind.NODES_DIFFER,
    ),
    "a node has another chain hash": (set_chain, Kind.CHAINS_DIFFER),
    "the nodes are not at the log's end": (set_position, Kind.CHAINS_DIFFER),
}

EMBEDDED_FORGERIES: dict[str, tuple[Callable[[list[Stood]], object], Kind]] = {
    "an accepted commit is lost": (renumbered(lambda rows: rows.pop(1)), Kind.LOST),
    "an event is lost": (renumbered(lambda rows: drop_event(rows)), Kind.ALTERED),
    "an id is left out": (lambda rows: rows.__setitem__(-1, replace(rows[-1], first=rows[-1].first + 1)), Kind.GAP),
    "a commit stands twice": (renumbered(lambda rows: rows.append(rows[2])), Kind.DOUBLED),
    "a request took effect twice": (
        lambda rows: rows.__setitem__(2, replace(rows[2], request=rows[0].request)),
        Kind.REQUEST_TWICE,
    ),
    "versions are out of sequence": (renumbered(lambda rows: swap(rows, 0, 2)), Kind.OUT_OF_SEQUENCE),
    "a read had moved": (renumbered(lambda rows: swap(rows, 1, 2)), Kind.STALE_READ),
    "what was read was not there yet": (renumbered(lambda rows: swap(rows, 0, 1)), Kind.STALE_READ),
    "the order is not that of the acknowledgements": (
        renumbered(lambda rows: swap(rows, 1, 2)),
        Kind.OUT_OF_ORDER,
    ),
    "something stands that nobody sent": (
        lambda rows: rows.__setitem__(2, replace(rows[2], context=b"nobody")),
        Kind.UNHEARD_OF,
    ),
}
