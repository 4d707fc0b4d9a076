"""Records that no node of ours would write, put into the topic by a raw client: every node judges them alike."""

from __future__ import annotations

import contextlib
import random
from collections.abc import Callable
from contextlib import closing
from typing import Any

import msgpack
import pytest

from tests.faults.checker import nodes_wrong
from tests.faults.honest import packed
from tests.faults.rule import Model, NewerRecord, Verdict, unpack
from tests.faults.stand import CLIENTS, Stand, all_of, dump, note

WINDOW = 12
RECORDS = 1_200


def strange(chance: random.Random, model: Model, offset: int, number: int) -> bytes:
    """A record of a few items, most of which have a chance; ids, requests and bases collide."""
    if chance.random() < 0.03:
        nothing: bytes = chance.choice([b"", b"\xc1", b"no pack", msgpack.packb([1]), packed([0, b"short", 1])])
        return nothing
    items: list[list[Any]] = []
    for place in range(chance.choice([1, 1, 1, 2, 3])):
        id = chance.choice([b"writer-a", b"writer-b"]) + max(0, number + chance.randint(-20, 4)).to_bytes(4, "big")
        kind = chance.random()
        if kind < 0.1:
            items.append([1, id])
        elif kind < 0.12:
            items.append([2, 3, 0])
        else:
            items.append(_commit(chance, model, offset, id, f"{number}.{place}"))
    record = bytearray(packed(*items))
    if chance.random() < 0.05:
        record[chance.randrange(1, len(record))] ^= 1 << chance.randrange(8)
        with contextlib.suppress(NewerRecord):
            unpack(bytes(record))
            return bytes(record)
        return b"would stop everything"
    return bytes(record)


def _commit(chance: random.Random, model: Model, offset: int, id: bytes, name: str) -> list[Any]:
    entities = chance.sample("abcd", chance.choice([1, 1, 2]))
    events = []
    for entity in entities:
        version = (model.head_of(entity) or 0) + chance.choices([1, 0, 2], [12, 1, 1])[0]
        events += [
            [entity, version + more, "small.noted", chance.randbytes(8)] for more in range(chance.choice([1, 2]))
        ]
    reads = []
    for entity in chance.sample("abcdz", 2):
        head = model.head_of(entity)
        reads.append([entity, chance.choices([head, 1, None], [12, 1, 1])[0]])
    base = max(0, offset - chance.choices([0, WINDOW, WINDOW + 1, -1], [12, 3, 1, 1])[0])
    request = b"%d" % chance.randrange(offset // 4 + 1, offset // 4 + 40) if chance.random() < 0.3 else None
    item = [0, id, base, request, events, reads, name.encode()]
    if chance.random() < 0.1:
        item.append(["up", offset + chance.randint(-3, 3)])
        if chance.random() < 0.3:
            item[3], item[4] = None, []
    return item


def test_random_records_are_judged_by_nodes_as_by_the_checker(new_stand: Callable[..., Stand], client: str) -> None:
    seed = 106 + CLIENTS.index(client)
    print(f"seed {seed}")
    chance = random.Random(seed)
    stand = new_stand(window=WINDOW)
    model = stand.model()
    offset = len(stand.values())
    for part in range(3):
        values = []
        for number in range(RECORDS // 3):
            values.append(strange(chance, model, offset, part * RECORDS // 3 + number))
            model.fold([(offset, values[-1])])
            offset += 1
        assert stand.append(*values) == list(range(offset - len(values), offset))
        # The node goes on from its index each time; a fresh one begins with the log.
        for name in ("node", f"fresh-{part}"):
            with closing(stand.open(name)) as log:
                assert list(nodes_wrong(model.stood, {name: dump(log)})) == []
    assert {ruling.verdict for ruling in model.rulings} == set(Verdict) - {Verdict.UNCONFIGURED}
    assert model.ignored
    assert len(model.stood) > RECORDS / 4


def odd(**changes: Any) -> dict[str, Any]:
    """A sound commit, but for these parts of it."""
    sound = {"kind": 0, "id": b"odd-id-12345", "base": 1, "request": None, "events": [["a", 1, "small.noted", b""]]}
    return sound | {"reads": [], "context": b"odd"} | changes


ODD = {
    "an id of 11 bytes": odd(id=b"short-id-12"),
    "an id of 13 bytes": odd(id=b"longer-id-123"),
    "an id that is text": odd(id="text-id-1234"),
    "no events and no tracking": odd(events=[]),
    "no events and no tracking position": odd(events=[], tracking=None),
    "a tracking of three": odd(tracking=["up", 1, 2]),
    "a tracking that is nil": odd(tracking=None),
    "a ninth part": odd(tracking=["up", 1], more=1),
    "a negative version": odd(events=[["a", -1, "small.noted", b""]]),
    "a version that is true": odd(events=[["a", True, "small.noted", b""]]),
    "a version that is a fraction": odd(events=[["a", 1.0, "small.noted", b""]]),
    "a version beyond a database": odd(events=[["a", 2**63, "small.noted", b""]]),
    "an event of five": odd(events=[["a", 1, "small.noted", b"", b""]]),
    "an entity that is bytes": odd(events=[[b"a", 1, "small.noted", b""]]),
    "a state that is text": odd(events=[["a", 1, "small.noted", ""]]),
    "a base that is nil": odd(base=None),
    "a negative base": odd(base=-1),
    "a base beyond a database": odd(base=2**64 - 1),
    "a request that is text": odd(request="r"),
    "a context that is text": odd(context="odd"),
    "a read of one": odd(reads=[["z"]]),
    "a read of three": odd(reads=[["z", None, 1]]),
    "a negative read": odd(reads=[["z", -1]]),
    "reads that are a map": odd(reads={}),
    "a negative kind": odd(kind=-1),
    "a kind that is false": odd(kind=False),
}


def test_records_of_an_odd_form_are_judged_alike(new_stand: Callable[..., Stand]) -> None:
    stand = new_stand()
    whole = [packed(list(parts.values())) for parts in ODD.values()]
    stand.append(*whole, *(value[:-1] for value in whole), *(value + b"x" for value in whole))
    stand.append(packed([1, b"x" * 12, 1]), packed([2, 1, 1, 1]), packed([1, "x" * 12]), b"\xd9\x02\xc3\x28")
    model = stand.model()
    assert (model.stopped_at, model.stood) == (None, [])
    with closing(stand.open("node")) as log:
        assert [commit.events for commit in all_of(log)] == []
        assert note(log, "a", 1).first == 1


@pytest.mark.parametrize("beyond", [0, 1])
def test_a_commit_that_arrives_after_its_window_takes_no_effect(new_stand: Callable[..., Stand], beyond: int) -> None:
    stand = new_stand(window=WINDOW)
    with closing(stand.open("node")) as log:
        base = note(log, "a", 1).last + 1
        assert len(stand.values()) == base
        stand.append(*[b"filling"] * (WINDOW + beyond))
        late = [0, b"late-id-1234", base, None, [["b", 1, "small.noted", b""]], [], b"late"]
        stand.append(msgpack.packb([1, [late]]))
        log.barrier(timeout=20)
        assert log.head() == (2 if beyond == 0 else 1)
        assert note(log, "b", 2 - beyond).first == log.head()


def test_nothing_counts_before_the_configuration(new_stand: Callable[..., Stand]) -> None:
    stand = new_stand()
    rules = stand.values()[0]
    bare = Stand(stand.servers, stand.folder, f"{stand.topic}-bare", stand.client)
    early = [0, b"early-id-123", 0, None, [["a", 1, "small.noted", b""]], [], b"early"]
    bare.create()
    bare.append(packed(early), rules, packed([2, 3, 0]))
    with closing(bare.open("bare")) as log:
        assert note(log, "a", 1).first == 1
        assert list(nodes_wrong(bare.model().stood, {"bare": dump(log)})) == []
