"""Opening the graph of an installation: the engine is the one that the settings name."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from infra.errors import OutOfReachError
from infra.graphdb.embedded.process import ArcadeDB
from infra.graphdb.engines.arcadedb import ArcadeDBEngine
from infra.graphdb.engines.interface import GraphEngine
from infra.graphdb.engines.neo4j import USUALLY_AT_ONCE, Neo4jEngine
from infra.settings import Settings

EMBEDDED: Final = "embedded"


@dataclass(frozen=True, slots=True)
class Graph:
    """An engine that answers, and whether it is this process's alone."""

    engine: GraphEngine
    alone: bool


@contextmanager
def open_graph(settings: Settings) -> Iterator[Graph]:
    """The graph of these settings. The embedded engine runs as long as the context, and belongs to this process alone.

    Raises OutOfReachError when it does not answer.
    """
    if settings.graph != EMBEDDED:
        yield Graph(neo4j_engine(settings), alone=False)
        return
    with ArcadeDB(graph_folder(settings.data), heap=settings.graph_heap) as process:
        yield Graph(ArcadeDBEngine(process.start()), alone=True)


def neo4j_engine(settings: Settings) -> Neo4jEngine:
    """The server that the settings name, signed in to."""
    at_once = settings.graph_at_once or USUALLY_AT_ONCE
    engine = Neo4jEngine(settings.graph, settings.graph_username, password(settings), settings.graph_database, at_once)
    engine.look()
    return engine


def password(settings: Settings) -> str:
    """The password for the graph, from the setting or from the file that it names."""
    if settings.graph_password is not None:
        return settings.graph_password.get_secret_value()
    if (file := settings.graph_password_file) is None:
        raise OutOfReachError(f"{settings.graph} wants a password: set graph_password, or graph_password_file")
    try:
        return file.read_text(encoding="utf-8").strip()
    except OSError as error:
        raise OutOfReachError(f"the password for the graph cannot be read: {file}: {error.strerror}") from error


def graph_folder(data: Path) -> Path:
    """Where the embedded graph keeps its files; it can be deleted, and is built again from the log."""
    return data / "graph"
