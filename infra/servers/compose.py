"""docker-compose.yml, written from versions.toml: a network in containers on one machine.

Three brokers, each a controller too, because that is the least with which a network's promise holds: a record is on two
disks before its writer hears of it, and any one node may go, its part in the cluster's own records included. The API
and the projectors share a data folder, in which each has an index of its own.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from infra.servers import image
from infra.servers.versions import Settings, versions, written

PLACE = Path(__file__).parents[2] / "docker-compose.yml"
BROKERS = (1, 2, 3)
INSIDE, CONTROLLERS, FIRST_PORT = 19092, 9093, 29092
CLUSTER_ID = "${KAFKA_CLUSTER_ID:-eWl6aGFuLW5ldHdvcmstMQ}"
BIN = "/opt/kafka/bin"
TOPIC = "yizhan"
PROJECTORS = 2
PULSE, PULSE_AGE = "/tmp/pulse", 10
"""The file that a projector touches every second, and after how many seconds it counts as old."""
BEGINNING = "10m"
"""How long yizhan may take to begin: the first time on a machine it reads the whole log."""

READY = (
    "import http.client, sys; "
    f"api = http.client.HTTPConnection('127.0.0.1', {image.PORT}, timeout=10); "
    "api.request('GET', '/readyz'); "
    "sys.exit(api.getresponse().status != 200)"
)
"""The API answers, and its graph is up to the log."""
AT_WORK = f"import os, sys, time; sys.exit(time.time() - os.path.getmtime('{PULSE}') > {PULSE_AGE})"
"""The projector has a pulse."""

HEAD = """\
# A network on one machine: log, graph, API and projectors. Made by scripts/compose from infra/servers/versions.toml.
#
# The password of the graph is made once, in the form in which yizhan reads it and in that in which Neo4j does. Only
# their owner gets into the folder; the files in it may be read, because the containers' users are others:
#
#   mkdir -p -m 700 var/secrets
#   openssl rand -hex 24 > var/secrets/graph_password
#   printf 'neo4j/%s' "$(cat var/secrets/graph_password)" > var/secrets/neo4j_auth
#   chmod 444 var/secrets/graph_password var/secrets/neo4j_auth
#
# Then, now and after every change of the code:
#
#   docker compose up --wait
#
# Ports are published on the loopback interface only, and nothing on them is encrypted. On several machines: a node on
# each, listeners with SASL_SSL and SCRAM-SHA-512, and a backup of the volumes, which hold the network's memory. In
# yizhan-data are the keys of what is sealed: without them nothing personal can be read again.
"""


def document() -> dict[str, Any]:
    """The file's content, as the compose specification has it."""
    servers = {**{f"kafka-{number}": _broker(number) for number in BROKERS}, "neo4j": _neo4j()}
    return {
        "name": "yizhan",
        "services": {**servers, "api": _api(list(servers)), "projector": _projector(list(servers))},
        "volumes": {f"{name}-data": {} for name in (*servers, "yizhan")},
        "secrets": {
            name: {"file": f"${{SECRETS_FOLDER:-./var/secrets}}/{name}"} for name in ("graph_password", "neo4j_auth")
        },
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
        "healthcheck": _health("CMD-SHELL", asking),
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
        "healthcheck": _health("CMD-SHELL", "wget --quiet --tries=1 --spider http://localhost:7474"),
        "stop_grace_period": "120s",
        "restart": "unless-stopped",
    }


def _api(servers: Sequence[str]) -> dict[str, Any]:
    """Answers GraphQL, and leaves the graph to the projectors. It alone is built: two builds of an image would meet."""
    return {
        "build": ".",
        "pull_policy": "build",
        **_yizhan("api", servers),
        "ports": [f"127.0.0.1:{image.PORT}:{image.PORT}"],
        "healthcheck": _health("CMD", "python", "-c", READY, start=BEGINNING),
    }


def _projector(servers: Sequence[str]) -> dict[str, Any]:
    """Bring the graph up to the log: one of them works, and the others stand by."""
    made = _yizhan("projector", servers)
    return {
        **made,
        "pull_policy": "never",
        "environment": {**made["environment"], "YIZHAN_PULSE": PULSE},
        "deploy": {"replicas": PROJECTORS},
        "healthcheck": _health("CMD", "python", "-c", AT_WORK, start=BEGINNING),
    }


def _yizhan(part: str, servers: Sequence[str]) -> dict[str, Any]:
    """What every container of yizhan has. It writes to its data folder and to /tmp only."""
    brokers = ",".join(f"kafka-{number}:{INSIDE}" for number in BROKERS)
    return {
        "image": image.NAME,
        "command": [*image.START, "--only", part],
        "environment": {
            "YIZHAN_LOG": f"kafka://{brokers}/{TOPIC}",
            "YIZHAN_GRAPH": "bolt://neo4j:7687",
            "YIZHAN_GRAPH_PASSWORD_FILE": "/run/secrets/graph_password",
        },
        "secrets": ["graph_password"],
        "volumes": [f"yizhan-data:{image.DATA}"],
        "tmpfs": ["/tmp"],
        "read_only": True,
        "cap_drop": ["ALL"],
        "security_opt": ["no-new-privileges:true"],
        "init": True,
        "depends_on": {name: {"condition": "service_healthy"} for name in servers},
        "stop_grace_period": "30s",
        "restart": "unless-stopped",
    }


def kafka_variable(name: str) -> str:
    """The environment variable by which Kafka's image takes a setting."""
    return "KAFKA_" + name.replace("_", "__").replace("-", "___").replace(".", "_").upper()


def neo4j_variable(name: str) -> str:
    """The environment variable by which Neo4j's image takes a setting."""
    return "NEO4J_" + name.replace("_", "__").replace(".", "_")


def _health(*test: str, start: str = "60s") -> dict[str, Any]:
    return {"test": [*test], "interval": "20s", "timeout": "15s", "retries": 5, "start_period": start}


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
    """Write the files; with --check only say which are out of date."""
    parser = argparse.ArgumentParser(prog="scripts/compose", description="Writes docker-compose.yml and Dockerfile.")
    parser.add_argument("--check", action="store_true", help="write nothing; end with 1 when one is out of date")
    files = {PLACE: text(), image.PLACE: image.text()}
    if not parser.parse_args().check:
        for place, content in files.items():
            place.write_text(content, encoding="utf-8")
        return 0
    stale = [place.name for place, content in files.items() if not _holds(place, content)]
    for name in stale:
        print(f"yizhan: {name} is out of date; type: scripts/compose", file=sys.stderr)
    return 1 if stale else 0


def _holds(place: Path, content: str) -> bool:
    return place.exists() and place.read_text(encoding="utf-8") == content


if __name__ == "__main__":
    sys.exit(main())
