"""Who may do what: roles first, then the station that answers for the record."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.kernel.acting import ADMINISTRATORS, MANAGERS, STAFF, Acting, Role
from domain.kernel.authority import answering, entitle
from domain.kernel.commands import Command
from domain.kernel.refusals import Refusal

NOON = datetime(2026, 8, 10, 12, tzinfo=UTC)


class Work(Command):
    """Daily work."""

    station_id: str = ""


class Govern(Command, roles=ADMINISTRATORS):
    """For the national office."""


class Anyone(Command, roles=frozenset()):
    """Takes no role."""


@dataclass(frozen=True)
class Shared:
    station_id: str
    answering: frozenset[str]


@dataclass(frozen=True)
class Held:
    station_id: str


def who(*roles: Role, at: str | None = "here") -> Acting:
    return Acting("somebody", at, "appointment", frozenset(roles), NOON)


def refused(acting: Acting, command: Command, *stations: str) -> Refusal:
    with pytest.raises(Refusal) as refusal:
        entitle(acting, command, stations)
    return refusal.value


def test_a_role_that_the_command_names_is_enough_at_the_answering_station() -> None:
    entitle(who(Role.ADVISER), Work(), ["here"])
    entitle(who(Role.ADVISER), Work(), ["there", "here"])


def test_another_role_is_refused_and_told_which_one_it_takes() -> None:
    refusal = refused(who(Role.AUDITOR), Work(), "here")
    assert refusal.code == "authority.role"
    assert "adviser, administrator, manager" in refusal.explanation or "administrator" in refusal.explanation
    assert "auditor" in refusal.explanation


def test_somebody_without_any_role_or_station_is_told_so() -> None:
    explanation = refused(who(at=None), Work(), "here").explanation
    assert "none at no station" in explanation


def test_a_role_at_another_station_is_refused_and_told_which_station_answers() -> None:
    refusal = refused(who(Role.MANAGER), Work(), "there", "beyond")
    assert refusal.code == "authority.station"
    assert "beyond, there" in refusal.explanation


def test_an_administrator_acts_on_any_record() -> None:
    entitle(who(Role.ADMINISTRATOR), Work(), ["there"])


def test_an_administrator_still_needs_a_role_that_the_command_names() -> None:
    class Abroad(Command, roles=frozenset({Role.PARTNER})):
        """Only for a partner."""

    assert refused(who(Role.ADMINISTRATOR), Abroad(), "here").code == "authority.role"


def test_a_command_without_roles_takes_nobody_in_particular() -> None:
    entitle(who(at=None), Anyone(), ["there"])


def test_a_record_that_no_station_answers_for_takes_the_role_alone() -> None:
    entitle(who(Role.ADVISER), Work(), [])


def test_the_stations_that_share_a_record_answer_for_it() -> None:
    assert answering(Shared("first", frozenset({"a", "b"})), Work()) == {"a", "b"}


def test_a_record_that_nobody_shares_is_answered_for_by_its_station() -> None:
    assert answering(Shared("first", frozenset()), Work()) == {"first"}
    assert answering(Held("first"), Work(station_id="named")) == {"first"}


def test_a_new_record_is_answered_for_by_the_station_that_the_command_names() -> None:
    assert answering(None, Work(station_id="named")) == {"named"}
    assert answering(None, Govern()) == frozenset()


def test_staff_managers_and_administrators_contain_each_other() -> None:
    assert ADMINISTRATORS < MANAGERS < STAFF
    assert Role.AUDITOR not in STAFF
    assert Role.PARTNER not in STAFF


@given(
    roles=st.frozensets(st.sampled_from(list(Role))),
    needed=st.frozensets(st.sampled_from(list(Role)), min_size=1),
    at=st.sampled_from(["a", "b", None]),
    stations=st.frozensets(st.sampled_from(["a", "b"])),
)
def test_nobody_gets_through_without_a_named_role_and_a_place(
    roles: frozenset[Role], needed: frozenset[Role], at: str | None, stations: frozenset[str]
) -> None:
    class Some(Command, roles=needed):
        """Takes some role."""

    allowed = bool(roles & needed) and (Role.ADMINISTRATOR in roles or not stations or at in stations)
    try:
        entitle(who(*roles, at=at), Some(), stations)
    except Refusal:
        assert not allowed
    else:
        assert allowed
