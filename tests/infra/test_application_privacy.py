"""Personal data in the application: sealed in every file, opened through the vault, gone with its key."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest
from installed import CONTACT, DETAILS, LIN, Installed, install, refused

from domain.kernel.fields import Sealed
from domain.needs import AmendNeed, CheckNeed
from infra.application import Network
from infra.vault import VaultError


def test_nothing_personal_stands_in_any_file(shaoxing: Installed, tmp_path: Path) -> None:
    need = shaoxing.need(contact=CONTACT)
    shaoxing.adviser(AmendNeed(need_id=need, details=DETAILS, contact=CONTACT.model_copy(update={"name": "王建国"})))
    files = {path.name: path.read_bytes() for path in (tmp_path / "data").iterdir() if path.is_file()}
    assert {"log.db", "log.db-wal", "keys.db", "keys.db-wal"} <= files.keys()
    held = b"".join(files.values())
    assert DETAILS.title.zh is not None
    assert DETAILS.title.zh.encode() in held
    for plain in ("李敏华", "13912345678", "li@example.cn", "王建国"):
        for form in (plain.encode(), plain.encode("utf-16-le"), ascii(plain)[1:-1].encode()):
            assert form not in held


def test_a_contact_opens_through_the_vault_for_its_own_entity_only(shaoxing: Installed) -> None:
    need, other = shaoxing.need(contact=CONTACT), shaoxing.need(contact=CONTACT)
    entity = shaoxing.network.find(need)
    assert entity is not None
    contact = entity.state.contact
    for name in ("name", "phone", "email"):
        text = getattr(contact, name)
        assert isinstance(text, Sealed)
        assert shaoxing.network.vault.open(text, entity=need) == getattr(CONTACT, name)
        with pytest.raises(VaultError):
            shaoxing.network.vault.open(text, entity=other)


def test_a_contact_whose_key_is_destroyed_opens_as_nothing_and_all_else_is_still_there(tmp_path: Path) -> None:
    made = install(tmp_path)
    need = made.need(contact=CONTACT)
    spared = made.need(contact=CONTACT.model_copy(update={"person_id": LIN}))
    made.network.close()
    keys = sqlite3.connect(tmp_path / "keys.db")
    with keys:
        assert keys.execute("DELETE FROM keys WHERE subject = ?", (CONTACT.person_id,)).rowcount == 1
    keys.close()
    again = Network(tmp_path)
    states = {id: entity.state for id in (need, spared) if (entity := again.find(id))}
    assert again.vault.open(states[need].contact.name, entity=need) is None
    assert again.vault.open(states[spared].contact.name, entity=spared) == CONTACT.name
    assert states[need].details == DETAILS
    assert len(again.commits(0, 1_000)) > 5
    made.adviser(CheckNeed(need_id=need), desk=again)
    again.close()


def test_the_same_input_is_recognised_without_its_personal_texts_being_kept(shaoxing: Installed) -> None:
    mill = shaoxing.mill()
    need = shaoxing.need(mill, CONTACT)
    give = AmendNeed(need_id=need, details=DETAILS, contact=CONTACT)
    shaoxing.adviser(give, "amend")
    assert shaoxing.adviser(give, "amend").repeated
    other = give.model_copy(update={"contact": CONTACT.model_copy(update={"phone": "13900000000"})})
    assert refused(lambda: shaoxing.adviser(other, "amend")) == "request.reused"


def test_a_sealed_contact_cannot_be_recorded_again(shaoxing: Installed) -> None:
    need = shaoxing.need(contact=CONTACT)
    entity, head = shaoxing.network.find(need), shaoxing.network.head()
    assert entity is not None
    with pytest.raises(VaultError, match="sealed already"):
        shaoxing.adviser(AmendNeed(need_id=need, details=DETAILS, contact=entity.state.contact))
    assert shaoxing.network.head() == head
