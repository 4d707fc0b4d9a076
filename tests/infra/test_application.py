"""The application: commands are recorded whole or refused whole, once, whoever else writes at the same time."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import date, datetime, timedelta
from functools import partial
from pathlib import Path

import pytest
from installed import CONTACT, DETAILS, HEAD_OFFICE, LIN, MILL, NOON, Installed, install

from domain.appointments import EndAppointment, appointment_id
from domain.kernel.acting import Role
from domain.kernel.claims import Claim
from domain.kernel.commands import Command
from domain.kernel.context import Context
from domain.kernel.days import CHINA
from domain.kernel.fields import Sealed
from domain.kernel.outcomes import ContendedError, Outcome
from domain.kernel.performing import Entity
from domain.kernel.refusals import Refusal
from domain.needs import (
    AmendNeed,
    CheckNeed,
    Need,
    NeedChecked,
    NeedPublished,
    NeedRecorded,
    NeedStage,
    PublishNeed,
    WithdrawNeed,
)
from domain.organisations import (
    AmendOrganisation,
    Organisation,
    RecordOrganisation,
    VerifyOrganisation,
    credit_code_claim,
)
from domain.stations import NATIONAL_STATION, Station
from domain.values import Bilingual
from infra.application import ATTEMPTS, Network, now
from infra.vault import VaultError

CODE = "91110000600037341L"


@pytest.fixture
def shaoxing(tmp_path: Path) -> Iterator[Installed]:
    made = install(tmp_path / "data", lambda: NOON + timedelta(seconds=1))
    yield made
    made.network.close()


@pytest.fixture
def second(shaoxing: Installed, tmp_path: Path) -> Iterator[Network]:
    """Another network on the same folder, as another process has it."""
    network = Network(tmp_path / "data")
    yield network
    network.close()


def refused(give: Callable[[], object]) -> str:
    with pytest.raises(Refusal) as refusal:
        give()
    return refusal.value.code


def stage(network: Network, need: str) -> NeedStage:
    entity = network.find(need)
    assert entity is not None
    assert isinstance(entity.state, Need)
    return entity.state.stage


def amended(need: str, title: str) -> AmendNeed:
    return AmendNeed(need_id=need, details=DETAILS.model_copy(update={"title": Bilingual(zh=title)}))


# -- requests ----------------------------------------------------------------


def test_the_same_request_takes_effect_once_and_gets_the_first_outcome_again(
    shaoxing: Installed, second: Network
) -> None:
    command = RecordOrganisation(station_id=shaoxing.station, details=MILL)
    first = shaoxing.adviser(command, "once")
    head = shaoxing.network.head()
    shaoxing.mill()
    for desk in (shaoxing.network, second):
        again = shaoxing.adviser(command, "once", desk)
        assert again == Outcome(first.entity_id, first.position, repeated=True)
    assert (first.position, first.repeated, first.changed) == (head, False, True)
    assert len(shaoxing.network.history(first.entity_id)) == 1


def test_the_same_request_gets_the_first_outcome_again_after_reopening(tmp_path: Path) -> None:
    made = install(tmp_path)
    command = RecordOrganisation(station_id=made.station, details=MILL)
    first = made.adviser(command, "once")
    made.network.close()
    again = Network(tmp_path)
    assert made.adviser(command, "once", again) == Outcome(first.entity_id, first.position, repeated=True)
    again.close()


def test_the_first_outcome_is_given_again_also_when_a_rule_would_refuse_it_now(shaoxing: Installed) -> None:
    need = shaoxing.need()
    first = shaoxing.adviser(CheckNeed(need_id=need), "check")
    shaoxing.adviser(PublishNeed(need_id=need))
    assert shaoxing.adviser(CheckNeed(need_id=need), "check") == Outcome(need, first.position, repeated=True)


def test_the_outcome_of_a_commit_of_several_entities_names_the_one_decided_on(shaoxing: Installed) -> None:
    command = RecordOrganisation(station_id=shaoxing.station, details=MILL, credit_code=CODE)
    first = shaoxing.adviser(command, "claim")
    assert shaoxing.adviser(command, "claim") == Outcome(first.entity_id, first.position, repeated=True)
    assert first.position == shaoxing.network.head()


def test_a_request_id_that_comes_again_with_other_input_is_refused(shaoxing: Installed, second: Network) -> None:
    need = shaoxing.need()
    shaoxing.adviser(amended(need, "一"), "once")
    head = shaoxing.network.head()
    for desk in (shaoxing.network, second):
        for other in (amended(need, "二"), CheckNeed(need_id=need)):
            assert refused(partial(shaoxing.adviser, other, "once", desk)) == "request.reused"
    assert shaoxing.network.head() == head


def test_two_people_may_use_the_same_request_id(shaoxing: Installed) -> None:
    need = shaoxing.need()
    shaoxing.adviser(amended(need, "一"), "same")
    assert not shaoxing.office(amended(need, "二"), "same").repeated


def test_a_refused_request_may_be_sent_again_once_the_rule_allows_it(shaoxing: Installed) -> None:
    need = shaoxing.need()
    assert refused(lambda: shaoxing.adviser(PublishNeed(need_id=need), "publish")) == "need.not_checked"
    shaoxing.adviser(CheckNeed(need_id=need))
    assert not shaoxing.adviser(PublishNeed(need_id=need), "publish").repeated


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


# -- writing at the same time ------------------------------------------------


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
    contexts = {
        name: shaoxing.context(LIN, shaoxing.station).model_copy(update={"at": when}) for name, when in at.items()
    }
    assert refused(lambda: shaoxing.network.perform(CheckNeed(need_id=need), contexts["after"])) == "authority.role"
    assert shaoxing.network.perform(CheckNeed(need_id=need), contexts["last"]).changed


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
    shaoxing.network.listen(heard.append)
    mill = shaoxing.mill()
    shaoxing.adviser(AmendOrganisation(organisation_id=mill, details=MILL))
    refused(lambda: shaoxing.adviser(PublishNeed(need_id=shaoxing.station.replace("station", "need"))))
    shaoxing.need(mill)
    assert heard == [shaoxing.network.head() - 1, shaoxing.network.head()]


# -- personal data -----------------------------------------------------------


def test_nothing_personal_stands_in_any_file(shaoxing: Installed, tmp_path: Path) -> None:
    need = shaoxing.need(contact=CONTACT)
    shaoxing.adviser(AmendNeed(need_id=need, details=DETAILS, contact=CONTACT.model_copy(update={"name": "王建国"})))
    files = {path.name: path.read_bytes() for path in (tmp_path / "data").iterdir() if path.is_file()}
    assert {"log.db", "log.db-wal", "keys.db", "keys.db-wal"} <= files.keys()
    held = b"".join(files.values())
    assert DETAILS.title.zh is not None
    assert DETAILS.title.zh.encode() in held
    for plain in ("李敏华", "13912345678", "li@example.cn", "王建国"):
        for form in (plain.encode(), plain.encode("utf-16-le"), ascii(plain)[1:-1].encode()):
            assert form not in held


def test_a_contact_opens_through_the_vault_for_its_own_entity_only(shaoxing: Installed) -> None:
    need, other = shaoxing.need(contact=CONTACT), shaoxing.need(contact=CONTACT)
    entity = shaoxing.network.find(need)
    assert entity is not None
    contact = entity.state.contact
    for name in ("name", "phone", "email"):
        text = getattr(contact, name)
        assert isinstance(text, Sealed)
        assert shaoxing.network.vault.open(text, entity=need) == getattr(CONTACT, name)
        with pytest.raises(VaultError):
            shaoxing.network.vault.open(text, entity=other)


def test_a_contact_whose_key_is_destroyed_opens_as_nothing_and_all_else_is_still_there(tmp_path: Path) -> None:
    made = install(tmp_path)
    need = made.need(contact=CONTACT)
    spared = made.need(contact=CONTACT.model_copy(update={"person_id": LIN}))
    made.network.close()
    keys = sqlite3.connect(tmp_path / "keys.db")
    with keys:
        assert keys.execute("DELETE FROM keys WHERE subject = ?", (CONTACT.person_id,)).rowcount == 1
    keys.close()
    again = Network(tmp_path)
    states = {id: entity.state for id in (need, spared) if (entity := again.find(id))}
    assert again.vault.open(states[need].contact.name, entity=need) is None
    assert again.vault.open(states[spared].contact.name, entity=spared) == CONTACT.name
    assert states[need].details == DETAILS
    assert len(again.commits(0, 1_000)) > 5
    made.adviser(CheckNeed(need_id=need), desk=again)
    again.close()


def test_the_same_input_is_recognised_without_its_personal_texts_being_kept(shaoxing: Installed) -> None:
    mill = shaoxing.mill()
    need = shaoxing.need(mill, CONTACT)
    give = AmendNeed(need_id=need, details=DETAILS, contact=CONTACT)
    shaoxing.adviser(give, "amend")
    assert shaoxing.adviser(give, "amend").repeated
    other = give.model_copy(update={"contact": CONTACT.model_copy(update={"phone": "13900000000"})})
    assert refused(lambda: shaoxing.adviser(other, "amend")) == "request.reused"


def test_a_sealed_contact_cannot_be_recorded_again(shaoxing: Installed) -> None:
    need = shaoxing.need(contact=CONTACT)
    entity, head = shaoxing.network.find(need), shaoxing.network.head()
    assert entity is not None
    with pytest.raises(VaultError, match="sealed already"):
        shaoxing.adviser(AmendNeed(need_id=need, details=DETAILS, contact=entity.state.contact))
    assert shaoxing.network.head() == head


def test_stations_and_withdrawals_read_back_as_they_were_decided(shaoxing: Installed) -> None:
    need = shaoxing.need()
    shaoxing.adviser(WithdrawNeed(need_id=need, reason="不再需要"))
    assert stage(shaoxing.network, need) is NeedStage.WITHDRAWN
    station = shaoxing.network.find(shaoxing.station)
    assert station is not None
    assert isinstance(station.state, Station)
    assert station.state.opened_on == date(2026, 1, 1)
