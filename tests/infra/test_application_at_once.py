"""Writing at the same time: whoever else writes, in this process or in another, rules and outcomes hold."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from installed import CODE, LIN, MILL, NOON, Installed, amended, install, refused, stage

from domain.appointments import EndAppointment, appointment_id
from domain.kernel.acting import Role
from domain.kernel.claims import Claim
from domain.kernel.commands import Command
from domain.kernel.outcomes import ContendedError, Outcome
from domain.kernel.performing import Entity
from domain.kernel.refusals import Refusal
from domain.needs import CheckNeed, NeedChecked, NeedPublished, NeedStage, PublishNeed
from domain.organisations import Organisation, RecordOrganisation, VerifyOrganisation, credit_code_claim
from infra.application import ATTEMPTS, Network, now


def test_the_same_request_sent_by_many_at_once_takes_effect_once_and_is_refused_to_nobody(
    shaoxing: Installed, second: Network
) -> None:
    mill = shaoxing.mill()
    with ThreadPoolExecutor(6) as threads:
        for round in range(15):
            need = shaoxing.need(mill)
            desks = [shaoxing.network, second] * 3

            def check(desk: Network, need: str = need, round: int = round) -> Outcome:
                return shaoxing.adviser(CheckNeed(need_id=need), f"check {round}", desk)

            outcomes = list(threads.map(check, desks))
            assert {(each.entity_id, each.position) for each in outcomes} == {(need, shaoxing.network.head())}
            assert sum(not each.repeated for each in outcomes) == 1


def test_what_another_wrote_is_seen_at_once(shaoxing: Installed, second: Network) -> None:
    need = shaoxing.need()
    assert stage(second, need) is NeedStage.RECORDED
    shaoxing.adviser(CheckNeed(need_id=need), desk=second)
    assert stage(shaoxing.network, need) is NeedStage.CHECKED
    shaoxing.adviser(PublishNeed(need_id=need))
    assert stage(second, need) is NeedStage.PUBLISHED


def test_of_many_who_take_one_credit_code_one_gets_it(shaoxing: Installed, second: Network) -> None:
    def take(number: int) -> Outcome | str:
        command = RecordOrganisation(station_id=shaoxing.station, details=MILL, credit_code=CODE)
        try:
            return shaoxing.adviser(command, f"take {number}", second if number % 2 else None)
        except Refusal as refusal:
            return refusal.code

    with ThreadPoolExecutor(24) as threads:
        outcomes = list(threads.map(take, range(48)))
    won = [each for each in outcomes if isinstance(each, Outcome)]
    assert len(won) == 1
    assert [each for each in outcomes if isinstance(each, str)] == ["credit_code.taken"] * 47
    claim = shaoxing.network.find(credit_code_claim(CODE).id)
    assert claim == Entity(credit_code_claim(CODE).id, 1, Claim(won[0].entity_id))


def test_a_code_that_wanders_between_many_is_never_held_by_two(shaoxing: Installed, second: Network) -> None:
    mills = [shaoxing.mill() for _ in range(4)]
    other = "91330600MA2B12345R"

    def turn(number: int) -> bool:
        mill, desk = mills[number % 4], second if number % 2 else shaoxing.network
        entity = desk.find(mill)
        assert entity is not None
        held = entity.state.credit_code
        wanted = (CODE, other)[number % 3 == 0]
        try:
            shaoxing.adviser(
                VerifyOrganisation(organisation_id=mill, credit_code=wanted, former=held), f"turn {number}", desk
            )
        except (Refusal, ContendedError):
            return False
        return True

    with ThreadPoolExecutor(8) as threads:
        assert any(threads.map(turn, range(64)))
    holders: dict[str, list[str]] = {}
    for mill in mills:
        entity = shaoxing.network.find(mill)
        assert entity is not None
        assert isinstance(entity.state, Organisation)
        if entity.state.credit_code:
            holders.setdefault(entity.state.credit_code, []).append(mill)
    for code in (CODE, other):
        claim = shaoxing.network.find(credit_code_claim(code).id)
        holder = claim.state.holder_id if claim else None
        assert holders.get(code, []) == ([holder] if holder else [])


def test_many_who_work_on_one_need_get_its_stages_once_each_and_in_order(shaoxing: Installed, second: Network) -> None:
    need = shaoxing.need()
    commands: list[Command] = [CheckNeed(need_id=need), PublishNeed(need_id=need)] * 8
    commands += [amended(need, str(number)) for number in range(16)]

    def give(numbered: tuple[int, Command]) -> str:
        number, command = numbered
        try:
            shaoxing.adviser(command, f"many {number}", second if number % 2 else None)
        except Refusal as refusal:
            return refusal.code
        return ""

    with ThreadPoolExecutor(12) as threads:
        codes = list(threads.map(give, enumerate(commands)))
    assert set(codes) <= {"", "need.not_checked", "need.not_open_to_check"}
    facts = [each.fact for commit in shaoxing.network.history(need) for each in commit.events]
    assert [type(fact) for fact in facts if isinstance(fact, NeedChecked | NeedPublished)] in (
        [NeedChecked, NeedPublished],
        [NeedChecked],
    )
    versions = [each.version for commit in shaoxing.network.history(need) for each in commit.events]
    assert versions == list(range(1, len(versions) + 1))
    assert codes.count("") == len(facts) - 1


def test_a_command_that_others_keep_overtaking_is_given_up_and_may_be_sent_again(tmp_path: Path) -> None:
    made = install(tmp_path)
    need = made.need()
    overtakes: list[Outcome] = []

    def overtake() -> datetime:
        """The clock is read between the decision and its recording; here somebody else is quicker each time."""
        if len(overtakes) < ATTEMPTS:
            overtakes.append(made.adviser(amended(need, str(len(overtakes)))))
        return now()

    slow = Network(tmp_path, overtake)
    with pytest.raises(ContendedError, match="nothing was recorded"):
        made.adviser(CheckNeed(need_id=need), "check", slow)
    assert len(overtakes) == ATTEMPTS
    assert stage(slow, need) is NeedStage.RECORDED
    assert not made.adviser(CheckNeed(need_id=need), "check", slow).repeated
    assert stage(made.network, need) is NeedStage.CHECKED
    slow.close()
    made.network.close()


def test_a_command_overtaken_by_the_same_request_gives_the_outcome_of_the_quicker_one(tmp_path: Path) -> None:
    made = install(tmp_path)
    need = made.need()
    quicker: list[Outcome] = []

    def overtake() -> datetime:
        if not quicker:
            quicker.append(made.adviser(CheckNeed(need_id=need), "check"))
        return now()

    slow = Network(tmp_path, overtake)
    assert made.adviser(CheckNeed(need_id=need), "check", slow) == Outcome(need, quicker[0].position, repeated=True)
    slow.close()
    made.network.close()


def test_a_request_that_is_answered_elsewhere_while_it_is_decided_gets_that_answer_and_no_refusal(
    tmp_path: Path,
) -> None:
    made = install(tmp_path)
    need, quicker = made.need(), list[Outcome]()

    class Overtaken(Network):
        """Before it reads the need for the first time, the same request is answered by another network."""

        def find(self, id: str) -> Entity | None:
            if id == need and not quicker:
                quicker.append(made.adviser(CheckNeed(need_id=need), "check"))
            return super().find(id)

    slow = Overtaken(tmp_path)
    assert made.adviser(CheckNeed(need_id=need), "check", slow) == Outcome(need, quicker[0].position, repeated=True)
    slow.close()
    made.network.close()


def test_an_amendment_that_is_made_elsewhere_while_it_is_decided_gets_that_answer(tmp_path: Path) -> None:
    made = install(tmp_path)
    need, quicker = made.need(), list[Outcome]()

    class Overtaken(Network):
        def find(self, id: str) -> Entity | None:
            if id == need and not quicker:
                quicker.append(made.adviser(amended(need, "一"), "amend"))
            return super().find(id)

    slow = Overtaken(tmp_path)
    assert made.adviser(amended(need, "一"), "amend", slow) == Outcome(need, quicker[0].position, repeated=True)
    slow.close()
    made.network.close()


def test_whose_appointment_ends_while_they_act_is_refused(tmp_path: Path) -> None:
    made = install(tmp_path)
    need = made.need()
    ended: list[Outcome] = []
    yesterday = NOON.date() - timedelta(days=1)

    def dismiss() -> datetime:
        if not ended:
            held = appointment_id(LIN, made.station)
            ended.append(made.office(EndAppointment(appointment_id=held, role=Role.ADVISER, until=yesterday)))
        return now()

    slow = Network(tmp_path, dismiss)
    assert refused(lambda: made.adviser(CheckNeed(need_id=need), desk=slow)) == "authority.role"
    assert stage(slow, need) is NeedStage.RECORDED
    slow.close()
    made.network.close()
