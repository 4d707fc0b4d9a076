"""Who worked with whom, by every dimension, against a count of its own over what was recorded."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from itertools import product
from typing import Any

import pytest
from asking import Asking
from small_network import SmallNetwork

from domain.cooperation import CooperationAccepted, CooperationAsked
from domain.deals import DealSigned, DealStage
from domain.kernel.facts import Fact
from domain.matches import MatchAccepted
from domain.organisations import OrganisationRecorded
from domain.partners import PartnerRecorded
from domain.profiles import ProfileImported
from domain.stations import StationFounded

QUERY = """
query($by: Dimension!, $since: Date, $until: Date) { collaboration(by: $by, since: $since, until: $until) {
  from { key name { zh en text } } to { key name { text } } needs matches cooperations deals
  amounts { amount currency } ids { needs matches cooperations deals }
} }
"""
DIMENSIONS = ("REGION", "STATION", "COUNTRY", "INDUSTRY", "FIELD")
KINDS = ("needs", "matches", "cooperations", "deals")
Side = dict[str, tuple[str | None, ...]]
PROVINCES = {"33": "330000", "44": "440000", "11": "110000"}


class Count:
    """The facts of the log, put together again by hand."""

    def __init__(self, made: SmallNetwork) -> None:
        self.made = made
        self.first: dict[str, Fact] = {}
        self.when: dict[tuple[type, str], date] = {}
        for commit in made.log.commits(0, 10**6):
            for event in commit.events:
                if event.version == 1:
                    self.first[event.entity_id] = event.fact
                on = event.fact.on if isinstance(event.fact, DealSigned) else commit.context.at.date()
                self.when[type(event.fact), event.entity_id] = on

    def state(self, id: str) -> Any:
        entity = self.made.log.find(id)
        assert entity is not None
        return entity.state

    def station(self, id: str) -> Side:
        founded = self.first[id]
        assert isinstance(founded, StationFounded)
        return {"STATION": (id,), "REGION": (PROVINCES[founded.region[:2]],), "COUNTRY": ("CN",)}

    def organisation(self, id: str | None) -> Side:
        """Its industry, its place, and the station that serves it."""
        if id is None:
            return {"INDUSTRY": (None,)}
        recorded = self.first[id]
        assert isinstance(recorded, OrganisationRecorded)
        details = self.state(id).details
        place = PROVINCES[details.region[:2]] if details.region else details.country
        return {
            "INDUSTRY": (details.industry,),
            "COUNTRY": (details.country,),
            "REGION": (place,),
            "STATION": (recorded.station_id,),
        }

    def subject(self, id: str | None) -> Side:
        """What a need or an achievement lends to its side."""
        if id is None:
            return {}
        state = self.state(id)
        industry = self.organisation(state.organisation_id)["INDUSTRY"]
        return {**self.station(state.station_id), "INDUSTRY": industry, "FIELD": state.details.fields}

    def things(self, since: date, until: date) -> Iterator[tuple[str, str, str | None, Side, Side, Any]]:
        """Each thing done: kind, id, the need, the two sides, the amount."""
        for (fact, id), on in self.when.items():
            if not since <= on < until:
                continue
            state = self.state(id)
            if fact is MatchAccepted:
                ours = self.subject(state.need_id or state.achievement_id)
                if state.profile_id:
                    imported = self.first[state.profile_id]
                    assert isinstance(imported, ProfileImported)
                    country = imported.details.country
                    theirs: Side = {"STATION": (imported.partner_id,), "REGION": (country,), "COUNTRY": (country,)}
                elif state.expert_id:
                    expert = self.state(state.expert_id)
                    theirs = {**self.station(expert.listed_by), "FIELD": expert.details.fields}
                else:
                    theirs = self.subject(state.achievement_id)
                yield "matches", id, state.need_id, ours, theirs, None
            elif fact is CooperationAccepted:
                asked = self.first[id]
                assert isinstance(asked, CooperationAsked)
                about = self.subject(asked.need_id or asked.achievement_id)
                shared = {name: about[name] for name in ("INDUSTRY", "FIELD") if name in about}
                sides = [{**self.station(each), **shared} for each in (asked.station_id, asked.asked_id)]
                yield "cooperations", id, asked.need_id, sides[0], sides[1], None
            elif fact is DealSigned and state.stage in (DealStage.SIGNED, DealStage.COMPLETED):
                opened: Any = self.first[id]
                match = self.state(opened.match_id) if opened.match_id else None
                need, answer = (match.need_id, match.achievement_id) if match else (None, None)
                fields = [self.state(each).details.fields if each else () for each in (need, answer)]
                ours = {**self.organisation(opened.buyer_id), "FIELD": fields[0]}
                theirs = {**self.organisation(opened.seller_id), "FIELD": fields[1]}
                signed: Any = next(
                    event.fact
                    for commit in self.made.log.history(id)
                    for event in commit.events
                    if isinstance(event.fact, DealSigned)
                )
                yield "deals", id, need, ours, theirs, signed.amount

    def cells(self, by: str, since: date, until: date) -> dict[tuple[str, str], dict[str, Any]]:
        cells: dict[tuple[str, str], dict[str, Any]] = {}
        for kind, id, need, ours, theirs, amount in self.things(since, until):
            for pair in set(product(groups(ours, by), groups(theirs, by))):
                cell = cells.setdefault(pair, {name: set() for name in KINDS} | {"amounts": defaultdict(Decimal)})
                cell[kind].add(id)
                if need:
                    cell["needs"].add(need)
                if amount:
                    cell["amounts"][amount.currency.value] += amount.amount
        return cells


def groups(side: Side, by: str) -> list[str]:
    return [str(each) if each else "unknown" for each in side.get(by) or (None,)]


PERIODS = [
    (None, None),
    ("2026-04-01", None),
    (None, "2026-04-01"),
    ("2026-03-15", "2026-03-16"),
    ("2026-05-15", "2026-05-15"),
]


@pytest.mark.parametrize("by", DIMENSIONS)
@pytest.mark.parametrize(("since", "until"), PERIODS)
def test_the_table_is_what_a_count_by_hand_gives(
    asking: Asking, made: SmallNetwork, by: str, since: str | None, until: str | None
) -> None:
    period = [date.fromisoformat(day) if day else edge for day, edge in ((since, date.min), (until, date.max))]
    wanted = Count(made).cells(by, *period)
    table = asking.data(QUERY, "auditor", by=by, since=since, until=until)["collaboration"]
    assert [(cell["from"]["key"], cell["to"]["key"]) for cell in table] == sorted(wanted)
    for cell in table:
        counted = wanted[cell["from"]["key"], cell["to"]["key"]]
        for kind in KINDS:
            assert cell["ids"][kind] == sorted(counted[kind])
            assert cell[kind] == len(counted[kind])
        amounts = {each["currency"]: Decimal(each["amount"]) for each in cell["amounts"]}
        assert amounts == dict(counted["amounts"])
    if (since, until) == (None, None):
        assert any(cell["deals"] for cell in table)
        assert any(cell["matches"] for cell in table)
        assert any(cell["cooperations"] for cell in table)


def test_the_count_by_hand_is_not_empty_on_the_first_day_and_is_on_an_empty_period(made: SmallNetwork) -> None:
    count = Count(made)
    assert list(count.things(date(2026, 3, 15), date(2026, 3, 16)))
    assert not list(count.things(date(2026, 5, 15), date(2026, 5, 15)))


def test_groups_are_named(asking: Asking, made: SmallNetwork) -> None:
    names = {}
    for by in DIMENSIONS:
        for cell in asking.data(QUERY, "adviser", by=by)["collaboration"]:
            for side in (cell["from"], cell["to"]):
                assert (side["name"] is None) is (side["key"] == "unknown")
                names[side["key"]] = side["name"] and side["name"]["text"]
    assert names["330000"] == "浙江省"
    assert names[made["shaoxing"]] == "shaoxing站"
    assert names[made["agency"]] == "Dutch Agency"
    assert names["NL"] == "荷兰"
    assert names["C"] == "制造业"
    assert names["new_materials"] == "新材料及应用"


@pytest.mark.parametrize("who", [None, "stranger", "retired"])
def test_the_public_is_not_shown_who_worked_with_whom(asking: Asking, who: str | None) -> None:
    assert asking.error(QUERY, who, by="REGION")["code"] == "FORBIDDEN"


def test_partners_are_recorded_under_the_name_that_the_table_shows(made: SmallNetwork) -> None:
    recorded = next(fact for id, fact in made.log.facts_of(PartnerRecorded) if id == made["agency"])
    assert recorded.details.name.en == "Dutch Agency"
