"""How a fact is stored: JSON under topic and version, personal texts sealed, old versions brought up."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from pathlib import Path
from typing import Any

import msgspec
import orjson
import pytest
from eventsourcing.persistence import StoredEvent
from scenario import id_of

from domain.appointments import AppointmentMade
from domain.kernel.acting import Role
from domain.kernel.context import Context
from domain.kernel.deciding import Slice
from domain.kernel.facts import Fact
from domain.kernel.fields import Line, PersonalText, Sealed
from domain.needs import NeedAmended, NeedDetails, NeedRecorded
from domain.references import PersonId
from domain.registry import Registry, registry
from domain.values import Bilingual, Contact, Money
from infra.keys import KeyStore
from infra.mapper import FactEvent, FactMapper, UnknownTopicError, context_of, stored_context
from infra.vault import Vault, VaultError

NEED, LIN = id_of("need"), id_of("person", "林")
DETAILS = NeedDetails(title=Bilingual(zh="脱色"), budget=Money(amount=Decimal("3000000.50")), countries=("NL",))
CONTACT = Contact(person_id=LIN, name="李某", phone="13900000000")
RECORDED = NeedRecorded(
    station_id=id_of("station"), organisation_id=id_of("organisation"), details=DETAILS, contact=CONTACT
)


class NotedThird(Fact, topic="note.noted", version=3):
    """The newest shape of three."""

    person_id: PersonId
    name: PersonalText
    words: tuple[Line, ...]


@dataclass(frozen=True)
class Note:
    words: tuple[str, ...]


def second(data: dict[str, Any]) -> dict[str, Any]:
    return {"person_id": data["person_id"], "name": data["who"], "text": data["text"]}


def third(data: dict[str, Any]) -> dict[str, Any]:
    return {"person_id": data["person_id"], "name": data["name"], "words": data["text"].split()}


NOTES = Slice(
    "note",
    Note,
    (NotedThird,),
    lambda _, fact: Note(fact.words),
    upcasters={"note.noted.v1": second, "note.noted.v2": third},
)
GAP = Slice("gap", Note, (), lambda _, fact: Note(fact.words), upcasters={"gap.seen.v1": second})


@pytest.fixture
def vault(tmp_path: Path) -> Iterator[Vault]:
    keys = KeyStore(tmp_path / "keys.db", bytes(32))
    yield Vault(keys)
    keys.close()


@pytest.fixture
def mapper(vault: Vault) -> FactMapper:
    return FactMapper(registry(), vault)


def small(vault: Vault, *slices: Slice[Any]) -> FactMapper:
    facts = {fact.stored_as(): fact for each in slices for fact in each.facts}
    return FactMapper(Registry({each.prefix: each for each in slices}, {}, facts, {}), vault)


def test_a_fact_comes_back_as_it_was_with_its_personal_texts_sealed(mapper: FactMapper, vault: Vault) -> None:
    stored = mapper.to_stored_event(FactEvent(NEED, 3, RECORDED))
    assert (stored.originator_id, stored.originator_version, stored.topic) == (NEED, 3, "need.recorded.v1")
    event = mapper.to_domain_event(stored)
    fact = event.fact
    assert isinstance(fact, NeedRecorded)
    assert fact.model_copy(update={"contact": None}) == RECORDED.model_copy(update={"contact": None})
    contact = fact.contact
    assert contact is not None
    assert isinstance(contact.name, Sealed)
    assert isinstance(contact.phone, Sealed)
    assert (contact.person_id, contact.email) == (LIN, None)
    assert vault.open(contact.name, entity=NEED) == "李某"
    assert vault.open(contact.phone, entity=NEED) == "13900000000"


def test_no_personal_text_is_in_the_stored_bytes(mapper: FactMapper) -> None:
    state = mapper.to_stored_event(FactEvent(NEED, 1, RECORDED)).state
    assert "李某".encode() not in state
    assert b"\\u674e" not in state
    assert b"13900000000" not in state
    assert "脱色".encode() in state


def test_a_fact_without_the_part_that_would_be_sealed_is_stored_without_it(mapper: FactMapper) -> None:
    fact = RECORDED.model_copy(update={"contact": None})
    stored = mapper.to_stored_event(FactEvent(NEED, 1, fact))
    assert b"contact" not in stored.state
    assert mapper.to_domain_event(stored).fact == fact


def test_a_text_sealed_at_the_top_of_a_fact_is_sealed_under_its_subject(mapper: FactMapper, vault: Vault) -> None:
    made = AppointmentMade(
        person_id=LIN,
        station_id=id_of("station"),
        role=Role.ADVISER,
        since=date(2026, 1, 1),
        name="林",
    )
    fact = mapper.to_domain_event(mapper.to_stored_event(FactEvent("appointment_1", 1, made))).fact
    assert isinstance(fact, AppointmentMade)
    assert isinstance(fact.name, Sealed)
    assert vault.open(fact.name, entity="appointment_1") == "林"
    assert f":{LIN}:" in fact.name


def test_a_text_that_looks_sealed_is_sealed_all_the_same(mapper: FactMapper, vault: Vault) -> None:
    real = vault.seal("李某", subject=LIN, topic="need.recorded", entity=NEED, field="contact.name")
    fact = RECORDED.model_copy(update={"contact": Contact(person_id=LIN, name=str(real))})
    stored = mapper.to_stored_event(FactEvent(NEED, 1, fact))
    assert real.encode() not in stored.state
    name = orjson.loads(stored.state)["contact"]["name"]
    assert vault.open(name, entity=NEED) == real


def test_a_sealed_text_is_neither_sealed_again_nor_moved_to_another_entity(mapper: FactMapper) -> None:
    fact = mapper.to_domain_event(mapper.to_stored_event(FactEvent(NEED, 1, RECORDED))).fact
    assert isinstance(fact, NeedRecorded)
    for entity in (NEED, id_of("need", "other")):
        again = NeedAmended(details=DETAILS, contact=fact.contact)
        with pytest.raises(VaultError, match=r"contact\.name of .* is sealed already"):
            mapper.to_stored_event(FactEvent(entity, 2, again))


def test_a_topic_that_is_not_known_stops_with_what_to_do(mapper: FactMapper) -> None:
    with pytest.raises(UnknownTopicError, match=r"holds need\.recorded\.v2, .*upgrade this node"):
        mapper.to_domain_event(StoredEvent(NEED, 1, "need.recorded.v2", b"{}"))
    with pytest.raises(UnknownTopicError, match=r"holds moon\.landed\.v1"):
        mapper.to_fact("moon.landed.v1", b"{}")


def test_an_old_version_is_brought_up_step_by_step_and_stays_sealed(vault: Vault) -> None:
    token = vault.seal("林", subject=LIN, topic="note.noted", entity="note_1", field="name")
    first = orjson.dumps({"person_id": LIN, "who": token, "text": "a b"})
    middle = orjson.dumps({"person_id": LIN, "name": token, "text": "a b"})
    last = orjson.dumps({"person_id": LIN, "name": token, "words": ["a", "b"]})
    mapper = small(vault, NOTES)
    for topic, state in (("note.noted.v1", first), ("note.noted.v2", middle), ("note.noted.v3", last)):
        fact = mapper.to_fact(topic, state)
        assert fact == NotedThird(person_id=LIN, name=token, words=("a", "b"))
        assert isinstance(fact, NotedThird)
        assert isinstance(fact.name, Sealed)
        assert vault.open(fact.name, entity="note_1") == "林"
    assert NOTES.evolve(None, fact) == Note(("a", "b"))


def test_an_old_version_that_leads_nowhere_stops_as_an_unknown_one(vault: Vault) -> None:
    with pytest.raises(UnknownTopicError, match=r"holds gap\.seen\.v1"):
        small(vault, GAP).to_fact("gap.seen.v1", orjson.dumps({"person_id": LIN, "who": "x", "text": "y"}))


# -- contexts -----------------------------------------------------------------


@pytest.mark.parametrize("zone", [UTC, timezone(timedelta(hours=8)), timezone(timedelta(hours=-3, minutes=-30))])
@pytest.mark.parametrize("microseconds", [0, 5_000, 1])
def test_a_context_reads_back_as_it_was(zone: timezone, microseconds: int) -> None:
    at = datetime(2026, 8, 10, 12, 0, 1, microseconds, zone)
    context = Context(actor=LIN, request_id="林/1", at=at, command="CheckNeed").recorded(at + timedelta(minutes=1))
    again = context_of(stored_context(context))
    assert again == context
    assert again.at.utcoffset() == context.at.utcoffset()


def test_a_context_is_stored_without_what_is_not_told() -> None:
    stored = stored_context(Context(actor=LIN, request_id="1", at=datetime(2026, 8, 10, 12, tzinfo=UTC)))
    assert orjson.loads(stored) == {
        "actor": LIN,
        "request_id": "1",
        "at": "2026-08-10T12:00:00Z",
        "command": "",
        "input_hash": "",
    }


def test_a_context_with_more_than_is_known_here_is_refused() -> None:
    stored = orjson.dumps({"actor": LIN, "request_id": "1", "at": "2026-08-10T12:00:00Z", "newer": 1})
    with pytest.raises(msgspec.ValidationError, match="newer"):
        context_of(stored)
