"""An ArcadeDB on this machine: spoken to over Bolt; databases and types are made over HTTP."""

from __future__ import annotations

import asyncio
import base64
import http.client
import json
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, ClassVar

from neo4j import Driver, GraphDatabase

from infra.graphdb.bolt.errors import LostError, StatementError
from infra.graphdb.bolt.pool import Pool, SignIn
from infra.graphdb.embedded.installation import EngineUnavailable
from infra.graphdb.embedded.process import Address
from infra.graphdb.engines.interface import CONNECTING, Index, begin, constraints, indexes, keys, listing
from infra.graphdb.generation import Generation
from infra.graphdb.names import BEAT, PROJECTION, RECORD, REGISTER, name
from infra.graphdb.ownership import Standing
from projections.projection import Projection

USER = "root"
SETTLED = f"LOCK TYPE {PROJECTION}; SELECT FROM {PROJECTION} WHERE name = :name AND generation = :generation"
"""In its SQL: Cypher has no word for the lock that a commit takes while its pages are put in place, one by one."""


class EngineRefused(EngineUnavailable):
    """The engine is there, and does not do what it was asked."""


@dataclass(frozen=True, slots=True)
class ArcadeDBEngine:
    """Each generation has a database of its own. `prefix` begins their names, for those who share a server."""

    system: ClassVar[str] = "arcadedb"
    settling: ClassVar[str] = SETTLED
    at_once: ClassVar[int | None] = None  # a subquery within another one does not see the row of who asks
    address: Address
    prefix: str = ""

    def driver(self) -> Driver:
        return GraphDatabase.driver(self._uri, auth=(USER, self.address.password), connection_timeout=CONNECTING)

    def pool(self) -> Pool:
        return Pool(self._uri, SignIn(USER, self.address.password), CONNECTING)

    async def settled(self, pool: Pool, generation: Generation, seconds: float) -> Standing | None:
        path, asked = f"/api/v1/command/{generation.database}", {"language": "sqlscript", "command": SETTLED}
        try:
            answer = await asyncio.to_thread(self._ask, "POST", path, **asked, params=generation.key)
        except EngineRefused as refused:
            raise StatementError("", str(refused)) from refused
        except EngineUnavailable as lost:
            raise LostError(str(lost)) from lost
        found = answer["result"]
        return Standing.of(found[0]) if found else None

    def home(self, projection: Projection) -> str:
        database = name(self.prefix + projection.name)
        self._make(database, (REGISTER, RECORD), (), listing())
        return database

    def generation(self, projection: Projection, number: int) -> Generation:
        return Generation(projection, number, name(f"{self.prefix}{projection.name}_g{number}"))

    def prepare(self, generation: Generation) -> None:
        projection = generation.projection
        labels = *(node.label for node in projection.nodes), PROJECTION, BEAT
        links = sorted({link.name for link in projection.links})
        self._make(generation.database, labels, links, (*keys(), *constraints(generation), *indexes(generation)))
        with self.driver() as driver, driver.session(database=generation.database) as session:
            begin(session, generation)

    def remove(self, generation: Generation) -> None:
        if self._has(generation.database):
            self._ask("POST", "/api/v1/server", command=f"drop database {generation.database}")

    def _make(self, database: str, labels: Iterable[str], links: Iterable[str], indexes: Iterable[Index]) -> None:
        """A database with these labels, types of links, constraints and indexes, as far as they are missing."""
        if not self._has(database):
            self._ask("POST", "/api/v1/server", command=f"create database {database}")
        for kind in (
            *(f"VERTEX TYPE `{name(each)}`" for each in labels),
            *(f"EDGE TYPE `{name(each)}`" for each in links),
        ):
            sql = f"CREATE {kind} IF NOT EXISTS"
            self._ask("POST", f"/api/v1/command/{database}", language="sql", command=sql)
        with self.driver() as driver, driver.session(database=database) as session:
            for index in indexes:
                session.run(index.statement).consume()

    def _has(self, database: str) -> bool:
        return database in self._ask("GET", "/api/v1/databases")["result"]

    @property
    def _uri(self) -> str:
        return f"bolt://127.0.0.1:{self.address.ports.bolt}"

    def _ask(self, method: str, path: str, **body: object) -> dict[str, Any]:
        credentials = base64.b64encode(f"{USER}:{self.address.password}".encode()).decode()
        headers = {"Authorization": f"Basic {credentials}", "Content-Type": "application/json"}
        connection = http.client.HTTPConnection("127.0.0.1", self.address.ports.http, timeout=30)
        try:
            connection.request(method, path, body=json.dumps(body) if body else None, headers=headers)
            response = connection.getresponse()
            answer: dict[str, Any] = json.loads(response.read())
        except (OSError, http.client.HTTPException) as error:
            raise EngineUnavailable(f"the graph engine does not answer: {error}") from error
        finally:
            connection.close()
        if response.status != http.HTTPStatus.OK:
            raise EngineRefused(f"the graph engine refused {body.get('command', path)}: {answer.get('detail')}")
        return answer
