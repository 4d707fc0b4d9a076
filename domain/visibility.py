"""Who sees which records, as data: what the public sees, and what anybody sees who is appointed somewhere.

Each rule is a list of alternatives; a record is seen if one of them holds. An alternative names properties and the
values that they may have; `Own` holds for those who act for a station that answers for the record. A label without an
entry is seen by everybody. Queries carry the rule inside; nothing is fetched and then left out.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TypeAlias


@dataclass(frozen=True, slots=True)
class Having:
    """The record has one of these values in each of these properties."""

    values: Mapping[str, tuple[str | bool, ...]]


@dataclass(frozen=True, slots=True)
class Own:
    """The viewer acts for a station that answers for the record."""


Alternative: TypeAlias = Having | Own
Everybody: TypeAlias = None


@dataclass(frozen=True, slots=True)
class Visible:
    """Who sees the records of one label; `None` is everybody of that group, an empty list nobody."""

    public: tuple[Alternative, ...] | Everybody
    member: tuple[Alternative, ...] | Everybody = None


SHOWN = Having({"stage": ("published", "solved")})
OFFERED = Having({"stage": ("published",), "secrecy": ("open",)})
OPEN = Having({"secrecy": ("open",)})

KNOWN_PUBLICLY = Having({"kind": ("university", "institute", "association", "intermediary", "authority")})
"""Who is behind a need or a deal is the client's own matter: enterprises are shown to members only."""

VISIBLE: Mapping[str, Visible] = {
    "Organisation": Visible(public=(KNOWN_PUBLICLY,)),
    "Need": Visible(public=(SHOWN,)),
    "Achievement": Visible(public=(OFFERED,), member=(OPEN, Own())),
    "Profile": Visible(public=(Having({"stage": ("published",)}),)),
    "Appointment": Visible(public=()),
    "Match": Visible(public=()),
    "Cooperation": Visible(public=()),
    "Deal": Visible(public=()),
}
