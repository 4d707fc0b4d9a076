"""Brokers in the graph, with the station that signed each. Who signed before stands in the log."""

from __future__ import annotations

from collections.abc import Iterator

from domain.brokers import (
    BrokerAmended,
    BrokerCertified,
    BrokerReleased,
    BrokerResumed,
    BrokerSigned,
    BrokerStage,
    BrokerSuspended,
)
from domain.kernel.context import Context
from domain.kernel.history import Recorded
from projections.changes import Change, Link, LinkType, NodeType, Unlink
from projections.nouns import Noun, begun, put

BROKER = NodeType("Broker", ("created", "stage"))
RECORDED_BY = LinkType("Broker", "BROKER_RECORDED_BY", "Station")
SIGNED_BY = LinkType("Broker", "SIGNED_BY", "Station")


def project(recorded: Recorded, context: Context) -> Iterator[Change]:
    id = recorded.entity_id
    match recorded.fact:
        case BrokerCertified() as fact:
            yield put(
                BROKER,
                id,
                stage=BrokerStage.CERTIFIED,
                person_id=fact.person_id,
                name=fact.name,
                certificate=fact.certificate,
                issuer=fact.issuer,
                certified_on=fact.on,
                **begun(recorded, context),
            )
            yield Link(RECORDED_BY, id, fact.station_id)
        case BrokerAmended() as fact:
            given = {"name": fact.name, "certificate": fact.certificate}
            known = {name: value for name, value in given.items() if value is not None}
            yield put(BROKER, id, issuer=fact.issuer, certified_on=fact.on, **known)
        case BrokerSigned() as fact:
            yield put(
                BROKER,
                id,
                stage=BrokerStage.SIGNED,
                signed_since=fact.since,
                signed_until=fact.until,
                released_because=None,
            )
            yield Unlink(SIGNED_BY, id)
            yield Link(SIGNED_BY, id, fact.station_id)
        case BrokerSuspended(reason=reason):
            yield put(BROKER, id, stage=BrokerStage.SUSPENDED, suspended_because=reason)
        case BrokerResumed():
            yield put(BROKER, id, stage=BrokerStage.SIGNED, suspended_because=None)
        case BrokerReleased(until=until, reason=reason):
            ended = {"signed_until": until, "released_because": reason, "suspended_because": None}
            yield put(BROKER, id, stage=BrokerStage.ENDED, **ended)
            yield Unlink(SIGNED_BY, id)


LINKS = (RECORDED_BY, SIGNED_BY)
NOUN = Noun("broker", BROKER, project, LINKS, answering=LINKS)
