"""A hand: one connection, on which somebody reads and now and then changes something, as long as there is load."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from random import Random
from typing import Any, Final

import orjson

from loading.connection import Connection, LostError
from loading.findings import Kind
from loading.judge import Asked, Heard, Judge
from loading.lives import STAGES, Change, Does
from loading.questions import DOCUMENTS, PAGED, Question, Topic, mutation
from loading.telling import Answered, Failed, Told, codes_of, documented

CONSISTENT: Final = {"Yizhan-Consistent": "true"}
NOT_THERE: Final = ("NOT_FOUND",)
CHANGES: Final = 0.05
"""The share of mutations."""
WEIGHTS: Final[Mapping[Question, float]] = {
    Question.ONE: 30,
    Question.SHARED: 12,
    Question.LIST: 15,
    Question.NESTED: 14,
    Question.PAGE: 15,
    Question.COUNTS: 8,
    Question.CONSISTENT: 3,
    Question.COUNTERPARTS: 3,
}
"""How often each question is asked, in a hundred."""
MOST: Final = 90
"""Needs of one organisation: all of them stand on one page."""
CUT, AGAIN, WITH_NEED, OWN_WRITE, AS_BEFORE = 0.1, 0.1, 0.25, 0.7, 0.1
"""How often a mutation is cut off, is sent again after its answer, and asks for its need; and how often who reads next
wants to see it, or else no less than before."""
LONGEST_CUT: Final = 0.03
PAUSE: Final = 0.3
"""Seconds after which one asks again after a failure, about."""
SETTLED: Final = 60.0
"""Seconds for which the outcome of a mutation is asked for."""


@dataclass(frozen=True, slots=True)
class Ground:
    """What all hands share: topics, the organisation of each, needs that everybody amends, the day and the station."""

    station: str
    topics: tuple[Topic, ...]
    organisations: tuple[str, ...]
    shared: tuple[str, ...]
    of_shared: str
    day: str
    numbers: Iterator[int]
    run: str


@dataclass
class Hand:
    """Who asks on one connection. `needs` are those of its organisation by their stages; nobody else changes them."""

    number: int
    ground: Ground
    judge: Judge
    told: Told
    connection: Connection
    chance: Random
    needs: dict[str, str] = field(default_factory=dict)
    seen: int = 0
    wanted: int = 0
    place: tuple[str, str] | None = None

    @property
    def organisation(self) -> str:
        return self.ground.organisations[self.number]

    async def go_on(self, over: asyncio.Event) -> None:
        """Ask and act until it is over."""
        while not over.is_set():
            fine = await (self._act() if self.chance.random() < CHANGES else self._read())
            if not fine:
                await asyncio.sleep(PAUSE * self.chance.uniform(0.5, 1.5))
        self.connection.close()

    async def look(self, question: Question, about: str, at_least: int) -> bool:
        """Ask a question of a position; says whether it was answered."""
        return await self._ask(Asked(self.number, question, about, time.monotonic(), at_least))

    # -- reading -----------------------------------------------------------------

    async def _read(self) -> bool:
        (question,) = self.chance.choices(list(WEIGHTS), list(WEIGHTS.values()))
        if question in (Question.ONE, Question.COUNTERPARTS) and not self.needs:
            question = Question.SHARED
        at_least = 0
        if self.wanted and self.chance.random() < OWN_WRITE:
            at_least = self.wanted
        elif self.chance.random() < AS_BEFORE:
            at_least = self.seen
        about, after, stages = self.organisation, None, tuple[str, ...]()
        match question:
            case Question.ONE | Question.COUNTERPARTS:
                about = self.chance.choice(list(self.needs))
            case Question.SHARED:
                about = self.chance.choice(self.ground.shared)
            case Question.PAGE:
                after, stages = self.place[1] if self.place else None, PAGED
        return await self._ask(Asked(self.number, question, about, time.monotonic(), at_least, after, stages))

    async def _ask(self, asked: Asked) -> bool:
        variables: dict[str, Any] = {"id": asked.about}
        match asked.question:
            case Question.PAGE:
                variables |= {"stages": asked.stages, "after": self.place[0] if self.place else None}
            case Question.COUNTERPARTS:
                variables["on"] = self.ground.day
        headers = {"Yizhan-At-Least": str(asked.at_least)} if asked.at_least else {}
        if asked.exact:
            headers |= CONSISTENT
        body = orjson.dumps({"query": DOCUMENTS[asked.question], "variables": variables})
        try:
            reply = await self.connection.post(body, headers)
        except LostError as error:
            self.judge.findings.add(Kind.LOST, f"{asked}: {error}")
            return False
        heard = time.monotonic()
        answer = reply.json()
        if asked.question is Question.COUNTERPARTS and codes_of(answer) == NOT_THERE:
            answer["data"] = {"counterparts": None}  # as it says of a need that the graph does not show
        elif not _whole(answer):
            self._failed(asked.question, asked.sent, heard, reply.status, answer)
            return False
        self.told.answered.append(Answered(asked.question, asked.sent, heard))
        position = answer["extensions"]["position"]
        self.seen = max(self.seen, position)
        if position >= self.wanted:
            self.wanted = 0
        if asked.question is Question.PAGE:
            self._turn(answer["data"]["needs"])
        self.judge.heard(Heard(asked, heard, position, answer["data"]))
        return True

    def _turn(self, page: Mapping[str, Any]) -> None:
        """Go on behind the page, or begin again."""
        info = page["pageInfo"]
        self.place = (info["endCursor"], page["edges"][-1]["node"]["id"]) if info["hasNextPage"] else None

    def _failed(self, what: str, sent: float, heard: float, status: int, answer: Any) -> None:
        codes = codes_of(answer)
        self.told.failed.append(Failed(what, sent, heard, status, codes))
        if not documented(codes):
            self.judge.findings.add(Kind.FORM, f"{what}: {status}: {str(answer)[:300]}")

    # -- changing something --------------------------------------------------------

    async def _act(self) -> bool:
        does, need = self._chosen()
        number = next(self.ground.numbers)
        outcome = await self.give(does, need, number)
        return outcome is not None

    def _chosen(self) -> tuple[Does, str]:
        """What to do, and to which need."""
        kind = self.chance.random()
        if kind < 0.15:
            return Does.AMEND, self.chance.choice(self.ground.shared)
        if not self.needs or (kind < 0.5 and len(self.needs) < MOST):
            return Does.RECORD, ""
        need = self.chance.choice(list(self.needs))
        match self.needs[need]:
            case "RECORDED" if kind < 0.8:
                return Does.CHECK, need
            case "CHECKED" if kind < 0.8:
                return Does.PUBLISH, need
        return Does.AMEND, need

    async def give(self, does: Does, need: str, number: int, organisation: str | None = None) -> str | None:
        """Give a command, until its outcome is known; the id of its need, None where nobody knows what came of it."""
        organisation = organisation or (self.ground.of_shared if need in self.ground.shared else self.organisation)
        input = {"requestId": f"{self.ground.run}-{number}", **self._input(does, need, number, organisation)}
        with_need = self.chance.random() < WITH_NEED
        body = orjson.dumps({"query": mutation(does, with_need=with_need), "variables": {"input": input}})
        sent = time.monotonic()
        self.judge.sent(number, sent)
        outcome = await self._outcome(does, body, sent, cut=self.chance.random() < CUT)
        if outcome is None:
            self.judge.findings.add(Kind.UNKNOWN, f"{does} {need} under the number {number}")
            return None
        id, position = outcome["id"], outcome["position"]
        self.judge.did(Change(does, id, organisation, number, sent, position))
        self.told.count(does)
        if organisation == self.organisation:
            self._remember(does, id)
        self.wanted = max(self.wanted, position)
        if self.chance.random() < AGAIN:
            await self._again(does, body, outcome)
        return str(id)

    def _input(self, does: Does, need: str, number: int, organisation: str) -> dict[str, Any]:
        details = {"details": self.ground.topics[number % len(self.ground.topics)].details(number)}
        match does:
            case Does.RECORD:
                return {"stationId": self.ground.station, "organisationId": organisation, **details}
            case Does.AMEND:
                return {"needId": need, **details}
            case _:
                return {"needId": need}

    def _remember(self, does: Does, need: str) -> None:
        self.needs[need] = STAGES.get(does) or self.needs[need]

    async def _outcome(self, does: Does, body: bytes, sent: float, *, cut: bool) -> Mapping[str, Any] | None:
        """What the mutation was told in the end; it is sent again for as long as that takes."""
        while time.monotonic() < sent + SETTLED:
            cut_after = self.chance.uniform(0, LONGEST_CUT) if cut else None
            told = await self._sent(does, body, cut_after)
            if told is not None:
                return told
            if not cut:
                await asyncio.sleep(PAUSE * self.chance.uniform(0.5, 1.5))
            cut = False
        return None

    async def _sent(self, does: Does, body: bytes, cut_after: float | None = None) -> Mapping[str, Any] | None:
        """Send it once; None where it was not told what came of it."""
        sent = time.monotonic()
        try:
            reply = await self.connection.post(body, {}, cut_after=cut_after)
        except LostError as error:
            if cut_after is None:
                self.judge.findings.add(Kind.LOST, f"{does}: {error}")
            else:
                self.told.count("cut off, and asked again")
            return None
        heard, answer = time.monotonic(), reply.json()
        outcome = ((answer.get("data") or {}) if isinstance(answer, dict) else {}).get(does)
        if outcome is None:
            self._failed(does, sent, heard, reply.status, answer)
            return None
        self.told.answered.append(Answered(does, sent, heard))
        self._returned(answer, outcome, sent, heard, reply.status)
        return outcome  # type: ignore[no-any-return]  # it is what came

    def _returned(self, answer: Any, outcome: Mapping[str, Any], sent: float, heard: float, status: int) -> None:
        """The need as the mutation returns it, if it was asked for: it has to show what was done."""
        if answer.get("errors"):
            self._failed(Question.RETURNED, sent, heard, status, answer)
        elif "need" in outcome:
            self.told.answered.append(Answered(Question.RETURNED, sent, heard))
            asked = Asked(self.number, Question.RETURNED, outcome["id"], sent, outcome["position"])
            self.judge.heard(Heard(asked, heard, answer["extensions"]["position"], {"need": outcome["need"]}))

    async def _again(self, does: Does, body: bytes, outcome: Mapping[str, Any]) -> None:
        """Send an answered mutation once more: the outcome has to be the first one."""
        self.told.count("sent again after the answer")
        again = await self._sent(does, body)
        if again is not None and (
            not again["repeated"] or (again["id"], again["position"]) != (outcome["id"], outcome["position"])
        ):
            self.judge.findings.add(Kind.OUTCOME, f"{does}: {again} after {outcome}")


def _whole(answer: Any) -> bool:
    """Whether an answer holds all that was asked."""
    return isinstance(answer, dict) and answer.get("data") is not None and not answer.get("errors")
