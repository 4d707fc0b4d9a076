"""Skips: events that a projection leaves out, since an administrator said so."""

from __future__ import annotations

from scenario import id_of
from two_stations import SHAOXING, at, two_stations

from domain.kernel.acting import Role
from domain.skips import EventSkipped, SkipEvent, Skips, skips_id

SKIP = SkipEvent(projection="network", version=2, position=7, reason="recorded by a pilot that is over")
SKIPPED = EventSkipped(projection="network", version=2, position=7, reason="recorded by a pilot that is over")


def test_an_administrator_says_which_event_is_left_out_and_why() -> None:
    story = two_stations().acting(Role.ADMINISTRATOR, at=SHAOXING)
    proposal = story.when(SKIP).then(SKIPPED)
    assert proposal.entity_id == skips_id("network")
    at(SHAOXING, two_stations()).when(SKIP).then_refused("authority.role")


def test_an_event_is_left_out_once_and_of_one_version_only() -> None:
    story = two_stations().acting(Role.ADMINISTRATOR, at=SHAOXING).and_given(skips_id("network"), SKIPPED)
    story.when(SKIP).then_nothing()
    story.when(SKIP.model_copy(update={"version": 3})).then(SKIPPED.model_copy(update={"version": 3}))
    assert story.state(skips_id("network")) == Skips("network", frozenset({(2, 7)}))
    assert story.state(skips_id("network")).of(2) == {7}
    assert story.state(skips_id("network")).of(3) == frozenset()


def test_what_one_projection_leaves_out_is_nothing_to_another() -> None:
    assert skips_id("network") != skips_id("figures")
    assert skips_id("network") != id_of("skips")
