"""docker-compose.yml: as the specification has it, as versions.toml says, and open to this machine only."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

from infra.servers.compose import PLACE, document, kafka_variable, neo4j_variable, text
from infra.servers.versions import versions, written

BY_THE_SPECIFICATION = [sys.executable, "-m", "check_jsonschema", "--builtin-schema", "vendor.compose-spec"]


def services(image: str) -> list[dict[str, Any]]:
    """The services of the file that run this image."""
    read = YAML(typ="safe").load(PLACE.read_text(encoding="utf-8"))["services"].values()
    return [each for each in read if each["image"].startswith(f"{image}:")]


def test_it_is_up_to_date() -> None:
    assert PLACE.read_text(encoding="utf-8") == text(), "type: scripts/compose"
    assert YAML(typ="safe").load(text()) == document()


def test_it_is_what_the_compose_specification_describes() -> None:
    done = subprocess.run([*BY_THE_SPECIFICATION, str(PLACE)], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize(("right", "wrong"), [("restart:", "restrat:"), ("retries: 5", "retries: []")])
def test_the_specification_would_tell_of_a_slip(tmp_path: Path, right: str, wrong: str) -> None:
    (tmp_path / "docker-compose.yml").write_text(text().replace(right, wrong))
    command = [*BY_THE_SPECIFICATION, str(tmp_path / "docker-compose.yml")]
    assert subprocess.run(command, capture_output=True, check=False).returncode == 1


def test_the_versions_are_those_of_the_tests() -> None:
    kafka, neo4j = versions().kafka, versions().neo4j
    assert {each["image"] for each in services(kafka.image)} == {f"{kafka.image}:{kafka.version}"}
    assert {each["image"] for each in services(neo4j.image)} == {f"{neo4j.image}:{neo4j.version}"}
    for server in (kafka, neo4j):
        assert all(each.endswith(f":{server.version}") for each in server.jars if "log4j" not in each)


def test_a_record_stands_on_two_of_three_brokers() -> None:
    brokers = services(versions().kafka.image)
    assert len(brokers) == 3
    for broker in brokers:
        environment = broker["environment"]
        assert environment["KAFKA_DEFAULT_REPLICATION_FACTOR"] == "3"
        assert environment["KAFKA_MIN_INSYNC_REPLICAS"] == "2"
        assert environment["KAFKA_UNCLEAN_LEADER_ELECTION_ENABLE"] == "false"
        assert environment["KAFKA_LOG_RETENTION_MS"] == "-1"
    assert len({broker["environment"]["KAFKA_NODE_ID"] for broker in brokers}) == 3
    assert len({broker["environment"]["KAFKA_CONTROLLER_QUORUM_VOTERS"] for broker in brokers}) == 1


def test_every_setting_arrives_in_its_container() -> None:
    for broker in services(versions().kafka.image):
        for name, value in {**versions().kafka.broker, **versions().kafka.replicated}.items():
            assert broker["environment"][kafka_variable(name)] == written(value)
    (graph,) = services(versions().neo4j.image)
    for name, value in versions().neo4j.settings.items():
        assert graph["environment"][neo4j_variable(name)] == written(value)


def test_names_of_settings_are_written_as_the_images_read_them() -> None:
    assert kafka_variable("log.retention.ms") == "KAFKA_LOG_RETENTION_MS"
    assert kafka_variable("a_b.c-d") == "KAFKA_A__B_C___D"
    assert neo4j_variable("server.memory.heap.max_size") == "NEO4J_server_memory_heap_max__size"


def test_every_service_is_watched_kept_and_published_to_this_machine_only() -> None:
    volumes = []
    for service in document()["services"].values():
        assert service["healthcheck"]["test"][0] == "CMD-SHELL"
        assert service["restart"] == "unless-stopped"
        assert all(port.startswith("127.0.0.1:") for port in service["ports"])
        volumes += [each.split(":")[0] for each in service["volumes"]]
    published = [port for service in document()["services"].values() for port in service["ports"]]
    assert len(set(published)) == len(published)
    assert sorted(volumes) == sorted(document()["volumes"])
    assert len(set(volumes)) == len(volumes)


def test_no_secret_stands_in_it() -> None:
    (graph,) = services(versions().neo4j.image)
    assert graph["environment"]["NEO4J_AUTH_FILE"] == "/run/secrets/neo4j_auth"
    assert "NEO4J_AUTH" not in graph["environment"]
    assert not re.search(r"(?i)passw|token|api_?key", text())
