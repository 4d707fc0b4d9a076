"""The sample network in the log: every command accepted, the same after an interruption, more of it for load."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from domain.achievements import AchievementStage
from domain.appointments import appointment_id
from domain.cooperation import CooperationStage
from domain.deals import DealStage
from domain.kernel.acting import Role
from domain.matches import MatchStage
from domain.needs import NeedStage
from domain.profiles import ProfileStage
from domain.stations import NATIONAL_STATION
from infra.application import Network
from infra.identity.directory import Directory
from infra.sample.network import tell
from infra.sample.pilot import Pilot
from infra.sample.recording import record_pilot, record_rounds
from infra.sample.standing import Standing, standing


class Stopped(Exception):
    """Somebody pulled the plug."""


def quiet(done: int, total: int) -> None:
    """Progress that nobody looks at."""


def recorded(folder: Path, pilot: Pilot) -> Network:
    network = Network(folder)
    record_pilot(network, Directory(folder / "people.json"), pilot, quiet)
    return network


def states(network: Network, pilot: Pilot, noun: str) -> list[Any]:
    ids = {step.entity_id for step in tell(pilot)[1] if step.makes == noun}
    found = [network.find(id) for id in sorted(ids)]
    assert all(each is not None for each in found), "ids are known before they are made"
    return [each.state for each in found if each]


def test_every_command_is_accepted_and_changes_something(small_network: Network, small_pilot: Pilot) -> None:
    answered = {commit.context.request_id for commit in small_network.commits(0, 10**6)}
    assert answered == {step.request_id for step in tell(small_pilot)[1]}
    assert standing(small_network) == (Standing.FINISHED, small_pilot)


@pytest.mark.parametrize(
    ("noun", "stages"),
    [
        ("need", NeedStage),
        ("achievement", AchievementStage),
        ("profile", ProfileStage),
        ("match", MatchStage),
        ("cooperation", CooperationStage),
        ("deal", DealStage),
    ],
)
def test_all_stages_are_there(small_network: Network, small_pilot: Pilot, noun: str, stages: Any) -> None:
    assert {state.stage for state in states(small_network, small_pilot, noun)} == set(stages)


def test_about_seven_of_ten_needs_are_published(small_network: Network, small_pilot: Pilot) -> None:
    needs = states(small_network, small_pilot, "need")
    assert 0.6 < sum(need.stage is NeedStage.PUBLISHED for need in needs) / len(needs) < 0.8


def test_a_station_records_through_its_own_adviser(small_network: Network) -> None:
    for commit in small_network.commits(0, 10**6)[1:]:
        context = commit.context
        assert context.station_id
        assert context.appointment_id == appointment_id(context.actor, context.station_id)


def test_two_folders_get_the_same_network(
    small_network: Network, small_pilot: Pilot, tmp_path: Path, told: Any
) -> None:
    other = recorded(tmp_path, small_pilot)
    assert told(other) == told(small_network)
    other.close()


def test_a_recording_that_was_interrupted_again_and_again_ends_as_one_that_never_was(
    small_network: Network, small_pilot: Pilot, tmp_path: Path, told: Any
) -> None:
    steps = len(tell(small_pilot)[1])

    def stop_at(most: int) -> Any:
        def progress(done: int, total: int) -> None:
            if done >= most:
                raise Stopped

        return progress

    network = Network(tmp_path)
    directory = Directory(tmp_path / "people.json")
    assert standing(network) == (Standing.EMPTY, None)
    for most in (50, 350, steps - 60):
        with pytest.raises(Stopped):
            record_pilot(network, directory, small_pilot, stop_at(most))
        assert standing(network) == (Standing.BEGUN, small_pilot)
    made = record_pilot(network, directory, small_pilot, quiet)
    assert made["need"] == small_pilot.visits
    assert standing(network) == (Standing.FINISHED, small_pilot)
    assert told(network) == told(small_network)
    network.close()


def test_the_people_of_the_directory_hold_the_roles_that_it_says(tmp_path: Path) -> None:
    pilot = Pilot(seed=3, stations=1, visits=20)
    network = recorded(tmp_path, pilot)
    roles = {
        "administrator": Role.ADMINISTRATOR,
        "manager": Role.MANAGER,
        "adviser": Role.ADVISER,
        "international": Role.ADVISER,
        "partner": Role.PARTNER,
        "auditor": Role.AUDITOR,
    }
    people = {person.name: person for person in Directory(tmp_path / "people.json").people()}
    assert set(people) == set(roles)
    for name, role in roles.items():
        appointment = network.find(appointment_id(people[name].person_id, people[name].station_id))
        assert appointment
        assert appointment.state.roles_on(pilot.today) == {role}
    assert people["adviser"].about == "adviser at 绍兴站 (base)"
    assert people["administrator"].station_id == NATIONAL_STATION
    international = network.find(people["international"].station_id)
    assert international
    assert international.state.international
    assert people["partner"].station_id == people["international"].station_id
    network.close()


def test_rounds_go_on_until_the_log_holds_so_many_events_also_in_pieces(tmp_path: Path, told: Any) -> None:
    pilot = Pilot(seed=5, stations=2, visits=30)
    reports: list[tuple[int, int]] = []
    straight = recorded(tmp_path / "straight", pilot)
    record_rounds(straight, pilot, 700, lambda done, total: reports.append((done, total)))
    assert 700 <= straight.head() < 710
    assert reports[-1] == (700, 700)
    pieces = recorded(tmp_path / "pieces", pilot)
    for events in (330, 360, 560, 700):
        assert record_rounds(pieces, pilot, events, quiet)
        assert pieces.head() >= events
    assert not record_rounds(pieces, pilot, 700, quiet)
    assert told(pieces) == told(straight)
    straight.close()
    pieces.close()
