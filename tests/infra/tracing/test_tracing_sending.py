"""Sending spans: what a collector hears of a server, what one costs that is away, and what is loaded without one."""

from __future__ import annotations

import json
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest
from command_line import environment, serve, typed
from opentelemetry.proto.trace.v1.trace_pb2 import Span
from small_collector import Collector, attributes, collecting
from small_network import network_in
from waiting import until

from infra.application import now
from infra.errors import OutOfReachError
from infra.settings import Settings
from infra.tracing.opening import open_tracing
from infra.tracing.sending import resource

TRACE = "0af7651916cd43dd8448eb211c80319c"
SENT = {"traceparent": f"00-{TRACE}-b7ad6b7169203331-01"}
STEPS = 10_000
"""Several times what is kept for a collector, and so much that waiting five seconds for each batch takes 100."""
CHECK = 'mutation Check($id: ID!) { checkNeed(input: {requestId: "traced", needId: $id}) { position need { id } } }'


@pytest.fixture(autouse=True)
def _no_thread_is_left() -> Iterator[None]:
    """The last spans may still be tried for a while; that uses chance, which the tests after it watch over."""
    before = set(threading.enumerate())
    yield
    for each in set(threading.enumerate()) - before:
        each.join(60)


@pytest.fixture(scope="module")
def collector() -> Iterator[Collector]:
    with collecting() as made:
        yield made


@pytest.mark.slow
def test_a_collector_hears_of_a_server_the_whole_way_of_a_command(tmp_path: Path, collector: Collector) -> None:
    data = tmp_path / "data"
    made = network_in(data)
    token = typed("token", "--data", data, "--as", "adviser", folder=tmp_path).stdout.strip()
    variables = {"YIZHAN_TRACING": "true", "OTEL_EXPORTER_OTLP_ENDPOINT": collector.address}
    server = serve(data, **variables, OTEL_SERVICE_NAME="yizhan-of-shaoxing", OTEL_EXPORTER_OTLP_COMPRESSION="gzip")
    body = {"query": CHECK, "variables": {"id": made["written"]}}
    answer = httpx.post(
        f"{server.address}/graphql", json=body, headers={**SENT, "Authorization": f"Bearer {token}"}, timeout=20
    ).json()
    assert "errors" not in answer
    assert server.end(signal.SIGINT) == 0
    assert collector.paths == {"/v1/traces"}
    assert {sender["service.name"] for sender in collector.senders} == {"yizhan-of-shaoxing"}
    told = {span.name: span for span in collector.spans if span.trace_id.hex() == TRACE}
    assert {"mutation", "document", "perform CheckNeed", "append", "project", "write"} <= told.keys()
    assert told["mutation"].kind == Span.SPAN_KIND_SERVER
    assert told["mutation"].parent_span_id.hex() == SENT["traceparent"].split("-")[2]
    assert told["project"].parent_span_id == told["perform CheckNeed"].span_id
    position = answer["data"]["checkNeed"]["position"]
    assert attributes(told["project"].attributes)["yizhan.position"] == position
    assert made["written"] not in str(collector.spans)


@contextmanager
def silent() -> Iterator[str]:
    """The address of a collector that lets everybody in and answers nobody."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield f"http://127.0.0.1:{server.getsockname()[1]}"


@contextmanager
def nobody() -> Iterator[str]:
    """An address at which nobody is."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
    yield f"http://127.0.0.1:{port}"


@pytest.mark.parametrize("away", [silent, nobody])
def test_a_collector_that_is_away_holds_up_nobody_and_keeps_nothing(
    away: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert callable(away)
    with away() as address:
        monkeypatch.setenv("OTEL_EXPORTER_OTLP_ENDPOINT", address)
        monkeypatch.setenv("OTEL_EXPORTER_OTLP_TIMEOUT", "5")
        monkeypatch.setenv("OTEL_BSP_SCHEDULE_DELAY", "50")
        working = threading.Thread(target=work_in_steps, args=(STEPS,), daemon=True)
        working.start()
        until(lambda: not working.is_alive(), 60, about="steps wait for the collector")
        assert "last spans" in {each.name for each in threading.enumerate()}, "the end waited for the collector"


def work_in_steps(steps: int) -> None:
    with open_tracing(Settings(tracing=True), now) as tracing:
        for _ in range(steps):
            with tracing.step("step"):
                pass


def test_the_last_spans_are_sent_at_the_end(collector: Collector, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OTEL_EXPORTER_OTLP_ENDPOINT", collector.address)
    monkeypatch.setenv("OTEL_BSP_SCHEDULE_DELAY", "3600000")
    with open_tracing(Settings(tracing=True), now) as tracing, tracing.step("the last one"):
        pass
    until(lambda: bool(collector.named("the last one")), 5)


@pytest.mark.parametrize(("sampler", "some"), [("always_on", True), ("always_off", False)])
def test_what_is_sampled_is_said_by_the_variables_of_opentelemetry(
    collector: Collector, monkeypatch: pytest.MonkeyPatch, sampler: str, some: bool
) -> None:
    monkeypatch.setenv("OTEL_EXPORTER_OTLP_ENDPOINT", collector.address)
    monkeypatch.setenv("OTEL_TRACES_SAMPLER", sampler)
    with open_tracing(Settings(tracing=True), now) as tracing, tracing.step(sampler):
        assert (tracing.traceparent() is not None) == some
    with open_tracing(Settings(tracing=True), now) as tracing, tracing.step("after"):
        pass
    assert bool(collector.named(sampler)) == some


def test_who_sends_is_named_by_the_variables_before_us(monkeypatch: pytest.MonkeyPatch) -> None:
    assert resource().attributes["service.name"] == "yizhan"
    assert resource().attributes["service.instance.id"] != resource().attributes["service.instance.id"]
    monkeypatch.setenv("OTEL_RESOURCE_ATTRIBUTES", "service.instance.id=one,deployment.environment.name=pilot")
    monkeypatch.setenv("OTEL_SERVICE_NAME", "other")
    found = resource().attributes
    names = ("service.name", "service.instance.id", "deployment.environment.name")
    assert [found[name] for name in names] == ["other", "one", "pilot"]


def test_ending_leaves_no_thread_behind(collector: Collector, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OTEL_EXPORTER_OTLP_ENDPOINT", collector.address)
    before = _threads()
    with open_tracing(Settings(tracing=True), now) as tracing, tracing.step("any"):
        assert _threads() > before
    until(lambda: _threads() <= before, 5)


def _threads() -> set[threading.Thread]:
    return {each for each in threading.enumerate() if "process_request" not in each.name}


LOADED = """
import json, sys
import infra.cli.main, infra.server
from infra.application import now
from infra.settings import Settings
from infra.tracing.opening import open_tracing
with open_tracing(Settings(), now) as tracing:
    with tracing.step("any"):
        pass
print(json.dumps([name for name in sys.modules if name.partition(".")[0] in ("opentelemetry", "google", "requests")]))
"""


def test_without_tracing_nothing_of_opentelemetry_is_loaded(tmp_path: Path) -> None:
    code = [sys.executable, "-c", LOADED]
    ran = subprocess.run(code, cwd=tmp_path, env=environment(), capture_output=True, text=True, check=True)
    assert json.loads(ran.stdout) == []


def test_where_opentelemetry_is_not_installed_one_line_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [name for name in sys.modules if name.startswith(("opentelemetry", "infra.tracing.s"))]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, "opentelemetry", None)
    with pytest.raises(OutOfReachError, match=r"pip install 'yizhan\[tracing\]'"):
        open_tracing(Settings(tracing=True), now).__enter__()
