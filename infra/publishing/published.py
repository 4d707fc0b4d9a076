"""What of the log may leave the network, as data: for each fact either the fields that go out, or why it stays.

Nothing goes out that is not named here: neither a fact, nor a field of one, nor the next version of a fact. Of what is
named, an event goes out only if the public sees its entity (`domain.visibility`), and sealed fields never do.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TypeAlias


@dataclass(frozen=True, slots=True)
class Out:
    """The fact goes out with these fields of it, while the public sees its entity or has seen it until now.

    `but` names what stays of a field that goes out otherwise, by its path (`details.organisation_id`). `carries` names
    fields of earlier facts of the entity, whose latest value goes out too: what was hidden until now is told whole.
    """

    fields: tuple[str, ...] = ()
    but: tuple[str, ...] = ()
    carries: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Kept:
    """The fact stays inside, for this reason."""

    because: str


Rule: TypeAlias = Out | Kept

DRAFT = Kept("A draft. What it says goes out with its publication, if it is published.")
INTERNAL = Kept("The network's own work on the record.")
PERSON = Kept("About a person. What has been handed out cannot be called back when the person asks to be forgotten.")
BETWEEN = Kept("Between those who take part in it; the public does not see such records.")
HOLDER = Kept("Says nothing but who stands behind it, and whether the public sees that organisation may change.")
BOOKKEEPING = Kept("The log's own bookkeeping of what is unique.")
OPERATING = Kept("About running the network's own graph.")

RULES: Mapping[str, Rule] = {
    "claim.taken.v1": BOOKKEEPING,
    "claim.released.v1": BOOKKEEPING,
    "appointment.made.v1": PERSON,
    "appointment.ended.v1": PERSON,
    "station.founded.v1": Out(("tier", "name", "region", "parent_id")),
    "station.hosted.v1": HOLDER,
    "station.opened.v1": Out(("on",)),
    "station.designated_international.v1": Out(("on",)),
    "organisation.recorded.v1": Out(("station_id", "details", "credit_code")),
    "organisation.amended.v1": Out(("details",), carries=("station_id", "credit_code")),
    "organisation.verified.v1": Out(("credit_code",)),
    "need.recorded.v1": DRAFT,
    "need.amended.v1": Out(("details",)),
    "need.checked.v1": INTERNAL,
    "need.returned.v1": INTERNAL,
    "need.published.v1": Out(carries=("station_id", "details")),
    "need.solved.v1": Out(),
    "need.withdrawn.v1": Out(),
    "achievement.registered.v1": DRAFT,
    "achievement.amended.v1": Out(("details",)),
    "achievement.screened.v1": INTERNAL,
    "achievement.published.v1": Out(carries=("station_id", "details")),
    "achievement.transferred.v1": Out(),
    "achievement.withdrawn.v1": Out(),
    "partner.recorded.v1": Out(("station_id", "details"), but=("details.organisation_id",)),
    "partner.amended.v1": Out(("details",), but=("details.organisation_id",)),
    "partner.engaged.v1": Out(("station_id", "since", "purposes")),
    "partner.disengaged.v1": Out(("station_id", "since", "until", "purposes")),
    "expert.listed.v1": PERSON,
    "expert.amended.v1": PERSON,
    "expert.joined_team.v1": PERSON,
    "expert.left_team.v1": PERSON,
    "expert.delisted.v1": PERSON,
    "broker.certified.v1": PERSON,
    "broker.amended.v1": PERSON,
    "broker.signed.v1": PERSON,
    "broker.suspended.v1": PERSON,
    "broker.resumed.v1": PERSON,
    "broker.released.v1": PERSON,
    "cooperation.asked.v1": BETWEEN,
    "cooperation.accepted.v1": BETWEEN,
    "cooperation.declined.v1": BETWEEN,
    "cooperation.closed.v1": BETWEEN,
    "profile.imported.v1": Out(("station_id", "reference", "details", "partner_id")),
    "profile.drafted.v1": DRAFT,
    "profile.amended.v1": Out(("details",)),
    "profile.published.v1": Out(("on", "reference"), carries=("station_id", "need_id", "achievement_id", "details")),
    "profile.withdrawn.v1": Out(),
    "profile.reported.v1": Out(("on", "status", "modified"), carries=("station_id", "reference", "details")),
    "profile.removed.v1": Out(),
    "match.proposed.v1": BETWEEN,
    "match.accepted.v1": BETWEEN,
    "match.refused.v1": BETWEEN,
    "deal.opened.v1": BETWEEN,
    "deal.amended.v1": BETWEEN,
    "deal.signed.v1": BETWEEN,
    "deal.completed.v1": BETWEEN,
    "deal.abandoned.v1": BETWEEN,
    "skips.event_skipped.v1": OPERATING,
}
"""The decision on every fact, by the topic and version under which it is stored."""


def rule_of(stored_as: str) -> Rule | None:
    """The decision on a fact; None if there is none, and then it does not go out."""
    return RULES.get(stored_as)
