"""Transactions of those who keep account in a graph database."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from neo4j import Driver, Transaction


@contextmanager
def transaction(driver: Driver, database: str, timeout: float) -> Iterator[Transaction]:
    """A transaction that is committed at the end, and given up by the database when its client has frozen."""
    with driver.session(database=database) as session, session.begin_transaction(timeout=timeout) as begun:
        yield begun
