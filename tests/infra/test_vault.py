"""The vault: what is sealed opens at its own place and nowhere else."""

from __future__ import annotations

import sqlite3
from base64 import urlsafe_b64decode
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from domain.kernel.fields import Sealed
from infra.keys import KeyStore
from infra.vault import Vault, VaultError

MASTER = bytes(32)


@pytest.fixture
def vault(tmp_path: Path) -> Iterator[Vault]:
    keys = KeyStore(tmp_path / "keys.db", MASTER)
    yield Vault(keys)
    keys.close()


def sealed(vault: Vault, plain: str = "李某", subject: str = "person_1") -> Sealed:
    return vault.seal(plain, subject=subject, topic="need.recorded", entity="need_1", field="contact.name")


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.text())
def test_what_is_sealed_opens_again(vault: Vault, plain: str) -> None:
    token = sealed(vault, plain)
    assert isinstance(token, Sealed)
    assert vault.open(token, entity="need_1") == plain
    assert vault.same(token, plain)
    assert not vault.same(token, plain + "x")
    mark, box = (urlsafe_b64decode(part) for part in token.rsplit(":", 2)[1:])
    assert len(plain) < 4 or plain.encode() not in mark + box


def test_the_same_text_is_sealed_otherwise_each_time(vault: Vault) -> None:
    assert sealed(vault) != sealed(vault)


def test_a_sealed_text_opens_for_its_own_entity_only(vault: Vault) -> None:
    with pytest.raises(VaultError, match="does not belong to need_2"):
        vault.open(sealed(vault), entity="need_2")


@pytest.mark.parametrize("part", [2, 3], ids=["topic", "field"])
def test_a_sealed_text_opens_for_its_own_topic_and_field_only(vault: Vault, part: int) -> None:
    parts = sealed(vault).split(":")
    parts[part] = "other"
    with pytest.raises(VaultError, match="does not belong"):
        vault.open(":".join(parts), entity="need_1")


def test_an_altered_text_does_not_open(vault: Vault) -> None:
    parts = sealed(vault).split(":")
    parts[7] = parts[7][:-8] + ("AAAA" if parts[7][-8:-4] != "AAAA" else "BBBB") + parts[7][-4:]
    with pytest.raises(VaultError, match="was altered"):
        vault.open(":".join(parts), entity="need_1")


@pytest.mark.parametrize(
    "text",
    [
        "",
        "李某",
        "sealed",
        "sealed:1",
        "sealed:1:",
        "sealed:2:a:b:c:d:e:f",
        "sealed:1:a:b:c:d:e",
        "sealed:1:a:b:c:d:e:f:g",
        "sealed:1:a:b:c:d:AAAA:A",
        "sealed:1:a:b:c:d:李某:李某",
        "sealed:1:a:b:c:d::",
        "sealed:1:a:b:c:d:AAAA:AAAA",
    ],
)
def test_what_is_no_sealed_text_is_said_to_be_none(vault: Vault, text: str) -> None:
    with pytest.raises(VaultError):
        vault.open(text, entity="need_1")
    with pytest.raises(VaultError):
        vault.same(text, "x")


def test_what_is_sealed_already_is_not_sealed_again(vault: Vault) -> None:
    token = sealed(vault)
    with pytest.raises(VaultError, match="sealed already"):
        sealed(vault, token)
    looks_alike = sealed(vault, str(token))
    assert vault.open(looks_alike, entity="need_1") == token


def test_a_text_whose_key_is_gone_opens_as_nothing_and_equals_nothing(vault: Vault, tmp_path: Path) -> None:
    token, other = sealed(vault), sealed(vault, subject="person_2")
    with sqlite3.connect(tmp_path / "keys.db") as destroyed:
        destroyed.execute("DELETE FROM keys WHERE subject = 'person_1'")
    destroyed.close()
    keys = KeyStore(tmp_path / "keys.db", MASTER)
    reopened = Vault(keys)
    assert reopened.open(token, entity="need_1") is None
    assert not reopened.same(token, "李某")
    assert reopened.open(other, entity="need_1") == "李某"
    keys.close()


def test_the_marks_of_two_subjects_tell_nothing_of_each_other(vault: Vault) -> None:
    assert sealed(vault).split(":")[6] != sealed(vault, subject="person_2").split(":")[6]
    assert sealed(vault).split(":")[6] == sealed(vault).split(":")[6]
