"""Organisations in the graph."""

from __future__ import annotations

from collections.abc import Iterator

from domain.kernel.context import Context
from domain.kernel.history import Recorded
from domain.organisations import OrganisationAmended, OrganisationDetails, OrganisationRecorded, OrganisationVerified
from projections.changes import Change, Link, LinkType, NodeType, Put
from projections.nouns import Noun, begun, bilingual, put
from projections.regions import placed

ORGANISATION = NodeType("Organisation", ("created", "kind", "country", "region", "province", "industry"))
SERVED_BY = LinkType("Organisation", "SERVED_BY", "Station")


def project(recorded: Recorded, context: Context) -> Iterator[Change]:
    id = recorded.entity_id
    match recorded.fact:
        case OrganisationRecorded() as fact:
            yield described(id, fact.details)
            verified = fact.credit_code is not None
            yield put(ORGANISATION, id, credit_code=fact.credit_code, verified=verified, **begun(recorded, context))
            yield Link(SERVED_BY, id, fact.station_id)
        case OrganisationAmended(details=details):
            yield described(id, details)
        case OrganisationVerified(credit_code=credit_code):
            yield put(ORGANISATION, id, credit_code=credit_code, verified=True)


def described(id: str, details: OrganisationDetails) -> Put:
    return put(
        ORGANISATION,
        id,
        kind=details.kind,
        country=details.country,
        industry=details.industry,
        address=details.address,
        **bilingual("name", details.name),
        **placed(details.region),
    )


NOUN = Noun("organisation", ORGANISATION, project, (SERVED_BY,), (SERVED_BY,))
