"""The page on events says what is so: its event is one, its lists are those of the code, its advice works."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import event_lists
import pytest
from guide_lists import BEGIN, END
from guide_pages import blocks, tables
from guide_runs import ROOT, Checkout, Reading
from jsonschema import Draft7Validator
from told import Story, published_need

from infra.publishing.asyncapi import document
from infra.publishing.events import events_of

PAGE = ROOT / "docs" / "guide" / "events.md"
BLOCKS = blocks(PAGE)


def shown_event() -> dict[str, Any]:
    (block,) = (each for each in BLOCKS if each.language == "json")
    event: dict[str, Any] = json.loads(block.text)
    return event


def test_the_event_on_the_page_is_the_one_that_goes_out() -> None:
    story = Story()
    published_need(story)
    (event,) = events_of(story.told[-1], story, shown_event()["source"])
    assert shown_event() == json.loads(event.value)


def test_the_document_takes_the_event_on_the_page_and_it_has_each_attribute_that_the_page_names() -> None:
    described = document()["components"]
    payload = described["messages"]["need.published.v1"]["payload"]
    Draft7Validator({**payload, "components": described}).validate(shown_event())
    named = {name for row in tables(PAGE)["attribute", "what it is"] for name in row[0].split(", ")}
    assert named | {"specversion"} == set(described["schemas"]["attributes"]["properties"])
    assert shown_event().keys() <= named | {"specversion"}


@pytest.mark.parametrize("name", ["events", "kept"])
def test_the_lists_on_the_page_are_up_to_date(name: str) -> None:
    _, begun, rest = PAGE.read_text(encoding="utf-8").partition(BEGIN.format(name))
    listed, closed, _ = rest.partition(END)
    assert begun
    assert closed
    assert listed.strip() == getattr(event_lists, name)()


def test_a_consumer_that_follows_the_page_handles_each_event_once() -> None:
    (block,) = (each for each in BLOCKS if each.language == "python")
    made: dict[str, Any] = {}
    exec(compile(block.text, block.where, "exec"), made)
    handled: list[int] = []
    sent = [json.dumps({"id": str(number)}) for number in (1, 2, 4, 2, 4, 7, 1, 9)]
    highest = made["handle_once"](sent[:4], 0, lambda event: handled.append(int(event["id"])))
    assert made["handle_once"](sent[3:], highest, lambda event: handled.append(int(event["id"]))) == 9
    assert handled == [1, 2, 4, 7, 9]


def test_the_commands_on_the_page_print_what_it_says(tmp_path: Path) -> None:
    checkout = Checkout(tmp_path / "checkout", tmp_path / "data").prepare()
    commands = [each for each in BLOCKS if each.language in ("sh", "text")]
    assert len(commands) == 2
    assert Reading(checkout).read(commands) == []
