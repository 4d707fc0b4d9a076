"""A small network of every noun in every stage, recorded through commands, with the people who act in it."""

from __future__ import annotations

from pathlib import Path

import small_dealings as dealings
import small_records as records
from small_desk import NOON, SmallNetwork, clock
from small_records import CREDIT_CODE

from domain.achievements import TransferAchievement
from domain.needs import SolveNeed
from infra.application import Network
from infra.identity.directory import Directory

__all__ = ["CREDIT_CODE", "NOON", "SmallNetwork", "clock", "network_in", "recorded"]


def recorded(log: Network) -> SmallNetwork:
    """The whole of it, recorded in an empty log."""
    made = SmallNetwork(log)
    records.record_stations(made)
    records.record_people(made)
    records.record_organisations(made)
    records.record_needs(made)
    records.record_achievements(made)
    dealings.record_partners(made)
    dealings.record_profiles(made)
    dealings.record_experts(made)
    dealings.record_brokers(made)
    dealings.record_matches(made)
    dealings.record_cooperations(made)
    dealings.record_deals(made)
    made.give(SolveNeed(need_id=made["solved"]))
    made.give(TransferAchievement(achievement_id=made["transferred"]))
    return made


def network_in(folder: Path) -> SmallNetwork:
    """The same in a data folder, with its people in the directory, ready to be served."""
    log = Network(folder, clock)
    try:
        made = recorded(log)
        Directory(folder / "people.json").add(*made.people.values())
        return made
    finally:
        log.close()
