"""Consents (披露同意) in GraphQL."""

from __future__ import annotations

import graphene

from domain.consents import ConsentStage, ContactField
from gateway.counts import by_choice
from gateway.fields import choice, choices, internal, many, one
from gateway.filters import Linked, OneOf
from gateway.listing import Node, Noun, connection_type
from projections.consents import ANSWERED_BY, CONSENT_FOR, CONSENT_TO
from projections.disclosures import DISCLOSED_UNDER


class Consent(graphene.ObjectType):
    """That a client's contact person lets a partner abroad learn certain fields (披露同意), for one interest."""

    class Meta:
        interfaces = (Node,)

    stage = choice(ConsentStage, "Asked for, accepted, declined or withdrawn.", required=True)
    fields = choices(ContactField, "What the partner may learn.")
    person_id = graphene.ID(required=True, description="Whose consent it is.")
    asked_at = graphene.String(required=True)
    until = graphene.String(description="The last day on which it holds, if one is said.")
    accepted_on = graphene.String()
    evidence = internal("evidence", "Where the yes is on record.")
    declined_on = graphene.String()
    withdrawn_on = graphene.String()
    withdrawn_because = internal("withdrawn_because", "Why it was withdrawn.")
    interest = one("interests.Interest", CONSENT_FOR, "The interest for which it is.")
    partner = one("partners.Partner", CONSENT_TO, "Who may learn it.")
    stations = many("stations.StationConnection", ANSWERED_BY, "The stations that see it.")
    disclosures = many(
        "disclosures.DisclosureConnection", DISCLOSED_UNDER, "What was disclosed under it.", incoming=True
    )


ConsentConnection = connection_type(Consent, by_choice("stage", ConsentStage))

NOUN = Noun(
    Consent,
    ConsentConnection,
    prefix="consent",
    plural="consents",
    filters={
        "stage": OneOf("stage", ConsentStage),
        "interest": Linked(CONSENT_FOR),
        "partner": Linked(CONSENT_TO),
    },
)
