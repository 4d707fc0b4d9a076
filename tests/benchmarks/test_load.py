"""Those who put the gateway under load tell when they hear no answer, or not the first outcome of a mutation."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import count
from random import Random
from threading import Event, Thread
from typing import Any

import pytest
from loading.connection import Connection, LostError
from loading.findings import Kind
from loading.hand import Ground, Hand
from loading.judge import Judge
from loading.lives import Does, Lives
from loading.memory import Memory
from loading.questions import DOCUMENTS, Question, Topic, mutation
from loading.report import Outage, Report
from loading.telling import Answered, Failed, Told, codes_of, documented
from measuring import Results

from gateway.operations import operation

TOPICS = (Topic({"title": {"zh": "题目"}, "goal": None, "keywords": [], "fields": []}),)
OURS, OTHERS = "organisation of ours", "organisation of others"

Say = Callable[[int, Any], tuple[int, bytes] | None]
"""What is answered to the request of this number: a status and a body, or nothing at all."""


@contextmanager
def answering(say: Say) -> Iterator[tuple[int, list[int]]]:
    """A server that answers so, its port, and of each request on which connection it came (by the peer's port)."""
    numbers, came, over = count(), list[int](), Event()

    class Answering(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            came.append(self.client_address[1])
            body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            said = say(next(numbers), body)
            if said is None:
                over.wait(5)
                self.close_connection = True
                return
            self.send_response(said[0])
            self.send_header("Content-Length", str(len(said[1])))
            self.end_headers()
            self.wfile.write(said[1])

        def log_message(self, *_: Any) -> None:
            """Nothing is logged."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Answering) as server:
        server.daemon_threads = True
        thread = Thread(target=server.serve_forever, args=(0.02,))
        thread.start()
        try:
            yield server.server_port, came
        finally:
            over.set()
            server.shutdown()
            thread.join()


def test_requests_follow_each_other_on_one_connection_and_a_cut_one_is_made_again() -> None:
    async def ask(port: int) -> list[bytes]:
        connection = Connection("127.0.0.1", port, {})
        bodies = [(await connection.post(b"{}", {})).body for _ in range(3)]
        with pytest.raises(LostError, match="no answer within"):
            await connection.post(b"{}", {}, cut_after=0.1)
        bodies.append((await connection.post(b"{}", {})).body)
        connection.close()
        return bodies

    with answering(lambda number, _body: None if number == 3 else (200, str(number).encode() * 9_000)) as (port, came):
        assert asyncio.run(ask(port)) == [str(number).encode() * 9_000 for number in (0, 1, 2, 4)]
    assert len(set(came[:4])) == 1
    assert came[4] != came[3]


def test_a_server_that_is_not_there_or_says_no_http_is_told_from_one_that_answers() -> None:
    async def ask(port: int) -> None:
        await Connection("127.0.0.1", port, {}).post(b"{}", {})

    async def among_others() -> None:
        async def hang_up(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            await reader.readline()
            writer.write(b"something else\r\n\r\n")
            writer.close()

        async with await asyncio.start_server(hang_up, "127.0.0.1", 0) as server:
            port = server.sockets[0].getsockname()[1]
            with pytest.raises(LostError, match=r"no HTTP|broke off"):
                await ask(port)
        with pytest.raises(LostError, match="cannot be reached"):
            await ask(port)

    asyncio.run(among_others())


def hand(port: int, chance: Random) -> Hand:
    ground = Ground("station", TOPICS, (OURS,), ("shared",), OTHERS, "2026-11-27", count(), "run")
    return Hand(0, ground, Judge(Lives(), TOPICS), Told(), Connection("127.0.0.1", port, {}), chance)


def recorded(position: int, *, repeated: bool) -> tuple[int, bytes]:
    outcome = {"id": "need 0", "position": position, "changed": True, "repeated": repeated}
    return 200, json.dumps({"data": {"recordNeed": outcome}}).encode()


class Always(Random):
    """Everything that may happen does, and takes as long as it may."""

    def random(self) -> float:
        return 0.0

    def uniform(self, _a: float, b: float) -> float:
        return b


@pytest.fixture(autouse=True)
def _cut_off_late(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is cut off has arrived by then, also on a busy machine."""
    monkeypatch.setattr("loading.hand.LONGEST_CUT", 0.5)


def given_by(say: Say) -> Hand:
    """The hand that has recorded a need at a server that answers so."""

    async def give(made: Hand) -> None:
        await made.give(Does.RECORD, "", 0)
        made.connection.close()

    with answering(say) as (port, _):
        made = hand(port, Always())
        asyncio.run(give(made))
        return made


def test_a_mutation_that_is_cut_off_is_sent_again_as_it_was_until_its_outcome_is_known() -> None:
    heard: list[Any] = []

    def say(number: int, body: Any) -> tuple[int, bytes] | None:
        heard.append(body)
        return [None, (503, b'{"errors": [{"extensions": {"code": "UNAVAILABLE"}}]}')][number] if number < 2 else fine

    fine = recorded(11, repeated=True)
    made = given_by(say)
    assert all(each == heard[0] for each in heard)
    assert made.judge.lives.positions == {11}
    assert [each.codes for each in made.told.failed] == [("UNAVAILABLE",)]
    assert made.told.mutations == {"cut off, and asked again": 1, "recordNeed": 1, "sent again after the answer": 1}


@pytest.mark.parametrize("again", [recorded(12, repeated=True), recorded(11, repeated=False)])
def test_a_mutation_that_takes_effect_twice_is_found(again: tuple[int, bytes]) -> None:
    first = recorded(11, repeated=False)
    made = given_by(lambda number, _body: None if number == 0 else first if number == 1 else again)
    assert Kind.OUTCOME in made.judge.findings.counts


@pytest.mark.parametrize("said", [b"", b"{}", b'{"errors": []}', b'{"errors": [{"message": "INTERNAL"}]}'])
def test_an_error_without_a_documented_code_is_found(said: bytes) -> None:
    async def look(made: Hand) -> bool:
        answered = await made.look(Question.LIST, OURS, 0)
        made.connection.close()
        return answered

    with answering(lambda _number, _body: (500, said)) as (port, _):
        made = hand(port, Random(1))
        assert not asyncio.run(look(made))
    assert made.judge.findings.counts == {Kind.FORM: 1}


@pytest.mark.parametrize(
    ("codes", "passes"),
    [(["UNAVAILABLE"], True), (["NOT_YET", "UNAVAILABLE"], True), (["UNAVAILABLE", "INTERNAL"], False), ([], False)],
)
def test_only_documented_codes_of_what_passes_excuse_an_error(codes: Sequence[str], passes: bool) -> None:
    errors = [{"message": "no", "extensions": {"code": code}} for code in codes]
    assert documented(codes_of({"errors": errors})) is passes
    assert not documented(codes_of({"errors": [*errors, {"message": "without one"}]}))


# -- the report -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("sent", "heard", "excused"), [(1, 9.9, False), (1, 10, True), (55, 56, True), (60.1, 61, False)]
)
def test_an_error_is_excused_by_the_outage_only_if_it_fell_into_it(sent: float, heard: float, excused: bool) -> None:
    outage = Outage(killed=10, started=25, answered=30)
    assert outage.excuses(Failed("list", sent, heard, 503, ("UNAVAILABLE",))) is excused


def bars(failed: Failed | None = None, *, grown: float = 1.0, wait: float = 1.0) -> set[str]:
    """The bars that were missed, of a run in which nothing was wrong but this."""
    answered = [Answered(Question.LIST, sent, sent + 0.1) for sent in range(100)]
    told = Told(answered=[*answered, Answered(Question.LIST, 32, 32 + wait)], failed=[failed] if failed else [])
    memory = Memory(0, [(float(at), 100.0 if at < 80 else 100.0 * grown) for at in range(100)])
    verified = {"nodes": 1, "links": 1, "position": 1, "differing": 0}
    results = Results("load")
    Report(told, Outage(killed=10, started=25, answered=30), {"api": memory}, 0, verified).write(results, timed=True)
    return {bar["name"] for bar in results.bars if not bar["ok"]}


def test_a_run_in_which_nothing_is_wrong_misses_no_bar_and_each_fault_misses_its_own() -> None:
    assert bars() == set()
    assert bars(Failed(Question.LIST, 12, 13, 503, ("UNAVAILABLE",))) == set()
    assert bars(Failed(Question.CONSISTENT, 1, 2, 503, ("NOT_CONSISTENT",))) == set()
    assert bars(Failed(Question.LIST, 1, 2, 503, ("UNAVAILABLE",))) == {"refusals while nothing was wrong"}
    unsaved = Failed(Does.AMEND, 12, 13, 200, ("UNAVAILABLE",))
    assert bars(unsaved) == {"mutations that were not acknowledged at once"}
    assert bars(grown=1.2) == {"memory of the api, last fifth / second fifth"}
    assert bars(wait=26) == {"the longest wait for an answer, s"}


def test_memory_is_compared_between_the_second_fifth_and_the_last_outside_of_the_outage() -> None:
    samples = [(float(at), 900.0 if 40 <= at <= 60 else 100.0 + at) for at in range(100)]
    second, last = Memory(0, samples).fifths((40, 60))
    assert (second, last) == (122.0, 192.0)


@pytest.mark.parametrize("question", DOCUMENTS)
def test_every_question_is_one_that_reads(question: Question) -> None:
    assert operation(DOCUMENTS[question], None).reads


@pytest.mark.parametrize("with_need", [True, False])
@pytest.mark.parametrize("does", Does)
def test_every_mutation_is_valid(does: Does, with_need: bool) -> None:
    found = operation(mutation(does, with_need=with_need), None)
    assert not found.reads
    assert not found.goes_on
