"""docker-compose.yml: as the specification has it, as versions.toml says, open to this machine only, with no secret."""

from __future__ import annotations

import re
import stat
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

from infra.cli.main import COMMANDS
from infra.eventlog.opening import address_of
from infra.graphs import password
from infra.servers import image
from infra.servers.compose import PLACE, document, kafka_variable, neo4j_variable, text
from infra.servers.versions import versions, written
from infra.settings import Settings

BY_THE_SPECIFICATION = [sys.executable, "-m", "check_jsonschema", "--builtin-schema", "vendor.compose-spec"]
GUIDE = (PLACE.parent / "docs" / "guide" / "network.md").read_text(encoding="utf-8")
SECRET = re.compile(r"(?i)passw|auth|token|key")


def services(of: str) -> list[dict[str, Any]]:
    """The services of the file that run this image."""
    read = YAML(typ="safe").load(PLACE.read_text(encoding="utf-8"))["services"].values()
    return [each for each in read if each["image"].partition(":")[0] == of]


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


def test_every_service_is_watched_and_started_again() -> None:
    for service in document()["services"].values():
        assert service["healthcheck"]["test"][0] in ("CMD", "CMD-SHELL")
        assert service["restart"] == "unless-stopped"


def test_what_is_published_is_published_once_and_to_this_machine_only() -> None:
    published = [port for service in document()["services"].values() for port in service.get("ports", [])]
    assert all(port.startswith("127.0.0.1:") for port in published)
    assert len(set(published)) == len(published)


def test_every_volume_is_used_and_only_yizhan_shares_one() -> None:
    users: dict[str, list[str]] = {name: [] for name in document()["volumes"]}
    for name, service in document()["services"].items():
        for each in service["volumes"]:
            users[each.split(":")[0]].append(name)
    assert users.pop("yizhan-data") == ["api", "projector"]
    assert all(len(by) == 1 for by in users.values())


def test_what_yizhan_depends_on_is_there_and_says_whether_it_is_well() -> None:
    servers = [name for name, service in document()["services"].items() if service["image"] != image.NAME]
    for service in services(image.NAME):
        assert service["depends_on"] == {name: {"condition": "service_healthy"} for name in servers}


def test_every_setting_of_yizhan_is_one_and_has_a_value_that_it_takes() -> None:
    for service in services(image.NAME):
        given = service["environment"]
        assert all(name.startswith("YIZHAN_") for name in given)
        names = {name.removeprefix("YIZHAN_").lower(): value for name, value in given.items()}
        assert names.keys() <= Settings.model_fields.keys()
        Settings(**names)
    assert set(re.findall(r"YIZHAN_\w+", text())) == {
        name for service in services(image.NAME) for name in service["environment"]
    }


def test_yizhan_finds_each_server_where_it_listens() -> None:
    brokers = services(versions().kafka.image)
    inside = {
        listener.removeprefix("INSIDE://")
        for broker in brokers
        for listener in broker["environment"]["KAFKA_ADVERTISED_LISTENERS"].split(",")
        if listener.startswith("INSIDE://")
    }
    for service in services(image.NAME):
        assert set(address_of(service["environment"]["YIZHAN_LOG"]).servers) == inside
        assert service["environment"]["YIZHAN_GRAPH"] == "bolt://neo4j:7687"
    (graph,) = services(versions().neo4j.image)
    assert "127.0.0.1:7687:7687" in graph["ports"]


def test_a_container_of_yizhan_can_do_no_more_than_it_has_to() -> None:
    for service in services(image.NAME):
        assert service["read_only"]
        assert service["cap_drop"] == ["ALL"]
        assert service["security_opt"] == ["no-new-privileges:true"]


def test_the_image_of_yizhan_is_built_once_and_never_fetched() -> None:
    assert sorted((service.get("build", "nowhere"), service["pull_policy"]) for service in services(image.NAME)) == [
        (".", "build"),
        ("nowhere", "never"),
    ]


def test_no_secret_stands_in_it_and_every_one_is_a_file_that_only_its_users_have() -> None:
    held = document()["secrets"].keys()
    used = {name for service in document()["services"].values() for name in service.get("secrets", [])}
    assert used == held
    for service in document()["services"].values():
        secret = {name: value for name, value in service["environment"].items() if SECRET.search(name)}
        assert all(name.endswith("_FILE") for name in secret)
        assert set(secret.values()) == {f"/run/secrets/{name}" for name in service.get("secrets", [])}


def test_the_secrets_are_made_as_it_says(tmp_path: Path) -> None:
    typed = [line.removeprefix("#   ") for line in text().splitlines() if line.startswith("#   ")]
    assert typed[-1] == "docker compose up --wait"
    subprocess.run(["sh", "-eu", "-c", "umask 077\n" + "\n".join(typed[:-1])], cwd=tmp_path, check=True)
    made = {file.name: file for file in (tmp_path / "var" / "secrets").iterdir()}
    assert made.keys() == document()["secrets"].keys()
    assert stat.S_IMODE((tmp_path / "var" / "secrets").stat().st_mode) == 0o700
    assert {stat.S_IMODE(file.stat().st_mode) for file in made.values()} == {0o444}
    settings = Settings(graph="bolt://neo4j:7687", graph_password_file=made["graph_password"])
    assert re.fullmatch("[0-9a-f]{48}", password(settings))
    assert "\n".join(typed[:-1]) in GUIDE
    assert made["neo4j_auth"].read_text() == f"{settings.graph_username}/{password(settings)}"


def test_the_guide_types_services_and_commands_that_there_are() -> None:
    typed = re.findall(r"(?m)^docker compose (exec|run) .*?\b(\w+) yizhan (\w+)", GUIDE)
    assert {verb for verb, _, _ in typed} == {"exec", "run"}
    assert {service for _, service, _ in typed} <= document()["services"].keys()
    assert {command for _, _, command in typed} <= COMMANDS.keys()
