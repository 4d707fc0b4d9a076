"""A settled position on each engine: it waits for whoever writes, by the lock that a commit takes."""

from __future__ import annotations

import http.client
import json
from base64 import b64encode
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

import pytest
from at_work import Hold
from neo4j import Driver
from pools import pooled
from waiting import until

from infra.graphdb.bolt.errors import LostError, StatementError
from infra.graphdb.embedded.installation import Ports
from infra.graphdb.embedded.process import Address
from infra.graphdb.engines.arcadedb import USER, ArcadeDBEngine
from infra.graphdb.engines.interface import GraphEngine
from infra.graphdb.generation import Generation
from infra.graphdb.names import PROJECTION
from infra.graphdb.ownership import NODE, Standing

END_WHO_WAITS = """SHOW TRANSACTIONS YIELD transactionId AS id, status WHERE status STARTS WITH 'Blocked'
TERMINATE TRANSACTIONS id YIELD message RETURN message"""


@contextmanager
def held(engine: GraphEngine, generation: Generation, driver: Driver) -> Iterator[None]:
    """What a commit locks, locked by somebody else."""
    if isinstance(engine, ArcadeDBEngine):
        with _session(engine, generation) as ask:
            ask("command", language="sql", command=f"LOCK TYPE {PROJECTION}")
            yield
        return
    with driver.session(database=generation.database) as session, session.begin_transaction() as transaction:
        transaction.run(f"MATCH {NODE} SET p.locked_by = 'a test'", p=generation.key).consume()
        yield


@contextmanager
def _session(engine: ArcadeDBEngine, generation: Generation) -> Iterator[Callable[..., None]]:
    """A transaction over HTTP, given up at the end."""
    connection = http.client.HTTPConnection("127.0.0.1", engine.address.ports.http, timeout=10)
    credentials = b64encode(f"{USER}:{engine.address.password}".encode()).decode()
    headers = {"Authorization": f"Basic {credentials}", "Content-Type": "application/json"}

    def ask(what: str, **body: Any) -> None:
        path = f"/api/v1/{what}/{generation.database}"
        connection.request("POST", path, body=json.dumps(body), headers=headers)
        response = connection.getresponse()
        answer = response.read()
        assert response.status < 300, answer
        if session := response.getheader("arcadedb-session-id"):
            headers["arcadedb-session-id"] = session

    ask("begin")
    assert "arcadedb-session-id" in headers
    try:
        yield ask
    finally:
        ask("rollback")
        connection.close()


def test_who_settles_and_who_writes_waits_for_the_same_lock(
    engine: GraphEngine, generation: Generation, driver: Driver, hold: Hold
) -> None:
    with hold() as writer, hold() as looking, ThreadPoolExecutor() as hands:
        assert writer.ownership.take(writer.ownership.look())
        with held(engine, generation, driver):
            writing = hands.submit(writer.write, {}, 7, "ab")
            settling = hands.submit(looking.settled)
            with pytest.raises(TimeoutError):
                writing.result(0.5)
            assert not settling.done()
        writing.result(10)
        found = settling.result(10)
        assert found is not None
        assert found.position in (0, 7)
        assert looking.settled() == Standing(7, 1, "ab", writer.ownership.owner)


@pytest.mark.parametrize("engine", ["neo4j"], indirect=True)
def test_a_transaction_that_the_server_ends_while_it_waits_may_be_tried_again(
    engine: GraphEngine, generation: Generation, driver: Driver
) -> None:
    with ThreadPoolExecutor() as hands, held(engine, generation, driver):
        settling = hands.submit(pooled, engine, lambda pool: engine.settled(pool, generation, 8))
        until(lambda: bool(driver.execute_query(END_WHO_WAITS, database_=generation.database).records))
        with pytest.raises(StatementError) as refused:
            settling.result(10)
        assert refused.value.passing


def test_a_generation_that_is_not_there_stands_nowhere(engine: GraphEngine, generation: Generation) -> None:
    assert pooled(engine, lambda pool: engine.settled(pool, replace(generation, number=987_654), 8)) is None


def test_a_database_that_is_not_there_is_an_error_of_who_asks(engine: GraphEngine, generation: Generation) -> None:
    with pytest.raises(StatementError, match="nowhere") as refused:
        pooled(engine, lambda pool: engine.settled(pool, replace(generation, database="nowhere"), 8))
    assert not refused.value.passing


def test_an_engine_that_cannot_be_reached_is_one_to_ask_again(generation: Generation) -> None:
    away = ArcadeDBEngine(Address(Ports(1, 1), "secret"))
    with pytest.raises(LostError):
        pooled(away, lambda pool: away.settled(pool, generation, 8))
