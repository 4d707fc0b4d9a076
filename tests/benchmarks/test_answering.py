"""The benchmark of the gateway tells when sides do not answer alike, and when what came under load was no answer."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

import pytest
from answering.answers import normal
from answering.checks import one_answer
from answering.definitions import definitions
from answering.documents import CONNECTIONS, GRAPHENE, LIST, LISTS, NODE, OURS, PAGE, QUESTIONS
from answering.graphene_app import Query
from answering.ground import Ground
from answering.load import LoadError, under_load, write_questions
from answering.rounds import Effort
from answering.sides import GraphQLSide
from graphene import Schema
from graphql import parse, validate
from hypothesis import given
from hypothesis import strategies as st
from real_servers import or_skipped

from gateway.operations import operation
from infra.graphdb.generation import Generation
from projections.network import network

HEADERS = {"Content-Type": "application/json"}
RIGHT = b'{"data": {"title": "of \\"errors\\": none"}}'


class Told(BaseHTTPRequestHandler):
    """Answers as its body says: `{"status": …, "answer": …}`; it keeps what it was asked."""

    protocol_version = "HTTP/1.1"
    asked: list[bytes]

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.asked.append(body)
        told = json.loads(body)
        answer = told["answer"].encode()
        self.send_response(told["status"])
        self.send_header("Content-Length", str(len(answer)))
        self.end_headers()
        self.wfile.write(answer)

    def log_message(self, *_: Any) -> None:
        """Nothing is logged."""


@pytest.fixture
def server() -> Iterator[ThreadingHTTPServer]:
    Told.asked = []
    with ThreadingHTTPServer(("127.0.0.1", 0), Told) as made:
        thread = Thread(target=made.serve_forever, args=(0.05,))
        thread.start()
        yield made
        made.shutdown()
        thread.join()


def load(server: ThreadingHTTPServer, folder: Path, *told: tuple[int, bytes]) -> float:
    """Put the server under load for a moment with questions that are answered so; gives the answers a second."""
    bodies = [json.dumps({"status": status, "answer": answer.decode()}).encode() for status, answer in told]
    write_questions(folder / "questions.txt", HEADERS, bodies)
    with or_skipped():
        return under_load(f"http://127.0.0.1:{server.server_port}/", folder / "questions.txt", 2, 0.3).per_second


def test_questions_are_asked_by_turns(server: ThreadingHTTPServer, tmp_path: Path) -> None:
    assert load(server, tmp_path, (200, RIGHT), (200, b"{}")) > 0
    first, second = (Told.asked.count(each) for each in sorted(set(Told.asked)))
    assert abs(first - second) <= 2


def test_an_answer_with_errors_is_found_among_many(server: ThreadingHTTPServer, tmp_path: Path) -> None:
    wrong = b'{"data": null, "errors": [{"message": "no"}]}'
    with pytest.raises(LoadError, match="wrong among"):
        load(server, tmp_path, (200, RIGHT), (200, RIGHT), (200, wrong))


@pytest.mark.parametrize("status", [204, 400, 404, 500, 503])
def test_an_answer_of_another_status_is_found(server: ThreadingHTTPServer, tmp_path: Path, status: int) -> None:
    with pytest.raises(LoadError, match="wrong among"):
        load(server, tmp_path, (200, RIGHT), (status, b"" if status == 204 else RIGHT))


def test_a_server_that_is_not_there_is_no_quick_server(tmp_path: Path, server: ThreadingHTTPServer) -> None:
    server.server_port += 1 if server.server_port < 65_000 else -1
    with pytest.raises(LoadError):
        load(server, tmp_path, (200, RIGHT))


def test_the_questions_of_a_signed_in_reader_are_for_the_owner_alone(tmp_path: Path) -> None:
    write_questions(tmp_path / "questions.txt", {"Authorization": "Bearer secret"}, [b"{}"])
    assert (tmp_path / "questions.txt").stat().st_mode & 0o077 == 0


def test_answers_of_different_forms_are_the_same() -> None:
    ours = {"need": {"title": {"zh": "甲", "en": None}, "stage": "PUBLISHED", "station": {"name": {"zh": "站"}}}}
    record = {"titleZh": "甲", "titleEn": None, "stage": "published"}
    lists = {"needs": [{**record, "station": [{"nameZh": "站"}]}]}
    edges = {"edges": [{"node": {"nameZh": "站"}}]}
    connections = {"needsConnection": {"edges": [{"node": {**record, "stationConnection": edges}}]}}
    assert normal(NODE, ours) == normal(NODE, lists) == normal(NODE, connections)


@pytest.mark.parametrize(
    ("name", "value"), [("titleZh", "乙"), ("titleEn", ""), ("stage", "recorded"), ("station", [])]
)
def test_answers_that_differ_stay_different(name: str, value: Any) -> None:
    record = {"titleZh": "甲", "titleEn": None, "stage": "published", "station": [{"nameZh": "站"}]}
    assert normal(NODE, {"needs": [record]}) != normal(NODE, {"needs": [{**record, name: value}]})


def test_the_order_of_records_counts() -> None:
    assert normal(LIST, {"needs": [{"id": "a"}, {"id": "b"}]}) != normal(LIST, {"needs": [{"id": "b"}, {"id": "a"}]})


class Telling(GraphQLSide):
    """A side that tells what it was given to tell."""

    name = "telling"
    documents = OURS

    def __init__(self, folder: Path, told: Mapping[str, Any]) -> None:
        ground = Ground({}, folder, "", "", folder, {question: [{}] for question in QUESTIONS}, {})
        super().__init__(folder, ground)
        self._told = told

    def ask(self, question: str, number: int) -> Mapping[str, Any]:
        return self.data(question, number, self._told)

    def _command(self) -> list[str]:
        raise NotImplementedError


def answers_of(folder: Path, *told: Mapping[str, Any]) -> Any:
    """The answer to the list that sides give which tell this."""
    return one_answer([Telling(folder, each) for each in told], LIST, 0)


def test_sides_that_answer_alike_give_one_answer(tmp_path: Path) -> None:
    told = {"data": {"needs": [{"id": "a"}]}}
    assert answers_of(tmp_path, told, told) == [{"id": "a"}]


@pytest.mark.parametrize(
    "other",
    [
        {"data": {"needs": [{"id": "b"}]}},
        {"data": {"needs": [{"id": "a"}, {"id": "b"}]}},
        {"data": {"needs": []}},
        {"data": {"needs": [{"id": "a"}]}, "errors": [{"message": "half of it"}]},
    ],
)
def test_a_side_that_answers_in_another_way_is_not_timed(tmp_path: Path, other: Mapping[str, Any]) -> None:
    with pytest.raises(AssertionError, match="telling"):
        answers_of(tmp_path, {"data": {"needs": [{"id": "a"}]}}, other)


def test_a_question_that_finds_nothing_is_not_timed(tmp_path: Path) -> None:
    nothing: Mapping[str, Any] = {"data": {"needs": []}}
    with pytest.raises(AssertionError, match="finds nothing"):
        answers_of(tmp_path, nothing, nothing)


@pytest.mark.parametrize(("found", "more"), [(51, True), (50, False), (3, False)])
def test_one_record_more_than_a_page_says_that_there_is_another(found: int, more: bool) -> None:
    records = [{"id": str(number), "created": number, "fields": None} for number in range(found)]
    page = records[:50]
    edges: list[Any] = [{"cursor": each["id"], "node": {"id": each["id"], "fields": []}} for each in page]
    info = {"hasNextPage": more, "endCursor": page[-1]["id"]}
    assert normal(PAGE, {"needs": records}) == normal(PAGE, {"needs": {"edges": edges, "pageInfo": info}})


@pytest.mark.parametrize("question", QUESTIONS)
def test_every_question_is_valid_for_our_gateway_and_for_the_graphene_app(question: str) -> None:
    assert operation(OURS[question], None).reads
    assert not validate(Schema(query=Query).graphql_schema, parse(GRAPHENE[question]))
    assert all(parse(each[question]) for each in (LISTS, CONNECTIONS))


def test_the_peer_reads_the_labels_links_and_properties_that_we_write() -> None:
    made = definitions(Generation(network(), 7, "neo4j", "__g7"))
    assert 'type Need @node(labels: ["Need__g7"]) {' in made
    assert '  needs: [Need!]! @relationship(type: "NEED_RECORDED_BY", direction: IN)' in made
    assert '  publishedAt: String @alias(property: "published_at")' in made
    assert "  stage: String!\n" in made


@given(st.integers(1, 9), st.floats(0.1, 10), st.sampled_from([1, 16]), st.floats(0.0001, 20))
def test_a_slow_side_has_time_for_every_connection_and_no_side_is_left_out(
    rounds: int, seconds: float, connections: int, latency: float
) -> None:
    effort = Effort(rounds, seconds).of(connections, latency)
    assert effort.seconds >= max(seconds, connections * latency)
    assert 1 <= effort.rounds <= rounds
    assert effort.rounds == 1 or effort.rounds * effort.seconds <= rounds * seconds + effort.seconds / 2 + 1e-9
