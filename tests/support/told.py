"""A log in memory that tells stories, the golden samples as such stories, and what was published, read back."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import golden
import orjson
from cloudevents.core.base import BaseCloudEvent
from cloudevents.core.formats.json import JSONFormat
from cloudevents.core.v1.event import CloudEvent

from domain.kernel.context import Context
from domain.kernel.facts import Fact
from domain.kernel.history import Commit, Recorded
from domain.kernel.ids import derived_id
from domain.needs import CooperationMode, NeedChecked, NeedDetails, NeedPublished, NeedRecorded
from domain.reference.fields import TechnologyField
from domain.registry import registry
from domain.values import Bilingual, Money
from infra.keys import KeyStore
from infra.mapper import FactMapper
from infra.publishing.events import Event
from infra.publishing.outlet import End
from infra.vault import Vault

ORIGIN = "urn:yizhan:network:test"
NOON = datetime(2026, 8, 10, 12, tzinfo=UTC)
ACTOR = derived_id("person", "somebody")

BEFORE: dict[str, tuple[str, ...]] = {
    "station.opened": ("station.founded",),
    "station.designated_international": ("station.founded", "station.opened"),
    "organisation.amended": ("organisation.recorded",),
    "organisation.verified": ("organisation.recorded",),
    "need.published": ("need.recorded", "need.checked"),
    "need.amended": ("need.recorded", "need.checked", "need.published"),
    "need.solved": ("need.recorded", "need.checked", "need.published"),
    "need.withdrawn": ("need.recorded", "need.checked", "need.published"),
    "achievement.published": ("achievement.registered", "achievement.screened"),
    "achievement.amended": ("achievement.registered", "achievement.screened", "achievement.published"),
    "achievement.transferred": ("achievement.registered", "achievement.screened", "achievement.published"),
    "achievement.withdrawn": ("achievement.registered", "achievement.screened", "achievement.published"),
    "partner.amended": ("partner.recorded",),
    "partner.engaged": ("partner.recorded",),
    "partner.disengaged": ("partner.recorded", "partner.engaged"),
    "profile.published": ("profile.drafted",),
    "profile.amended": ("profile.imported",),
    "profile.withdrawn": ("profile.imported",),
    "profile.reported": ("profile.imported",),
    "profile.removed": ("profile.imported",),
}
"""What happened to an entity before, so that the public sees it or is about to; by topics, of their first version."""


def context(**more: Any) -> Context:
    return Context(actor=ACTOR, request_id="r", at=NOON, recorded_at=NOON, **more)


@dataclass
class Story:
    """A log as a publisher reads it."""

    told: list[Commit] = field(default_factory=list)
    versions: dict[str, int] = field(default_factory=dict)

    def tell(self, *facts: tuple[str, Fact], **more: Any) -> Commit:
        """Add a commit of these facts, each of an entity."""
        events = []
        for number, (id, fact) in enumerate(facts, self.head() + 1):
            self.versions[id] = self.versions.get(id, 0) + 1
            events.append(Recorded(id, self.versions[id], number, fact))
        commit = Commit(context(**more), tuple(events))
        self.told.append(commit)
        return commit

    def head(self) -> int:
        return self.told[-1].position if self.told else 0

    def commits(self, after: int, limit: int) -> Sequence[Commit]:
        found: list[Commit] = []
        for commit in self.told:
            if commit.position > after and sum(len(each.events) for each in found) < limit:
                found.append(commit)
        return found

    def history(self, id: str, after: int, limit: int) -> Sequence[Commit]:
        own = [
            Commit(commit.context, (event,))
            for commit in self.told
            for event in commit.events
            if event.entity_id == id and event.version > after
        ]
        return own[:limit]


def published_need(story: Story) -> str:
    """A need that is recorded, checked and published; gives its id."""
    id = derived_id("need", "decolouring")
    details = NeedDetails(
        title=Bilingual(zh="印染废水深度脱色", en="Deep decolouring of dyeing wastewater"),
        fields=(TechnologyField.RESOURCES_AND_ENVIRONMENT,),
        keywords=("印染废水",),
        mode=CooperationMode.INTRODUCE,
        budget=Money(amount=Decimal(300_000)),
    )
    mill, station = derived_id("organisation", "mill"), derived_id("station", "shaoxing")
    story.tell((id, NeedRecorded(station_id=station, organisation_id=mill, details=details)))
    story.tell((id, NeedChecked()))
    story.tell((id, NeedPublished()))
    return id


@dataclass
class Held:
    """An outlet in memory, for what is decided before anything is sent."""

    events: list[Event] = field(default_factory=list)

    def end(self) -> End | None:
        return End(self.events[-1].position, ORIGIN) if self.events else None

    def send(self, events: Sequence[Event], after: int) -> None:
        self.events.extend(events)

    def close(self) -> None:
        """There is nothing to let go of."""


class Samples:
    """The golden samples as facts."""

    def __init__(self, folder: Path) -> None:
        self._keys = KeyStore(folder / "keys.db", bytes(32))
        self._mapper = FactMapper(registry(), Vault(self._keys))

    def close(self) -> None:
        self._keys.close()

    def facts(self, stored_as: str) -> list[Fact]:
        """The samples of a topic and version; organisations are of a kind that the public sees."""
        stored = [each["stored"] for each in orjson.loads((golden.FOLDER / f"{stored_as}.json").read_bytes())]
        for each in stored:
            if stored_as.startswith("organisation.") and "details" in each:
                each["details"]["kind"] = "university"
        return [self._mapper.to_fact(stored_as, orjson.dumps(each)) for each in stored]

    def story(self, fact: Fact) -> Story:
        """A log that ends with this fact, after what must have happened before."""
        id = derived_id(fact.TOPIC.partition(".")[0], "sample")
        story = Story()
        for topic in BEFORE.get(fact.TOPIC, ()):
            story.tell((id, self.facts(f"{topic}.v1")[0]))
        story.tell((id, fact))
        return story


def parsed(value: bytes) -> CloudEvent:
    """The event as the CloudEvents library reads it."""
    event: BaseCloudEvent = JSONFormat().read(CloudEvent, value)
    assert isinstance(event, CloudEvent)
    return event


def read_back(values: Iterable[bytes]) -> list[dict[str, Any]]:
    """The events as plain JSON."""
    return [orjson.loads(value) for value in values]
