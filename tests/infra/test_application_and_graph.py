"""Whatever stations do, in whatever order: the graph of the log shows what the application knows."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import TypeVar

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule
from installed import DETAILS, LIN, MILL, Installed, install

from domain.appointments import Appoint, Appointment, EndAppointment, appointment_id
from domain.kernel.acting import Role
from domain.kernel.claims import Claim
from domain.kernel.commands import Command
from domain.kernel.ids import prefix_of
from domain.kernel.refusals import Refusal
from domain.needs import (
    AmendNeed,
    CheckNeed,
    Need,
    PublishNeed,
    RecordNeed,
    ReturnNeed,
    SolveNeed,
    WithdrawNeed,
)
from domain.organisations import (
    AmendOrganisation,
    Organisation,
    RecordOrganisation,
    VerifyOrganisation,
    credit_code_claim,
)
from domain.stations import (
    NATIONAL_STATION,
    DesignateInternational,
    FoundStation,
    HostStation,
    OpenStation,
    Station,
    Tier,
)
from domain.values import Bilingual
from infra.application import Network
from projections.memory import Graph
from projections.needs import NEEDED_BY, RECORDED_BY
from projections.network import network
from projections.stations import HOSTED_BY

T = TypeVar("T")
CODES = ("91110000600037341L", "91330600MA2B12345R")
NUMBERS = st.integers(0, 7)
DAYS = st.dates(date(2026, 1, 1), date(2026, 12, 31))
PROGRESS = (CheckNeed, PublishNeed, SolveNeed)


class Lives(RuleBasedStateMachine):
    """The office and an adviser give commands, sensible ones and others; refusals are part of life."""

    def __init__(self) -> None:
        super().__init__()
        self.folder = Path(tempfile.mkdtemp())
        self.made: Installed = install(self.folder)
        self.stations = [NATIONAL_STATION, self.made.station]
        self.mills: list[str] = []
        self.needs: list[str] = []
        self.done: list[tuple[Command, bool, str]] = []

    def teardown(self) -> None:
        self.made.network.close()
        shutil.rmtree(self.folder)

    def give(self, command: Command, office: bool) -> str | None:
        request = f"life {len(self.done)}"
        head = self.made.network.head()
        try:
            outcome = (self.made.office if office else self.made.adviser)(command, request)
        except Refusal:
            assert self.made.network.head() == head
            return None
        assert outcome.changed == (self.made.network.head() > head)
        if outcome.changed:
            self.done.append((command, office, request))
        return outcome.entity_id

    @rule(tier=st.sampled_from(Tier), parent=NUMBERS)
    def found(self, tier: Tier, parent: int) -> None:
        name = Bilingual(zh=f"站{len(self.stations)}")
        id = self.give(FoundStation(tier=tier, name=name, region="330600", parent_id=of(self.stations, parent)), True)
        self.stations += [id] if id else []

    @rule(number=NUMBERS, on=DAYS, abroad=st.booleans(), office=st.booleans())
    def open(self, number: int, on: date, abroad: bool, office: bool) -> None:
        station = of(self.stations, number)
        command = (
            DesignateInternational(station_id=station, on=on) if abroad else OpenStation(station_id=station, on=on)
        )
        self.give(command, office)

    @rule(number=NUMBERS, code=st.none() | st.sampled_from(CODES), office=st.booleans())
    def record_mill(self, number: int, code: str | None, office: bool) -> None:
        command = RecordOrganisation(station_id=of(self.stations, number), details=MILL, credit_code=code)
        id = self.give(command, office)
        self.mills += [id] if id else []

    @precondition(lambda self: self.mills)
    @rule(
        number=NUMBERS,
        station=NUMBERS,
        title=st.sampled_from("甲乙"),
        code=st.sampled_from(CODES),
        kind=st.integers(0, 2),
    )
    def change_mill(self, number: int, station: int, title: str, code: str, kind: int) -> None:
        mill = of(self.mills, number)
        entity = self.made.network.find(mill)
        assert entity is not None
        commands: tuple[Command, ...] = (
            AmendOrganisation(
                organisation_id=mill, details=MILL.model_copy(update={"name": Bilingual(zh=title), "region": None})
            ),
            VerifyOrganisation(organisation_id=mill, credit_code=code, former=entity.state.credit_code),
            HostStation(station_id=of(self.stations, station), host_id=mill),
        )
        self.give(commands[kind], True)

    @precondition(lambda self: self.mills)
    @rule(number=NUMBERS, station=NUMBERS, office=st.booleans())
    def record_need(self, number: int, station: int, office: bool) -> None:
        at, mill = of(self.stations, station), of(self.mills, number)
        id = self.give(RecordNeed(station_id=at, organisation_id=mill, details=DETAILS), office)
        self.needs += [id] if id else []

    @precondition(lambda self: self.needs)
    @rule(number=NUMBERS, step=st.sampled_from(PROGRESS), office=st.booleans())
    def move_need(self, number: int, step: type[CheckNeed] | type[PublishNeed] | type[SolveNeed], office: bool) -> None:
        self.give(step(need_id=of(self.needs, number)), office)

    @precondition(lambda self: self.needs)
    @rule(number=NUMBERS, word=st.sampled_from("甲乙"), kind=st.integers(0, 2))
    def change_need(self, number: int, word: str, kind: int) -> None:
        need = of(self.needs, number)
        commands: tuple[Command, ...] = (
            AmendNeed(need_id=need, details=DETAILS.model_copy(update={"title": Bilingual(zh=word)})),
            ReturnNeed(need_id=need, reasons=(word,)),
            WithdrawNeed(need_id=need, reason=word),
        )
        self.give(commands[kind], True)

    @rule(number=NUMBERS, role=st.sampled_from(Role), since=DAYS, until=st.none() | DAYS)
    def appoint(self, number: int, role: Role, since: date, until: date | None) -> None:
        station = of(self.stations, number)
        self.give(Appoint(person_id=LIN, station_id=station, role=role, since=since, until=until), True)

    @rule(number=NUMBERS, role=st.sampled_from(Role), until=DAYS)
    def dismiss(self, number: int, role: Role, until: date) -> None:
        held = appointment_id(LIN, of(self.stations, number))
        self.give(EndAppointment(appointment_id=held, role=role, until=until), True)

    @precondition(lambda self: self.done)
    @rule(number=NUMBERS)
    def send_again(self, number: int) -> None:
        command, office, request = of(self.done, number)
        head = self.made.network.head()
        assert (self.made.office if office else self.made.adviser)(command, request).repeated
        assert self.made.network.head() == head

    @invariant()
    def the_graph_shows_what_the_application_knows(self) -> None:
        one, other = graph_of(self.made.network, 3), graph_of(self.made.network, 10_000)
        assert one == other
        for id in (*self.stations, *self.mills, *self.needs):
            shown(one, id, self.state(id))

    @invariant()
    def a_credit_code_belongs_to_its_one_holder(self) -> None:
        for code in CODES:
            holders = [mill for mill in self.mills if self.state(mill).credit_code == code]  # type: ignore[attr-defined]  # mills are organisations
            claim = self.made.network.find(credit_code_claim(code).id)
            held = claim.state if claim else Claim(None)
            assert holders == ([held.holder_id] if held.holder_id else [])

    def state(self, id: str) -> object:
        entity = self.made.network.find(id)
        assert entity is not None
        return entity.state


def of(known: Sequence[T], number: int) -> T:
    return known[number % len(known)]


def graph_of(log: Network, limit: int) -> Graph:
    """The graph of all that is in the log, read in portions."""
    graph, after = Graph(), 0
    while commits := log.commits(after, limit):
        graph.apply(network().changes(commits))
        after = commits[-1].position
    return graph


def shown(graph: Graph, id: str, state: object) -> None:
    """The node of this entity says what its state says."""
    node = graph.node(prefix_of(id).capitalize(), id)
    assert node is not None
    match state:
        case Station():
            opened = state.opened_on.isoformat() if state.opened_on else None
            assert (node["tier"], node.get("opened_on"), node["international"]) == (
                state.tier.value,
                opened,
                state.international,
            )
            assert graph.targets(HOSTED_BY, id) == ({state.host_id: {}} if state.host_id else {})
        case Organisation():
            assert (node["name_zh"], node.get("region")) == (state.details.name.zh, state.details.region)
            assert (node.get("credit_code"), node["verified"]) == (state.credit_code, state.credit_code is not None)
        case Need():
            assert (node["stage"], node["title_zh"]) == (state.stage.value, state.details.title.zh)
            assert graph.targets(RECORDED_BY, id) == {state.station_id: {}}
            assert graph.targets(NEEDED_BY, id) == {state.organisation_id: {}}
        case _:
            raise AssertionError(f"{id} is {state}")
    assert not isinstance(state, Appointment)


TestLives = Lives.TestCase
TestLives.settings = settings(max_examples=12, stateful_step_count=30, deadline=None)
