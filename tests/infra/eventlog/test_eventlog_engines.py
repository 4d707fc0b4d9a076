"""What every engine does alike: embedded, and Kafka through each client."""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from real_servers import fresh_topic

from infra.eventlog import Accepted, Draft, Log, open_log
from infra.eventlog.combining import Combiner, Ticket
from infra.eventlog.errors import (
    CommitTooLargeError,
    LogOutOfReachError,
    NotRecordedError,
    ReadMovedError,
    RequestRepeatedError,
    TrackingConflictError,
    VersionConflictError,
)
from infra.eventlog.threads import LogThread

ENGINES = ("embedded", "kafka-python", "confluent")
Open = Callable[..., Log]


@pytest.fixture(params=ENGINES)
def open_node(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Open]:
    """Opens nodes of one log, as other processes would; they are closed at the end."""
    with ExitStack() as stack:
        if request.param != "embedded":
            url = request.getfixturevalue("kafka").url(fresh_topic("engine"))

        def opened(name: str = "") -> Log:
            if request.param == "embedded":
                log = open_log(f"sqlite:{tmp_path / 'log.db'}")
            else:
                index = tmp_path / f"{name or time.monotonic_ns()}.db"
                log = open_log(url, index=index, client=request.param, deadline=10)
            stack.callback(log.close)
            return log

        yield opened


@pytest.fixture
def log(open_node: Open) -> Log:
    return open_node()


def draft(entity: str, version: int, state: bytes = b"{}", **more: object) -> Draft:
    return Draft([(entity, version, "t.v1", state)], **more)  # type: ignore[arg-type]  # fields of a draft


def everything(log: Log) -> list[tuple[int, str, int]]:
    return [
        (id, entity, version)
        for commit in log.commits(0, 100_000)
        for id, (entity, version, _, _) in enumerate(commit.events, start=commit.first)
    ]


def test_a_writer_reads_what_it_wrote(log: Log) -> None:
    for version in range(1, 300):
        accepted = log.commit(draft("a", version))
        assert accepted == Accepted(version, version)
        assert log.head() == log.glance() == version
        assert log.commits(version - 1, 1)[0].events == (("a", version, "t.v1", b"{}"),)
        assert [event[1] for _, event in log.reading.entity("a", version - 1)] == [version]


def test_a_barrier_shows_what_others_have_written(open_node: Open) -> None:
    one, other = open_node(), open_node()
    for version in range(1, 20):
        writer, reader = (one, other) if version % 3 else (other, one)
        writer.barrier()
        writer.commit(draft("a", version))
        assert reader.barrier() == version
        assert everything(reader) == everything(writer)
    assert one.chain() == other.chain()


def test_a_node_that_is_opened_again_goes_on_with_what_others_wrote_meanwhile(open_node: Open) -> None:
    for round in range(3):
        one = open_node("one")
        one.commit(draft("a", 4 * round + 1))
        one.close()
        other = open_node("other")
        for version in range(4 * round + 2, 4 * round + 5):
            other.commit(draft("a", version))
        other.close()
    one = open_node("one")
    assert everything(one) == [(version, "a", version) for version in range(1, 13)]
    assert one.commit(draft("a", 13)) == Accepted(13, 13)


def test_each_refusal_is_an_error_of_its_own_and_leaves_nothing(log: Log) -> None:
    log.commit(draft("a", 1, request=b"r", tracking=("up", 5)))
    with pytest.raises(VersionConflictError):
        log.commit(draft("a", 1))
    with pytest.raises(VersionConflictError):
        log.commit(draft("a", 3))
    with pytest.raises(ReadMovedError):
        log.commit(draft("b", 1, reads=[("a", None)]))
    with pytest.raises(TrackingConflictError):
        log.commit(draft("b", 1, tracking=("up", 5)))
    with pytest.raises(CommitTooLargeError):
        log.commit(draft("b", 1, bytes(900_001)))
    with pytest.raises(RequestRepeatedError) as repeated:
        log.commit(draft("b", 1, request=b"r"))
    assert repeated.value.first == Accepted(1, 1)
    assert everything(log) == [(1, "a", 1)]
    assert (log.tracked("up"), log.tracked("down")) == (5, None)


def test_a_gap_is_judged_by_the_log_and_not_by_what_this_node_happens_to_know(open_node: Open) -> None:
    one, other = open_node(), open_node()
    one.commit(draft("a", 1))
    assert other.commit(draft("a", 2)) == Accepted(2, 2)


def test_writers_at_once_get_every_place_once(open_node: Open) -> None:
    nodes, counts = [open_node(), open_node()], [0] * 12

    def write(number: int) -> None:
        node = nodes[number % 2]
        for version in range(1, 21):
            node.commit(draft(f"own{number}", version))
            counts[number] += 1
            head = max((event[1] for _, event in node.reading.entity("shared", 0)), default=0)
            try:
                node.commit(draft("shared", head + 1))
                counts[number] += 1
            except VersionConflictError:
                node.barrier()

    threads = [threading.Thread(target=write, args=(number,)) for number in range(len(counts))]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    for node in nodes:
        node.barrier()
    found = everything(nodes[0])
    assert found == everything(nodes[1])
    assert [id for id, *_ in found] == list(range(1, sum(counts) + 1))
    assert len({(entity, version) for _, entity, version in found}) == len(found)
    assert nodes[0].chain() == nodes[1].chain()


def test_many_wait_at_once_on_one_event_loop(log: Log) -> None:
    async def write(number: int) -> list[Accepted]:
        return [await log.commit_async(draft(f"e{number}", version)) for version in range(1, 11)]

    async def main() -> list[list[Accepted]]:
        return await asyncio.gather(*(write(number) for number in range(100)))

    accepted = [each.first for of_one in asyncio.run(main()) for each in of_one]
    assert sorted(accepted) == list(range(1, 1_001))
    assert log.head() == 1_000


def test_a_commit_whose_waiter_was_cancelled_stands_or_not_and_the_log_goes_on(log: Log) -> None:
    async def main() -> None:
        task = asyncio.ensure_future(log.commit_async(draft("a", 1)))
        await asyncio.sleep(0)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        await log.commit_async(draft("b", 1))

    asyncio.run(main())
    assert ("b", 1) in {(entity, version) for _, entity, version in everything(log)}


def test_threads_and_an_event_loop_share_the_lead(log: Log) -> None:
    def write(number: int) -> None:
        for version in range(1, 31):
            log.commit(draft(f"t{number}", version))

    async def both() -> None:
        threads = [asyncio.to_thread(write, number) for number in range(4)]
        tasks = [log.commit_async(draft(f"c{number}", 1)) for number in range(200)]
        await asyncio.gather(*threads, *tasks)

    asyncio.run(both())
    assert log.head() == 320


def test_pages_and_orders_of_one_entity(log: Log) -> None:
    for version in range(1, 10, 3):
        log.commit(Draft([("a", version + step, "t", b"") for step in range(3)] + [(f"b{version}", 1, "t", b"")]))

    def versions(**how: object) -> list[int]:
        return [event[1] for _, event in log.reading.entity("a", how.pop("after", 0), **how)]  # type: ignore[arg-type]  # as given

    assert versions() == list(range(1, 10))
    assert versions(after=4, until=7) == [5, 6, 7]
    assert versions(latest_first=True, limit=4) == [9, 8, 7, 6]
    assert versions(after=2, limit=2) == [3, 4]
    assert [id for id, _ in log.reading.entity("a", 0)] == [1, 2, 3, 5, 6, 7, 9, 10, 11]


def test_the_chain_can_be_asked_for_at_the_end_of_any_commit(log: Log) -> None:
    chains = {0: bytes(32)}
    for number in range(1, 40):
        last = log.commit(Draft([(f"e{number}", version, "t", b"x") for version in range(1, 80)])).last
        chains[last] = log.chain()[1]
    assert {position: log.reading.chain_at(position) for position in chains} == chains
    with pytest.raises(ValueError, match="not the last event of a commit"):
        log.reading.chain_at(3)


def test_a_commit_that_never_arrived_is_settled_as_not_recorded_and_cannot_arrive_any_more(log: Log) -> None:
    with pytest.raises(NotRecordedError):
        log.settle(b"prefix-1" + bytes(4))


def test_what_it_counts_is_what_was_done(log: Log) -> None:
    log.commit(draft("a", 1))
    with pytest.raises(VersionConflictError):
        log.commit(draft("a", 3))
    measures = log.measures()
    assert (measures.accepted, measures.rejected, measures.head, measures.lag) == (1, {"conflict": 1}, 1, 0)
    assert measures.index_bytes > 0
    assert log.time_to_outcome.cumulative()[-1][1] == 2


def test_it_is_closed_once_and_takes_nothing_more(log: Log) -> None:
    log.commit(draft("a", 1))
    log.close()
    log.close()
    with pytest.raises(LogOutOfReachError, match="closed"):
        log.commit(draft("a", 2))


def test_a_leader_that_fails_hands_the_lead_over_and_says_so_to_those_it_led() -> None:
    rounds: list[int] = []

    def record(tickets: list[Ticket]) -> None:
        rounds.append(len(tickets))
        time.sleep(0.02)
        if len(rounds) == 1:
            raise KeyboardInterrupt
        for number, ticket in enumerate(tickets):
            ticket.decide(Accepted(number, number))

    combiner = Combiner(record, "test")
    ended: list[str] = []

    def write() -> None:
        ticket = Ticket(draft("a", 1))
        try:
            combiner.commit(ticket)
            ticket.outcome()
            ended.append("accepted")
        except KeyboardInterrupt:
            ended.append("interrupted")
        except LogOutOfReachError:
            ended.append("told")

    threads = [threading.Thread(target=write) for _ in range(20)]
    for each in threads:
        each.start()
    for each in threads:
        each.join(timeout=30)
    assert not any(each.is_alive() for each in threads)
    assert sum(rounds) == 20
    assert ended.count("interrupted") == 1
    assert ended.count("told") == rounds[0] - 1
    assert ended.count("accepted") == 20 - rounds[0]


def test_an_error_in_the_round_is_everybodys_and_the_next_round_goes_on() -> None:
    def record(tickets: list[Ticket]) -> None:
        if not rounds:
            rounds.append(1)
            raise OSError("the disk is gone")
        for ticket in tickets:
            ticket.decide(Accepted(1, 1))

    rounds: list[int] = []
    combiner = Combiner(record, "test")

    async def both() -> None:
        loop = asyncio.get_running_loop()
        for expected in (OSError, None):
            ticket = Ticket(draft("a", 1), loop)
            await combiner.commit_async(ticket)
            if expected is None:
                assert ticket.outcome() == Accepted(1, 1)
            else:
                with pytest.raises(expected, match="the disk is gone"):
                    ticket.outcome()

    asyncio.run(both())
    combiner.close()


def test_a_log_is_closed_also_when_one_of_its_own_threads_is_told_to(log: Log) -> None:
    log.commit(draft("a", 1))
    closer = LogThread(log.close, "as the collector does")
    closer.start()
    closer.join(timeout=30)
    assert not closer.is_alive()
    for each in threading.enumerate():
        if each.name == "event log, closing":
            each.join(timeout=30)
    with pytest.raises(LogOutOfReachError, match="closed"):
        log.commit(draft("a", 2))
