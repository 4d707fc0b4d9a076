"""Matches in the graph, between what is to be answered and what answers, with the stations that decide on them."""

from __future__ import annotations

from collections.abc import Iterator

from domain.kernel.context import Context
from domain.kernel.history import Recorded
from domain.matches import MatchAccepted, MatchProposed, MatchRefused, MatchStage
from projections.changes import Change, Link, LinkType, NodeType
from projections.nouns import Noun, begun, put

MATCH = NodeType("Match", ("created", "stage"))
PROPOSED_BY = LinkType("Match", "MATCH_PROPOSED_BY", "Station")
DECIDED_BY = LinkType("Match", "MATCH_DECIDED_BY", "Station")
FOR_NEED = LinkType("Match", "MATCH_FOR_NEED", "Need")
FOR_ACHIEVEMENT = LinkType("Match", "MATCH_FOR_ACHIEVEMENT", "Achievement")
WITH_ACHIEVEMENT = LinkType("Match", "MATCH_WITH_ACHIEVEMENT", "Achievement")
WITH_PROFILE = LinkType("Match", "MATCH_WITH_PROFILE", "Profile")
WITH_EXPERT = LinkType("Match", "MATCH_WITH_EXPERT", "Expert")


def project(recorded: Recorded, context: Context) -> Iterator[Change]:
    id = recorded.entity_id
    match recorded.fact:
        case MatchProposed() as fact:
            proposed = {"score": fact.score, "note": fact.note, "proposed_at": context.at}
            yield put(MATCH, id, stage=MatchStage.PROPOSED, **proposed, **begun(recorded, context))
            yield Link(PROPOSED_BY, id, fact.station_id)
            yield from (Link(DECIDED_BY, id, station) for station in fact.answering_ids)
            yield from _sides(id, fact)
        case MatchAccepted():
            yield put(MATCH, id, stage=MatchStage.ACCEPTED, decided_at=context.at)
        case MatchRefused(reason=reason, words=words):
            refused = {"refused_because": reason, "refused_in_words": words}
            yield put(MATCH, id, stage=MatchStage.REFUSED, decided_at=context.at, **refused)


def _sides(id: str, fact: MatchProposed) -> Iterator[Change]:
    achievement = WITH_ACHIEVEMENT if fact.need_id else FOR_ACHIEVEMENT
    sides = {
        FOR_NEED: fact.need_id,
        achievement: fact.achievement_id,
        WITH_PROFILE: fact.profile_id,
        WITH_EXPERT: fact.expert_id,
    }
    return (Link(type, id, side) for type, side in sides.items() if side)


LINKS = (PROPOSED_BY, DECIDED_BY, FOR_NEED, FOR_ACHIEVEMENT, WITH_ACHIEVEMENT, WITH_PROFILE, WITH_EXPERT)
NOUN = Noun("match", MATCH, project, LINKS, answering=(DECIDED_BY,))
