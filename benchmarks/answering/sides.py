"""The sides that answer over HTTP: each a server of its own process on the loopback interface, as it is usually run."""

from __future__ import annotations

import sys
from abc import abstractmethod
from collections.abc import Mapping
from pathlib import Path
from typing import Any, ClassVar

import httpx
import orjson

from answering.documents import CONNECTIONS, GRAPHENE, LISTS, OURS
from answering.ground import Ground
from answering.processes import ENV, module
from infra.ports import free_ports, listens
from infra.servers.node import HOST, write_private
from infra.servers.node_packages import node_with
from infra.servers.server import Server

ROOM = Path(__file__).parent
JSON = {"Content-Type": "application/json"}
PATIENCE = 120.0
"""Seconds that an answer may take."""


class Side(Server):
    """A server that answers questions sent by POST."""

    path: ClassVar[str] = "/graphql"

    def __init__(self, folder: Path, ground: Ground) -> None:
        super().__init__(folder)
        self._ground = ground
        (self._port,) = free_ports(1)
        self._client = httpx.Client(timeout=PATIENCE, trust_env=False)

    @property
    def url(self) -> str:
        return f"http://{HOST}:{self._port}{self.path}"

    @property
    def headers(self) -> dict[str, str]:
        return JSON

    def bodies(self, question: str) -> list[bytes]:
        """The requests that ask a question in all its variations."""
        return [self.body(question, number) for number in range(len(self._ground.asked[question]))]

    @abstractmethod
    def body(self, question: str, number: int) -> bytes:
        """The request that asks a question in one of its variations."""

    @abstractmethod
    def data(self, question: str, number: int, answer: Any) -> Mapping[str, Any]:
        """What an answer says, as GraphQL has it."""

    def ask(self, question: str, number: int) -> Mapping[str, Any]:
        """Ask once, and give what is answered, as GraphQL has it."""
        sent = self._client.post(self.url, content=self.body(question, number), headers=self.headers)
        assert sent.status_code == 200, f"{self.name}: {question}: {sent.status_code}: {sent.text[:500]}"
        return self.data(question, number, orjson.loads(sent.content))

    def stop(self) -> None:
        self._client.close()
        super().stop()

    def _answers(self) -> bool:
        return listens(self._port)

    def _configured(self, **told: Any) -> str:
        """The path of a file that tells its program this, and which graph it is about."""
        file = self.folder / "told.json"
        write_private(file, orjson.dumps({**self._ground.graph, "port": self._port, **told}).decode())
        return str(file)


class GraphQLSide(Side):
    """One that is asked by documents of its own."""

    documents: Mapping[str, str]

    def body(self, question: str, number: int) -> bytes:
        document = self.documents[question]
        variables = self._ground.asked[question][number]
        asked = {name: value for name, value in variables.items() if f"${name}" in document}
        return orjson.dumps({"query": document, "variables": asked})

    def data(self, question: str, number: int, answer: Any) -> Mapping[str, Any]:
        assert not answer.get("errors"), f"{self.name}: {question}: {answer['errors']}"
        found: Mapping[str, Any] = answer["data"]
        return found


class Ours(GraphQLSide):
    """`yizhan serve --only api`, asked by somebody who is signed in.

    Beside what the others do it checks the token and looks up what its bearer is appointed to, at every question; reads
    only what they may see; says at which position the graph stood; and keeps figures.
    """

    name: ClassVar[str] = "ours"
    documents = OURS

    @property
    def headers(self) -> dict[str, str]:
        return {**JSON, "Authorization": f"Bearer {self._ground.token}"}

    def _command(self) -> list[str]:
        graph = self._ground.graph
        settings = {
            "graph": graph["uri"],
            "graph_username": graph["user"],
            "graph_password": graph["password"],
            "graph_database": graph["database"],
        }
        lines = (f"{name} = {orjson.dumps(value).decode()}\n" for name, value in settings.items())
        write_private(self.folder / "yizhan.toml", "".join(lines))
        program = str(Path(sys.executable).with_name("yizhan"))
        return [program, "serve", "--only=api", f"--data={self._ground.data}", f"--port={self._port}"]

    def _answers(self) -> bool:
        """It waits for the graph before it serves; a server that is not ready says so."""
        if not listens(self._port):
            return False
        try:
            return self._client.get(f"http://{HOST}:{self._port}/readyz").is_success
        except httpx.TransportError:
            return False


class Neo4jGraphQL(GraphQLSide):
    """@neo4j/graphql on graphql-yoga under Node.js, in its production mode; no token is looked at.

    Asked by lists or by connections, whichever is quicker for a question (`prefer`).
    """

    name: ClassVar[str] = "neo4j_graphql"

    def __init__(self, folder: Path, ground: Ground) -> None:
        super().__init__(folder, ground)
        self.documents = self._chosen = dict(LISTS)

    def prefer(self, question: str, *, connections: bool) -> None:
        self._chosen[question] = (CONNECTIONS if connections else LISTS)[question]

    def _command(self) -> list[str]:
        told = self._configured(definitions=self._ground.definitions)
        return [ENV, "NODE_ENV=production", str(node_with(ROOM)), str(ROOM / "neo4j_graphql.mjs"), told]


class Graphene(GraphQLSide):
    """A plain graphene app with a statement in each resolver; no token is looked at."""

    name: ClassVar[str] = "graphene"
    documents = GRAPHENE

    def _command(self) -> list[str]:
        return module("answering.graphene_app", self._configured())


class BareHTTP(Side):
    """The driver behind the least of HTTP."""

    name: ClassVar[str] = "http"
    path = "/"

    def body(self, question: str, number: int) -> bytes:
        return orjson.dumps({"question": question, "number": number})

    def data(self, question: str, number: int, answer: Any) -> Mapping[str, Any]:
        return self._ground.built(question, number, answer)

    def _command(self) -> list[str]:
        return module("answering.bare", str(self._ground.statements), str(self._port))
