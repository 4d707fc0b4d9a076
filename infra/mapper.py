"""The one place that knows how a fact is stored: JSON bytes under its topic and version, personal texts sealed.

And its context: JSON as well, with what is not told left out.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import msgspec
import orjson
from eventsourcing.domain import DomainEventProtocol
from eventsourcing.persistence import JSONTranscoder, Mapper, StoredEvent
from msgspec import structs

from domain.kernel.context import Context
from domain.kernel.facts import Fact, sealed_fields
from domain.kernel.fields import STORED
from domain.registry import Registry
from infra.errors import OutOfReachError
from infra.vault import Vault


class UnknownTopicError(OutOfReachError):
    """The log holds a fact that this version does not know: it was written by a newer one. Upgrade this node."""


@dataclass(frozen=True, slots=True)
class FactEvent:
    """A fact of an entity at its version, in the form that the `eventsourcing` library passes around."""

    originator_id: str
    originator_version: int
    fact: Fact


def stored_context(context: Context) -> bytes:
    """The context as it is stored."""
    return msgspec.json.encode({name: value for name, value in structs.asdict(context).items() if value is not None})


context_of = msgspec.json.Decoder(Context).decode
"""The context in these bytes."""


class FactMapper(Mapper[str]):
    """Between facts and stored events."""

    def __init__(self, registry: Registry, vault: Vault) -> None:
        super().__init__(JSONTranscoder())
        self._facts = registry.facts
        self._upcasters = {topic: up for each in registry.slices.values() for topic, up in each.upcasters.items()}
        self._vault = vault

    def to_stored_event(self, domain_event: DomainEventProtocol[str]) -> StoredEvent:
        assert isinstance(domain_event, FactEvent)
        fact, entity = domain_event.fact, domain_event.originator_id
        data = fact.model_dump(mode="json", exclude_none=True)
        for path, sealing in sealed_fields(type(fact)):
            holder, plain = _holder(data, path), _at(fact, path)
            if holder is None or plain is None:
                continue
            holder[path[-1]] = self._vault.seal(
                plain, subject=holder[sealing.subject], topic=fact.TOPIC, entity=entity, field=".".join(path)
            )
        return StoredEvent(entity, domain_event.originator_version, fact.stored_as(), orjson.dumps(data))

    def to_domain_event(self, stored_event: StoredEvent) -> FactEvent:
        assert isinstance(stored_event.originator_id, str)
        fact = self.to_fact(stored_event.topic, stored_event.state)
        return FactEvent(stored_event.originator_id, stored_event.originator_version, fact)

    def to_fact(self, topic: str, state: bytes) -> Fact:
        """The fact in these bytes, brought to its latest version; what was sealed stays sealed."""
        if topic not in self._upcasters:
            return self._class_of(topic, topic).model_validate_json(state, context=STORED)
        stored, data = topic, orjson.loads(state)
        while upcast := self._upcasters.get(topic):
            data = upcast(data)
            name, _, version = topic.rpartition(".v")
            topic = f"{name}.v{int(version) + 1}"
        return self._class_of(topic, stored).model_validate(data, context=STORED)

    def _class_of(self, topic: str, stored: str) -> type[Fact]:
        if (fact := self._facts.get(topic)) is None:
            raise UnknownTopicError(f"the log holds {stored}, which this version does not know; upgrade this node")
        return fact


def _at(fact: Fact, path: tuple[str, ...]) -> str | None:
    """The text at this path of a fact, if it is there: the object itself, which knows whether it is sealed."""
    holder: Any = fact
    for step in path[:-1]:
        holder = getattr(holder, step, None)
    text: str | None = getattr(holder, path[-1], None)
    return text


def _holder(data: dict[str, Any], path: tuple[str, ...]) -> dict[str, Any] | None:
    """The object inside the data that holds the last step of the path, if it is there."""
    for step in path[:-1]:
        if not isinstance(data := data.get(step), Mapping):  # type: ignore[assignment]  # a step may be absent
            return None
    return data
