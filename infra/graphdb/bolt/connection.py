"""A connection to a graph database, for one statement at a time."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final, cast

from infra.graphdb.bolt.errors import LostError, ProtocolError, StatementError
from infra.graphdb.bolt.messages import Ask, Incoming, Told, message
from infra.graphdb.bolt.values import Packing

HELLO: Final = b"\x60\x60\xb0\x17" + b"\x00\x03\x04\x05" + b"\x00\x00\x04\x04" + bytes(8)
"""That it is Bolt, and which versions we speak: 5.4 down to 5.1, or 4.4."""
VERSIONS: Final = ((5, 4), (5, 3), (5, 2), (5, 1), (4, 4))
AGENT: Final = "yizhan"
ALL: Final = {"n": -1}
NOTHING: Final[Mapping[str, Any]] = {}


@dataclass(frozen=True, slots=True)
class Statement:
    """What is to be run: where, with which parameters, and for how many seconds the database may take."""

    text: str
    parameters: Mapping[str, Any]
    database: str
    seconds: float

    @property
    def fields(self) -> tuple[str, dict[str, Any]]:
        return self.text, dict(self.parameters)

    def extra(self, mode: str) -> dict[str, Any]:
        return {"db": self.database, "mode": mode, "tx_timeout": int(self.seconds * 1_000)}


@dataclass(slots=True)
class _Exchange:
    """What was sent together: how many answers are still to come, and what has come."""

    left: int
    done: asyncio.Future[None]
    rows: list[list[Any]] = field(default_factory=list)
    last: dict[str, Any] = field(default_factory=dict)
    refused: StatementError | None = None


class Connection(asyncio.Protocol):
    """A connection. After a StatementError it goes on; after any other error it is closed."""

    def __init__(self) -> None:
        self._loop = asyncio.get_running_loop()
        self._incoming = Incoming()
        self._exchange: _Exchange | None = None
        self._version = bytearray()
        self._shaking: asyncio.Future[None] | None = self._loop.create_future()
        self._packing = Packing(as_clocks_show=False)
        self._transport: asyncio.Transport | None = None
        self.closed: asyncio.Future[None] = self._loop.create_future()

    # -- what is asked ----------------------------------------------------------------

    async def hello(self, user: str, password: str) -> None:
        """Agree on a version, and sign in. Raises BoltError."""
        assert self._shaking is not None
        self._send(HELLO)
        await self._shaking
        self._shaking = None
        major, minor = self._version[3], self._version[2]
        if (major, minor) not in VERSIONS:
            raise ProtocolError(f"the server speaks none of our versions of Bolt: it answers {self._version.hex(' ')}")
        self._packing = Packing(as_clocks_show=major < 5)
        who = {"scheme": "basic", "principal": user, "credentials": password}
        about: dict[str, Any] = {"user_agent": AGENT}
        if major < 5:
            await self._admitted((Ask.HELLO, {**about, **who}))
            return
        if minor >= 3:
            about["bolt_agent"] = {"product": AGENT}
        if minor >= 2:
            about["notifications_minimum_severity"] = "OFF"
        await self._admitted((Ask.HELLO, about), (Ask.LOGON, who))

    async def read(self, statement: Statement) -> list[list[Any]]:
        """The rows of a statement that only reads, as a transaction of its own. Raises BoltError."""
        found = await self._asked((Ask.RUN, *statement.fields, statement.extra("r")), (Ask.PULL, ALL))
        return found.rows

    async def undone(self, statement: Statement) -> list[list[Any]]:
        """The rows of a statement in a transaction that is given up afterwards. Raises BoltError."""
        return await self._in_one([statement], Ask.ROLLBACK)

    async def written(self, statements: Sequence[Statement]) -> list[list[Any]]:
        """The rows of some statements, one after the other, in one transaction, for which the first one says how long.

        All goes in one exchange: what comes after a statement that is refused has no effect, and the transaction is
        given up. Raises BoltError; after any other than a StatementError it is open whether all was written or nothing.
        """
        return await self._in_one(statements, Ask.COMMIT)

    async def writer(self, database: str) -> str:
        """Which server of the cluster is written to, as `HOST:PORT`. Raises BoltError."""
        found = await self._asked((Ask.ROUTE, {}, [], {"db": database}))
        servers: Sequence[Mapping[str, Any]] = found.last["rt"]["servers"]
        for server in servers:
            if server["role"] == "WRITE" and server["addresses"]:
                return str(server["addresses"][0])
        raise LostError(f"no server of the cluster is written to at the moment, for {database}")

    async def close(self) -> None:
        """Say goodbye."""
        if not self.closed.done():
            self._send(message(self._packing, Ask.GOODBYE))
            assert self._transport is not None
            self._transport.close()
        await self.closed

    def abort(self) -> None:
        """Give the connection up at once; the server breaks off what it was doing for it."""
        if self._transport is not None:
            self._transport.abort()

    async def _in_one(self, statements: Sequence[Statement], end: Ask) -> list[list[Any]]:
        """The rows of these statements in one transaction that ends like this."""
        messages: list[tuple[Any, ...]] = [(Ask.BEGIN, statements[0].extra("w"))]
        for each in statements:
            messages += ((Ask.RUN, *each.fields, NOTHING), (Ask.PULL, ALL))
        return (await self._asked(*messages, (end,))).rows

    async def _admitted(self, *asked: tuple[Any, ...]) -> None:
        """Say who one is. The server closes the connection if it does not let us in."""
        if (refused := (await self._exchanged(asked)).refused) is not None:
            raise refused

    async def _asked(self, *asked: tuple[Any, ...]) -> _Exchange:
        """Send these messages together, and wait for all their answers; after a refusal, be ready for the next."""
        exchange = await self._exchanged(asked)
        if exchange.refused is not None:
            await self._exchanged([(Ask.RESET,)])
            raise exchange.refused
        return exchange

    async def _exchanged(self, asked: Sequence[tuple[Any, ...]]) -> _Exchange:
        sent = b"".join([message(self._packing, *each) for each in asked])
        exchange = self._exchange = _Exchange(len(asked), self._loop.create_future())
        self._send(sent)
        await exchange.done
        return exchange

    def _send(self, data: bytes) -> None:
        if self._transport is None or self._transport.is_closing():
            raise LostError("the connection is closed")
        self._transport.write(data)

    # -- what the event loop says ------------------------------------------------------

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.Transport, transport)  # uvloop's own are of no such class

    def data_received(self, data: bytes) -> None:
        if self._shaking is not None:
            self._version += data
            if len(self._version) >= 4 and not self._shaking.done():
                self._shaking.set_result(None)
            return
        try:
            for told, value in self._incoming.messages(data):
                self._told(told, value)
        except Exception as error:
            self._fail(error)

    def connection_lost(self, error: Exception | None) -> None:
        self._fail(LostError(f"the connection broke off: {error or 'the server closed it'}"))
        if not self.closed.done():
            self.closed.set_result(None)

    def _told(self, told: Told, value: Any) -> None:
        exchange = self._exchange
        if exchange is None:
            raise ProtocolError(f"{told.name} came without having been asked for")
        if told is Told.RECORD:
            exchange.rows.append(value)
            return
        if told is Told.SUCCESS:
            exchange.last = value
        elif told is Told.FAILURE and exchange.refused is None:
            exchange.refused = StatementError(value.get("code", ""), value.get("message", ""))
        exchange.left -= 1
        if not exchange.left:
            self._exchange = None
            if not exchange.done.done():
                exchange.done.set_result(None)

    def _fail(self, error: Exception) -> None:
        """Let whoever waits know that nothing more comes, and close."""
        exchange, self._exchange = self._exchange, None
        for waiting in (self._shaking, exchange.done if exchange else None):
            if waiting is not None and not waiting.done():
                waiting.set_exception(error)
        self.abort()
