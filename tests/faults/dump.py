"""What a node says is in the log: all its commits in order and its chain hash, in a file."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from tests.faults.rule import Event, Stood


@dataclass(frozen=True, slots=True)
class Dump:
    """All that a node holds, and the chain hash over it with the position that it is for."""

    stood: tuple[Stood, ...]
    chain: tuple[int, str]


def write_dump(
    path: Path,
    commits: Iterable[tuple[int, Iterable[Event], bytes | None, bytes]],
    chain: tuple[int, bytes],
) -> None:
    """Commits are first notification id, events, request and context. The file is there whole or not at all."""
    part = path.with_suffix(".part")
    with part.open("w", encoding="utf-8") as file:
        for first, events, request, context in commits:
            plain = [[entity, version, topic, state.hex()] for entity, version, topic, state in events]
            line = [first, plain, request.hex() if request is not None else None, context.decode()]
            file.write(json.dumps(line) + "\n")
        file.write(json.dumps({"position": chain[0], "chain": chain[1].hex()}) + "\n")
    part.rename(path)


def read_dump(path: Path) -> Dump:
    """The dump in this file."""
    *lines, last = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    return Dump(
        tuple(
            Stood(
                first,
                tuple((entity, version, topic, bytes.fromhex(state)) for entity, version, topic, state in events),
                bytes.fromhex(request) if request is not None else None,
                context.encode(),
            )
            for first, events, request, context in lines
        ),
        (last["position"], last["chain"]),
    )
