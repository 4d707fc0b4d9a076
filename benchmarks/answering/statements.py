"""The statements of our plans as they are sent to Neo4j, in a file, for those who send them without the gateway."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import orjson
from neo4j import READ_ACCESS, AsyncDriver, AsyncGraphDatabase, Query

from infra.servers.node import write_private

LIMIT = 8.0
"""Seconds that the gateway gives a statement."""


@dataclass(frozen=True, slots=True)
class Statements:
    """Which Neo4j, and for each question the statement with the parameters of each of its variations."""

    uri: str
    user: str
    password: str
    database: str
    texts: Mapping[str, str]
    parameters: Mapping[str, list[dict[str, Any]]]

    def write(self, file: Path) -> None:
        write_private(file, orjson.dumps(self).decode())

    @classmethod
    def read(cls, file: Path) -> Statements:
        return cls(**orjson.loads(file.read_bytes()))

    def driver(self) -> AsyncDriver:
        """A driver as the gateway makes one; whoever asked for it closes it."""
        return AsyncGraphDatabase.driver(self.uri, auth=(self.user, self.password), notifications_min_severity="OFF")

    async def record(self, driver: AsyncDriver, question: str, number: int) -> list[Any]:
        """The only record of a statement, which is sent as the gateway sends it; nothing is made of it."""
        each = self.parameters[question]
        query = Query(self.texts[question], timeout=LIMIT)
        async with driver.session(database=self.database, default_access_mode=READ_ACCESS) as session:
            result = await session.run(query, each[number % len(each)])
            return (await result.values())[0]
