"""The home of a projection's generations: which there are, and which of them is read.

Every change of it takes the lock of the register first, so that of two that come at once the second one finds what the
first one left; where the database locks nothing and refuses the second one, that one is tried again. A generation
stands here before anything of it is made, and until all of it is removed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass
from enum import StrEnum
from typing import TypeVar

from neo4j import Driver, Transaction
from neo4j.exceptions import ConstraintError, TransientError
from tenacity import Retrying, retry_if_exception_type, stop_after_delay, wait_random

from infra.graphdb.names import RECORD, REGISTER
from infra.graphdb.transactions import transaction

Changed = TypeVar("Changed")

TIMEOUT = 8.0
AGAIN = Retrying(
    retry=retry_if_exception_type((TransientError, ConstraintError)),
    wait=wait_random(0.0, 0.05),
    stop=stop_after_delay(TIMEOUT),
    reraise=True,
)
"""How a change is tried that others got in the way of: one of them has come through, so it goes on soon."""
REGISTERED = f"(g:{REGISTER} {{name: $p.name}})"
HELD = f"(r:{RECORD} {{name: $p.name, number: $p.number}})"

OPEN = f"MERGE {REGISTERED} ON CREATE SET g.newest = 0"
LOCK = f"MATCH {REGISTERED} SET g.locked = true WITH g RETURN g.newest"
RECORDS = f"MATCH (r:{RECORD} {{name: $p.name}}) RETURN r.number, r.version, r.state ORDER BY r.number"
COUNT = f"MATCH {REGISTERED} SET g.newest = $p.number"
ADD = f"CREATE (r:{RECORD}) SET r.name = $p.name, r.number = $p.number, r.version = $p.version, r.state = $p.state"
MARK = f"MATCH {HELD} SET r.state = $p.state"
FORGET = f"MATCH {HELD} DELETE r"


class State(StrEnum):
    """What a generation is there for."""

    BUILDING = "building"
    SERVED = "served"
    KEPT = "kept"
    """The graph as of a position: nobody brings it further."""
    RETIRED = "retired"
    """Nobody is to begin to read it; it is removed once nobody can be at it any more."""


class ChangedError(Exception):
    """Somebody else has changed which generations there are."""


@dataclass(frozen=True, slots=True)
class Record:
    """A generation: its number, which no other one of this projection ever has, and the version that it shows."""

    number: int
    version: int
    state: State


class Home:
    """The generations of one projection, kept in this database."""

    def __init__(self, driver: Driver, database: str, projection: str) -> None:
        self.database = database
        self._driver = driver
        self._name = projection

    def records(self) -> list[Record]:
        """All generations, oldest first."""
        with self.transaction() as transaction:
            return self._records(transaction)

    def begin(self, version: int, *, join: bool) -> Record:
        """A generation of this version to build: the one that is being built if `join`, else a new one."""

        def begin(transaction: Transaction, newest: int) -> Record:
            if join:
                for record in in_state(self._records(transaction), version, State.BUILDING):
                    return record
            record = Record(newest + 1, version, State.BUILDING)
            transaction.run(COUNT, p=self._parameters(number=record.number)).consume()
            parameters = self._parameters(number=record.number, version=version, state=record.state.value)
            transaction.run(ADD, p=parameters).consume()
            return record

        return self._change(begin)

    def mark(self, number: int, state: State) -> None:
        """Let this generation be in another state."""
        self._change(lambda transaction, _: self._mark(transaction, number, state))

    def serve(self, number: int, instead_of: int | None, transaction: Transaction) -> None:
        """Let this generation, which is being built, be the one that is read, from the end of this transaction on.

        Raises ChangedError if it is not being built any more, or another one is read by now than `instead_of`.
        """
        _lock(transaction, self._name)
        records = self._records(transaction)
        mine = next((record for record in records if (record.number, record.state) == (number, State.BUILDING)), None)
        old = served(records, mine.version) if mine else None
        if mine is None or (old.number if old else None) != instead_of:
            raise ChangedError(f"generation {number} was to be read instead of {instead_of}, but there are {records}")
        if old is not None:
            self._mark(transaction, old.number, State.RETIRED)
        self._mark(transaction, number, State.SERVED)

    def forget(self, number: int) -> None:
        """All of it is removed."""
        self._change(lambda transaction, _: transaction.run(FORGET, p=self._parameters(number=number)).consume())

    def transaction(self) -> AbstractContextManager[Transaction]:
        """A transaction on the home's database; it is committed at the end."""
        return transaction(self._driver, self.database, TIMEOUT)

    def _change(self, change: Callable[[Transaction, int], Changed]) -> Changed:
        """Do this under the lock of the register, told of the newest number; again where that is refused."""
        changed: Changed = AGAIN(self._try, change)
        return changed

    def _try(self, change: Callable[[Transaction, int], Changed]) -> Changed:
        with self.transaction() as transaction:
            transaction.run(OPEN, p=self._parameters()).consume()
            return change(transaction, _lock(transaction, self._name))

    def _records(self, transaction: Transaction) -> list[Record]:
        rows = transaction.run(RECORDS, p=self._parameters()).values()
        return [Record(number, version, State(state)) for number, version, state in rows]

    def _mark(self, transaction: Transaction, number: int, state: State) -> None:
        transaction.run(MARK, p=self._parameters(number=number, state=state.value)).consume()

    def _parameters(self, **more: object) -> dict[str, object]:
        return {"name": self._name, **more}


def _lock(transaction: Transaction, name: str) -> int:
    """Take the lock; gives the newest number."""
    row = transaction.run(LOCK, p={"name": name}).single()
    return int(row[0]) if row else 0


def served(records: list[Record], version: int) -> Record | None:
    """The generation of this version that is read, if there is one."""
    return next(in_state(records, version, State.SERVED), None)


def in_state(records: list[Record], version: int, state: State) -> Iterator[Record]:
    """The generations of this version that are in this state, oldest first."""
    return (record for record in records if (record.version, record.state) == (version, state))
