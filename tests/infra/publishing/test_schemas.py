"""The schemas and the AsyncAPI document: what is kept in the repository, what others' tools make of it, the command."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import orjson
import pytest
from command_line import ROOT, typed
from jsonschema import Draft7Validator, Draft202012Validator
from judges import judged
from told import ORIGIN, Samples

from infra.cli.schemas import files, write
from infra.publishing.asyncapi import document
from infra.publishing.events import events_of, schema_id, type_of
from infra.publishing.schemas import schemas
from infra.publishing.shapes import shapes

EVENTS = ROOT / "docs" / "events"


def test_the_documents_in_the_repository_are_up_to_date() -> None:
    kept = {path.relative_to(EVENTS): path.read_bytes() for path in EVENTS.rglob("*.json")}
    wanted = files()
    stale = sorted(str(path) for path in kept.keys() | wanted.keys() if kept.get(path) != wanted.get(path))
    assert stale == [], "`yizhan schemas --out docs/events` writes them"


def test_every_event_has_a_schema_of_the_dialect_that_it_names() -> None:
    assert schemas().keys() == shapes().keys()
    for name, schema in schemas().items():
        assert (schema["$id"], schema["title"]) == (schema_id(name), type_of(name))
        assert schema["$schema"] == "https://json-schema.org/draft/2020-12/schema"
        Draft202012Validator.check_schema(schema)


def test_amounts_are_texts_of_figures() -> None:
    inside = schemas()["need.published.v1"]["$defs"]
    money = Draft202012Validator({"$ref": "#/$defs/Money", "$defs": inside})
    for right in ("1234.50", "0", "1E+3"):
        money.validate({"amount": right, "currency": "CNY"})
    for wrong in (1234.5, "-1", "1,234", "", "viel"):
        assert not money.is_valid({"amount": wrong, "currency": "CNY"})


def test_the_asyncapi_parser_finds_nothing_wrong_and_all_messages() -> None:
    said = judged("asyncapi.js", orjson.dumps(document("some.topic")))
    found = [each for each in said["diagnostics"] if each["code"] != "asyncapi-latest-version"]
    assert found == []
    assert said["understood"] == {
        "version": "3.0.0",
        "channels": ["some.topic"],
        "messages": [type_of(name) for name in sorted(shapes())],
        "operations": ["send"],
    }


def test_the_asyncapi_parser_finds_what_is_wrong() -> None:
    broken = document()
    del broken["channels"]["events"]["messages"]["need.published.v1"]
    del broken["info"]["title"]
    said = judged("asyncapi.js", orjson.dumps(broken))
    assert said["understood"] is None
    assert {tuple(each["path"][:2]) for each in said["diagnostics"] if each["severity"] == 0} == {
        ("info",),
        ("operations", "publish"),
    }


@pytest.fixture(scope="module")
def described() -> dict[str, Any]:
    return document()


def payload(described: dict[str, Any], name: str) -> Draft7Validator:
    """The schema of whole events of one type, as the AsyncAPI document has it."""
    parts = described["components"]
    return Draft7Validator({**parts["messages"][name]["payload"], "components": parts})


@pytest.mark.parametrize("name", sorted(shapes()))
def test_the_document_takes_the_events_and_no_others(samples: Samples, described: dict[str, Any], name: str) -> None:
    story = samples.story(samples.facts(name)[0])
    (event,) = (orjson.loads(each.value) for each in events_of(story.told[-1], story, ORIGIN))
    whole = payload(described, name)
    whole.validate(event)
    assert [change for change in amiss(event) if whole.is_valid(change)] == []


def amiss(event: dict[str, Any]) -> list[dict[str, Any]]:
    """The event with something amiss."""
    without_data = {key: value for key, value in event.items() if key != "data"}
    return [
        {**event, "type": "network.yizhan.need.forgotten.v1"},
        {**event, "id": "0"},
        {**event, "actor": "person_01h455vb4pex5vsknk084sn02q"},
        {key: value for key, value in event.items() if key != "sequence"},
        {**event, "data": {"contact": {}}},
        {**without_data, "shown": True},
        {**without_data, "shown": False, "data": {}},
    ]


def test_the_command_prints_the_events_or_everything_as_json(tmp_path: Path) -> None:
    listed = typed("schemas", folder=tmp_path)
    assert (listed.returncode, listed.stderr) == (0, "")
    assert [line.split()[0] for line in listed.stdout.splitlines()[1:]] == [type_of(name) for name in sorted(shapes())]
    told = json.loads(typed("schemas", "--json", folder=tmp_path).stdout)
    assert told == {"asyncapi": document(), "schemas": dict(schemas())}


def test_the_command_writes_a_folder_and_takes_away_what_is_published_no_longer(tmp_path: Path) -> None:
    said = typed("schemas", "--out", "events", folder=tmp_path)
    assert said.returncode == 0
    written = {path.relative_to(tmp_path / "events"): path.read_bytes() for path in tmp_path.rglob("*.json")}
    assert written == files()
    assert {Path(line) for line in said.stdout.splitlines()} == {Path("events") / path for path in written}
    gone = tmp_path / "events" / "schemas" / "need.sold.v1.json"
    gone.write_text("{}", encoding="utf-8")
    write(tmp_path / "events")
    assert not gone.exists()
