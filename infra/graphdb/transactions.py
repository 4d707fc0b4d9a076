"""Transactions of those who keep account in a graph database, and what they send."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Self

from neo4j import Driver, Transaction


class Parameters(dict[str, object]):
    """What a statement takes as its single parameter `$p`.

    The driver writes out the parameters of every statement for its log, also when nobody keeps one, and for the rows of
    a batch that takes longer than to pack them. And it keeps them with each result in a circle, which goes when the
    collector comes by: seldom. So both are spared what is in here; a batch is let go of as a context.
    """

    def __repr__(self) -> str:
        return f"<{', '.join(self)}>"

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.clear()


@contextmanager
def transaction(driver: Driver, database: str, timeout: float) -> Iterator[Transaction]:
    """A transaction that is committed at the end, and given up by the database when its client has frozen."""
    with driver.session(database=database) as session, session.begin_transaction(timeout=timeout) as begun:
        yield begun
