"""A broker with TLS and passwords: those who have both get in, and nobody else."""

from __future__ import annotations

import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from confluent_kafka import KafkaException
from confluent_kafka.admin import AdminClient
from looking_at_processes import command_lines, hosts
from on_kafka import made_topic, send, values

from infra.servers.certificates import Certificates
from infra.servers.secured import SecuredBroker


def refused(settings: dict[str, Any]) -> bool:
    """Whether a client with these settings learns nothing."""
    try:
        AdminClient({**settings, "log_level": 0}).list_topics(timeout=4)
    except KafkaException:
        return True
    return False


def test_both_clients_get_in_with_the_password(kafka_secured: SecuredBroker) -> None:
    topic = made_topic(kafka_secured.client())
    send(kafka_secured.client(), topic, b"sealed")
    assert values(kafka_secured.client(), topic) == [b"sealed"]
    assert topic in AdminClient(kafka_secured.confluent_client()).list_topics(timeout=10).topics


def test_nobody_gets_in_without(kafka_secured: SecuredBroker) -> None:
    client = kafka_secured.confluent_client()
    strangers = [
        {**client, "sasl.password": "guessed"},
        {**client, "security.protocol": "SASL_PLAINTEXT"},
        {"bootstrap.servers": kafka_secured.bootstrap},
    ]
    assert not refused(client)
    with ThreadPoolExecutor(len(strangers)) as pool:
        assert list(pool.map(refused, strangers)) == [True] * len(strangers)


def test_a_client_that_trusts_another_authority_tells_nothing(kafka_secured: SecuredBroker, tmp_path: Path) -> None:
    other = Certificates.of(tmp_path).authority
    assert refused({**kafka_secured.confluent_client(), "ssl.ca.location": str(other)})


def test_its_secrets_are_its_owners(kafka_secured: SecuredBroker) -> None:
    assert kafka_secured.bootstrap.split(":")[1] in (kafka_secured.folder / "server.properties").read_text()
    assert str(kafka_secured.folder) in command_lines()
    assert kafka_secured.password not in command_lines()
    assert not (kafka_secured.folder / "format.arguments").exists()
    holding = [
        path
        for path in kafka_secured.folder.iterdir()
        if path.is_file() and kafka_secured.password in path.read_text(errors="replace")
    ]
    assert {path.name for path in holding} == {"password", "server.properties"}
    assert all(stat.S_IMODE(path.stat().st_mode) == 0o600 for path in holding)
    assert stat.S_IMODE((kafka_secured.folder / "server.pem").stat().st_mode) == 0o600


def test_it_listens_on_this_machine_only(kafka_secured: SecuredBroker) -> None:
    assert kafka_secured.pid is not None
    assert hosts(kafka_secured.pid) == {"127.0.0.1"}


@pytest.mark.parametrize("name", ["authority", "server"])
def test_certificates_are_made_once(tmp_path: Path, name: str) -> None:
    first = getattr(Certificates.of(tmp_path), name).read_text()
    assert getattr(Certificates.of(tmp_path), name).read_text() == first
