"""The generations of a projection: made, looked at, switched and removed."""

from __future__ import annotations

import time
from collections.abc import Callable
from contextlib import suppress

from neo4j import Driver
from neo4j.exceptions import ClientError, TransientError

from infra.graphdb.engines.interface import GraphEngine
from infra.graphdb.generation import Generation
from infra.graphdb.home import Home, Record, State, served
from infra.graphdb.ownership import Ownership, Standing
from infra.graphdb.writer import Writer
from projections.projection import Projection

BEHIND = 3.0
"""Seconds within which the new generation has to come to where the old one was stopped for it, or that one goes on."""

NOT_FOUND = "Neo.ClientError.Database.DatabaseNotFound"


class GoneError(Exception):
    """The generation was removed by somebody else while it was being made."""


class Generations:
    """Those of one projection, in the version that this program has, on one engine."""

    def __init__(self, engine: GraphEngine, driver: Driver, projection: Projection) -> None:
        self.projection = projection
        self.home = Home(driver, engine.home(projection), projection.name)
        self._engine = engine
        self._driver = driver

    def generation(self, number: int) -> Generation:
        return self._engine.generation(self.projection, number)

    def ownership(self, number: int) -> Ownership:
        """A hold on this generation."""
        return Ownership(self._driver, self.generation(number))

    def writer(self, number: int) -> Writer:
        """What writes to this generation, for one projector."""
        return Writer(self.ownership(number), self._engine)

    def standing(self, number: int) -> Standing | None:
        """How things stand with this generation; None before it is made."""
        try:
            return self.ownership(number).look()
        except ClientError as error:
            if error.code != NOT_FOUND:
                raise
            return None

    def served(self) -> Record | None:
        """The generation that is read, if there is one."""
        return served(self.home.records(), self.projection.version)

    def begin(self, *, join: bool) -> int:
        """A generation to build, made as far as it is missing: the one that is being built if `join`, else a new one.

        Raises GoneError.
        """
        record = self.home.begin(self.projection.version, join=join)
        self.prepare(record.number)
        return record.number

    def prepare(self, number: int) -> None:
        """Make what is missing of a generation that is listed. Raises GoneError."""
        generation = self.generation(number)
        self._engine.prepare(generation)
        if all(record.number != number for record in self.home.records()):
            self._engine.remove(generation)
            raise GoneError(f"generation {number} of {self.projection.name} was removed while it was being made")

    def switch(self, number: int, reached: Callable[[], int]) -> bool:
        """Let this generation be the one that is read. `reached` says how far its projector is.

        The one that was read so far is stopped first, so that nobody sees the graph go back; it goes on if this comes
        to nothing. Says whether it came to something.
        """
        record = self.served()
        old = self.ownership(record.number) if record else None
        if old is not None and not self._overtaken(old, reached):
            return False
        try:
            with self.home.transaction() as transaction:
                self.home.serve(number, record.number if record else None, transaction)
                if old is not None and old.generation.database == self.home.database:
                    old.retire(transaction)  # elsewhere its database is this process's own, and nobody could take it
        except BaseException as error:
            if old is not None:
                _let_go(old)
            if isinstance(error, TransientError):
                return False
            raise
        return True

    def remove(self, number: int) -> None:
        """Remove all of it; can be done again if it was broken off."""
        self.home.mark(number, State.RETIRED)
        self._engine.remove(self.generation(number))
        self.home.forget(number)

    def _overtaken(self, old: Ownership, reached: Callable[[], int]) -> bool:
        """Stop the old one, and wait until the new one is as far as that."""
        if not old.take(old.look()):
            return False
        assert old.standing is not None
        deadline = time.monotonic() + BEHIND
        while reached() < old.standing.position:
            if time.monotonic() > deadline:
                _let_go(old)
                return False
            time.sleep(0.01)
        return True


def _let_go(old: Ownership) -> None:
    """Let its projector go on; where the database refuses that for the moment, it does once it misses this owner."""
    with suppress(TransientError):
        old.release()
