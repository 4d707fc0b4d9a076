"""Matches of the sample network: needs with achievements, profiles and experts, and what came of it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from random import Random

from domain.achievements import AchievementStage
from domain.matches import AcceptMatch, ProposeMatch, RefuseMatch
from domain.needs import NeedStage
from domain.reference.een import ProfileType
from domain.reference.match_refusals import MatchRefusalReason
from infra.sample.achievements import AchievementTold
from infra.sample.chance import chance
from infra.sample.data import phrases
from infra.sample.experts import ExpertTold
from infra.sample.needs import NeedTold
from infra.sample.profiles import ProfileTold
from infra.sample.steps import Actor, Script
from infra.sample.topics import Topic

MATCHED_NEEDS = frozenset({NeedStage.PUBLISHED, NeedStage.SOLVED})
MATCHED_ACHIEVEMENTS = frozenset({AchievementStage.PUBLISHED, AchievementStage.TRANSFERRED})
SHARES = {"achievement": 0.55, "profile": 0.25, "abroad": 0.12, "expert": 0.08}
"""Of all matches: a need with an achievement, with a profile, an achievement with a profile, a need with an expert."""

ACCEPTED, REFUSED = 0.62, 0.22
"""So many are accepted and refused; the others wait."""

Answer = AchievementTold | ProfileTold | ExpertTold


@dataclass(frozen=True, slots=True)
class MatchTold:
    """A match that was accepted, when, and its sides."""

    id: str
    subject: NeedTold | AchievementTold
    answer: Answer
    accepted: float


@dataclass(frozen=True, slots=True)
class Candidates:
    """What may be brought together: each is there for the network from a moment on."""

    needs: Sequence[NeedTold]
    achievements: Sequence[AchievementTold]
    profiles: Sequence[ProfileTold]
    experts: Sequence[ExpertTold]


@dataclass(slots=True)
class _Matching:
    script: Script
    rng: Random
    busy: dict[str, float]
    told: list[MatchTold] = field(default_factory=list)
    number: int = 0

    def bring_together(self, pairs: Iterable[tuple[NeedTold | AchievementTold, Answer]], count: int) -> None:
        """Propose the first `count` pairs for which there is time, and have them decided."""
        for subject, answer in pairs:
            if count == 0:
                return
            moment = max(_seen(subject), _seen(answer)) + self.rng.uniform(0.5, 6)
            if moment < self.script.days.last - 1:
                self._match(subject, answer, moment)
                count -= 1

    def _match(self, subject: NeedTold | AchievementTold, answer: Answer, moment: float) -> None:
        rng, request = self.rng, f"match/{self.number}"
        self.number += 1
        post = subject.body.post
        proposed = ProposeMatch(
            station_id=post.id, note=rng.choice(phrases("match", "note")), **_sides(subject, answer)
        )
        id = self.script.make(moment, post.adviser, request, proposed)
        decided = moment + rng.uniform(0.5, 8)
        drawn = rng.random()
        if drawn < ACCEPTED and self.script.do(decided, post.adviser, f"{request}/accept", AcceptMatch(match_id=id)):
            self.told.append(MatchTold(id, subject, answer, decided))
        elif ACCEPTED <= drawn < ACCEPTED + REFUSED:
            self._refuse(decided, post.adviser, f"{request}/refuse", id)
        for side in (subject.id, answer.id):
            self.busy[side] = max(self.busy.get(side, 0), min(decided, self.script.days.last))

    def _refuse(self, moment: float, by: Actor, request: str, id: str) -> None:
        reason = self.rng.choice(tuple(MatchRefusalReason))
        words = self.rng.choice(phrases("match", "words"))
        spoken = words if reason is MatchRefusalReason.OTHER or self.rng.random() < 0.3 else None
        self.script.do(moment, by, request, RefuseMatch(match_id=id, reason=reason, words=spoken))


def matches(script: Script, among: Candidates, number: int, busy: dict[str, float]) -> tuple[MatchTold, ...]:
    """So many matches; those that were accepted are told. `busy` learns until when each side was dealt with."""
    rng = chance(script.name, "matches")
    needs = [each for each in among.needs if each.published is not None and each.fate in MATCHED_NEEDS]
    achievements = [
        each for each in among.achievements if each.published is not None and each.fate in MATCHED_ACHIEVEMENTS
    ]
    offers = [each for each in among.profiles if each.type is ProfileType.TO]
    requests = [each for each in among.profiles if each.type in (ProfileType.TR, ProfileType.RDR)]
    rng.shuffle(needs)
    rng.shuffle(achievements)
    needs.sort(key=lambda need: need.fate is not NeedStage.SOLVED)
    achievements.sort(key=lambda each: each.fate is not AchievementStage.TRANSFERRED)
    matching = _Matching(script, rng, busy)
    counts = {kind: max(1, round(number * share)) for kind, share in SHARES.items()}
    matching.bring_together(_pairs(needs, achievements), counts["achievement"])
    matching.bring_together(_pairs(needs, offers), counts["profile"])
    matching.bring_together(_pairs(achievements, requests), counts["abroad"])
    matching.bring_together(_pairs(needs, among.experts), counts["expert"])
    return tuple(matching.told)


def _pairs(
    subjects: Sequence[NeedTold | AchievementTold], answers: Sequence[Answer]
) -> Iterator[tuple[NeedTold | AchievementTold, Answer]]:
    """Each subject with an answer on its topic, or in its group; then the same with the next answer, and so on."""
    for turn in range(3):
        for subject in subjects:
            topic = subject.about.topic
            close = [each for each in answers if _topic(each) is topic]
            close = close or [each for each in answers if _topic(each).group == topic.group]
            others = [each for each in close if not isinstance(each, AchievementTold) or each.body is not subject.body]
            if turn < len(others):
                yield subject, others[turn]


def _topic(answer: Answer) -> Topic:
    return answer.about.topic if isinstance(answer, AchievementTold) else answer.topic


def _seen(side: NeedTold | Answer) -> float:
    moment = side.published if isinstance(side, NeedTold | AchievementTold) else side.since
    assert moment is not None, "only what the network sees is brought together"
    return moment


def _sides(subject: NeedTold | AchievementTold, answer: Answer) -> dict[str, str]:
    ids = {NeedTold: "need_id", AchievementTold: "achievement_id", ProfileTold: "profile_id", ExpertTold: "expert_id"}
    return {ids[type(side)]: side.id for side in (subject, answer)}
