"""The application: who may act in it, what a command records, and how it is read again."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from pathlib import Path

import pytest
from installed import CODE, CONTACT, DETAILS, HEAD_OFFICE, LIN, MILL, NOON, Installed, install, refused, stage
from msgspec.structs import replace

from domain.appointments import EndAppointment, appointment_id
from domain.kernel.acting import Role
from domain.kernel.context import Context
from domain.kernel.days import CHINA
from domain.kernel.outcomes import Outcome
from domain.kernel.performing import Entity
from domain.needs import CheckNeed, NeedChecked, NeedPublished, NeedRecorded, NeedStage, PublishNeed, WithdrawNeed
from domain.organisations import AmendOrganisation, RecordOrganisation, credit_code_claim
from domain.stations import NATIONAL_STATION, Station
from infra.application import Network

# -- recording ---------------------------------------------------------------


def test_a_command_that_changes_nothing_records_nothing(shaoxing: Installed) -> None:
    mill = shaoxing.mill()
    head = shaoxing.network.head()
    outcome = shaoxing.adviser(AmendOrganisation(organisation_id=mill, details=MILL), "nothing")
    assert outcome == Outcome(mill, head, changed=False)
    assert shaoxing.network.head() == head


def test_a_refusal_records_nothing(shaoxing: Installed) -> None:
    head = shaoxing.network.head()
    assert (
        refused(lambda: shaoxing.adviser(CheckNeed(need_id=shaoxing.station.replace("station", "need"))))
        == "need.unknown"
    )
    assert shaoxing.network.head() == head


# -- who acts ----------------------------------------------------------------


@pytest.mark.parametrize(
    ("person", "station"), [(HEAD_OFFICE, None), (LIN, NATIONAL_STATION), (CONTACT.person_id, "shaoxing")]
)
def test_who_is_not_appointed_where_they_act_may_do_nothing(
    shaoxing: Installed, person: str, station: str | None
) -> None:
    need = shaoxing.need()
    at = shaoxing.station if station == "shaoxing" else station
    context = Context(actor=person, station_id=at, request_id="1", at=NOON)
    assert refused(lambda: shaoxing.network.perform(CheckNeed(need_id=need), context)) == "authority.role"


def test_an_appointment_holds_through_its_last_day(shaoxing: Installed) -> None:
    held, last = appointment_id(LIN, shaoxing.station), date(2026, 8, 9)
    need = shaoxing.need()
    shaoxing.office(EndAppointment(appointment_id=held, role=Role.ADVISER, until=last))
    at = {"last": datetime(2026, 8, 9, 23, 59, tzinfo=CHINA), "after": datetime(2026, 8, 10, tzinfo=CHINA)}
    contexts = {name: replace(shaoxing.context(LIN, shaoxing.station), at=when) for name, when in at.items()}
    assert refused(lambda: shaoxing.network.perform(CheckNeed(need_id=need), contexts["after"])) == "authority.role"
    assert shaoxing.network.perform(CheckNeed(need_id=need), contexts["last"]).changed


def test_a_commit_rests_on_the_appointment_that_its_roles_were_read_from(shaoxing: Installed) -> None:
    need, held = shaoxing.need(), appointment_id(LIN, shaoxing.station)
    before = shaoxing.network.find(held)
    looks: list[str] = []

    def find(id: str) -> Entity | None:
        looks.append(id)
        if id != held:
            return shaoxing.network.find(id)
        return before if looks.count(held) == 1 else Entity(held, 9, None)

    proposal, context = shaoxing.network.propose(CheckNeed(need_id=need), shaoxing.context(LIN, shaoxing.station), find)
    assert proposal.reads[held] == 1
    assert context.appointment_id == held


# -- reading -----------------------------------------------------------------


def test_commits_give_what_was_recorded_whole_and_with_its_context(shaoxing: Installed) -> None:
    before = shaoxing.network.head()
    command = RecordOrganisation(station_id=shaoxing.station, details=MILL, credit_code=CODE)
    outcome = shaoxing.adviser(command, "r")
    (commit,) = shaoxing.network.commits(before, 1)
    assert [each.entity_id for each in commit.events] == [outcome.entity_id, credit_code_claim(CODE).id]
    assert [each.position for each in commit.events] == [before + 1, before + 2]
    assert commit.position == outcome.position == shaoxing.network.head()
    context = commit.context
    assert (context.actor, context.station_id, context.request_id, context.at) == (LIN, shaoxing.station, "r", NOON)
    assert context.appointment_id == appointment_id(LIN, shaoxing.station)
    assert context.recorded_at == NOON + timedelta(seconds=1)
    assert context.command == "RecordOrganisation"
    assert len(context.input_hash) == 64


def test_a_history_gives_the_facts_of_one_entity_in_their_order(shaoxing: Installed) -> None:
    need = shaoxing.need()
    shaoxing.mill()
    shaoxing.adviser(CheckNeed(need_id=need))
    commits = shaoxing.network.history(need)
    assert [type(each.fact) for commit in commits for each in commit.events] == [NeedRecorded, NeedChecked]
    assert {each.entity_id for commit in commits for each in commit.events} == {need}
    assert [commit.context.command for commit in commits] == ["RecordNeed", "CheckNeed"]
    assert shaoxing.network.history(need, after=1) == commits[1:]
    assert shaoxing.network.history(need, limit=1) == commits[:1]
    assert shaoxing.network.history("need_nobody") == []


def test_an_empty_network_has_nothing(tmp_path: Path) -> None:
    network = Network(tmp_path / "deep" / "data")
    assert (network.head(), network.commits(0, 10), network.find(NATIONAL_STATION)) == (0, [], None)
    network.close()


def test_what_is_not_there_is_not_found(shaoxing: Installed) -> None:
    assert shaoxing.network.find("need_nobody") is None
    assert shaoxing.network.find("") is None


def test_everything_is_there_after_reopening(tmp_path: Path) -> None:
    made = install(tmp_path)
    need = made.need(contact=CONTACT)
    before = (made.network.head(), made.network.commits(0, 1_000), made.network.find(need))
    made.network.close()
    again = Network(tmp_path)
    assert (again.head(), again.commits(0, 1_000), again.find(need)) == before
    again.close()


def test_every_fact_of_a_kind_is_given_with_its_entity_in_the_order_of_the_log(shaoxing: Installed) -> None:
    needs = [shaoxing.need() for _ in range(3)]
    found = list(shaoxing.network.facts_of(NeedRecorded))
    assert [id for id, _ in found] == needs
    assert {fact.details for _, fact in found} == {DETAILS}
    assert list(shaoxing.network.facts_of(NeedPublished)) == []


def test_who_listens_hears_of_each_commit_and_of_nothing_else(shaoxing: Installed, second: Network) -> None:
    heard: list[int] = []
    with shaoxing.network.log_of_record.news.heard_by(lambda: heard.append(shaoxing.network.head())):
        mill = shaoxing.mill()
        shaoxing.adviser(AmendOrganisation(organisation_id=mill, details=MILL))
        refused(lambda: shaoxing.adviser(PublishNeed(need_id=shaoxing.station.replace("station", "need"))))
        shaoxing.need(mill)
    assert heard == [shaoxing.network.head() - 1, shaoxing.network.head()]


def test_stations_and_withdrawals_read_back_as_they_were_decided(shaoxing: Installed) -> None:
    need = shaoxing.need()
    shaoxing.adviser(WithdrawNeed(need_id=need, reason="不再需要"))
    assert stage(shaoxing.network, need) is NeedStage.WITHDRAWN
    station = shaoxing.network.find(shaoxing.station)
    assert station is not None
    assert isinstance(station.state, Station)
    assert station.state.opened_on == date(2026, 1, 1)
