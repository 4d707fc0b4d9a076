"""Disclosures (信息披露) in GraphQL."""

from __future__ import annotations

import graphene

from domain.consents import ContactField
from domain.disclosures import DisclosureDirection
from domain.interest_facts import Channel
from gateway.counts import by_choice
from gateway.fields import choice, choices, contact, many, one
from gateway.filters import Linked, OneOf
from gateway.listing import Node, Noun, connection_type
from projections.disclosures import ANSWERED_BY, DISCLOSED_IN, DISCLOSED_UNDER, DISCLOSED_WITH


class Disclosure(graphene.ObjectType):
    """What of a client's identity was given to a partner abroad, or came from there (信息披露)."""

    class Meta:
        interfaces = (Node,)

    direction = choice(DisclosureDirection, "Given, or received.", required=True)
    fields = choices(ContactField, "What was said.")
    disclosed_on = graphene.String(required=True)
    channel = choice(Channel, "How it was said.", required=True)
    organisation = graphene.String(description="The name of the organisation, if that was said.")
    contact = contact()
    interest = one("interests.Interest", DISCLOSED_IN, "The interest in which it was said.")
    consent = one("consents.Consent", DISCLOSED_UNDER, "The consent under which it was given.")
    partner = one("partners.Partner", DISCLOSED_WITH, "Who learnt it, or said it.")
    stations = many("stations.StationConnection", ANSWERED_BY, "The stations that see it.")


DisclosureConnection = connection_type(Disclosure, by_choice("direction", DisclosureDirection))

NOUN = Noun(
    Disclosure,
    DisclosureConnection,
    prefix="disclosure",
    plural="disclosures",
    filters={
        "direction": OneOf("direction", DisclosureDirection),
        "interest": Linked(DISCLOSED_IN),
        "consent": Linked(DISCLOSED_UNDER),
        "partner": Linked(DISCLOSED_WITH),
    },
)
