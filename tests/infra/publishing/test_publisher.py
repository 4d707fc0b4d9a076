"""The publisher over a file: in order, nothing missing, on from where it was, and through trouble."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from threading import Event as Flag
from threading import Thread

import orjson
import pytest
from busy import Busy
from structlog.testing import capture_logs
from told import ORIGIN, Held, Story
from waiting import until

from domain.kernel.history import Commit
from domain.kernel.ids import derived_id
from domain.stations import StationFounded, StationHosted, StationOpened, Tier
from domain.values import Bilingual
from infra.publishing.events import Event
from infra.publishing.lines import LinesOutlet
from infra.publishing.outlet import Outlet, OutletError
from infra.publishing.publisher import Publisher, Source

FOUNDED = StationFounded(tier=Tier.BASE, name=Bilingual(zh="某站"), region="330600")
OPENED, HOSTED = StationOpened(on=date(2026, 1, 1)), StationHosted(host_id=derived_id("organisation", "a"))


def station(number: int) -> str:
    return derived_id("station", str(number))


@pytest.fixture
def story() -> Story:
    """Three stations, each in a commit of its own; of the second one the last event does not go out."""
    made = Story()
    made.tell((station(1), FOUNDED))
    made.tell((station(2), FOUNDED), (station(2), OPENED), (station(2), HOSTED))
    made.tell((station(3), FOUNDED))
    return made


@contextmanager
def publishing(source: Source, outlet: Outlet, **more: float) -> Iterator[Publisher]:
    """A publisher in a thread of its own."""
    publisher, stop = Publisher(source, outlet, ORIGIN, poll=more.get("poll", 0.01)), Flag()
    thread = Thread(target=publisher.run, args=(stop,))
    thread.start()
    try:
        yield publisher
    finally:
        stop.set()
        publisher.wake()
        thread.join(10)
        assert not thread.is_alive()


def published(source: Source, outlet: Outlet, origin: str = ORIGIN, limit: int = 500) -> Publisher:
    """Publish all that the log holds now, and let go of the outlet."""
    publisher = Publisher(source, outlet, origin, limit=limit)
    with closing(outlet):
        while publisher.step():
            pass
    return publisher


def ids(path: Path) -> list[int]:
    return [int(orjson.loads(line)["id"]) for line in path.read_bytes().splitlines()]


def test_events_stand_in_the_file_in_the_order_of_the_log(story: Story, tmp_path: Path) -> None:
    path = tmp_path / "events.jsonl"
    publisher = published(story, LinesOutlet(path))
    assert ids(path) == [1, 2, 3, 5]
    assert (publisher.position, publisher.lag(), publisher.trouble) == (5, 0, None)


def test_another_publisher_goes_on_where_the_file_ends(story: Story, tmp_path: Path) -> None:
    path = tmp_path / "events.jsonl"
    published(story, LinesOutlet(path))
    story.tell((station(4), FOUNDED))
    published(story, LinesOutlet(path))
    assert ids(path) == [1, 2, 3, 5, 6]


@pytest.mark.parametrize("kept", [1, 2, 3])
@pytest.mark.parametrize("torn", [0, 1, 200])
def test_a_file_that_was_cut_off_anywhere_is_mended(story: Story, tmp_path: Path, kept: int, torn: int) -> None:
    path = tmp_path / "events.jsonl"
    published(story, LinesOutlet(path))
    whole = path.read_bytes()
    lines = whole.splitlines(keepends=True)
    path.write_bytes(b"".join(lines[:kept]) + lines[kept][:torn])
    published(story, LinesOutlet(path), limit=1)
    assert path.read_bytes() == whole


def test_a_file_of_one_torn_line_longer_than_a_block_is_begun_anew(story: Story, tmp_path: Path) -> None:
    path = tmp_path / "events.jsonl"
    path.write_bytes(b"x" * 200_000)
    published(story, LinesOutlet(path))
    assert ids(path) == [1, 2, 3, 5]


def test_two_publishers_do_not_write_to_one_file(tmp_path: Path) -> None:
    with (
        closing(LinesOutlet(tmp_path / "events.jsonl")),
        pytest.raises(OutletError, match=r"another publisher writes to .*events\.jsonl"),
    ):
        LinesOutlet(tmp_path / "events.jsonl")


@pytest.mark.parametrize("foreign", [b"some words\n", b"[1]\n", b'{"id": "1"}\n'])
def test_a_file_of_something_else_is_left_alone(story: Story, tmp_path: Path, foreign: bytes) -> None:
    path = tmp_path / "events.jsonl"
    path.write_bytes(foreign)
    with pytest.raises(OutletError, match="something else than events"):
        published(story, LinesOutlet(path))
    assert path.read_bytes() == foreign


def test_events_of_another_log_are_left_alone(story: Story, tmp_path: Path) -> None:
    path = tmp_path / "events.jsonl"
    published(story, LinesOutlet(path))
    before = path.read_bytes()
    with pytest.raises(OutletError, match=f"those of {ORIGIN}, not of urn:other"):
        published(story, LinesOutlet(path), "urn:other")
    assert path.read_bytes() == before


def test_a_log_that_ends_before_what_was_published_is_waited_for(story: Story, tmp_path: Path) -> None:
    path = tmp_path / "events.jsonl"
    published(story, LinesOutlet(path))
    later = story.told.pop()
    with capture_logs() as logs, publishing(story, LinesOutlet(path)) as publisher:
        until(lambda: publisher.trouble is not None)
        assert "published up to 5, and the log ends at 4" in str(publisher.trouble)
        story.told.append(later)
        story.tell((station(4), FOUNDED))
        until(lambda: publisher.position == 6)
        assert publisher.trouble is None
    assert logs[0]["event"] == "publisher.trouble"
    assert ids(path) == [1, 2, 3, 5, 6]


def test_a_log_with_a_hole_is_not_published_past_it(story: Story) -> None:
    held = Held()
    publisher = Publisher(story, held, ORIGIN, limit=1)
    assert publisher.step()
    del story.told[1]
    with pytest.raises(OutletError, match="the log goes on at 5 after 1"):
        publisher.step()
    assert [event.position for event in held.events] == [1]


def test_what_is_new_is_published_while_it_runs(story: Story, tmp_path: Path) -> None:
    path = tmp_path / "events.jsonl"
    with publishing(story, LinesOutlet(path), poll=60) as publisher:
        until(lambda: publisher.position == 5)
        story.tell((station(4), FOUNDED))
        assert publisher.lag() == 1
        publisher.wake()
        until(lambda: publisher.position == 6)
    assert ids(path) == [1, 2, 3, 5, 6]


@dataclass
class Failing(Held):
    """An outlet that fails a number of times, having kept the first event of what it was sent."""

    failures: int = 3

    def send(self, events: Sequence[Event], after: int) -> None:
        if self.failures:
            self.failures -= 1
            super().send(events[:1], after)
            raise OSError("no space left")
        super().send(events, after)


def test_trouble_is_waited_out_and_nothing_is_missing(story: Story) -> None:
    held = Failing()
    with capture_logs() as logs, publishing(story, held) as publisher:
        until(lambda: publisher.position == 5)
    assert [each.position for each in held.events] == [1, 2, 3, 5]
    assert [each["event"] for each in logs] == ["publisher.trouble"] * 3
    assert [each["again_in"] for each in logs] == [0.1, 0.2, 0.4]


class Broken(Story):
    """A log that cannot be read beyond its first commit."""

    def commits(self, after: int, limit: int) -> Sequence[Commit]:
        if after:
            raise OSError("the disk is gone")
        return super().commits(0, 1)


def test_a_log_that_cannot_be_read_is_visible_and_the_publisher_still_stops(story: Story) -> None:
    held = Held()
    with publishing(Broken(story.told, story.versions), held) as publisher:
        until(lambda: publisher.trouble is not None)
        assert publisher.trouble == "OSError: the disk is gone"
    assert [each.position for each in held.events] == [1]


def test_batches_of_any_size_publish_the_same(busy: Busy) -> None:
    held = Held()
    published(busy.network, held, limit=3)
    assert [event.value for event in held.events] == busy.expected


def test_a_publisher_killed_again_and_again_leaves_a_file_without_a_gap(busy: Busy, tmp_path: Path) -> None:
    path = tmp_path / "events.jsonl"
    path.touch()
    killed_at = []
    for share in (0.1, 0.5):
        process = busy.publish(str(path), "-", limit=1)
        until(lambda: path.read_bytes().count(b"\n") >= share * len(busy.expected))  # noqa: B023  # at once
        assert process.poll() is None, "it was to be killed on its way"
        process.kill()
        process.wait(10)
        killed_at.append(path.read_bytes().count(b"\n"))
    assert killed_at == sorted(killed_at)
    assert killed_at[-1] < len(busy.expected)
    assert busy.publish(str(path), "-", limit=500).wait(60) == 0
    assert path.read_bytes().splitlines() == busy.expected
