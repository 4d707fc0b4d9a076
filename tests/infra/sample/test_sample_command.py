"""`yizhan sample` as it is typed."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import orjson
import pytest
from typer.testing import CliRunner

from domain.installation import Install
from domain.kernel.context import Context
from domain.values import Bilingual
from infra.application import Network, now
from infra.cli.failures import USAGE, Failure
from infra.cli.main import application
from infra.identity.directory import person_id
from infra.sample.pilot import Pilot

ROOT = Path(__file__).parents[3]
SMALL = ("--seed", "3", "--stations", "1", "--visits", "20")


@pytest.fixture
def run() -> Any:
    runner = CliRunner()
    return lambda *arguments: runner.invoke(application(["sample"]), ["sample", *map(str, arguments)])


def test_the_summary_counts_what_was_recorded(run: Any, tmp_path: Path) -> None:
    result = run("--data", tmp_path, *SMALL)
    assert result.exit_code == 0
    assert "       20 needs\n" in result.stdout
    assert "        4 stations\n" in result.stdout
    assert "events in the log, after" in result.stdout.splitlines()[-1]
    assert "sample network" in result.stderr


def test_a_script_gets_the_counts_as_json(run: Any, tmp_path: Path) -> None:
    answer = orjson.loads(run("--data", tmp_path, "--json", *SMALL).stdout)
    assert answer["recorded"] is True
    assert answer["made"]["need"] == 20
    assert answer["events"] > 150
    assert answer["seconds"] > 0
    again = orjson.loads(run("--data", tmp_path, "--json").stdout)
    assert again == {"recorded": False, "events": answer["events"]}


def test_a_folder_that_has_a_sample_stays_as_it_is(run: Any, tmp_path: Path) -> None:
    run("--data", tmp_path, *SMALL)
    before = (tmp_path / "log.db").read_bytes()
    result = run("--data", tmp_path)
    assert result.exit_code == 0
    assert "has a network already" in result.stdout
    assert len(result.stdout.splitlines()) == 1
    assert (tmp_path / "log.db").read_bytes() == before


def test_a_network_of_somebodys_own_stays_as_it_is(run: Any, tmp_path: Path) -> None:
    network = Network(tmp_path)
    own = Install(
        name=Bilingual(zh="自己的网络"), region="110108", opened_on=now().date(), administrator_id=person_id("me")
    )
    network.perform(own, Context(actor=person_id("me"), request_id="install/1", at=now()))
    network.close()
    result = run("--data", tmp_path, "--events", 100)
    assert result.exit_code == 0
    assert "has a network already" in result.stdout


def test_events_go_on_from_a_finished_sample(run: Any, tmp_path: Path) -> None:
    run("--data", tmp_path, *SMALL)
    answer = orjson.loads(run("--data", tmp_path, "--events", 260, "--json").stdout)
    assert answer["recorded"] is True
    assert 260 <= answer["events"] < 270
    assert "station" not in answer["made"]
    assert orjson.loads(run("--data", tmp_path, "--events", 260, "--json").stdout)["recorded"] is False


@pytest.mark.parametrize(("option", "value"), [("--seed", "4"), ("--visits", "30"), ("--today", "2027-01-04")])
def test_a_sample_goes_on_as_it_was_begun_or_not_at_all(run: Any, tmp_path: Path, option: str, value: str) -> None:
    run("--data", tmp_path, *SMALL)
    result = run("--data", tmp_path, "--events", 1000, option, value)
    assert isinstance(result.exception, Failure)
    assert result.exception.code == USAGE
    assert "--seed 3 --stations 1 --visits 20" in str(result.exception)


@pytest.mark.parametrize("today", ["2021-12-31", "2100-01-02"])
def test_a_last_day_for_which_the_code_lists_do_not_hold_is_wrong_usage(run: Any, tmp_path: Path, today: str) -> None:
    result = run("--data", tmp_path, "--today", today)
    assert isinstance(result.exception, Failure)
    assert "from 2022-01-01 to 2100-01-01" in str(result.exception)


@pytest.mark.parametrize("today", ["2022-01-01", "2100-01-01"])
def test_a_sample_may_end_on_any_day_between(run: Any, tmp_path: Path, today: str) -> None:
    assert run("--data", tmp_path, "--today", today, *SMALL).exit_code == 0


@pytest.mark.parametrize("arguments", [("--stations", "0"), ("--stations", "41"), ("--visits", "19"), ("--seed", "-1")])
def test_sizes_that_cannot_be_are_wrong_usage(run: Any, tmp_path: Path, arguments: tuple[str, str]) -> None:
    assert run("--data", tmp_path, *arguments).exit_code == USAGE


def test_a_recording_that_was_killed_is_completed_by_typing_the_same_again(
    small_network: Network, small_pilot: Pilot, tmp_path: Path, told: Any, run: Any
) -> None:
    sizes = ["--seed", small_pilot.seed, "--stations", small_pilot.stations, "--visits", small_pilot.visits]
    command = [sys.executable, "-c", "from infra.cli import main; main()", "sample", "--data", tmp_path, *sizes]
    environment = {**os.environ, "PYTHONPATH": f"{ROOT}{os.pathsep}{ROOT / 'graphql'}"}
    process = subprocess.Popen(list(map(str, command)), cwd=ROOT, env=environment, stderr=subprocess.DEVNULL)
    network = Network(tmp_path)
    give_up = time.monotonic() + 60
    while network.head() < 300 and time.monotonic() < give_up:
        time.sleep(0.005)
    process.send_signal(signal.SIGKILL)
    assert process.wait() == -signal.SIGKILL
    reached = network.head()
    assert 300 <= reached < small_network.head()
    network.close()
    result = run("--data", tmp_path)
    assert result.exit_code == 0
    network = Network(tmp_path)
    assert told(network) == told(small_network)
    network.close()
