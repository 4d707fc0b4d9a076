"""Partners in the graph, with the stations that work with them and the organisations that they are."""

from __future__ import annotations

from collections.abc import Iterator

from domain.kernel.context import Context
from domain.kernel.history import Recorded
from domain.partners import PartnerAmended, PartnerDetails, PartnerDisengaged, PartnerEngaged, PartnerRecorded
from projections.changes import Change, Link, LinkType, NodeType, Unlink
from projections.nouns import Noun, begun, bilingual, contact, put

PARTNER = NodeType("Partner", ("created", "kind", "country", "een_partner_id"))
RECORDED_BY = LinkType("Partner", "PARTNER_RECORDED_BY", "Station")
ENGAGED_BY = LinkType("Partner", "ENGAGED_BY", "Station")
WORKS_WITH = LinkType("Partner", "WORKS_WITH", "Station")
IS_ORGANISATION = LinkType("Partner", "IS_ORGANISATION", "Organisation")


def project(recorded: Recorded, context: Context) -> Iterator[Change]:
    id = recorded.entity_id
    match recorded.fact:
        case PartnerRecorded() as fact:
            yield from described(id, fact.details)
            yield put(PARTNER, id, **contact(fact.contact), **begun(recorded, context))
            yield Link(RECORDED_BY, id, fact.station_id)
        case PartnerAmended() as fact:
            yield from described(id, fact.details)
            if fact.contact:
                yield put(PARTNER, id, **contact(fact.contact))
        case PartnerEngaged() as fact:
            yield Link(ENGAGED_BY, id, fact.station_id)
            yield works_with(id, fact)
        case PartnerDisengaged() as fact:
            yield Unlink(ENGAGED_BY, id, fact.station_id)
            yield works_with(id, fact, until=fact.until.isoformat())


def described(id: str, details: PartnerDetails) -> Iterator[Change]:
    yield put(
        PARTNER,
        id,
        kind=details.kind,
        country=details.country,
        een_partner_id=details.een_partner_id,
        **bilingual("name", details.name),
    )
    yield Unlink(IS_ORGANISATION, id)
    if details.organisation_id:
        yield Link(IS_ORGANISATION, id, details.organisation_id)


def works_with(id: str, fact: PartnerEngaged | PartnerDisengaged, **over: str) -> Link:
    """What the two work on, and since when; it stays when it is over, while ENGAGED_BY goes."""
    purposes = [each.value for each in fact.purposes]
    return Link(WORKS_WITH, id, fact.station_id, {"since": fact.since.isoformat(), "purposes": purposes, **over})


LINKS = (RECORDED_BY, ENGAGED_BY, WORKS_WITH, IS_ORGANISATION)
NOUN = Noun("partner", PARTNER, project, LINKS, answering=(RECORDED_BY, ENGAGED_BY))
