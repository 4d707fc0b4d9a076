"""The server as a process: started, asked, in the way of another one, and ended in every way there is."""

from __future__ import annotations

import signal
import socket
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import httpx
import pytest
from command_line import Served, gone, serve, typed, yizhan
from judges import judged
from small_network import network_in

from infra.server import PortTakenError, listening, unwinding


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("served") / "data"
    network_in(folder)
    return folder


@pytest.fixture(scope="module")
def served(data: Path) -> Iterator[Served]:
    """A server that all tests of this file share; it ends as by Ctrl+C."""
    server = serve(data)
    children = server.children()
    yield server
    assert server.end(signal.SIGINT) == 0
    assert all(gone(child) for child in children)


def test_it_passes_all_audits_of_graphql_over_http(served: Served) -> None:
    results = judged("graphql_http.js", f"{served.address}/graphql".encode())
    assert [each for each in results if each["status"] != "ok"] == []
    assert len(results) == 61


def ask(server: Served, query: str, token: str | None = None, at_least: int = 0) -> httpx.Response:
    headers = {"Yizhan-At-Least": str(at_least)} | ({"Authorization": f"Bearer {token}"} if token else {})
    return httpx.post(f"{server.address}/graphql", json={"query": query}, headers=headers, timeout=20)


def test_a_server_answers_what_was_recorded_before_it_started(served: Served) -> None:
    head = ask(served, "{ standing { head } }").json()["data"]["standing"]["head"]
    counted = ask(served, "{ stations { totalCount } needs { totalCount } }", at_least=head).json()["data"]
    assert counted == {"stations": {"totalCount": 6}, "needs": {"totalCount": 4}}
    assert httpx.get(f"{served.address}/healthz").json() == {"healthy": True}
    assert httpx.get(f"{served.address}/").status_code == 200


def test_a_token_of_the_command_line_signs_in(served: Served, data: Path) -> None:
    token = typed("token", "--as", "auditor", "--data", data, folder=data.parent)
    assert (token.returncode, token.stderr) == (0, "")
    head = ask(served, "{ standing { head } }").json()["data"]["standing"]["head"]
    counted = ask(served, "{ deals { totalCount } }", token.stdout.strip(), head).json()["data"]
    assert counted == {"deals": {"totalCount": 5}}


def test_lag_says_how_far_the_graph_is(served: Served, data: Path) -> None:
    for address in (served.address, f"{served.address}/"):
        said = typed("lag", "--server", address, "--json", folder=data.parent)
        assert (said.returncode, said.stderr) == (0, "")
        assert '"lag":0' in said.stdout
    port = served.address.rpartition(":")[2]
    said = typed("lag", folder=data.parent, YIZHAN_PORT=port)
    assert said.stdout.endswith(": 0 events, 0.0 s behind\n")


def test_a_second_server_on_the_same_folder_says_who_is_there_and_ends(served: Served, data: Path) -> None:
    second = yizhan("serve", "--data", data, "--port", "0", folder=data.parent)
    assert (second.returncode, second.stdout) == (3, "")
    assert second.stderr.count("\n") == 1
    assert f"is in use by process {served.process.pid}" in second.stderr
    assert httpx.get(f"{served.address}/healthz").status_code == 200


def test_a_port_in_use_is_one_clear_line(served: Served, data: Path) -> None:
    port = served.address.rpartition(":")[2]
    second = yizhan("serve", "--data", data.parent / "other", "--port", port, folder=data.parent)
    assert (second.returncode, second.stdout) == (3, "")
    assert second.stderr == (
        f"yizhan: 127.0.0.1:{port} cannot be listened on (Address already in use); choose another --port\n"
    )
    assert not (data.parent / "other").exists(), "nothing was made before the port was there"


@pytest.mark.slow
@pytest.mark.parametrize(("number", "code"), [(signal.SIGTERM, 0), (signal.SIGKILL, -signal.SIGKILL)])
def test_a_server_that_is_ended_leaves_no_process_behind(tmp_path: Path, number: int, code: int) -> None:
    server = serve(tmp_path / "data")
    children = server.children()
    assert len(children) == 1, "the graph engine"
    assert server.end(number) == code
    assert all(gone(child) for child in children)


def test_a_socket_that_cannot_be_had_is_an_error_with_its_reason() -> None:
    with listening("127.0.0.1", 0) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(PortTakenError, match=f"127.0.0.1:{port}"):
            listening("127.0.0.1", port)
    with pytest.raises(PortTakenError, match=r"192\.0\.2\.1"):
        listening("192.0.2.1", 0)
    with listening("::1", 0) as other:
        assert other.family == socket.AF_INET6


def test_a_signal_ends_what_was_begun_in_its_turn_and_is_what_it_was_afterwards() -> None:
    before = signal.getsignal(signal.SIGTERM)
    stopped: list[str] = []
    with ExitStack() as stack:
        ended = stack.enter_context(pytest.raises(SystemExit))
        stack.enter_context(unwinding(signal.SIGTERM))
        stack.callback(stopped.append, "graph")
        signal.raise_signal(signal.SIGTERM)
    assert (ended.value.code, stopped) == (0, ["graph"])
    assert signal.getsignal(signal.SIGTERM) is before
