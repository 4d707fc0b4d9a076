from dataclasses import replace
from datetime import date, timedelta

import pytest

from domain.matching.candidate import Candidate
from domain.matching.eligibility import Obstacle, eligible, obstacles
from domain.matching.subject import Kind, Subject, complements
from domain.reference.een import ProfileType

TODAY = date(2026, 8, 10)
NEED = Subject("need", Kind.NEED, ("印染废水深度脱色",))
OFFER = Candidate("TO", ProfileType.TO, "Electro-oxidation", country="NL", expires=TODAY, eoi_deadline=TODAY)


def test_an_open_offer_answers_a_need_up_to_its_last_day() -> None:
    assert obstacles(NEED, OFFER, TODAY) == frozenset()
    assert eligible(NEED, OFFER, TODAY)


@pytest.mark.parametrize(
    ("changed", "obstacle"),
    [
        ({"type": ProfileType.TR}, Obstacle.TYPE),
        ({"type": ProfileType.BO}, Obstacle.TYPE),
        ({"expires": TODAY - timedelta(days=1)}, Obstacle.EXPIRED),
        ({"eoi_deadline": TODAY - timedelta(days=1)}, Obstacle.DEADLINE_PASSED),
        ({"target_countries": frozenset({"DE", "FR"})}, Obstacle.COUNTRY_NOT_TARGETED),
        ({"country": "CN"}, Obstacle.COUNTRY_NOT_TARGETED),
        ({"open_for_interest": False}, Obstacle.NOT_OPEN),
        ({"public": False}, Obstacle.NOT_PUBLIC),
    ],
)
def test_each_condition_alone_stands_in_the_way(changed: dict[str, object], obstacle: Obstacle) -> None:
    candidate = replace(OFFER, **changed)  # type: ignore[arg-type]  # one field at a time, by name
    assert obstacles(NEED, candidate, TODAY) == {obstacle}
    assert not eligible(NEED, candidate, TODAY)


def test_a_secret_subject_never_leaves_the_country() -> None:
    assert obstacles(replace(NEED, public=False), OFFER, TODAY) == {Obstacle.NOT_PUBLIC}


def test_a_profile_without_dates_does_not_end() -> None:
    assert eligible(NEED, replace(OFFER, expires=None, eoi_deadline=None), date.max)


def test_a_profile_may_name_its_own_country_and_then_means_it() -> None:
    assert eligible(NEED, replace(OFFER, country="CN", target_countries=frozenset({"CN"})), TODAY)


def test_an_interest_deadline_closes_a_request_before_it_expires() -> None:
    achievement = Subject("achievement", Kind.ACHIEVEMENT, ("媒体智能分析",))
    request = Candidate(
        "RDRGR20260731019",
        ProfileType.RDR,
        "Media intelligence",
        country="GR",
        expires=date(2027, 7, 31),
        eoi_deadline=date(2026, 8, 20),
    )
    assert eligible(achievement, request, date(2026, 8, 10))
    assert obstacles(achievement, request, date(2026, 11, 23)) == {Obstacle.DEADLINE_PASSED}


@pytest.mark.parametrize(
    ("kind", "types"),
    [
        (Kind.NEED, {"TO"}),
        (Kind.ACHIEVEMENT, {"TR", "RDR"}),
        (Kind.BO, {"BR"}),
        (Kind.BR, {"BO"}),
        (Kind.TO, {"TR", "RDR"}),
        (Kind.TR, {"TO"}),
        (Kind.RDR, {"TO"}),
    ],
)
def test_every_kind_has_its_complements(kind: Kind, types: set[str]) -> None:
    assert complements(kind) == types


def test_between_profiles_the_relation_holds_both_ways() -> None:
    pairs = {(type.value, other.value) for type in ProfileType for other in complements(Kind(type.value))}
    assert pairs == {(other, one) for one, other in pairs}
