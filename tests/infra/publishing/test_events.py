"""Events as they leave the network: CloudEvents that others can read, and only what is for everybody."""

from __future__ import annotations

from datetime import date
from typing import Any

import golden
import orjson
import pytest
from cloudevents.core.bindings.kafka import KafkaMessage, from_kafka
from cloudevents.core.formats.json import JSONFormat
from jsonschema import Draft202012Validator
from jsonschema.exceptions import ValidationError
from small_desk import NOON, SmallNetwork
from small_network import clock
from told import ORIGIN, Held, Samples, Story, parsed, read_back

from domain.kernel.facts import Fact
from domain.kernel.fields import Line
from domain.kernel.ids import derived_id
from domain.needs import NeedAmended, NeedChecked, NeedDetails, NeedPublished, NeedRecorded, NeedSolved, NeedWithdrawn
from domain.organisations import (
    OrganisationAmended,
    OrganisationDetails,
    OrganisationKind,
    OrganisationRecorded,
    OrganisationVerified,
)
from domain.registry import registry
from domain.stations import StationFounded, StationHosted, StationOpened, Tier
from domain.values import Bilingual
from infra.publishing.events import CONTENT_TYPE, events_of, schema_id, type_of
from infra.publishing.publisher import Publisher
from infra.publishing.schemas import schemas
from infra.publishing.shapes import shapes

PUBLISHED = [name for name in registry().facts if name in shapes()]
NEED, FACTORY = derived_id("need", "a"), derived_id("organisation", "factory")
STATION = derived_id("station", "shaoxing")
DRAFT, BETTER = NeedDetails(title=Bilingual(zh="草稿")), NeedDetails(title=Bilingual(zh="深度脱色"))
RECORDED = NeedRecorded(station_id=STATION, organisation_id=FACTORY, details=DRAFT)


def published(story: Story) -> list[dict[str, Any]]:
    """Everything of this log that goes out."""
    held = Held()
    publisher = Publisher(story, held, ORIGIN)
    while publisher.step():
        pass
    return read_back(event.value for event in held.events)


def validator(name: str) -> Draft202012Validator:
    return Draft202012Validator(schemas()[name], format_checker=Draft202012Validator.FORMAT_CHECKER)


@pytest.mark.parametrize("name", PUBLISHED)
def test_every_golden_sample_that_goes_out_is_a_cloudevent_whose_data_its_schema_takes(
    samples: Samples, name: str
) -> None:
    for fact in samples.facts(name):
        story = samples.story(fact)
        (event,) = events_of(story.told[-1], story, ORIGIN)
        assert b"sealed" not in event.value
        assert b"person_" not in event.value
        read = parsed(event.value)
        assert (read.get_id(), read.get_source()) == (str(story.head()), ORIGIN)
        assert (read.get_type(), read.get_specversion()) == (type_of(name), "1.0")
        assert read.get_subject() == story.told[-1].events[0].entity_id == read.get_extension("partitionkey")
        assert read.get_time() == read.get_extension("recordedtime") or read.get_time() == NOON
        if read.get_extension("shown"):
            assert read.get_dataschema() == schema_id(name)
            validator(name).validate(read.get_data())
        else:
            assert name.partition(".v")[0] in {
                "need.withdrawn",
                "achievement.transferred",
                "achievement.withdrawn",
                "profile.withdrawn",
                "profile.removed",
            }
            assert (read.get_data(), read.get_dataschema(), read.get_datacontenttype()) == (None, None, None)


def test_the_samples_leave_no_fact_out() -> None:
    assert {path.stem for path in golden.FOLDER.glob("*.json")} >= set(PUBLISHED)


@pytest.mark.parametrize("name", [name for name in PUBLISHED if shapes()[name].model().model_fields])
def test_a_schema_refuses_what_is_kept_inside(samples: Samples, name: str) -> None:
    fact = samples.facts(name)[0]
    story = samples.story(fact)
    (event,) = read_back(each.value for each in events_of(story.told[-1], story, ORIGIN))
    data = event.get("data") or {}
    validator(name).validate(data)
    kept = set(fact.model_dump(exclude_none=True)) - set(data)
    for more in {*kept, "contact", "actor"}:
        with pytest.raises(ValidationError):
            validator(name).validate({**data, more: "x"})


def test_a_kafka_consumer_of_the_cloudevents_library_reads_it(samples: Samples) -> None:
    story = samples.story(samples.facts("need.published.v1")[0])
    (event,) = events_of(story.told[-1], story, ORIGIN)
    message = KafkaMessage({"content-type": CONTENT_TYPE.encode()}, event.entity_id.encode(), event.value)
    read = from_kafka(message, JSONFormat())
    assert read.get_type() == "network.yizhan.need.published.v1"
    assert read.get_extension("partitionkey") == event.entity_id


def test_a_need_goes_out_when_it_is_published_with_what_it_says_then() -> None:
    story = Story()
    story.tell((NEED, RECORDED))
    story.tell((NEED, NeedAmended(details=BETTER)))
    story.tell((NEED, NeedChecked()))
    assert published(story) == []
    story.tell((NEED, NeedPublished()))
    (event,) = published(story)
    assert event["data"] == {"station_id": STATION, "details": BETTER.model_dump(mode="json", exclude_none=True)}
    assert (event["id"], event["entityversion"], event["shown"]) == ("4", 4, True)
    assert "草稿" not in str(event)
    assert FACTORY not in str(event)


def test_amendments_go_out_while_the_public_sees_the_need() -> None:
    story = Story()
    story.tell((NEED, RECORDED), (NEED, NeedChecked()), (NEED, NeedPublished()))
    story.tell((NEED, NeedAmended(details=BETTER)))
    story.tell((NEED, NeedSolved()))
    first, amended, solved = published(story)
    assert first["data"]["details"]["title"] == {"zh": "草稿"}
    assert amended["data"]["details"]["title"] == {"zh": "深度脱色"}
    assert (solved["shown"], solved["data"]) == (True, {})


def test_a_need_that_is_withdrawn_tells_only_that_the_public_sees_it_no_longer() -> None:
    story = Story()
    story.tell((NEED, RECORDED), (NEED, NeedChecked()), (NEED, NeedPublished()))
    story.tell((NEED, NeedWithdrawn(reason="内部原因")))
    gone = published(story)[-1]
    assert (gone["type"], gone["shown"]) == ("network.yizhan.need.withdrawn.v1", False)
    assert {"data", "dataschema", "datacontenttype"} & gone.keys() == set()
    assert "内部原因" not in str(gone)


def test_a_need_that_was_never_published_is_withdrawn_in_silence() -> None:
    story = Story()
    story.tell((NEED, RECORDED))
    story.tell((NEED, NeedWithdrawn(reason="内部原因")))
    assert published(story) == []


def test_an_organisation_goes_out_while_it_is_of_a_kind_that_the_public_sees() -> None:
    def details(kind: OrganisationKind) -> OrganisationDetails:
        return OrganisationDetails(name=Bilingual(zh=f"某{kind}"), kind=kind)

    enterprise, university = details(OrganisationKind.ENTERPRISE), details(OrganisationKind.UNIVERSITY)
    story = Story()
    story.tell((FACTORY, OrganisationRecorded(station_id=STATION, details=enterprise)))
    story.tell((FACTORY, OrganisationVerified(credit_code="91110000600037341L")))
    assert published(story) == []
    story.tell((FACTORY, OrganisationAmended(details=university)))
    (now_seen,) = published(story)
    assert now_seen["data"] == {
        "station_id": STATION,
        "details": {"name": {"zh": "某university"}, "kind": "university", "country": "CN"},
        "credit_code": "91110000600037341L",
    }
    story.tell((FACTORY, OrganisationAmended(details=enterprise)))
    story.tell((FACTORY, OrganisationAmended(details=enterprise.model_copy(update={"address": "某路"}))))
    _, no_longer = published(story)
    assert (no_longer["id"], no_longer["shown"]) == ("4", False)
    assert "enterprise" not in str(no_longer)


def test_events_of_one_commit_name_the_last_of_them_that_goes_out() -> None:
    founded = StationFounded(tier=Tier.NATIONAL, name=Bilingual(zh="国家站点"), region="110108")
    story = Story()
    story.tell(
        (STATION, founded), (STATION, StationOpened(on=date(2026, 1, 1))), (STATION, StationHosted(host_id=FACTORY))
    )
    assert [(each["id"], each["commitlast"]) for each in published(story)] == [("1", "2"), ("2", "2")]


def test_sequences_sort_as_the_positions_do() -> None:
    story = Story()
    founded = StationFounded(tier=Tier.NATIONAL, name=Bilingual(zh="国家站点"), region="110108")
    for number in range(11):
        story.tell((derived_id("station", str(number)), founded))
    sequences = [event["sequence"] for event in published(story)]
    assert sequences == sorted(sequences)
    assert [int(each) for each in sequences] == list(range(1, 12))


def test_correlation_and_cause_go_out_when_they_are_tokens_and_stay_when_they_are_texts() -> None:
    story = Story()
    opened = StationOpened(on=date(2026, 1, 1))
    founded = StationFounded(tier=Tier.NATIONAL, name=Bilingual(zh="国家站点"), region="110108")
    story.tell((STATION, founded), correlation_id="c-01h455vb", causation_id="req:17")
    story.tell((STATION, opened), correlation_id="李敏华 13912345678", causation_id="li@example.cn")
    first, second = published(story)
    assert (first["correlationid"], first["causationid"]) == ("c-01h455vb", "req:17")
    assert {"correlationid", "causationid"} & second.keys() == set()


def test_a_fact_that_nobody_decided_upon_does_not_go_out() -> None:
    class StationPainted(Fact, topic="station.painted"):
        colour: Line

    story = Story()
    story.tell((STATION, StationPainted(colour="红")))
    assert published(story) == []


def test_the_attributes_have_names_that_cloudevents_takes(samples: Samples) -> None:
    story = samples.story(samples.facts("need.published.v1")[0])
    (event,) = read_back(each.value for each in events_of(story.told[-1], story, ORIGIN))
    names = event.keys() - {"data"}
    assert [name for name in names if not (name.isalnum() and name.islower() and len(name) <= 20)] == []


def test_of_a_network_with_records_of_every_stage_only_what_the_public_sees_goes_out(small: SmallNetwork) -> None:
    held = Held()
    publisher = Publisher(small.log, held, ORIGIN, limit=7)
    while publisher.step():
        pass
    everything = b"\n".join(event.value for event in held.events).decode()
    subjects = {event.entity_id for event in held.events}
    names = {name: id for name, id in small.ids.items() if id in subjects}
    kinds = {id.partition("_")[0] for id in names.values()}
    assert kinds == {"station", "organisation", "need", "achievement", "partner", "profile"}
    assert {name for name, id in names.items() if id.startswith("need_")} == {
        "dyeing",
        "dutch",
        "solved",
        "robot",
        "retracted",
    }
    assert {name for name, id in names.items() if id.startswith("achievement_")} == {
        "membrane",
        "transferred",
        "sensor",
    }
    hidden = {"只记录的需求", "退回的需求", "审核过的需求", "撤回的需求", "保密成果", "登记的成果", "暂缓的成果"}
    kept = {"Factory", "Mill", "指标不明", "数据不足", "自行解决", "单位撤回", "管理员", "0575-", "person_", "sealed"}
    assert [text for text in hidden if f'"{text}"' in everything] == []
    assert [text for text in kept if text in everything] == []
    assert [name for name in ("factory", "mill", "filters") if small[name] in everything] == []
    assert all(f'"{text}"' in everything for text in ("印染废水深度脱色", "耐污染纳滤膜", "发布后撤回的需求"))


def test_the_same_commits_give_the_same_bytes_whatever_has_happened_since(small: SmallNetwork) -> None:
    def told(limit: int) -> list[bytes]:
        held = Held()
        publisher = Publisher(small.log, held, ORIGIN, limit=limit)
        while publisher.step():
            pass
        return [event.value for event in held.events]

    assert clock() == NOON
    assert told(1) == told(10_000)
    assert len(told(1)) > 40
    assert orjson.loads(told(1)[0])["type"] == "network.yizhan.station.founded.v1"
