"""Where a job's store stands: a fresh one for every measurement, alike for every side."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from itertools import count
from pathlib import Path
from typing import Self

from kafka import KafkaAdminClient

from appending.environment import peers_interpreter
from appending.postgres import Postgres
from appending.sides import Side
from appending.umadb_server import UmaDBServer
from infra.servers.kafka import Broker

Settings = dict[str, str]
POOL = 36
"""Connections that a pooled recorder may hold: more than threads, so that none waits for one."""


class Places:
    """The servers that stand for a whole run, and fresh stores on them."""

    def __init__(self) -> None:
        self._numbers = count(1)

    def __enter__(self) -> Self:
        with ExitStack() as starting:
            self.folder = Path(starting.enter_context(tempfile.TemporaryDirectory(prefix="appends-")))
            apart = starting.enter_context(tempfile.TemporaryDirectory(prefix="postgres-"))  # of another account
            self.python = peers_interpreter()
            self.kafka = Broker(self.folder / "kafka", heap="512m")
            self.postgres = Postgres(Path(apart), connections=4 * POOL)
            for server in (self.kafka, self.postgres):
                server.launch()
                starting.callback(server.stop)
            for server in (self.kafka, self.postgres):
                server.wait()
            self._servers = starting.pop_all()
        return self

    def __exit__(self, *_: object) -> None:
        self._servers.close()

    @contextmanager
    def fresh(self, side: Side) -> Iterator[Settings]:
        """A store that nobody has used. `{process}` in a setting stands for the name of a process."""
        name = f"run{next(self._numbers)}"
        with tempfile.TemporaryDirectory(dir=self.folder, prefix=f"{name}-") as folder, ExitStack() as stack:
            match side.engine:
                case "embedded":
                    yield {
                        "url": f"sqlite:{folder}/log.db",
                        "PERSISTENCE_MODULE": "infra.eventlog",
                        "EVENTLOG_URL": f"sqlite:{folder}/log.db",
                    }
                case "kafka":
                    url, index = self.kafka.url(name), f"{folder}/index-{{process}}.db"
                    yield {
                        "url": url,
                        "index": index,
                        "client": side.client,
                        "PERSISTENCE_MODULE": "infra.eventlog",
                        "EVENTLOG_URL": url,
                        "EVENTLOG_INDEX": index,
                        "EVENTLOG_CLIENT": side.client,
                    }
                case "topic":
                    self._create_topic(name)
                    yield {"client": side.client, "bootstrap": self.kafka.bootstrap, "topic": name}
                case "sqlite":
                    yield {
                        "PERSISTENCE_MODULE": "eventsourcing.sqlite",
                        "SQLITE_DBNAME": f"{folder}/events.db",
                        "SQLITE_LOCK_TIMEOUT": "60",
                    }
                case "postgres":
                    database = self.postgres.new_database(name)
                    yield {
                        "PERSISTENCE_MODULE": "eventsourcing.postgres",
                        "POSTGRES_POOL_SIZE": str(POOL),
                        "POSTGRES_ENABLE_DB_FUNCTIONS": "y",
                        **database,
                    }
                case "umadb":
                    server = stack.enter_context(UmaDBServer(Path(folder), self.python))
                    yield {"PERSISTENCE_MODULE": "eventsourcing_umadb", "UMADB_URI": server.uri}

    def _create_topic(self, name: str) -> None:
        with closing(KafkaAdminClient(bootstrap_servers=self.kafka.bootstrap)) as admin:
            admin.create_topics({name: {"num_partitions": 1, "replication_factor": 1}})
