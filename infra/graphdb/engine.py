"""A graph engine: what has to be said differently to each kind of graph database, behind one interface."""

from __future__ import annotations

import base64
import http.client
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Protocol

from neo4j import AsyncDriver, AsyncGraphDatabase, Driver, GraphDatabase

from infra.graphdb.arcadedb import Address
from infra.graphdb.installation import EngineUnavailable
from projections.projection import Projection

NAME = re.compile(r"[A-Za-z][A-Za-z0-9_]*")
CONNECTING = 5.0
PROJECTION = "Projection"
"""The label of the node that holds where a projection stands; no node of a projection has it."""


class GraphEngine(Protocol):
    """One database of a graph engine."""

    @property
    def database(self) -> str: ...

    def driver(self) -> Driver:
        """A new driver for threads; whoever asked for it closes it."""

    def async_driver(self) -> AsyncDriver:
        """A new driver for an event loop; whoever asked for it closes it."""

    def prepare(self, projection: Projection) -> None:
        """Make the database, and the labels, constraints and indexes of the projection, as far as they are missing."""


@dataclass(frozen=True, slots=True)
class ArcadeDBEngine:
    """A database of an ArcadeDB on this machine: spoken to over Bolt; databases and types are made over HTTP."""

    address: Address
    database: str

    def driver(self) -> Driver:
        return GraphDatabase.driver(self._uri, auth=("root", self.address.password), connection_timeout=CONNECTING)

    def async_driver(self) -> AsyncDriver:
        return AsyncGraphDatabase.driver(self._uri, auth=("root", self.address.password), connection_timeout=CONNECTING)

    def prepare(self, projection: Projection) -> None:
        if self.database not in self._ask("GET", "/api/v1/databases")["result"]:
            self._ask("POST", "/api/v1/server", command=f"create database {name(self.database)}")
        labels = *(node.label for node in projection.nodes), PROJECTION
        types = (
            *(f"VERTEX TYPE `{name(each)}`" for each in labels),
            *(f"EDGE TYPE `{each}`" for each in _links(projection)),
        )
        for each in types:
            sql = f"CREATE {each} IF NOT EXISTS"
            self._ask("POST", f"/api/v1/command/{self.database}", language="sql", command=sql)
        with self.driver() as driver, driver.session(database=self.database) as session:
            for statement in schema(projection):
                session.run(statement).consume()

    def drop(self) -> None:
        """Remove the database and all that is in it."""
        self._ask("POST", "/api/v1/server", command=f"drop database {name(self.database)}")

    @property
    def _uri(self) -> str:
        return f"bolt://127.0.0.1:{self.address.ports.bolt}"

    def _ask(self, method: str, path: str, **body: str) -> dict[str, Any]:
        credentials = base64.b64encode(f"root:{self.address.password}".encode()).decode()
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
            raise EngineUnavailable(f"the graph engine refused {body.get('command', path)}: {answer.get('detail')}")
        return answer


def schema(projection: Projection) -> Iterator[str]:
    """The constraints and indexes of the projection, in Cypher that every engine takes, and takes again."""
    yield f"CREATE CONSTRAINT {PROJECTION}_key IF NOT EXISTS FOR (n:{PROJECTION}) REQUIRE (n.name, n.version) IS UNIQUE"
    for node in projection.nodes:
        label = name(node.label)
        yield f"CREATE CONSTRAINT {label}_id IF NOT EXISTS FOR (n:{label}) REQUIRE n.id IS UNIQUE"
        for indexed in node.indexes:
            yield f"CREATE INDEX {label}_{name(indexed)} IF NOT EXISTS FOR (n:{label}) ON (n.{indexed})"


def name(text: str) -> str:
    """The text, if it may stand in a statement as the name of a label, a link, a property or a database."""
    if not NAME.fullmatch(text):
        raise ValueError(f"a name in the graph is made of letters, digits and _, and starts with a letter: {text!r}")
    return text


def _links(projection: Projection) -> list[str]:
    return sorted({name(link.name) for link in projection.links})
