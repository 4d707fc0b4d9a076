"""A go-between on the way to a server: it can break connections off, hold them up, and speak TLS to the client."""

from __future__ import annotations

import asyncio
import contextlib
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field


@dataclass
class Between:
    """Passes on to a port of this machine what comes in at its own."""

    to: int
    port: int = 0
    made: int = 0
    """How many connections have been made."""
    held: bool = False
    """Whether what the server says is kept back."""
    holds: int = 0
    """On how many connections something is kept back at the moment."""
    _writers: list[asyncio.StreamWriter] = field(default_factory=list)
    _tasks: set[asyncio.Task[None]] = field(default_factory=set)

    def break_off(self) -> None:
        """Break all connections off, as a server does that is killed."""
        for writer in self._writers:
            writer.transport.abort()
        self._writers.clear()

    async def _passed(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.made += 1
        there_reader, there_writer = await asyncio.open_connection("127.0.0.1", self.to)
        self._writers += [writer, there_writer]
        await asyncio.gather(self._pass(reader, there_writer), self._pass(there_reader, writer, answers=True))

    async def _pass(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, *, answers: bool = False) -> None:
        with contextlib.suppress(OSError):
            while data := await reader.read(65_536):
                if answers:
                    await self._let_through(writer)
                writer.write(data)
                await writer.drain()
        writer.close()

    async def _let_through(self, writer: asyncio.StreamWriter) -> None:
        self.holds += 1
        while self.held and not writer.transport.is_closing():
            await asyncio.sleep(0.01)
        self.holds -= 1


@asynccontextmanager
async def between(to: int, security: ssl.SSLContext | None = None) -> AsyncIterator[Between]:
    """A go-between to this port, for as long as the context lasts."""
    made = Between(to)

    async def accept(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.ensure_future(made._passed(reader, writer))
        made._tasks.add(task)
        await asyncio.wait([task])

    server = await asyncio.start_server(accept, "127.0.0.1", 0, ssl=security)
    made.port = server.sockets[0].getsockname()[1]
    try:
        yield made
    finally:
        server.close()
        made.break_off()
        await asyncio.gather(*made._tasks, return_exceptions=True)
