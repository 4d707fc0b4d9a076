"""Tracing: the whole way of a question and of a command, and that nothing of what they hold is told."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import AbstractAsyncContextManager, aclosing
from dataclasses import replace

import pytest
from asking import Asking
from opentelemetry.trace import SpanKind, StatusCode
from small_network import SmallNetwork, clock, recorded
from told_spans import Told, about, id_of, told, trace_of
from waiting import until

from gateway.callers import AT_LEAST, Caller
from gateway.over_http import Asked
from gateway.server import application
from gateway.streams import streamed
from infra.graphdb.engines.neo4j import Neo4jEngine
from infra.graphdb.reader import GraphReader
from infra.identity.tokens import signing_key
from infra.server import Running, running
from infra.settings import Settings

TRACE = "0af7651916cd43dd8448eb211c80319c"
PARENT = "b7ad6b7169203331"
SENT = {"traceparent": f"00-{TRACE}-{PARENT}-01"}
CHECK = "mutation Check($id: ID!, $request: ID!) { checkNeed(input: {requestId: $request, needId: $id}) { %s } }"


@pytest.fixture(scope="module")
def spans() -> Told:
    return told(clock)


@pytest.fixture(scope="module")
def traced(
    spans: Told, loop: asyncio.Runner, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[Running, SmallNetwork, Asking]]:
    """A system of which everything is told."""
    settings = Settings(data=tmp_path_factory.mktemp("traced"), graph_heap="256m")
    with running(settings, clock, tracing=spans.tracing) as system:
        lifespan: AbstractAsyncContextManager[object] = system.gateway.router.lifespan_context(system.gateway)
        loop.run(lifespan.__aenter__())
        made = recorded(system.network)
        yield system, made, Asking(system.gateway, loop, made, signing_key(settings.data / "issuer.pem"))
        loop.run(lifespan.__aexit__(None, None, None))


@pytest.fixture
def there(traced: tuple[Running, SmallNetwork, Asking], spans: Told) -> tuple[SmallNetwork, Asking]:
    """The same, at rest, of which nothing has been told yet."""
    system, made, asking = traced
    until(lambda: system.keeper.ready() and system.keeper.lag() == 0)
    spans.forget()
    return made, asking


def test_the_way_of_a_query_is_told_step_by_step(there: tuple[SmallNetwork, Asking], spans: Told) -> None:
    _, asking = there
    asking.post("query Needs { needs { edges { node { id station { id } } } } }", headers=SENT)
    asked = spans.one("query")
    assert (trace_of(asked), asked.parent and f"{asked.parent.span_id:016x}") == (TRACE, PARENT)
    told_of = about(asked)
    assert len(told_of.pop("yizhan.document.sha256")) == 64
    assert told_of == {
        "http.request.method": "POST",
        "http.response.status_code": 200,
        "network.protocol.version": "1.1",
        "url.path": "/graphql",
        "url.scheme": "http",
        "graphql.operation.type": "query",
        "graphql.operation.name": "Needs",
        "yizhan.way": "plan",
    }
    (statement,) = [span for span in spans if span.kind is SpanKind.CLIENT]
    assert spans.within(asked) == ["wait", "document", "plan", statement.name, "answer", "write"]
    assert statement.name == "RETURN Need Station"
    assert about(statement)["db.system.name"] == "arcadedb"
    assert about(statement)["db.query.text"].startswith("RETURN COLLECT")
    assert {trace_of(span) for span in spans} == {TRACE}


def test_the_way_of_a_command_goes_on_through_log_and_projector(
    there: tuple[SmallNetwork, Asking], spans: Told
) -> None:
    made, asking = there
    variables = {"id": made["written"], "request": "traced"}
    answer = asking.post(CHECK % "position need { id }", "adviser", variables, SENT).json()
    position = answer["data"]["checkNeed"]["position"]
    until(lambda: bool(spans.named("project")))
    asked, performed = spans.one("mutation"), spans.one("perform CheckNeed")
    assert performed.parent is not None
    assert performed.parent.span_id == id_of(asked)
    assert spans.within(performed) == ["append", "project"]
    appended, projected = spans.one("append"), spans.one("project")
    assert (appended.kind, projected.kind) == (SpanKind.PRODUCER, SpanKind.CONSUMER)
    assert (about(performed)["yizhan.position"], about(projected)["yizhan.position"]) == (position, position)
    assert {trace_of(span) for span in spans} == {TRACE}
    waited = [about(span)["yizhan.position"] for span in spans.named("wait")]
    assert waited[-1] == position
    assert appended.end_time is not None
    assert projected.start_time is not None
    assert projected.start_time >= (appended.start_time or 0)


def test_what_is_asked_field_by_field_is_told_statement_by_statement(
    there: tuple[SmallNetwork, Asking], spans: Told
) -> None:
    made, asking = there
    asking.data(f'{{ counterparts(of: "{made["dyeing"]}") {{ edges {{ node {{ score }} }} }} }}', "adviser")
    asked = spans.one("query")
    assert about(asked)["yizhan.way"] == "fields"
    statements = [span for span in spans if span.kind is SpanKind.CLIENT]
    assert len(statements) >= 2
    assert {trace_of(span) for span in statements} == {trace_of(asked)}


def test_nothing_of_a_question_or_its_answer_or_of_who_asks_is_told(
    there: tuple[SmallNetwork, Asking], spans: Told
) -> None:
    made, asking = there
    secrets = ["绝密甲", "绝密乙", "绝密丙"]
    filtered = '{ needs(filter: {text: "%s"}) { edges { node { title { zh } } } } }'
    asking.post(filtered % secrets[0])
    asking.post("query ($text: String) { needs(filter: {text: $text}) { totalCount } }", None, {"text": secrets[1]})
    asking.post(f'{{ need(id: "{made["dyeing"]}") {{ title {{ zh }} station {{ name {{ zh }} }} }} }}', "adviser")
    asking.http("GET", "/graphql", params={"query": filtered % secrets[2]}, headers={"User-Agent": secrets[2].encode()})
    asking.post(f'{{ needs(filter: {{text: "{secrets[0]}"}}, first: 0) {{ totalCount }} }}')
    asking.post(CHECK % "position", "adviser", {"id": f"need_{secrets[0]}", "request": secrets[1]})
    asking.post(f'{{ counterparts(of: "{made["dyeing"]}", first: 3) {{ totalCount }} }}', "adviser")
    asking.post(f'{{ history(of: "{made["dyeing"]}") {{ edges {{ node {{ data }} }} }} }}', "auditor")
    words = spans.words()
    assert len(spans.named("query")) == 7
    title = asking.data(f'{{ need(id: "{made["dyeing"]}") {{ title {{ zh }} }} }}', "adviser")["need"]["title"]["zh"]
    for secret in (*secrets, *(each.encode("unicode_escape").decode() for each in secrets)):
        assert secret not in words
    assert title not in words
    assert title.encode("unicode_escape").decode() not in words
    assert made["dyeing"] not in words
    assert asking.token("adviser") not in words
    assert made.people["adviser"].person_id not in words


@pytest.mark.parametrize(
    ("query", "name", "code"),
    [
        ("{ needs { nothing } }", "GraphQL Operation", "BAD_REQUEST"),
        ("{ needs(first: 0) { totalCount } }", "query", "BAD_INPUT"),
        ('mutation { checkNeed(input: {requestId: "a", needId: "b"}) { id } }', "mutation", "UNAUTHENTICATED"),
    ],
)
def test_what_is_refused_is_told_by_its_code_and_is_no_fault_of_ours(
    there: tuple[SmallNetwork, Asking], spans: Told, query: str, name: str, code: str
) -> None:
    _, asking = there
    asking.post(query)
    asked = spans.one(name)
    assert (about(asked)["error.type"], asked.status.status_code) == (code, StatusCode.UNSET)


def test_who_is_not_let_in_is_told_of_as_well(there: tuple[SmallNetwork, Asking], spans: Told) -> None:
    _, asking = there
    asking.post("{ needs { totalCount } }", headers={"Authorization": "Bearer nonsense"})
    asked = spans.one("GraphQL Operation")
    assert about(asked)["http.response.status_code"] == 401
    assert asked.status.status_code is StatusCode.UNSET


def test_a_graph_that_is_away_is_a_fault_of_ours(
    traced: tuple[Running, SmallNetwork, Asking], there: tuple[SmallNetwork, Asking], spans: Told
) -> None:
    system, _, asking = traced
    nowhere = GraphReader(Neo4jEngine("bolt://127.0.0.1:1", "a", "b"), system.keeper.shown, tracing=spans.tracing)
    elsewhere = replace(asking, gateway=application(replace(system.services, graph=nowhere)))
    elsewhere.post("{ needs { totalCount } }")
    (statement,) = [span for span in spans if span.kind is SpanKind.CLIENT]
    for span in (statement, spans.one("query")):
        assert (about(span)["error.type"], span.status.status_code) == ("UNAVAILABLE", StatusCode.ERROR)


def test_each_answer_to_a_subscription_is_told_in_the_trace_of_who_follows(
    traced: tuple[Running, SmallNetwork, Asking], there: tuple[SmallNetwork, Asking], spans: Told, loop: asyncio.Runner
) -> None:
    system, made, asking = traced
    said = {AT_LEAST.lower(): "0", "authorization": f"Bearer {asking.token('adviser')}", **SENT}
    query = "subscription Follow($id: ID!) { nodeChanged(id: $id, after: 0) { position } }"

    async def follow() -> int:
        caller = Caller.of(system.services, said)
        async with aclosing(await streamed(caller, Asked(query, None, {"id": made["dyeing"]}))) as answers:
            first = await anext(answers)
            second = await anext(answers)
        assert "errors" not in first
        assert "errors" not in second
        return 2

    answers = loop.run(follow())
    found = spans.named("subscription")
    assert len(found) == answers
    for span in found:
        assert trace_of(span) == TRACE
        assert about(span)["graphql.operation.name"] == "Follow"
    assert [span for span in spans if trace_of(span) != TRACE and span.kind is SpanKind.SERVER] == []


def test_whatever_a_client_sends_as_its_trace_its_request_is_answered(
    there: tuple[SmallNetwork, Asking], spans: Told
) -> None:
    _, asking = there
    sent = ["", "00", "x" * 5_000, SENT["traceparent"].upper(), SENT["traceparent"] + "-", "\x7f" * 55, "00-" * 20]
    for each in sent:
        headers = {"traceparent": each, "tracestate": each, "baggage": each}
        assert asking.post("{ needs { totalCount } }", headers=headers).status_code == 200
    assert len(spans.named("query")) == len(sent)


def test_requests_that_overlap_keep_their_steps_apart(
    there: tuple[SmallNetwork, Asking], spans: Told, loop: asyncio.Runner
) -> None:
    _, asking = there
    traces = [f"{number:032x}" for number in range(1, 21)]

    async def ask() -> None:
        sent = [
            asking._send(
                "POST",
                "/graphql",
                {"json": {"query": "{ needs { totalCount } }"}, "headers": {"traceparent": f"00-{each}-{PARENT}-01"}},
            )
            for each in traces
        ]
        assert [answer.status_code for answer in await asyncio.gather(*sent)] == [200] * len(traces)

    loop.run(ask())
    asked = {trace_of(span): span for span in spans.named("query")}
    assert sorted(asked) == traces
    for trace, span in asked.items():
        within = spans.within(span)
        assert (within[0], within[-1]) == ("document", "write")
        parts = [each for each in spans if trace_of(each) == trace and each is not span]
        assert {each.parent.span_id for each in parts if each.parent} == {id_of(span)}
        assert len(parts) == len(within)
