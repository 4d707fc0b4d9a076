"""Experts (专家) in GraphQL."""

from __future__ import annotations

import graphene

from domain.experts import ExpertLibrary
from domain.reference.fields import TechnologyField
from gateway.counts import by_choice, by_language, by_yes_or_no
from gateway.fields import choices, internal, many, one, personal, words
from gateway.filters import AnyOf, Is, Linked
from gateway.listing import Node, Noun, connection_type
from projections.experts import EMPLOYED_BY, IN_TEAM_OF, LISTED_BY


class Expert(graphene.ObjectType):
    """A person whose knowledge the stations call on (专家)."""

    class Meta:
        interfaces = (Node,)

    name = personal("name", "The name, if the person agreed that it be shown.", public_if="name_public")
    title = graphene.String(description="职称")
    fields = choices(TechnologyField, "The technology fields (技术领域) of the expert.")
    keywords = words("What the expert knows about.")
    languages = words("Languages, by ISO 639-1.")
    libraries = choices(ExpertLibrary, "The libraries (专家库) that the expert belongs to.")
    listed = graphene.Boolean(required=True, description="False once the expert has been taken off the list.")
    delisted_because = internal("delisted_because", "For those who answer for the record.")
    phone = personal("phone", "For those who answer for the record.")
    email = personal("email", "For those who answer for the record.")
    listed_by = one("stations.Station", LISTED_BY, "The station that listed the expert.")
    teams = many("stations.StationConnection", IN_TEAM_OF, "The stations in whose team the expert is.")
    employer = one("organisations.Organisation", EMPLOYED_BY, "Who employs the expert.")


ExpertConnection = connection_type(
    Expert,
    by_choice("fields", TechnologyField, several=True),
    by_choice("libraries", ExpertLibrary, several=True),
    by_language(),
    by_yes_or_no("listed"),
)

NOUN = Noun(
    Expert,
    ExpertConnection,
    prefix="expert",
    plural="experts",
    filters={
        "fields": AnyOf("fields", TechnologyField),
        "libraries": AnyOf("libraries", ExpertLibrary),
        "languages": AnyOf("languages"),
        "keywords": AnyOf("keywords"),
        "team": Linked(IN_TEAM_OF),
        "listed": Is("listed", graphene.Boolean),
    },
)
