"""Worlds that differ only in what is hidden from a reader answer that reader with the same bytes, whatever is asked."""

from __future__ import annotations

import asyncio
import json
import re
from base64 import b64encode
from collections.abc import Iterator, Sequence
from functools import partial
from typing import Any
from urllib.parse import quote

import orjson
import pytest
from asking import in_pieces
from chance.documents import Question, questions
from chance.known import Known
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from small_links import BY_LINK, LABELS
from two_worlds import CHANGES, KNOWN_OUTSIDE
from worlds import MEMBERS, READERS, Worlds, three_worlds

from domain.reference.fields import TechnologyField
from gateway.paging import Place
from gateway.planning.catalogue import look_ups

ATTACKERS = ("other", "foreigner", None)
ORDERS = ("NEWEST", "OLDEST")
UNKNOWN = "achievement_01h455vb4pex5vsknk084sn02q"
HIDDEN_WORDS = ("甲", "乙", "暗", "匿", "彼", "此", "尚未发布", "又一个")
PAGES = "totalCount pageInfo { hasNextPage hasPreviousPage startCursor endCursor } edges { cursor node { id } }"


@pytest.fixture(scope="module")
def worlds(tmp_path_factory: pytest.TempPathFactory, loop: asyncio.Runner) -> Iterator[Worlds]:
    with three_worlds(tmp_path_factory.mktemp("worlds"), loop) as three:
        yield three


@pytest.fixture(scope="module")
def known(worlds: Worlds) -> Known:
    return worlds.known()


def alike(worlds: Worlds, who: str | None, fields: Sequence[str]) -> None:
    """See that both worlds answer these fields of the query root with the same bytes."""
    for document in in_pieces(fields):
        one, other = worlds.said(document, who)
        assert one == other, document
        assert not {"INTERNAL", "TOO_MUCH"} & set(re.findall(r"[A-Z_]{6,}", one)), document


def test_the_worlds_differ_and_are_of_the_same_age(worlds: Worlds) -> None:
    assert len({each.made.log.head() for each in worlds.every}) == 1
    for who in READERS:
        one, other = worlds.pair(who)
        assert one.model().graph.nodes != other.model().graph.nodes
        assert {id for _, id in one.model().graph.nodes} != {id for _, id in other.model().graph.nodes}
        assert one.model().graph.links != other.model().graph.links
        everything = "{ achievements(first: 100) { edges { node { id title { text } keywords } } } }"
        assert one.asking.data(everything, "auditor") != other.asking.data(everything, "auditor")


@settings(max_examples=50, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True, database=None)
@given(data=st.data(), who=st.sampled_from(READERS))
def test_whatever_is_asked_is_answered_alike(
    worlds: Worlds, known: Known, data: st.DataObject, who: str | None
) -> None:
    question: Question = data.draw(questions(known))
    one, other = worlds.said(question.text, who, question.variables)
    assert one == other, question
    assert "INTERNAL" not in one, question


@settings(max_examples=6, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True, database=None)
@given(data=st.data(), who=st.sampled_from(READERS))
def test_so_it_is_while_what_is_hidden_changes(
    worlds: Worlds, known: Known, data: st.DataObject, who: str | None
) -> None:
    change = data.draw(st.sampled_from(CHANGES))
    for number, each in enumerate(worlds.every):
        change(each.made, f"{each.made.given}/{number}")
    question: Question = data.draw(questions(known))
    one, other = worlds.said(question.text, who, question.variables)
    assert one == other, question


# -- what somebody would try ---------------------------------------------------


def in_disguise(id: str) -> list[str]:
    """An id as it might get past a check."""
    coded = [b64encode(text.encode()).decode() for text in (id, f"Node:{id}")]
    return [id, id.upper(), f" {id}", f"{id}\n", f"{id}\u0000", quote(id, safe=""), *coded, f"{id}' OR '1'='1"]


@pytest.mark.parametrize("who", ATTACKERS)
def test_an_id_tells_nothing_in_whatever_disguise(worlds: Worlds, who: str | None) -> None:
    first, *others = worlds.hidden(who)
    looked_at = {*in_disguise(first), *others[:3]}
    station, together, apart = worlds.plain.made["shaoxing"], list[str](), list[str]()
    for spelled in (*in_disguise(first), *others):
        id, kind = json.dumps(spelled), spelled.strip().partition("_")[0].lower()
        together += [
            f"node(id: {id}) {{ id recordedAt }}",
            *([f"{kind}(id: {id}) {{ id }}"] if kind in look_ups() else ()),
        ]
        apart += (
            []
            if spelled not in looked_at
            else [
                f'path(from: "{station}", to: {id}) {{ length nodes {{ id }} }}',
                f'path(from: {id}, to: "{station}") {{ steps {{ link }} }}',
                f"counterparts(of: {id}) {{ totalCount }}",
                f"history(of: {id}) {{ edges {{ cursor }} }}",
                f"asOf(of: {id}, position: 150) {{ label }}",
            ]
        )
    alike(worlds, who, together)
    for each in apart:
        alike(worlds, who, [each])


@pytest.mark.parametrize("who", ATTACKERS)
def test_no_cursor_that_is_forged_from_a_hidden_record_tells_of_it(worlds: Worlds, who: str | None) -> None:
    fields, plurals = list[str](), {label: plural for plural, label in LABELS.items()}
    for each in worlds.pair(who):
        for (label, id), held in each.model().graph.nodes.items():
            if id in worlds.some_hidden(who):
                created = held["created"]
                assert isinstance(created, int)
                for value, beside in ((created, id), (created - 0.5, ""), (created, "~"), (created + 1, id)):
                    asked = f"first: 2, after: {json.dumps(Place(value, beside).cursor())}"
                    fields += [f"{plurals[label]}(orderBy: {order}, {asked}) {{ {PAGES} }}" for order in ORDERS]
    alike(worlds, who, list(dict.fromkeys(fields)))


@pytest.mark.parametrize("who", ATTACKERS)
def test_no_count_order_or_filter_tells_of_it(worlds: Worlds, who: str | None) -> None:
    """Nor by the texts that only it holds, by links to it, and by the day on which it came."""
    fields = [f"{plural}(orderBy: {order}, first: 100) {{ {PAGES} }}" for plural in LABELS for order in ORDERS]
    for plural, field, _, _ in BY_LINK:
        fields += [f'{plural}(filter: {{{field}: "{id}"}}) {{ {PAGES} }}' for id in worlds.some_hidden(who)]
    for word in HIDDEN_WORDS:
        texts = ("stations", "organisations", "partners", "needs", "achievements", "profiles")
        fields += [f'{plural}(filter: {{text: "{word}"}}) {{ {PAGES} }}' for plural in texts]
        fields.append(f'experts(filter: {{keywords: ["{word}"]}}) {{ {PAGES} }}')
    fields += [f"achievements(filter: {{fields: [{each.name}]}}) {{ {PAGES} }}" for each in TechnologyField]
    alike(worlds, who, fields)


@pytest.mark.parametrize("who", MEMBERS)
def test_who_worked_with_whom_tells_nothing_of_what_is_hidden(worlds: Worlds, who: str) -> None:
    """A cooperation about a secret achievement counts, but its field and its client's industry are not shown."""
    for by in ("FIELD", "INDUSTRY", "STATION", "REGION", "COUNTRY"):
        cell = "from { key } to { key } needs matches cooperations deals ids { needs matches cooperations deals }"
        one, other = worlds.said(f"{{ collaboration(by: {by}) {{ {cell} }} }}", who)
        assert one == other, by
    assert worlds.plain.made["talks"] in one


TOLD_OF = ("once secret", "talks", "expert leaving", "broker signed", "broker certified", "dyeing", "expert private")


@pytest.mark.parametrize("who", MEMBERS)
def test_histories_and_the_past_tell_nothing_of_what_is_hidden(worlds: Worlds, who: str) -> None:
    """Not what an achievement said while it was secret, nor which one others talked about, nor why an expert left."""
    head, made = worlds.plain.made.log.head(), worlds.plain.made
    past = "properties neighbours { edges { node { id properties links { name properties } } } }"
    for name in TOLD_OF:
        alike(worlds, who, [f'history(of: "{made[name]}", first: 100) {{ edges {{ node {{ version topic data }} }} }}'])
        for position in range(40, head + 1, 70):
            alike(worlds, who, [f'asOf(of: "{made[name]}", position: {position}) {{ {past} }}'])


def test_those_who_may_read_it_are_told(worlds: Worlds) -> None:
    """What is left out for others stands there for those who answer, or who see all."""
    made = worlds.plain.made

    def told(name: str, who: str) -> list[dict[str, Any]]:
        document = f'{{ history(of: "{made[name]}", first: 100) {{ edges {{ node {{ version topic data }} }} }} }}'
        edges = worlds.plain.asking.data(document, who)["history"]["edges"]
        return [edge["node"] for edge in edges]

    assert [each["version"] for each in told("once secret", "outsider")] == [2]
    assert [each["version"] for each in told("once secret", "manager")] == [1, 2]
    assert [each["version"] for each in told("once secret", "auditor")] == [1, 2]
    assert "achievement_id" not in told("talks", "outsider")[0]["data"]
    assert told("talks", "manager")[0]["data"]["achievement_id"] == made["hidden"]
    assert told("expert leaving", "outsider")[-1]["data"] == {}
    assert told("expert leaving", "manager")[-1]["data"] == {"reason": "因甲"}
    assert "contact" not in told("dyeing", "outsider")[-1]["data"]
    assert set(told("dyeing", "adviser")[-1]["data"]["contact"]) == {"person_id"}


# -- subscriptions -------------------------------------------------------------

NODE = """subscription ($id: ID!, $after: Position) { nodeChanged(id: $id, after: $after) {
    position node { id __typename } events { topic version data } } }"""


@pytest.mark.parametrize("who", ATTACKERS)
def test_what_is_hidden_cannot_be_followed(worlds: Worlds, who: str | None) -> None:
    for id in worlds.some_hidden(who):
        one, other = (each.followed.errors(NODE, who, id=id) for each in worlds.pair(who))
        assert one == other
        assert one[0]["extensions"]["code"] == "NOT_FOUND"


@pytest.mark.parametrize(
    ("who", "name"), [("outsider", "once secret"), ("foreigner", "talks"), (None, "expert private")]
)
def test_who_follows_a_record_from_its_beginning_hears_nothing_of_what_is_hidden(
    worlds: Worlds, who: str | None, name: str
) -> None:
    heard = {}
    for number, each in enumerate(worlds.every):
        happening = partial(each.happens, f"{name}、{each.made.given}、{number}")
        heard[number] = each.followed.answers(NODE, who, happening, id=each.made[name], after=0)
    one, other = (heard[worlds.every.index(each)] for each in worlds.pair(who))
    assert one == other
    assert one


# -- mutations -----------------------------------------------------------------

TITLE = {"zh": "改"}
DETAILS = {"title": TITLE, "secrecy": "OPEN"}
ABOUT_AN_ACHIEVEMENT: list[tuple[str, dict[str, Any]]] = [
    ("amendAchievement", {"achievementId": "@", "details": DETAILS}),
    ("screenAchievement", {"achievementId": "@", "result": "ACCEPT"}),
    ("publishAchievement", {"achievementId": "@"}),
    ("transferAchievement", {"achievementId": "@"}),
    ("withdrawAchievement", {"achievementId": "@", "reason": "无"}),
    ("proposeMatch", {"stationId": "station", "needId": "need", "achievementId": "@"}),
    ("proposeMatch", {"stationId": "station", "achievementId": "@", "expertId": "expert"}),
    ("askCooperation", {"stationId": "station", "askedId": "asked", "purpose": "合作", "achievementId": "@"}),
    (
        "draftProfile",
        {"stationId": "station", "achievementId": "@", "details": {"type": "TO", "title": TITLE, "country": "CN"}},
    ),
]


def refused(worlds: Worlds, name: str, given: dict[str, Any], who: str, id: str, request: str) -> Any:
    """What is said to who gives this command about this record."""
    made = worlds.plain.made
    of_who = made.people[who].station_id
    places = {"@": id, "station": of_who, "asked": made["yiwu"], "need": made["robot"], "expert": made["expert known"]}
    places["asked"] = next(made[each] for each in ("zhejiang", "shenzhen") if made[each] != of_who)
    spelled = {key: places.get(each, each) if isinstance(each, str) else each for key, each in given.items()}
    kind = f"{name[0].upper()}{name[1:]}Input!"
    document = f"mutation ($input: {kind}) {{ {name}(input: $input) {{ id }} }}"
    answer = worlds.plain.asking.post(document, who, {"input": {"requestId": request, **spelled}}).json()
    return orjson.loads(orjson.dumps(answer["errors"]).replace(id.encode(), b"ID"))


@pytest.mark.parametrize("who", ["other", "outsider", "foreigner", "stranger", "retired"])
@pytest.mark.parametrize(("name", "given"), ABOUT_AN_ACHIEVEMENT)
def test_a_command_about_what_is_hidden_is_refused_as_one_about_what_does_not_exist(
    worlds: Worlds, name: str, given: dict[str, Any], who: str
) -> None:
    for hidden in ("hidden", "secret", "only here"):
        of_hidden = refused(worlds, name, given, who, worlds.plain.made[hidden], f"{name} {hidden}")
        of_nothing = refused(worlds, name, given, who, UNKNOWN, f"{name} {hidden}")
        assert of_hidden == of_nothing
        assert of_hidden[0]["extensions"]["rule"] in ("achievement.unknown", "authority.role") or name == "draftProfile"


def test_of_what_must_be_unique_it_is_said_that_it_is_taken_and_not_by_whom(worlds: Worlds) -> None:
    """The exception that docs/guarantees.md names."""
    given = {
        "stationId": "station",
        "organisationId": worlds.plain.made["institute"],
        "details": DETAILS,
        "source": {"system": KNOWN_OUTSIDE.system, "reference": KNOWN_OUTSIDE.reference},
    }
    (error,) = refused(worlds, "registerAchievement", given, "outsider", UNKNOWN, "guessed")
    assert error["extensions"] == {"code": "REFUSED", "rule": "achievement.exists"}
    assert worlds.plain.made["zhejiang"] not in json.dumps(error)


def test_no_answer_to_those_who_do_not_answer_holds_a_hidden_word(worlds: Worlds) -> None:
    """Asked for all texts of all lists."""
    document = """{ achievements(first: 100) { edges { node { title { text } keywords } } }
        cooperations(first: 100) { edges { node { purpose achievement { id } } } }
        experts(first: 100) { edges { node { name email phone delistedBecause } } }
        brokers(first: 100) { edges { node { name certificate suspendedBecause releasedBecause } } }
        needs(first: 100) { edges { node { contact { name } } } } }"""
    for who in MEMBERS:
        said, _ = worlds.said(document, who)
        assert not any(word in said for word in ("甲密", "乙密", "匿", "人甲", "名甲", "因甲", "停甲", "离甲", "证甲"))
