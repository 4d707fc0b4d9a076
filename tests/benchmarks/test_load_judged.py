"""The judge of the benchmark of load is right about right answers, and misses no wrong one."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from random import Random
from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from loading.findings import Kind
from loading.judge import Asked, Heard, Judge
from loading.lives import Change, Does, Lives
from loading.questions import ALL, COUNTED, NEWEST, PAGE_SIZE, PAGED, Question, Topic

TOPICS = tuple(
    Topic({"title": {"zh": f"题目 {number}"}, "goal": None, "keywords": [], "fields": []}, counterparts=number)
    for number in range(3)
)
OURS, OTHERS = "organisation of ours", "organisation of others"
BEFORE = 7
"""Needs that were there before."""
NEVER = 1_000_000.0
JUDGED = [each for each in Question if each is not Question.RETURNED]


# -- what may have been done, and what the graph is of it --------------------------------------


@st.composite
def histories(draw: st.DrawFn) -> list[Change]:
    """What was done to some needs of two organisations: at each position one thing, sent a moment before."""
    made: list[Change] = []
    stages: dict[str, str] = {}
    for position in range(10, 10 + draw(st.integers(1, 12))):
        need = draw(st.sampled_from([*stages, ""]))
        match stages.get(need):
            case None:
                does, need = Does.RECORD, f"need {len(stages)}"
            case "RECORDED":
                does = draw(st.sampled_from([Does.AMEND, Does.CHECK]))
            case "CHECKED":
                does = draw(st.sampled_from([Does.AMEND, Does.PUBLISH]))
            case _:
                does = Does.AMEND
        stages[need] = {Does.RECORD: "RECORDED", Does.CHECK: "CHECKED", Does.PUBLISH: "PUBLISHED"}.get(
            does, stages.get(need, "")
        )
        organisation = OTHERS if int(need.split()[1]) % 3 == 2 else OURS
        made.append(Change(does, need, organisation, position - 10, position - 0.5, position))
    return made


def graph_at(done: Sequence[Change], position: int) -> list[dict[str, Any]]:
    """The needs as they are at a position, the oldest first, as an answer shows them."""
    nodes: dict[str, dict[str, Any]] = {}
    for each in done:
        if each.position <= position:
            node = nodes.setdefault(
                each.need,
                {
                    "id": each.need,
                    "created": each.position,
                    "stage": "RECORDED",
                    "organisation": {"id": each.organisation},
                },
            )
            match each.does:
                case Does.RECORD | Does.AMEND:
                    about = TOPICS[each.number % len(TOPICS)].said
                    node |= {**about, "budget": {"amount": f"{each.number}.00"}}
                case Does.CHECK:
                    node["stage"] = "CHECKED"
                case Does.PUBLISH:
                    node["stage"] = "PUBLISHED"
    return list(nodes.values())


def data(question: Question, about: str, graph: Sequence[Mapping[str, Any]], after: int = 0) -> Any:
    """The answer to a question of this graph; a page is of what came `after` a position."""

    def connection(nodes: Sequence[Any], size: int) -> dict[str, Any]:
        edges = [{"node": node} for node in nodes[:size]]
        return {"totalCount": len(nodes), "edges": edges, "pageInfo": {"hasNextPage": len(nodes) > size}}

    ours = [node for node in graph if node["organisation"]["id"] == about]
    counts = {stage: {"totalCount": sum(node["stage"] == stage for node in ours)} for stage in COUNTED}
    counts["all"] = {"totalCount": BEFORE + len(graph)}
    match question:
        case Question.LIST:
            return {"needs": connection(ours, ALL)}
        case Question.NESTED:
            return {"organisation": {"id": about, "needs": connection(ours[::-1], NEWEST)}}
        case Question.PAGE:
            page = [node for node in ours if node["stage"] in PAGED and node["created"] > after]
            found = connection(page, PAGE_SIZE)
            del found["totalCount"]
            return {"needs": found}
        case Question.COUNTS:
            return counts
        case Question.CONSISTENT:
            return {"needs": connection(ours, ALL), **counts}
    need = next((node for node in graph if node["id"] == about), None)
    if question is Question.COUNTERPARTS:
        number = int(need["budget"]["amount"].partition(".")[0]) if need else 0
        return {"counterparts": number % len(TOPICS)}
    return {"need": need}


def judge_of(done: Sequence[Change]) -> Judge:
    """A judge who knows of all this."""
    judge = Judge(Lives(BEFORE), TOPICS)
    for each in done:
        judge.did(each)
    return judge


def of_a_need(question: Question) -> bool:
    return question in (Question.ONE, Question.SHARED, Question.COUNTERPARTS)


questions = st.sampled_from(JUDGED)


@given(histories(), questions, st.data())
def test_an_answer_is_right_exactly_if_it_is_what_the_log_made_at_its_position(
    done: list[Change], question: Question, drawn: st.DataObject
) -> None:
    last = done[-1].position
    claimed, shown = (drawn.draw(st.integers(9, last)) for _ in range(2))
    about = drawn.draw(st.sampled_from([each.need for each in done])) if of_a_need(question) else OURS
    if question is Question.COUNTERPARTS:
        assume(min(claimed, shown) >= next(each.position for each in done if each.need == about))
    ours = [each for each in done if each.does is Does.RECORD and each.organisation == OURS]
    after = drawn.draw(st.sampled_from([None, *ours])) if question is Question.PAGE else None
    answers = [data(question, about, graph_at(done, at), after.position if after else 0) for at in (shown, claimed)]
    judge = judge_of(done)
    asked = Asked(1, question, about, 0, after=after.need if after else None, stages=PAGED)
    judge.heard(Heard(asked, claimed, claimed, answers[0]))
    assert judge.judged == 1
    assert bool(judge.findings.counts) == (answers[0] != answers[1]), judge.findings.words


@given(histories(), questions.filter(lambda each: each is not Question.CONSISTENT), st.data())
def test_what_had_been_sent_when_an_answer_came_may_show_in_it_and_what_had_not_may_not(
    done: list[Change], question: Question, drawn: st.DataObject
) -> None:
    last = done[-1].position
    claimed = drawn.draw(st.integers(9, last))
    shown = drawn.draw(st.integers(claimed, last))
    about = drawn.draw(st.sampled_from([each.need for each in done])) if of_a_need(question) else OURS
    if question is Question.COUNTERPARTS:
        assume(claimed >= next(each.position for each in done if each.need == about))
    answer = data(question, about, graph_at(done, shown))
    for heard, right in ((NEVER, True), (claimed, answer == data(question, about, graph_at(done, claimed)))):
        judge = judge_of(done)
        judge.heard(Heard(Asked(1, question, about, 0, stages=PAGED), heard, claimed, answer))
        assert not judge.findings.counts or not right, judge.findings.words
        assert judge.findings.counts or right


@given(histories(), st.randoms())
def test_in_whichever_order_it_becomes_known_what_was_done_the_judgement_is_the_same(
    done: list[Change], chance: Random
) -> None:
    later = [each for each in done if each.does is not Does.RECORD]
    chance.shuffle(later)
    judge = judge_of([*(each for each in done if each.does is Does.RECORD), *later])
    for position in range(done[0].position, done[-1].position + 1):
        answer = data(Question.CONSISTENT, OURS, graph_at(done, position))
        judge.heard(Heard(Asked(1, Question.CONSISTENT, OURS, 0), NEVER, position, answer))
    assert not judge.findings.counts, judge.findings.words


# -- what a wrong answer is found to be -----------------------------------------------------------

STORY = [
    Change(Does.RECORD, "need 0", OURS, 0, 10, 10),
    Change(Does.RECORD, "need 1", OURS, 1, 11, 11),
    Change(Does.CHECK, "need 0", OURS, 2, 12, 12),
    Change(Does.AMEND, "need 1", OURS, 3, 13, 13),
]
Spoil = Callable[[Any], None]


def spoilt(question: Question, spoil: Spoil) -> Judge:
    """The judgement of the last answer after something was done to it."""
    about = "need 0" if question is Question.ONE else OURS
    answer = json.loads(json.dumps(data(question, about, graph_at(STORY, 13))))
    spoil(answer)
    judge = judge_of(STORY)
    judge.heard(Heard(Asked(1, question, about, 0, stages=PAGED), NEVER, 13, answer))
    return judge


@pytest.mark.parametrize(
    ("question", "spoil", "kind"),
    [
        (Question.ONE, lambda answer: answer["need"].update(stage="RECORDED"), Kind.NEVER_SO),
        (Question.ONE, lambda answer: answer["need"].update(title={"zh": "题目 1"}), Kind.NEVER_SO),
        (Question.ONE, lambda answer: answer["need"].pop("goal"), Kind.NEVER_SO),
        (Question.ONE, lambda answer: answer.update(need=None), Kind.MISSING),
        (Question.ONE, lambda answer: answer.clear(), Kind.FORM),
        (Question.LIST, lambda answer: answer["needs"]["edges"].reverse(), Kind.ORDER),
        (Question.LIST, lambda answer: answer["needs"]["edges"].pop(), Kind.MISSING),
        (Question.LIST, lambda answer: answer["needs"]["edges"].pop(0), Kind.MISSING),
        (Question.LIST, lambda answer: answer["needs"]["edges"].append(answer["needs"]["edges"][-1]), Kind.ORDER),
        (Question.LIST, lambda answer: answer["needs"]["edges"][0]["node"].update(id="need 9"), Kind.STRANGE),
        (Question.LIST, lambda answer: answer["needs"]["pageInfo"].update(hasNextPage=True), Kind.ORDER),
        (Question.LIST, lambda answer: answer["needs"].update(totalCount=3), Kind.COUNT),
        (Question.NESTED, lambda answer: answer.update(organisation=None), Kind.MISSING),
        (Question.NESTED, lambda answer: answer["organisation"].update(id=OTHERS), Kind.MISSING),
        (Question.PAGE, lambda answer: answer["needs"]["edges"].clear(), Kind.MISSING),
        (Question.COUNTS, lambda answer: answer["all"].update(totalCount=BEFORE), Kind.COUNT),
        (Question.COUNTS, lambda answer: answer["CHECKED"].update(totalCount=0), Kind.COUNT),
    ],
)
def test_what_is_wrong_with_an_answer_is_named(question: Question, spoil: Spoil, kind: Kind) -> None:
    assert not spoilt(question, lambda _answer: None).findings.counts
    assert kind in spoilt(question, spoil).findings.counts


def test_counterparts_of_other_words_are_found() -> None:
    judge = judge_of(STORY)
    for counterparts in (0, 1, 2):
        asked = Asked(1, Question.COUNTERPARTS, "need 1", 0)
        judge.heard(Heard(asked, NEVER, 11, {"counterparts": counterparts}))  # amended once, so of either words
    assert judge.findings.counts == {Kind.RANKED: 1}


def test_an_answer_older_than_was_asked_for_and_one_that_goes_back_are_found() -> None:
    judge = judge_of(STORY)
    nothing = data(Question.COUNTS, OTHERS, graph_at(STORY, 13))
    for by, at_least, position in ((1, 0, 13), (2, 13, 13), (1, 0, 13)):
        judge.heard(Heard(Asked(by, Question.COUNTS, OTHERS, 0, at_least), NEVER, position, nothing))
    assert not judge.findings.counts
    judge.heard(Heard(Asked(3, Question.COUNTS, OTHERS, 0, 13), NEVER, 12, nothing))
    judge.heard(Heard(Asked(1, Question.COUNTS, OTHERS, 0), NEVER, 12, nothing))
    assert judge.findings.counts == {Kind.UNSEEN: 1, Kind.BACK: 1}


def test_a_record_that_goes_back_for_somebody_who_has_seen_it_newer_is_found() -> None:
    judge = judge_of(STORY)
    for by, shown in ((1, 13), (2, 11), (2, 13), (1, 11)):
        answer = data(Question.ONE, "need 1", graph_at(STORY, shown))
        judge.heard(Heard(Asked(by, Question.ONE, "need 1", 0), NEVER, 11, answer))
    assert judge.findings.counts == {Kind.BACK: 1}


def test_nothing_is_judged_while_a_mutation_is_under_way_that_may_show_in_it() -> None:
    judge = judge_of(STORY[:3])
    judge.sent(3, 13)
    answer = data(Question.ONE, "need 1", graph_at(STORY, 13))
    judge.heard(Heard(Asked(1, Question.ONE, "need 1", 0), 12.9, 11, data(Question.ONE, "need 1", graph_at(STORY, 12))))
    assert judge.judged == 1
    judge.heard(Heard(Asked(1, Question.ONE, "need 1", 0), 13.1, 11, answer))
    assert judge.judged == 1
    judge.did(STORY[3])
    assert judge.judged == 2
    assert not judge.findings.counts


def test_two_mutations_that_are_told_the_same_position_are_found() -> None:
    assert judge_of([*STORY, Change(Does.AMEND, "need 0", OURS, 4, 14, 13)]).findings.counts == {Kind.LOG: 1}
