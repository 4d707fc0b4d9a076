"""Whose a generation is, and how far it is: the node that says so, and how it changes hands.

Every transaction on that node takes its write lock first, by setting a property, and only then reads: the other way
round updates are lost. On ArcadeDB, which locks nothing, the same order makes the slower of two commits fail. Each
taking over counts the epoch up, so whoever was the owner before has no effect from then on, whatever it still believes.

The owner shows that it lives by a beat, a node of its own, so that a beat never meets a batch. Others judge by their
own clocks whether it still comes.
"""

from __future__ import annotations

import os
import secrets
import socket
from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, replace
from typing import Any, NoReturn

from neo4j import Driver, Transaction
from neo4j.exceptions import TransientError

from infra.graphdb.bolt.connection import Statement
from infra.graphdb.bolt.pool import Pool
from infra.graphdb.generation import Generation
from infra.graphdb.names import BEAT, PROJECTION
from infra.graphdb.transactions import transaction

_KEY = "{name: $p.name, generation: $p.generation}"
NODE = f"(p:{PROJECTION} {_KEY})"
_BEAT = f"(b:{BEAT} {_KEY})"
_COLUMNS = {name: f"p.{name}" for name in ("position", "epoch", "chain", "owner", "stopped")} | {
    "retired": "coalesce(p.retired, false)"
}
"""What stands of a generation on its node, in the order of the fields of Standing."""
_STANDING = ", ".join(_COLUMNS.values())

BEGIN = f"MERGE {NODE} ON CREATE SET p.position = 0, p.epoch = 0, p.chain = '', p.version = $p.version"
BEGIN_BEAT = f"MERGE {_BEAT} ON CREATE SET b.beat = 0"
LOCK = f"MATCH {NODE} SET p.locked_by = $p.owner WITH p RETURN {_STANDING}"
LOOK = f"MATCH {NODE} OPTIONAL MATCH {_BEAT} RETURN {_STANDING}, b.beat"
ADVANCE = (
    f"MATCH {NODE} SET p.locked_by = $p.owner WITH p WHERE p.position = $p.before AND p.epoch = $p.epoch "
    "SET p.position = $p.position, p.chain = $p.chain WITH p "
)
"""What stands before the first statement of a batch; see `advancing`."""
ADVANCED = " RETURN 1 / count(*)"
"""What stands after it. Where no row has come so far, it is an error, and takes all back."""
TAKE = f"MATCH {NODE} SET p.epoch = $p.epoch, p.owner = $p.owner REMOVE p.stopped"
RELEASE = f"MATCH {NODE} REMOVE p.owner"
RETIRE = f"MATCH {NODE} SET p.retired = true"
RESUME = f"MATCH {NODE} REMOVE p.stopped"
STOP = f"MATCH {NODE} SET p.stopped = $p.reason"
LIVE = f"MATCH {NODE} WHERE p.epoch = $p.epoch MATCH {_BEAT} SET b.beat = b.beat + 1 RETURN b.beat"


class Displaced(Exception):
    """Another projector has taken the generation over; this one has no effect any more."""


@dataclass(frozen=True, slots=True)
class Standing:
    """How far a generation is, and whose.

    `position` is the end of a commit, and `chain` the log's chain hash there, in hex; `owner` is None once it was let
    go; `stopped` says why its owner goes no further; a `retired` one goes no further because another one is read in its
    place; `beat` counts as long as the owner lives.
    """

    position: int = 0
    epoch: int = 0
    chain: str = ""
    owner: str | None = None
    stopped: str | None = None
    retired: bool = False
    beat: int = 0

    @classmethod
    def of(cls, properties: Mapping[str, Any]) -> Standing:
        """What the properties of the node say, of which those may be missing that have not been set."""
        return cls(**{name: properties[name] for name in _COLUMNS if properties.get(name) is not None})

    def same(self, other: Standing) -> bool:
        """Whether nothing was written between the one and the other."""
        return (self.position, self.epoch) == (other.position, other.epoch)


async def settled_by_lock(pool: Pool, generation: Generation, seconds: float) -> Standing | None:
    """How things stand at a moment when nobody holds the lock; leaves no trace. Raises BoltError."""
    parameters = {"p": {**generation.key, "owner": "a reader"}}
    rows = await pool.undone(Statement(LOCK, parameters, generation.database, seconds))
    return Standing(*rows[0]) if rows else None


class Ownership:
    """One projector's hold on a generation, and what it believes of it. `beat` may be called from another thread."""

    def __init__(self, driver: Driver, generation: Generation, *, timeout: float = 8.0) -> None:
        self.generation = generation
        self.standing: Standing | None = None
        self.owner = f"{socket.gethostname()}/{os.getpid()}/{secrets.token_hex(3)}"
        self._driver = driver
        self.timeout = timeout

    def look(self) -> Standing | None:
        """How things stand, whoever the owner is; None where there is no such generation."""
        with self.transaction() as transaction:
            row = transaction.run(LOOK, p=self.generation.key).single()
            if row is None:
                return None
            position, epoch, chain, owner, stopped, retired, beat = row.values()
            return Standing(position, epoch, chain, owner, stopped, retired, beat or 0)

    def take(self, seen: Standing | None) -> bool:
        """Become the owner, if nobody has become it since `seen` was looked at; says whether that was so.

        It is not where somebody else wrote at the same moment and the database refuses the slower one.
        """
        try:
            with self.transaction() as transaction:
                found = self.lock(transaction)
                if seen is None or found is None or found.epoch != seen.epoch or found.retired:
                    return False
                transaction.run(TAKE, p=self.parameters(epoch=found.epoch + 1)).consume()
                transaction.commit()
        except TransientError:
            return False
        self.standing = replace(found, epoch=found.epoch + 1, owner=self.owner, stopped=None)
        return True

    def check(self) -> Standing:
        """Look again after an error that leaves open what was written. Raises Displaced."""
        found = self.look()
        if found is None or self.standing is None or found.epoch != self.standing.epoch:
            self._lost(found)
        self.standing = found
        return found

    @contextmanager
    def locked(self) -> Iterator[Transaction]:
        """A transaction of the owner, which holds the lock. Raises Displaced, and then nothing was written."""
        with self.transaction() as transaction:
            self._hold(transaction)
            yield transaction

    def advancing(self, position: int, chain: str, text: str = "", **more: object) -> Statement:
        """The first statement of a transaction at the end of which the generation stands at this position.

        It takes the lock, and is refused by the database unless the generation is this owner's and stands where it
        believes. `text` goes on from there, gives a row at least, and finds `more` in its parameters. Raises Displaced.
        """
        if (believed := self.standing) is None:
            self._lost(None)
        moves = self.parameters(before=believed.position, epoch=believed.epoch, position=position, chain=chain, **more)
        return self.statement(f"{ADVANCE}{text}{ADVANCED}", moves)

    def advanced(self, position: int, chain: str) -> None:
        """That transaction was committed."""
        if self.standing is not None:
            self.standing = replace(self.standing, position=position, chain=chain)

    def see(self) -> None:
        """Look whether all is as it is believed to be, after a refusal. Raises Displaced."""
        self._see(self.look())

    def retire(self, transaction: Transaction) -> None:
        """Go no further, for good, from the end of this transaction on. Raises Displaced."""
        self._hold(transaction)
        transaction.run(RETIRE, p=self.parameters()).consume()

    def stop(self, reason: str) -> None:
        """Write down why the generation goes no further, until somebody takes it over."""
        with self.locked() as transaction:
            transaction.run(STOP, p=self.parameters(reason=reason)).consume()
            transaction.commit()

    def resume(self) -> None:
        """Go on after a stop."""
        with self.locked() as transaction:
            transaction.run(RESUME, p=self.parameters()).consume()
            transaction.commit()

    def release(self) -> None:
        """Let it go, so that the next one need not wait until this one is taken for dead."""
        with self.locked() as transaction:
            transaction.run(RELEASE, p=self.parameters()).consume()
            transaction.commit()
        self.standing = None

    def beat(self) -> bool:
        """Show that the owner lives; says whether it still is the owner."""
        if (believed := self.standing) is None:
            return False
        with self.transaction() as transaction:
            row = transaction.run(LIVE, p=self.parameters(epoch=believed.epoch)).single()
            transaction.commit()
        return row is not None

    def _hold(self, transaction: Transaction) -> None:
        """Take the lock, and see that nothing has changed hands. Raises Displaced."""
        self._see(self.lock(transaction))

    def _see(self, found: Standing | None) -> None:
        """See that nothing has changed hands. Raises Displaced."""
        believed = self.standing
        if found is None or believed is None or not found.same(believed):
            self._lost(found)

    def _lost(self, found: Standing | None) -> NoReturn:
        """Believe no longer that it is the owner. Raises Displaced."""
        believed, self.standing = self.standing, None
        raise Displaced(f"expected {believed}, found {found}")

    def parameters(self, **more: object) -> dict[str, object]:
        """What every statement on the node takes."""
        return {**self.generation.key, "owner": self.owner, **more}

    def statement(self, text: str, parameters: Mapping[str, object]) -> Statement:
        """A statement as it is sent to this generation's database, which has as long for it as for a transaction."""
        return Statement(text, {"p": parameters}, self.generation.database, self.timeout)

    def transaction(self) -> AbstractContextManager[Transaction]:
        """A transaction that the database gives up when its client has frozen."""
        return transaction(self._driver, self.generation.database, self.timeout)

    def lock(self, transaction: Transaction) -> Standing | None:
        """Hold the lock until the end of this transaction, and see how things stand."""
        row = transaction.run(LOCK, p=self.parameters()).single()
        return Standing(*row.values()) if row else None
