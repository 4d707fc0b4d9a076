"""Three Kafka brokers and their controller, on the loopback interface."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path
from types import TracebackType
from typing import Any, ClassVar, Self

from kafka import KafkaAdminClient

from infra.eventlog.transports.clients import DIRECT
from infra.ports import free_ports, listens
from infra.servers.errors import ServerError
from infra.servers.kafka import Broker
from infra.servers.node import CONTROLLERS, Node, Quorum, new_cluster_id
from infra.servers.server import USUAL, Manner, Server
from infra.servers.versions import Setting, Settings, versions

CONTROLLER = 100
"""The controller's node id; the brokers' are 1, 2 and 3."""


class Controller(Node):
    """The node that decides which brokers are up and which of them leads; it holds no topics."""

    name: ClassVar[str] = "controller"

    def _properties(self) -> Settings:
        return {
            "process.roles": "controller",
            "listeners": self.quorum.listener,
            "listener.security.protocol.map": f"{CONTROLLERS}:PLAINTEXT",
            **versions().kafka.broker,
            **versions().kafka.replicated,
        }

    def _answers(self) -> bool:
        return listens(self.quorum.port)


class Cluster:
    """Topics stand on three brokers, and a record on two of them before its writer hears of it.

    The controller is a process of its own: it lives on while brokers are killed, so that one broker or two may go, in
    whatever order, and be let in again. (Brokers that were controllers too would lose their majority with the second.)
    """

    def __init__(
        self,
        folder: Path,
        *,
        settings: Mapping[str, Setting] | None = None,
        heap: str = "256m",
        manner: Manner = USUAL,
    ) -> None:
        first, second, third, port = free_ports(4)
        quorum = Quorum(new_cluster_id(), CONTROLLER, port)
        self.controller = Controller(
            folder / "controller",
            node_id=CONTROLLER,
            quorum=quorum,
            settings=settings,
            heap="192m",
            manner=manner,
        )
        self.brokers = tuple(
            Broker(
                folder / f"broker-{number}",
                node_id=number,
                quorum=quorum,
                ports=(client_port, port),
                settings=settings,
                heap=heap,
                manner=manner,
            )
            for number, client_port in enumerate((first, second, third), 1)
        )

    @property
    def bootstrap(self) -> str:
        """Where clients reach it: `127.0.0.1:PORT` three times, with commas."""
        return ",".join(broker.bootstrap for broker in self.brokers)

    def url(self, topic: str) -> str:
        """A topic of it, as the event log is told of one."""
        return f"kafka://{self.bootstrap}/{topic}"

    def client(self) -> dict[str, Any]:
        """What every client of kafka-python is made with."""
        return {"bootstrap_servers": self.bootstrap.split(","), "proxy_url": DIRECT}

    def start(self) -> Self:
        """Start those that do not run, and wait until all serve. Raises MissingToolError, ServerError."""
        asleep = [each for each in (self.controller, *self.brokers) if not each.running]
        try:
            _at_once(Server.launch, asleep)
            _at_once(Server.wait, asleep)
        except BaseException:
            self.kill()
            raise
        return self

    def stop(self) -> None:
        """End them, the controller last: a broker hands over to the others through it."""
        _at_once(Server.stop, self.brokers)
        self.controller.stop()

    def kill(self) -> None:
        """End all of them at once, as a power cut would (SIGKILL)."""
        for each in (*self.brokers, self.controller):
            each.kill()

    def leader(self, topic: str) -> Broker:
        """The broker that takes the writes to a topic of one partition. Raises ServerError when there is none."""
        with closing(KafkaAdminClient(**self.client())) as admin:
            (told,) = admin.describe_topics([topic])
        number = told["partitions"][0]["leader_id"]
        for broker in self.brokers:
            if broker.node_id == number:
                return broker
        raise ServerError(f"nobody leads the topic {topic}")

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()


def _at_once(do: Callable[[Server], None], servers: Sequence[Server]) -> None:
    with ThreadPoolExecutor(len(servers) or 1) as pool:
        list(pool.map(do, servers))
