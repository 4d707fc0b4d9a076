"""The driver behind the least of HTTP: a bare ASGI function that sends the record of a plan's statement as JSON.

What is asked is `{"question": …, "number": …}`; no token is looked at and nothing is made of the record. A floor of
what HTTP costs, and no rival. `python -m answering.bare FILE PORT`; the file is that of the statements.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import orjson
from neo4j import AsyncDriver

from answering.processes import serve
from answering.statements import Statements

HEADERS = [(b"content-type", b"application/json")]


class Bare:
    """The ASGI application over one driver."""

    def __init__(self, statements: Statements) -> None:
        self._statements = statements
        self._driver: AsyncDriver | None = None

    async def __call__(self, scope: dict[str, Any], receive: Any, send: Any) -> None:
        if scope["type"] == "lifespan":
            await self._lifespan(receive, send)
            return
        body, more = b"", True
        while more:
            message = await receive()
            body, more = body + message.get("body", b""), message.get("more_body", False)
        asked = orjson.loads(body)
        assert self._driver is not None
        record = await self._statements.record(self._driver, asked["question"], asked["number"])
        await send({"type": "http.response.start", "status": 200, "headers": HEADERS})
        await send({"type": "http.response.body", "body": orjson.dumps(record)})

    async def _lifespan(self, receive: Any, send: Any) -> None:
        await receive()
        async with self._statements.driver() as self._driver:
            await send({"type": "lifespan.startup.complete"})
            await receive()
        await send({"type": "lifespan.shutdown.complete"})


def main() -> None:
    app = Bare(Statements.read(Path(sys.argv[1])))
    serve(app, int(sys.argv[2]))


if __name__ == "__main__":
    main()
