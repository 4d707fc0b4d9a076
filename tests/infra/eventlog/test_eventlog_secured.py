"""Both clients get in where TLS and SASL/SCRAM are asked for, by the settings of the log and of an installation."""

from __future__ import annotations

from pathlib import Path

import pytest
from eventsourcing.persistence import InfrastructureFactory, StoredEvent
from pydantic import SecretStr
from real_servers import fresh_topic

from infra.eventlog import Draft, Log, open_log
from infra.eventlog.errors import LogOutOfReachError
from infra.eventlog.transports.security import Security
from infra.networks import log_settings
from infra.servers.certificates import Certificates
from infra.servers.secured import MECHANISM, SecuredBroker
from infra.settings import Settings

PATIENCE = 60.0
"""Seconds for a server to say no; how quickly it does is not what is tested."""
CLIENTS = pytest.mark.parametrize("client", ["kafka-python", "confluent"])


def opened(broker: SecuredBroker, folder: Path, client: str, *, deadline: float = 10, **other: object) -> Log:
    given = {
        "protocol": "SASL_SSL",
        "mechanism": MECHANISM,
        "username": broker.user,
        "password": broker.password,
        "ca_file": broker.authority,
    }
    url = broker.url(fresh_topic("secured"))
    return open_log(url, index=folder / "index.db", client=client, security=given | other, deadline=deadline)


@CLIENTS
def test_a_log_behind_tls_and_a_password_is_written_and_read(
    kafka_secured: SecuredBroker, tmp_path: Path, client: str
) -> None:
    log = opened(kafka_secured, tmp_path, client)
    assert log.commit(Draft([("a", 1, "t", b"s")])).first == 1
    assert log.barrier() == 1
    log.close()


@CLIENTS
def test_a_wrong_password_is_told_in_clear_words_and_shown_nowhere(
    kafka_secured: SecuredBroker, tmp_path: Path, client: str
) -> None:
    with pytest.raises(LogOutOfReachError) as refused:
        opened(kafka_secured, tmp_path, client, deadline=PATIENCE, password="not this one")
    assert "uthentication" in str(refused.value)
    assert "not this one" not in str(refused.value)


@CLIENTS
def test_an_authority_that_does_not_vouch_for_the_server_opens_nothing(
    kafka_secured: SecuredBroker, tmp_path: Path, client: str
) -> None:
    other = Certificates.of(tmp_path / "other").authority
    with pytest.raises(LogOutOfReachError):
        opened(kafka_secured, tmp_path, client, deadline=3, ca_file=other)


@CLIENTS
def test_the_settings_of_an_installation_reach_the_client(
    kafka_secured: SecuredBroker, tmp_path: Path, client: str
) -> None:
    settings = Settings(
        log=kafka_secured.url(fresh_topic("secured")),
        log_client=client,
        kafka_protocol="SASL_SSL",
        kafka_mechanism=MECHANISM,
        kafka_username=kafka_secured.user,
        kafka_password=SecretStr(kafka_secured.password),
        kafka_ca_file=kafka_secured.authority,
    )
    given = {"PERSISTENCE_MODULE": "infra.eventlog", **log_settings(settings, tmp_path / "index.db")}
    factory = InfrastructureFactory.construct({**given, "ORIGINATOR_ID_TYPE": "text"})
    assert factory.application_recorder().insert_events([StoredEvent("a", 1, "t", b"s")]) == [1]
    factory.close()


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"protocol": "TLS"}, "takes one of PLAINTEXT, SSL"),
        ({"protocol": "SASL_SSL"}, "takes one of PLAIN, SCRAM"),
        ({"protocol": "SASL_SSL", "mechanism": "PLAIN", "username": "a"}, "a username and a password"),
        ({"protocol": "SSL", "ca_file": Path("no such file")}, "no such file"),
    ],
)
def test_settings_that_cannot_be_say_what_is_taken(given: dict[str, object], words: str) -> None:
    with pytest.raises(ValueError, match=words):
        Security(**given)  # type: ignore[arg-type]  # wrong on purpose


def test_passwords_do_not_show_when_settings_are_printed() -> None:
    shown = repr(Security(protocol="SASL_SSL", mechanism="PLAIN", username="a", password="s3cret"))
    assert "s3cret" not in shown
    assert "username='a'" in shown
