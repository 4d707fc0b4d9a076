"""The past of a network on disk: whole commits, times by clocks that differ, and what is refused."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from installed import HEAD_OFFICE, NOON, amended, install

from domain.appointments import Appoint
from domain.kernel.acting import Role
from domain.kernel.context import Context
from domain.kernel.history import Recorded
from domain.kernel.ids import derived_id, prefix_of
from domain.kernel.moments import AsOf, NoSuchMomentError, as_of, moment
from domain.needs import NeedAmended
from domain.skips import SkipEvent
from domain.stations import NATIONAL_STATION
from infra.application import Network
from infra.past import NetworkPasts
from projections.batch import Unprojectable
from projections.changes import Change
from projections.memory import Graph
from projections.network import LABELS, network
from projections.projection import Projection


class Clocks:
    """Writers' clocks: each look gives the next of these seconds after noon."""

    def __init__(self, seconds: Iterable[int]) -> None:
        self._seconds = iter(seconds)

    def __call__(self) -> datetime:
        return NOON + timedelta(seconds=next(self._seconds))


def test_at_every_position_each_record_and_its_neighbours_are_those_of_the_whole_graph(tmp_path: Path) -> None:
    """Positions inside a commit mean the commit before it; nobody sees half of one."""
    made = install(tmp_path)
    first = made.need()
    for title in ("一", "二"):
        made.need()
        made.adviser(amended(first, title))
    log = made.network
    ends = [0, *(commit.position for commit in log.commits(0, 10**6))]
    assert len(ends) < log.head()
    ids = sorted({event.entity_id for commit in log.commits(0, 10**6) for event in commit.events})
    with NetworkPasts(log) as pasts:
        for position in range(log.head() + 1):
            whole = Graph()
            whole.apply(network().changes(each for each in log.commits(0, 10**6) if each.position <= position))
            for id in ids:
                past = pasts.at(position)
                assert past.position == max(end for end in ends if end <= position)
                held = past.record(id)
                assert held == whole.node(LABELS.get(prefix_of(id), ""), id)
                near = {source for (_, source), targets in whole.links.items() if id in targets}
                near |= {target for (_, source), targets in whole.links.items() for target in targets if source == id}
                neighbours = list(past.neighbours(id))
                assert [each.id for each in neighbours] == sorted(near)
                assert all(each.properties == whole.nodes[each.label, each.id] for each in neighbours)
    log.close()


@pytest.fixture
def skewed(tmp_path: Path) -> Iterator[Network]:
    """Seven commits, recorded at these seconds after noon: 10 20 15 30 25 40, and then 35."""
    made = install(tmp_path, Clocks((10, 20, 15, 30, 25, 40, 35)))
    for number in (1, 2, 3):
        person = derived_id("person", str(number))
        made.office(Appoint(person_id=person, station_id=made.station, role=Role.ADVISER, since=NOON.date()))
    yield made.network
    made.network.close()


@pytest.mark.parametrize(
    ("second", "commit"), [(10, 1), (14, 1), (15, 1), (19, 1), (20, 3), (29, 3), (30, 5), (39, 5), (40, 7), (10**6, 7)]
)
def test_a_time_means_the_last_commit_up_to_which_no_clock_was_later(skewed: Network, second: int, commit: int) -> None:
    ends = [each.position for each in skewed.commits(0, 1_000)]
    assert len(ends) == 7
    with NetworkPasts(skewed) as pasts:
        time = NOON + timedelta(seconds=second)
        assert pasts.position(time) == pasts.at(time).position == ends[commit - 1]


def test_a_day_is_over_when_it_is_over_in_china(tmp_path: Path) -> None:
    evening = datetime(2026, 8, 10, 15, 59, 59, 999_999, tzinfo=UTC)
    times = iter([evening] * 4 + [evening + timedelta(microseconds=1)])
    made = install(tmp_path, lambda: next(times))
    before = made.network.head()
    made.mill()
    with NetworkPasts(made.network) as pasts:
        assert pasts.position(moment("2026-08-10")) == before
        assert pasts.position(moment("2026-08-11")) == made.network.head() > before
    made.network.close()


@pytest.mark.parametrize(
    ("wanted", "said"),
    [
        (-1, "as of -1: takes a position of the log, from 0 to {head}, or a time"),
        (10**17, "as of 100000000000000000: takes a position of the log, from 0 to {head}, or a time"),
        (as_of("2026-08-10T12:00:09.9Z"), "as of 2026-08-10T12:00:09.900000+00:00: the log begins later, at {begin}"),
        (as_of("0001-01-01"), "as of 0001-01-01T23:59:59.999999+08:00: the log begins later, at {begin}"),
    ],
)
def test_what_the_log_does_not_have_is_refused(skewed: Network, wanted: AsOf, said: str) -> None:
    with NetworkPasts(skewed) as pasts:
        for asked in (pasts.position, pasts.at):
            with pytest.raises(NoSuchMomentError) as refused:
                asked(wanted)
            assert str(refused.value) == said.format(head=skewed.head(), begin="2026-08-10T12:00:10+00:00")


def test_an_empty_log_has_its_beginning_and_no_time(tmp_path: Path) -> None:
    with Network(tmp_path) as log, NetworkPasts(log) as pasts:
        assert pasts.at(0).record(NATIONAL_STATION) is None
        with pytest.raises(NoSuchMomentError, match="the log is empty"):
            pasts.position(NOON)


def test_an_event_that_the_graph_skips_is_skipped_and_no_other(tmp_path: Path) -> None:
    """A fact that cannot be applied, and is not skipped, is named."""

    def project(recorded: Recorded, context: Context) -> Iterable[Change]:
        if isinstance(recorded.fact, NeedAmended) and recorded.fact.details.title.zh == "坏":
            raise LookupError("no such title")
        return network().project(recorded, context)

    broken = Projection("network", 1, network().nodes, network().links, project)
    made = install(tmp_path)
    need = made.need()
    position = made.adviser(amended(need, "坏")).position
    made.adviser(amended(need, "好"))
    with NetworkPasts(made.network, broken) as pasts:
        assert pasts.at(position - 1).record(need) is not None
        with pytest.raises(Unprojectable, match="no such title"):
            pasts.at(position).record(need)
        for skipped in (position, position + 1):
            skip = SkipEvent(projection="network", version=1, position=skipped, reason="坏的题目")
            made.network.perform(skip, made.context(HEAD_OFFICE, NATIONAL_STATION, None))
        before, after = pasts.at(position).record(need), pasts.at(made.network.head()).record(need)
        assert before == pasts.at(position - 1).record(need)
        assert after is not None
        assert after["title_zh"] == "好"
    made.network.close()
