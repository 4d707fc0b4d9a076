"""docker-compose.yml, written from versions.toml: the log and the graph of a network, in containers on one machine.

Three brokers, each a controller too, because that is the least with which a network's promise holds: a record is on two
disks before its writer hears of it, and any one node may go, its part in the cluster's own records included.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from infra.servers.versions import Settings, versions, written

PLACE = Path(__file__).parents[2] / "docker-compose.yml"
BROKERS = (1, 2, 3)
INSIDE, CONTROLLERS, FIRST_PORT = 19092, 9093, 29092
CLUSTER_ID = "${YIZHAN_KAFKA_CLUSTER_ID:-eWl6aGFuLW5ldHdvcmstMQ}"
BIN = "/opt/kafka/bin"

HEAD = """\
# The log and the graph of a network, on one machine. Made by scripts/compose from infra/servers/versions.toml.
#
#   mkdir -p var/secrets && (umask 077 && printf 'neo4j/%s' "$(openssl rand -hex 24)" > var/secrets/neo4j_auth)
#   docker compose up --wait
#
# Ports are published on the loopback interface only, and nothing on them is encrypted. On several machines: a node on
# each, listeners with SASL_SSL and SCRAM-SHA-512, and a backup of the volumes, which hold the network's memory.
"""


def document() -> dict[str, Any]:
    """The file's content, as the compose specification has it."""
    names = [f"kafka-{number}" for number in BROKERS]
    return {
        "name": "yizhan",
        "services": {**{f"kafka-{number}": _broker(number) for number in BROKERS}, "neo4j": _neo4j()},
        "volumes": {f"{name}-data": {} for name in (*names, "neo4j")},
        "secrets": {"neo4j_auth": {"file": "${YIZHAN_SECRETS:-./var/secrets}/neo4j_auth"}},
    }


def text() -> str:
    """The file, to the byte."""
    return HEAD + "\n".join(_lines(document(), 0)) + "\n"


def _broker(number: int) -> dict[str, Any]:
    kafka, port = versions().kafka, FIRST_PORT + number - 1
    settings: Settings = {
        "process.roles": "broker,controller",
        "node.id": number,
        "controller.quorum.voters": ",".join(f"{each}@kafka-{each}:{CONTROLLERS}" for each in BROKERS),
        "controller.listener.names": "CONTROLLERS",
        "inter.broker.listener.name": "INSIDE",
        "listeners": f"INSIDE://:{INSIDE},HOST://:{port},CONTROLLERS://:{CONTROLLERS}",
        "advertised.listeners": f"INSIDE://kafka-{number}:{INSIDE},HOST://127.0.0.1:{port}",
        "listener.security.protocol.map": "INSIDE:PLAINTEXT,HOST:PLAINTEXT,CONTROLLERS:PLAINTEXT",
        "log.dirs": "/var/lib/kafka/data",
        **kafka.broker,
        **kafka.replicated,
    }
    environment = {kafka_variable(name): written(value) for name, value in settings.items()}
    asking = f"{BIN}/kafka-broker-api-versions.sh --bootstrap-server localhost:{INSIDE} >/dev/null"
    return {
        "image": f"{kafka.image}:{kafka.version}",
        "hostname": f"kafka-{number}",
        "environment": {
            "CLUSTER_ID": CLUSTER_ID,
            "KAFKA_HEAP_OPTS": f"-Xms{kafka.heap} -Xmx{kafka.heap}",
            **environment,
        },
        "ports": [f"127.0.0.1:{port}:{port}"],
        "volumes": [f"kafka-{number}-data:/var/lib/kafka/data"],
        "healthcheck": _health(asking),
        "stop_grace_period": "60s",
        "restart": "unless-stopped",
    }


def _neo4j() -> dict[str, Any]:
    neo4j = versions().neo4j
    settings: Settings = {
        "server.memory.heap.initial_size": neo4j.heap,
        "server.memory.heap.max_size": neo4j.heap,
        **neo4j.settings,
    }
    environment = {neo4j_variable(name): written(value) for name, value in settings.items()}
    return {
        "image": f"{neo4j.image}:{neo4j.version}",
        "environment": {"NEO4J_AUTH_FILE": "/run/secrets/neo4j_auth", **environment},
        "secrets": ["neo4j_auth"],
        "ports": ["127.0.0.1:7687:7687", "127.0.0.1:7474:7474"],
        "volumes": ["neo4j-data:/data"],
        "healthcheck": _health("wget --quiet --tries=1 --spider http://localhost:7474"),
        "stop_grace_period": "120s",
        "restart": "unless-stopped",
    }


def kafka_variable(name: str) -> str:
    """The environment variable by which Kafka's image takes a setting."""
    return "KAFKA_" + name.replace("_", "__").replace("-", "___").replace(".", "_").upper()


def neo4j_variable(name: str) -> str:
    """The environment variable by which Neo4j's image takes a setting."""
    return "NEO4J_" + name.replace("_", "__").replace(".", "_")


def _health(command: str) -> dict[str, Any]:
    test = ["CMD-SHELL", command]
    return {"test": test, "interval": "20s", "timeout": "15s", "retries": 5, "start_period": "60s"}


def _lines(value: dict[str, Any], depth: int) -> Iterator[str]:
    # JSON's scalars are YAML's, and quoted ones are never mistaken for numbers or truths.
    indent = "  " * depth
    for name, item in value.items():
        if isinstance(item, dict) and item:
            yield f"{indent}{name}:"
            yield from _lines(item, depth + 1)
        else:
            yield f"{indent}{name}: {json.dumps(item)}"


def main() -> int:
    """Write the file; with --check only say whether it is out of date."""
    parser = argparse.ArgumentParser(prog="scripts/compose", description="Writes docker-compose.yml.")
    parser.add_argument("--check", action="store_true", help="write nothing; end with 1 when it is out of date")
    if not parser.parse_args().check:
        PLACE.write_text(text(), encoding="utf-8")
        return 0
    if PLACE.exists() and PLACE.read_text(encoding="utf-8") == text():
        return 0
    print(f"yizhan: {PLACE.name} is out of date; type: scripts/compose", file=sys.stderr)
    return 1


if __name__ == "__main__":
    sys.exit(main())
