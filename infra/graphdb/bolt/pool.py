"""Connections to one graph database, kept for those who come next."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from typing import Any, Final, TypeAlias

from infra.graphdb.bolt.address import Address
from infra.graphdb.bolt.connection import Connection, Statement
from infra.graphdb.bolt.errors import LostError, StatementError

MOST: Final = 100
"""So many statements are under way at once; who comes then waits."""

Rows: TypeAlias = list[list[Any]]


@dataclass(frozen=True, slots=True)
class SignIn:
    """As whom one reads."""

    user: str
    password: str = field(repr=False)


class Pool:
    """Connections of one event loop. What is broken off in the middle costs its connection, and nothing else."""

    def __init__(self, uri: str, sign_in: SignIn, connecting: float, most: int = MOST) -> None:
        self._address = Address.of(uri)
        self._security = self._address.context()
        self._sign_in = sign_in
        self._connecting = connecting
        self._free: list[Connection] = []
        self._room = asyncio.Semaphore(most)
        self._over = False

    async def read(self, statement: Statement) -> Rows:
        """The rows of a statement that only reads. Raises BoltError."""
        return await self._with(statement.database, lambda connection: connection.read(statement))

    async def undone(self, statement: Statement) -> Rows:
        """The rows of a statement of which nothing is kept. Raises BoltError."""
        return await self._with(statement.database, lambda connection: connection.undone(statement))

    async def written(self, statements: Sequence[Statement]) -> Rows:
        """The rows of some statements that write all or nothing, in one database.

        Raises BoltError; after any other than a StatementError it is open which of both it was.
        """
        return await self._with(statements[0].database, lambda connection: connection.written(statements))

    async def close(self) -> None:
        """Close them; those under way when they are done. Who asks after that meets a LostError."""
        self._over = True
        while self._free:
            await self._free.pop().close()

    async def _with(self, database: str, work: Callable[[Connection], Awaitable[Rows]]) -> Rows:
        async with self._room:
            connection = await self._connection(database)
            try:
                found = await work(connection)
            except StatementError as error:
                self._back(connection, fit=not error.moved)
                raise
            except BaseException as error:
                connection.abort()
                if isinstance(error, LostError):
                    self._forget()
                raise
            self._back(connection)
            return found

    def _back(self, connection: Connection, *, fit: bool = True) -> None:
        if fit and not self._over:
            self._free.append(connection)
        else:
            connection.abort()

    def _forget(self) -> None:
        """Where one connection broke off, the others have mostly done so too, and not all of them say it."""
        while self._free:
            self._free.pop().abort()

    async def _connection(self, database: str) -> Connection:
        while self._free:
            if not (connection := self._free.pop()).closed.done():
                return connection
        if self._over:
            raise LostError("the connections have been given up")
        return await self._connected(self._address, database)

    async def _connected(self, address: Address, database: str) -> Connection:
        """A new connection, signed in; to the server that is written to, where the address is one of a cluster."""
        try:
            async with asyncio.timeout(self._connecting):
                connection = await self._signed_in(address)
                if address.routed:
                    there = address.beside(await connection.writer(database))
                    if (there.host, there.port) != (address.host, address.port):
                        await connection.close()
                        connection = await self._signed_in(there)
                return connection
        except TimeoutError:
            raise LostError(f"{address} did not answer within {self._connecting:g} s") from None
        except OSError as error:
            raise LostError(f"{address} cannot be reached: {error}") from error

    async def _signed_in(self, address: Address) -> Connection:
        loop = asyncio.get_running_loop()
        _, connection = await loop.create_connection(Connection, address.host, address.port, ssl=self._security)
        try:
            await connection.hello(self._sign_in.user, self._sign_in.password)
        except BaseException:
            connection.abort()
            raise
        return connection
