"""Connections to real engines: the rows are those that the driver gives, and what goes wrong costs one connection."""

from __future__ import annotations

import asyncio
import ssl
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from between import Between, between
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from neo4j import Driver
from pools import place, pooled, through

from infra.graphdb.bolt.connection import Statement
from infra.graphdb.bolt.errors import LostError, ProtocolError, StatementError
from infra.graphdb.bolt.pool import Pool, SignIn
from infra.graphdb.engines.interface import GraphEngine
from infra.graphdb.generation import Generation
from infra.graphdb.values import native
from infra.servers.certificates import Certificates
from infra.servers.neo4j import Neo4jServer

SLOW = "UNWIND range(1, 3000000) AS i WITH i WHERE i % 7 = 3 WITH i ORDER BY i % 1000 RETURN max(i)"
WRITE = "MERGE (n:SmallStation {id: 'undone'}) RETURN n.id"


def asked(generation: Generation, text: str, seconds: float = 8, **parameters: Any) -> Statement:
    return Statement(generation.statement(text), parameters, generation.database, seconds)


YEARS = datetime(1970, 1, 1), datetime(2100, 1, 1)  # noqa: DTZ001  # without a zone: hypothesis puts it in
plain = (
    st.none()
    | st.booleans()
    | st.integers(-(2**63), 2**63 - 1)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(st.characters(codec="utf-8", exclude_characters="\0"))
    | st.dates(date(1900, 1, 1), date(2200, 1, 1))
    | st.datetimes(*YEARS, timezones=st.just(UTC))
)
values = st.recursive(plain, lambda inner: st.lists(inner, max_size=5), max_leaves=20)


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(values, max_size=6))
def test_rows_are_those_that_the_driver_gives(
    engine: GraphEngine, generation: Generation, driver: Driver, given: list[Any]
) -> None:
    text = "RETURN $given, size($given), [each IN $given | each]"
    with driver.session(database=generation.database) as session:
        theirs = [[native(value) for value in row] for row in session.run(text, given=given).values()]
    ours = pooled(engine, lambda pool: pool.read(asked(generation, text, given=given)))
    assert ours == theirs
    assert ours[0][0] == given


def test_a_moment_of_a_named_zone_comes_back_as_the_same(engine: GraphEngine, generation: Generation) -> None:
    moment = datetime(2026, 8, 10, 12, tzinfo=ZoneInfo("Asia/Shanghai"))
    ((back,),) = pooled(engine, lambda pool: pool.read(asked(generation, "RETURN $at", at=moment)))
    assert back == moment
    assert back.utcoffset() == moment.utcoffset()


def test_much_is_sent_and_much_comes_back(engine: GraphEngine, generation: Generation) -> None:
    long = "驿站" * 40_000
    statement = asked(generation, "UNWIND range(1, 30) AS i RETURN i, $long", long=long)
    rows = pooled(engine, lambda pool: pool.read(statement))
    assert rows == [[number, long] for number in range(1, 31)]


def test_a_connection_is_used_again_also_after_a_statement_was_refused(
    engine: GraphEngine, generation: Generation
) -> None:
    async def work(middle: Between, pool: Pool) -> list[Any]:
        found: list[Any] = []
        for _ in range(3):
            with pytest.raises(StatementError) as refused:
                await pool.read(asked(generation, "MATCHES"))
            found.append(refused.value.passing)
            found += await pool.read(asked(generation, "RETURN 7"))
        return [*found, middle.made]

    assert through(engine, work) == [False, [7]] * 3 + [1]


def test_what_is_written_together_is_written_whole_or_not_at_all(engine: GraphEngine, generation: Generation) -> None:
    made = "MERGE (n:SmallStation {id: $id}) RETURN n.id"
    counted = "MATCH (n:SmallStation) WHERE n.id IN ['a', 'b', 'c'] RETURN count(n)"

    async def work(middle: Between, pool: Pool) -> list[Any]:
        with pytest.raises(StatementError):
            await pool.written([asked(generation, made, id="a"), asked(generation, "RETURN 1 / 0")])
        before = await pool.read(asked(generation, counted))
        rows = await pool.written([asked(generation, made, id="b"), asked(generation, made, id="c")])
        return [before, rows, await pool.read(asked(generation, counted)), middle.made]

    assert through(engine, work) == [[[0]], [["b"], ["c"]], [[2]], 1]


def test_those_who_come_when_all_connections_are_taken_wait(engine: GraphEngine, generation: Generation) -> None:
    async def work(middle: Between, pool: Pool) -> tuple[list[Any], int]:
        statements = (asked(generation, "RETURN $number", number=number) for number in range(60))
        return await asyncio.gather(*(pool.read(each) for each in statements)), middle.made

    answers, made = through(engine, work, most=4)
    assert answers == [[[number]] for number in range(60)]
    assert made == 4


def test_what_is_broken_off_costs_its_own_connection_only(engine: GraphEngine, generation: Generation) -> None:
    async def work(middle: Between, pool: Pool) -> tuple[int, int]:
        slow = asyncio.ensure_future(pool.read(asked(generation, SLOW, seconds=30)))
        await pool.read(asked(generation, "RETURN 1"))
        await asyncio.sleep(0.1)
        assert not slow.done()
        slow.cancel()
        with pytest.raises(asyncio.CancelledError):
            await slow
        answers = [await pool.read(asked(generation, "RETURN $n", n=n)) for n in range(9)]
        assert answers == [[[n]] for n in range(9)]
        return middle.made, len(answers)

    assert through(engine, work)[0] == 2


def test_a_connection_that_broke_off_is_said_to_be_lost_and_another_is_made(
    engine: GraphEngine, generation: Generation
) -> None:
    async def work(middle: Between, pool: Pool) -> None:
        await asyncio.gather(*(pool.read(asked(generation, "RETURN 1")) for _ in range(5)))
        middle.held = True
        waiting = asyncio.ensure_future(pool.read(asked(generation, "RETURN 2")))
        await asyncio.sleep(0.1)
        middle.break_off()
        with pytest.raises(LostError):
            await waiting
        middle.held = False
        assert await pool.read(asked(generation, "RETURN 3")) == [[3]]

    through(engine, work)


def test_connections_that_the_server_closed_while_nobody_used_them_are_not_used(
    engine: GraphEngine, generation: Generation
) -> None:
    async def work(middle: Between, pool: Pool) -> None:
        for round in range(3):
            await asyncio.gather(*(pool.read(asked(generation, "RETURN 1")) for _ in range(5)))
            middle.break_off()
            await asyncio.sleep(0.05)
            assert await pool.read(asked(generation, "RETURN $n", n=round)) == [[round]]

    through(engine, work)


def test_a_server_that_says_nothing_is_waited_for_only_so_long(engine: GraphEngine, generation: Generation) -> None:
    async def work(middle: Between, pool: Pool) -> None:
        middle.held = True
        pool._connecting = 0.2
        with pytest.raises(LostError, match=r"did not answer within 0\.2 s"):
            await pool.read(asked(generation, "RETURN 1"))

    through(engine, work)


def test_nothing_is_kept_of_what_is_undone(engine: GraphEngine, generation: Generation) -> None:
    async def work(pool: Pool) -> tuple[Any, Any]:
        written = await pool.undone(asked(generation, WRITE))
        return written, await pool.read(asked(generation, "MATCH (n:SmallStation) RETURN count(n)"))

    assert pooled(engine, work) == ([["undone"]], [[0]])


def test_after_they_are_closed_there_is_no_reading(engine: GraphEngine, generation: Generation) -> None:
    async def work(pool: Pool) -> None:
        await pool.read(asked(generation, "RETURN 1"))
        await pool.close()
        with pytest.raises(LostError, match="given up"):
            await pool.read(asked(generation, "RETURN 1"))

    pooled(engine, work)


def test_who_is_not_let_in_hears_it(engine: GraphEngine, generation: Generation) -> None:
    async def read() -> None:
        port, sign_in = place(engine)
        pool = Pool(f"bolt://127.0.0.1:{port}", SignIn(sign_in.user, "wrong"), 5)
        await pool.read(asked(generation, "RETURN 1"))

    with pytest.raises(StatementError, match=r"(?i)unauthorized|auth") as refused:
        asyncio.run(read())
    assert not refused.value.passing


def test_where_nobody_listens_nothing_can_be_reached(generation: Generation) -> None:
    pool = Pool("bolt://127.0.0.1:1", SignIn("x", "y"), 5)
    with pytest.raises(LostError, match=r"127\.0\.0\.1:1 cannot be reached"):
        asyncio.run(pool.read(asked(generation, "RETURN 1")))


@pytest.mark.parametrize("answer", [b"HTTP/1.1 400 Bad Request\r\n\r\n", b"\0\0\0\0", b"\0\0\0\x03"])
def test_a_server_that_speaks_something_else_is_known_by_its_first_word(generation: Generation, answer: bytes) -> None:
    async def speak(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read(20)
        writer.write(answer)
        await writer.drain()
        writer.close()

    async def read() -> None:
        async with await asyncio.start_server(speak, "127.0.0.1", 0) as server:
            port = server.sockets[0].getsockname()[1]
            await Pool(f"bolt://127.0.0.1:{port}", SignIn("x", "y"), 5).read(asked(generation, "RETURN 1"))

    with pytest.raises(ProtocolError, match="none of our versions"):
        asyncio.run(read())


def test_the_connection_is_secured_where_the_address_says_so(
    engine: GraphEngine, generation: Generation, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    certificates = Certificates.of(tmp_path / "certificates")
    security = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    security.load_cert_chain(certificates.server)

    async def read(scheme: str) -> Any:
        port, sign_in = place(engine)
        async with between(port, security) as middle:
            pool = Pool(f"{scheme}://127.0.0.1:{middle.port}", sign_in, 5)
            try:
                return await pool.read(asked(generation, "RETURN 1"))
            finally:
                await pool.close()

    assert asyncio.run(read("bolt+ssc")) == [[1]]
    with pytest.raises(LostError, match="certificate"):
        asyncio.run(read("bolt+s"))
    monkeypatch.setenv("SSL_CERT_FILE", str(certificates.authority))
    assert asyncio.run(read("bolt+s")) == [[1]]
    with pytest.raises((LostError, ProtocolError)):
        asyncio.run(read("bolt"))


def test_a_cluster_is_asked_which_server_is_written_to(neo4j: Neo4jServer) -> None:
    async def read() -> Any:
        pool = Pool(neo4j.uri.replace("bolt://", "neo4j://"), SignIn(neo4j.user, neo4j.password), 5)
        try:
            return await pool.read(Statement("RETURN 1", {}, "neo4j", 8))
        finally:
            await pool.close()

    assert asyncio.run(read()) == [[1]]
