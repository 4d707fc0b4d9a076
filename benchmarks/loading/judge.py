"""The judge: holds every answer against what was done, as soon as all is known of what had been sent before it came.

Answers wait until no mutation is under way that may show in them. So nothing is judged by what is only assumed.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from loading.findings import Findings, Kind
from loading.lives import Change, Life, Lives, Moment, Version
from loading.pages import Expected, Found, Page, never_so, version_shown
from loading.questions import ALL, COUNTED, NEWEST, PAGE_SIZE, Question, Topic, shown


@dataclass(frozen=True, slots=True)
class Asked:
    """What was asked, by whom: about a need or an organisation, of a page beyond `after`, at least of a position."""

    by: int
    question: Question
    about: str
    sent: float
    at_least: int = 0
    after: str | None = None
    stages: tuple[str, ...] = ()

    @property
    def exact(self) -> bool:
        return self.question is Question.CONSISTENT


@dataclass(frozen=True, slots=True)
class Heard:
    """An answer: when it was there, the position that it says it shows, and its data."""

    asked: Asked
    heard: float
    position: int
    data: Mapping[str, Any] = field(repr=False)

    @property
    def moment(self) -> Moment:
        return Moment(self.position, self.heard, self.asked.exact)


class Judge:
    """Knows what was done, and finds what is not so. `topics` are what needs are about."""

    def __init__(self, lives: Lives, topics: tuple[Topic, ...]) -> None:
        self.findings = Findings()
        self.judged = 0
        self.lives = lives
        self.topics = topics
        self._under_way: dict[int, float] = {}
        self._waiting: deque[Heard] = deque()
        self._highest: dict[int, int] = {}
        self._latest: dict[tuple[int, str], int] = {}

    # -- what it is told ---------------------------------------------------------

    def sent(self, number: int, at: float) -> None:
        """A mutation is under way from now on; later ones are told later."""
        self._under_way[number] = at

    def did(self, change: Change) -> None:
        """It took effect."""
        if change.position in self.lives.positions:
            self.findings.add(Kind.LOG, f"two mutations were told position {change.position}, of which one is {change}")
        self.lives.add(change)
        self.ended(change.number)

    def ended(self, number: int) -> None:
        """It is under way no longer; without more it took no effect."""
        self._under_way.pop(number, None)
        self._settle()

    def heard(self, answer: Heard) -> None:
        """An answer came."""
        self._waiting.append(answer)
        self._settle()

    def close(self) -> None:
        """Nothing more comes. What is still under way may have happened or not: nothing is said of answers after it."""
        if self._waiting:
            under_way = ", ".join(map(str, self._under_way))
            self.findings.add(Kind.UNKNOWN, f"{len(self._waiting)} answers are not judged, because of {under_way}")

    # -- how it judges -----------------------------------------------------------

    def _settle(self) -> None:
        while self._waiting:
            first = next(iter(self._under_way.values()), None)  # they are in the order in which they were sent
            if first is not None and first < self._waiting[0].heard:
                return
            self._judge(self._waiting.popleft())

    def _judge(self, answer: Heard) -> None:
        self.judged += 1
        try:
            found = [*self._position(answer), *self._differing(answer)]
        except (KeyError, TypeError, IndexError) as error:
            found = [(Kind.FORM, f"{type(error).__name__} {error}, in {answer.data}")]
        for kind, words in found:
            self.findings.add(kind, f"{answer}: {words}")

    def _position(self, answer: Heard) -> Found:
        asked, highest = answer.asked, self._highest.get(answer.asked.by, 0)
        if answer.position < asked.at_least:
            yield Kind.UNSEEN, f"at least {asked.at_least} was asked for"
        if answer.position < highest:
            yield Kind.BACK, f"the one before was of {highest}"
        if not asked.exact:  # there the position is asked of the graph, which is ahead of what is known of it
            self._highest[asked.by] = max(highest, answer.position)

    def _differing(self, answer: Heard) -> Found:
        data, about, moment = answer.data, answer.asked.about, answer.moment
        match answer.asked.question:
            case Question.ONE | Question.SHARED | Question.RETURNED:
                yield from self._need(answer, data["need"])
            case Question.LIST:
                yield from self._list(answer, data["needs"], self._expected(about, moment), ALL)
            case Question.NESTED:
                organisation = data["organisation"]
                if organisation is None or organisation["id"] != about:
                    yield Kind.MISSING, f"the organisation is {organisation}"
                    return
                yield from self._list(answer, organisation["needs"], self._expected(about, moment, newest=True), NEWEST)
            case Question.PAGE:
                yield from self._list(answer, data["needs"], self._paged(answer), PAGE_SIZE)
            case Question.COUNTS:
                yield from self._counts(answer)
            case Question.CONSISTENT:
                yield from self._list(answer, data["needs"], self._expected(about, moment), ALL)
                yield from self._counts(answer)
            case Question.COUNTERPARTS:
                yield from self._counterparts(answer)

    def _need(self, answer: Heard, node: Mapping[str, Any] | None) -> Found:
        life = self.lives.get(answer.asked.about)
        assert life is not None, "one asks for what one has heard of"
        if node is not None:
            yield from never_so(node, life, answer.moment, self._look)
            yield from self._going_back(answer, life, node)
        elif None not in life.options(answer.moment):
            yield Kind.MISSING, f"{life.id} is not there, which is {life.options(answer.moment)}"

    def _list(self, answer: Heard, connection: Mapping[str, Any], expected: Expected, size: int) -> Found:
        page = Page.of(connection, size)
        yield from expected.differing(page)
        for node in page.nodes:
            if (life := self.lives.get(node["id"])) is not None:
                yield from self._going_back(answer, life, node)
        if "totalCount" in connection:
            yield from _counted("all", connection["totalCount"], expected.count())

    def _counts(self, answer: Heard) -> Found:
        about, moment = answer.asked.about, answer.moment
        yield from _counted("in the network", answer.data["all"]["totalCount"], self.lives.number(moment))
        for stage in COUNTED:
            expected = self._expected(about, moment, stages=(stage,))
            yield from _counted(stage, answer.data[stage]["totalCount"], expected.count())

    def _counterparts(self, answer: Heard) -> Found:
        """They depend on what the need is about, and on what nobody changes."""
        life = self.lives.get(answer.asked.about)
        assert life is not None, "one asks for what one has heard of"
        options = life.options(answer.moment)
        may_be = [each for each in options if each is not None]
        if answer.data["counterparts"] is None and None in options:
            return
        if all(self._topic(each).counterparts != answer.data["counterparts"] for each in may_be):
            yield Kind.RANKED, f"{answer.data['counterparts']} for {may_be}"

    def _going_back(self, answer: Heard, life: Life, node: Mapping[str, Any]) -> Found:
        """Whether somebody who has seen a version of a need is shown one before it."""
        version = version_shown(node, life, life.options(answer.moment), self._look)
        if version is not None:
            key = answer.asked.by, life.id
            if version.position < (latest := self._latest.get(key, 0)):
                yield Kind.BACK, f"{life.id} as of {version.position} after it was shown as of {latest}"
            self._latest[key] = max(latest, version.position)

    # -- what it compares with -----------------------------------------------------

    def _expected(
        self, organisation: str, moment: Moment, *, stages: tuple[str, ...] = (), newest: bool = False
    ) -> Expected:
        lives = self.lives.of(organisation)
        return Expected(lives[::-1] if newest else lives, moment, self._look, stages)

    def _paged(self, answer: Heard) -> Expected:
        """What a page chooses from: the needs that came after the last one of the page before."""
        asked, after = answer.asked, 0
        if asked.after is not None and (last := self.lives.get(asked.after)) is not None:
            after = last.created
        lives = [each for each in self.lives.of(asked.about) if each.created > after]
        return Expected(lives, answer.moment, self._look, asked.stages)

    def _look(self, life: Life, version: Version) -> dict[str, Any]:
        return shown(life, version, self.topics)

    def _topic(self, version: Version) -> Topic:
        return self.topics[version.number % len(self.topics)]


def _counted(what: str, count: int, may_be: range) -> Iterator[tuple[Kind, str]]:
    if count not in may_be:
        yield Kind.COUNT, f"{what}: {count}, where there are {may_be.start} to {may_be.stop - 1}"
