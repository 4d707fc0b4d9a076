"""Commands that need no server: what they print, and what their exit codes mean."""

from __future__ import annotations

import http.server
import json
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from command_line import ROOT, typed, yizhan
from small_network import SmallNetwork, clock, recorded

from infra.application import Network
from infra.identity.directory import Directory
from infra.ports import free_ports
from infra.stations import station_named


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("command line") / "data"


@pytest.fixture(scope="module")
def network(data: Path) -> Iterator[SmallNetwork]:
    log = Network(data, clock)
    made = recorded(log)
    Directory(data / "people.json").add(*made.people.values())
    yield made
    log.close()


def test_history_prints_who_did_what(network: SmallNetwork, data: Path) -> None:
    said = typed("history", network["dyeing"], "--data", data, folder=data.parent)
    assert (said.returncode, said.stderr) == (0, "")
    for text in ("need.recorded", "need.checked", "need.published", network.people["administrator"].person_id):
        assert text in said.stdout
    assert "sealed" not in said.stdout


def test_history_gives_json_and_ends_at_a_position(network: SmallNetwork, data: Path) -> None:
    said = typed("history", network["dyeing"], "--json", folder=data.parent, YIZHAN_DATA=str(data))
    events = json.loads(said.stdout)
    assert [event["version"] for event in events] == [1, 2, 3]
    position = events[1]["position"]
    earlier = typed("history", network["dyeing"], "--json", "--as-of", position, "--data", data, folder=data.parent)
    assert json.loads(earlier.stdout) == events[:2]
    assert "contact" in events[0]["data"]
    assert set(events[0]["data"]["contact"]) == {"person_id"}


@pytest.mark.parametrize("id", ["need_01h455vb4pex5vsknk084sn02q", "nonsense"])
def test_history_of_what_the_log_does_not_know_ends_with_1(network: SmallNetwork, data: Path, id: str) -> None:
    said = typed("history", id, "--data", data, folder=data.parent)
    assert (said.returncode, said.stdout) == (1, "")
    assert said.stderr == f"yizhan: the log knows nothing of {id}\n"


def test_history_in_a_folder_without_a_network_makes_none(tmp_path: Path) -> None:
    said = typed("history", "x", "--data", tmp_path / "nothing", folder=tmp_path)
    assert said.returncode == 2
    assert "there is no network in this folder" in said.stderr
    assert not (tmp_path / "nothing").exists()


def test_a_token_for_nobody_names_those_who_are_there(network: SmallNetwork, data: Path, tmp_path: Path) -> None:
    said = typed("token", "--as", "nobody", "--data", data, folder=data.parent)
    assert (said.returncode, said.stdout) == (2, "")
    assert "takes one of: " in said.stderr
    assert all(name in said.stderr for name in network.people)
    empty = typed("token", "--as", "nobody", "--data", tmp_path / "nothing", folder=tmp_path)
    assert empty.returncode == 2
    assert "nobody yet" in empty.stderr
    assert not (tmp_path / "nothing").exists()


def test_a_token_holds_for_hours_within_bounds(network: SmallNetwork, data: Path) -> None:
    said = typed("token", "--as", "adviser", "--hours", "0.5", "--data", data, folder=data.parent)
    assert said.stdout.count(".") == 2
    for hours in ("0", "-1", "721", "x"):
        assert typed("token", "--as", "adviser", "--hours", hours, "--data", data, folder=data.parent).returncode == 2


def test_schema_prints_the_schema(tmp_path: Path) -> None:
    said = yizhan("schema", folder=tmp_path)
    assert said.returncode == 0
    assert said.stdout == (ROOT / "graphql" / "schema.graphql").read_text(encoding="utf-8")


class Elsewhere(http.server.BaseHTTPRequestHandler):
    """A server of another kind: it answers JSON that says nothing of a graph."""

    def do_POST(self) -> None:
        self.send_response(200)
        self.end_headers()
        self.wfile.write(b'{"data": null}')

    def log_message(self, format: str, *args: object) -> None:
        """Quiet."""


def test_lag_of_a_server_that_is_none_ends_with_3(tmp_path: Path) -> None:
    with http.server.HTTPServer(("127.0.0.1", 0), Elsewhere) as other:
        thread = threading.Thread(target=other.serve_forever)
        thread.start()
        address = f"http://127.0.0.1:{other.server_port}"
        said = typed("lag", "--server", address, folder=tmp_path)
        other.shutdown()
        thread.join()
    assert (said.returncode, said.stderr) == (3, f"yizhan: {address} does not say how far its graph is\n")
    for nothing in (address, "nonsense", "http://[", "ftp://x"):
        said = typed("lag", "--server", nothing, folder=tmp_path)
        assert (said.returncode, said.stdout, said.stderr.count("\n")) == (3, "", 1)
        assert nothing in said.stderr


def test_lag_says_how_to_name_another_server_where_none_was_named(tmp_path: Path) -> None:
    said = typed("lag", folder=tmp_path, YIZHAN_PORT=str(free_ports(1)[0]))
    assert (said.returncode, said.stdout) == (3, "")
    assert said.stderr.endswith("; name the server with --server, or its port with YIZHAN_PORT\n")


@pytest.mark.parametrize("arguments", [(), ("nothing",), ("token",), ("serve", "--port", "x")])
def test_wrong_usage_ends_with_2(tmp_path: Path, arguments: tuple[str, ...]) -> None:
    said = typed(*arguments, folder=tmp_path)
    assert said.returncode == 2
    assert "Traceback" not in said.stderr


@pytest.mark.parametrize(
    ("variable", "value"),
    [
        ("YIZHAN_PORT", "70000"),
        ("YIZHAN_ORIGINS", "https://portal.example"),
        ("YIZHAN_GRAPH_HEAP", "much"),
    ],
)
def test_a_setting_that_does_not_fit_is_one_line_and_2(tmp_path: Path, variable: str, value: str) -> None:
    said = typed("lag", folder=tmp_path, **{variable: value})
    assert (said.returncode, said.stderr.count("\n")) == (2, 1)
    assert variable.removeprefix("YIZHAN_").lower() in said.stderr


@pytest.mark.parametrize("text", ["port = ", "port = 70000", "colour = 1"])
def test_a_settings_file_that_does_not_fit_is_one_line_and_2(tmp_path: Path, text: str) -> None:
    (tmp_path / "yizhan.toml").write_text(text)
    said = typed("lag", folder=tmp_path)
    assert (said.returncode, said.stderr.count("\n")) == (2, 1), said.stderr


def test_a_data_folder_that_is_a_file_is_one_line_and_3(tmp_path: Path) -> None:
    (tmp_path / "data").write_text("")
    said = yizhan("serve", "--data", tmp_path / "data", "--port", "0", folder=tmp_path)
    assert (said.returncode, said.stdout, said.stderr.count("\n")) == (3, "", 1), said.stderr


def test_a_log_that_is_none_is_one_line_and_3(tmp_path: Path) -> None:
    (tmp_path / "log.db").write_text("no database at all, and long enough to be looked at" * 20)
    said = typed("history", "x", "--data", tmp_path, folder=tmp_path)
    assert (said.returncode, said.stdout, said.stderr.count("\n")) == (3, "", 1), said.stderr


def test_a_station_is_found_by_its_id_and_by_either_name(network: SmallNetwork) -> None:
    id = network["shaoxing"]
    assert [station_named(network.log, name) for name in (id, "shaoxing站", "Shaoxing station")] == [id, id, id]
    for nothing in ("Shaoxing", "", network["dyeing"], "station_01h455vb4pex5vsknk084sn02q"):
        assert station_named(network.log, nothing) is None
