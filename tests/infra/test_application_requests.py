"""Requests: one takes effect once, and gets its first outcome whenever it comes again."""

from __future__ import annotations

from functools import partial
from pathlib import Path

from installed import CODE, MILL, Installed, amended, install, refused

from domain.kernel.outcomes import Outcome
from domain.needs import CheckNeed, PublishNeed
from domain.organisations import RecordOrganisation
from infra.application import Network


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
