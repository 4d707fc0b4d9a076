"""`yizhan show`, and `--as-of` wherever it is taken: positions, times, and what is refused."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import timedelta
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from command_line import typed
from installed import CONTACT, NOON, Installed, amended, install

from domain.kernel.days import CHINA
from domain.partners import PartnerDetails, PartnerKind, RecordPartner
from domain.values import Bilingual


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installed]:
    """A network in `data`, in which a commit is recorded each hour from noon on."""
    hours = count()
    made = install(tmp_path_factory.mktemp("as of") / "data", lambda: NOON + timedelta(hours=next(hours)))
    yield made
    made.network.close()


@pytest.fixture(scope="module")
def folder(made: Installed) -> Path:
    return made.network.log_of_record.path.parents[1]


@pytest.fixture(scope="module")
def need(made: Installed) -> str:
    """A need that was amended twice."""
    need = made.need(contact=CONTACT)
    for title in ("脱色一", "脱色二"):
        made.adviser(amended(need, title))
    return need


def said(*arguments: object, folder: Path) -> Any:
    done = typed(*arguments, "--json", "--data", folder / "data", folder=folder)
    assert (done.returncode, done.stderr) == (0, "")
    return json.loads(done.stdout)


def events_of(made: Installed, id: str) -> list[tuple[int, str]]:
    """The positions of what happened to it, and when each was recorded."""
    found = []
    for commit in made.network.history(id):
        assert commit.context.recorded_at is not None
        found.append((commit.events[-1].position, commit.context.recorded_at.isoformat()))
    return found


def test_show_prints_a_record_as_it_stood_at_a_position_or_a_time(made: Installed, folder: Path, need: str) -> None:
    titles = ("印染废水深度脱色", "脱色一", "脱色二")
    for (position, time), title in zip(events_of(made, need), titles, strict=True):
        for moment in (position, time):
            shown = said("show", need, "--as-of", moment, folder=folder)
            assert (shown["id"], shown["label"], shown["properties"]["title_zh"]) == (need, "Need", title)
            assert "contact_name" not in shown["properties"]
    assert said("show", need, folder=folder)["properties"]["title_zh"] == "脱色二"
    last = made.network.commits(made.network.head() - 1, 1)[0].context.recorded_at
    assert last is not None
    day = last.astimezone(CHINA).date()
    assert said("show", need, "--as-of", day, folder=folder) == said("show", need, folder=folder)


def test_show_prints_the_neighbours_with_their_links(made: Installed, folder: Path, need: str) -> None:
    shown = said("show", need, folder=folder)["neighbours"]
    links = {each["label"]: [(link["name"], link["direction"]) for link in each["links"]] for each in shown}
    assert links == {"Organisation": [("NEEDED_BY", "OUT")], "Station": [("NEED_RECORDED_BY", "OUT")]}
    station = said("show", made.station, folder=folder)["neighbours"]
    assert ("NEED_RECORDED_BY", "IN") in {
        (link["name"], link["direction"]) for each in station if each["id"] == need for link in each["links"]
    }


def test_show_prints_lines_for_people(made: Installed, folder: Path, need: str) -> None:
    details = PartnerDetails(name=Bilingual(en="Agency"), kind=PartnerKind.EEN_CONTACT_POINT, country="NL")
    command = RecordPartner(station_id=made.station, details=details, contact=CONTACT, since=NOON.date())
    partner = made.adviser(command).entity_id
    done = typed("show", partner, "--data", folder / "data", folder=folder)
    assert (done.returncode, done.stderr) == (0, "")
    first, *lines = done.stdout.splitlines()
    assert first == f"Partner {partner} as of {made.network.head()}"
    assert any(line.split() == ["name_en", "Agency"] for line in lines)
    engaged = next(line for line in lines if line.startswith("WORKS_WITH"))
    assert engaged.split()[:4] == ["WORKS_WITH", "since=2026-08-10", "purposes=[]", "->"]
    assert made.station in engaged
    assert "绍兴站" in engaged
    assert "sealed" not in done.stdout


def test_history_ends_at_a_time(made: Installed, folder: Path, need: str) -> None:
    whole = said("history", need, folder=folder)
    for number, (position, time) in enumerate(events_of(made, need), start=1):
        for moment in (position, time):
            assert said("history", need, "--as-of", moment, folder=folder) == whole[:number]


NONE = "takes a position of the log, a day such as 2026-03-01 (its end in China)"
NO_MOMENTS = [(moment, 2, f"--as-of: {moment}: {NONE}") for moment in ("tomorrow", "2026-08-10T12:00")]
NOT_IN_THE_LOG = [
    ("1000000", 1, "as of 1000000: takes a position of the log, from 0 to "),
    ("2026-08-09", 1, "the log begins later, at 2026-08-10T12:00:00+00:00"),
]


@pytest.mark.parametrize(
    ("command", "moment", "code", "message"),
    [
        *(("rebuild", *wrong) for wrong in NO_MOMENTS),
        *((command, *wrong) for command in ("show", "history") for wrong in (*NO_MOMENTS, *NOT_IN_THE_LOG)),
    ],
)
def test_a_moment_that_is_none_or_that_the_log_does_not_have_is_one_line(
    made: Installed, folder: Path, need: str, command: str, moment: str, code: int, message: str
) -> None:
    arguments = () if command == "rebuild" else (need,)
    done = typed(command, *arguments, "--as-of", moment, "--data", folder / "data", folder=folder)
    assert (done.returncode, done.stdout, done.stderr.count("\n")) == (code, "", 1)
    assert message in done.stderr


def test_what_had_not_come_yet_or_never_did_says_so(made: Installed, folder: Path, need: str) -> None:
    (came, _), *_ = events_of(made, need)
    unknown = f"{need[:-1]}{'0' if need[-1] != '0' else '1'}"
    for id, reason in ((need, f"it came at {came}"), (unknown, "the log knows nothing of it")):
        done = typed("show", id, "--as-of", came - 1, "--data", folder / "data", folder=folder)
        assert (done.returncode, done.stdout) == (1, "")
        assert done.stderr.endswith(f"there was no {id}; {reason}\n")
    done = typed("history", need, "--as-of", came - 1, "--data", folder / "data", folder=folder)
    assert done.stderr == f"yizhan: the log knows nothing of {need} as of {came - 1}\n"


def test_show_takes_the_id_of_a_record(folder: Path) -> None:
    done = typed("show", "nonsense", "--data", folder / "data", folder=folder)
    assert (done.returncode, done.stdout) == (2, "")
    assert "nonsense: takes the id of a record, which begins with one of achievement, appointment, " in done.stderr


def test_show_in_a_folder_without_a_network_makes_none(tmp_path: Path, need: str) -> None:
    done = typed("show", need, "--data", tmp_path / "nothing", folder=tmp_path)
    assert (done.returncode, "there is no network in this folder" in done.stderr) == (2, True)
    assert not (tmp_path / "nothing").exists()
