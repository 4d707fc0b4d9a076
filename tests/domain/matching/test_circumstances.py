import pytest

from domain.matching.candidate import Candidate
from domain.matching.circumstances import NAMED, place, stage
from domain.matching.maturity import stage_of, steps_short
from domain.matching.subject import Kind, Subject
from domain.reference.achievements import Maturity
from domain.reference.een import ProfileType, StageOfDevelopment

LAB, MARKET = StageOfDevelopment.LAB_TESTED, StageOfDevelopment.ON_THE_MARKET


def subject(kind: Kind, at: StageOfDevelopment | None, *countries: str) -> Subject:
    return Subject("s", kind, ("题",), stage=at, countries=frozenset(countries))


def candidate(at: StageOfDevelopment | None, country: str | None = None, *targets: str) -> Candidate:
    return Candidate("c", ProfileType.TO, "Title", stage=at, country=country, target_countries=frozenset(targets))


def test_an_offer_that_is_ripe_enough_meets_a_need_in_full() -> None:
    found = stage(subject(Kind.NEED, LAB), candidate(MARKET))
    assert found is not None
    assert found.value == 1
    assert not found.evidence
    assert found.text.en == 'The technology offered is at the stage "Already on the market"; "Lab tested" is wanted'


def test_an_offer_that_falls_short_is_worth_less_by_each_step() -> None:
    found = stage(subject(Kind.NEED, MARKET), candidate(StageOfDevelopment.DEMONSTRATION))
    assert found is not None
    assert found.value == pytest.approx(0.6)
    far = stage(subject(Kind.NEED, MARKET), candidate(StageOfDevelopment.CONCEPT))
    assert far is not None
    assert far.value == 0


def test_an_achievement_offers_and_the_request_wants() -> None:
    ripe = stage(subject(Kind.ACHIEVEMENT, MARKET), candidate(LAB))
    young = stage(subject(Kind.ACHIEVEMENT, LAB), candidate(MARKET))
    assert ripe is not None
    assert young is not None
    assert ripe.value == 1
    assert young.value == pytest.approx(0.2)


def test_a_silent_side_gives_no_reason() -> None:
    assert stage(subject(Kind.NEED, None), candidate(MARKET)) is None
    assert stage(subject(Kind.NEED, MARKET), candidate(None)) is None


def test_a_preferred_country_is_worth_more_than_being_named() -> None:
    preferred = place(subject(Kind.NEED, None, "NL"), candidate(None, "NL", "CN"))
    named = place(subject(Kind.NEED, None), candidate(None, "NL", "CN"))
    assert preferred is not None
    assert named is not None
    assert (preferred.value, named.value) == (1.0, NAMED)
    assert preferred.text.en == "It comes from a preferred country: Netherlands"
    assert named.text.en == "It names China among the countries it looks to"
    assert named.text.zh is not None
    assert "中国" in named.text.zh


def test_a_country_without_a_name_is_shown_by_its_code() -> None:
    found = place(subject(Kind.NEED, None, "ZZ"), candidate(None, "ZZ"))
    assert found is not None
    assert found.text.en == "It comes from a preferred country: ZZ"


def test_any_other_country_gives_no_reason() -> None:
    assert place(subject(Kind.NEED, None), candidate(None)) is None
    assert place(subject(Kind.NEED, None, "NL"), candidate(None, "ES")) is None


def test_every_maturity_of_the_register_has_its_stage_in_the_same_order() -> None:
    order = [list(StageOfDevelopment).index(stage_of(maturity)) for maturity in Maturity]
    assert order == sorted(order)
    assert stage_of(Maturity.PILOT) is StageOfDevelopment.DEMONSTRATION


def test_steps_are_counted_only_downwards() -> None:
    assert steps_short(MARKET, LAB) == 2
    assert steps_short(LAB, MARKET) == 0
