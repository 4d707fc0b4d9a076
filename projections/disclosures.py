"""Disclosures in the graph: in which interest, with whom, under which consent, and what was said."""

from __future__ import annotations

from collections.abc import Iterator

from domain.disclosures import ContactGiven, ContactReceived, DisclosureDirection
from domain.kernel.context import Context
from domain.kernel.history import Recorded
from projections.changes import Change, Link, LinkType, NodeType
from projections.nouns import Noun, begun, put

DISCLOSURE = NodeType("Disclosure", ("created", "direction"))
DISCLOSED_IN = LinkType("Disclosure", "DISCLOSED_IN", "Interest")
DISCLOSED_UNDER = LinkType("Disclosure", "DISCLOSED_UNDER", "Consent")
DISCLOSED_WITH = LinkType("Disclosure", "DISCLOSED_WITH", "Partner")
ANSWERED_BY = LinkType("Disclosure", "DISCLOSURE_ANSWERED_BY", "Station")


def project(recorded: Recorded, context: Context) -> Iterator[Change]:
    match recorded.fact:
        case ContactGiven() as fact:
            yield from _disclosed(recorded, context, fact, DisclosureDirection.GIVEN)
            yield Link(DISCLOSED_UNDER, recorded.entity_id, fact.consent_id)
        case ContactReceived() as fact:
            yield from _disclosed(recorded, context, fact, DisclosureDirection.RECEIVED)


def _disclosed(
    recorded: Recorded, context: Context, fact: ContactGiven | ContactReceived, direction: DisclosureDirection
) -> Iterator[Change]:
    id = recorded.entity_id
    said = {"fields": fact.fields, "disclosed_on": fact.on, "channel": fact.channel, "organisation": fact.organisation}
    yield put(DISCLOSURE, id, direction=direction, contact=fact.contact, **said, **begun(recorded, context))
    yield Link(DISCLOSED_IN, id, fact.interest_id)
    yield Link(DISCLOSED_WITH, id, fact.partner_id)
    yield from (Link(ANSWERED_BY, id, station) for station in fact.answering_ids)


LINKS = (DISCLOSED_IN, DISCLOSED_UNDER, DISCLOSED_WITH, ANSWERED_BY)
NOUN = Noun("disclosure", DISCLOSURE, project, LINKS, answering=(ANSWERED_BY,))
