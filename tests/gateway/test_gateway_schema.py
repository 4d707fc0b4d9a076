"""The schema as a whole: its text, its fields against the graph, and documents made by chance."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from asking import Asking
from both_ways import BothWays
from chance.documents import Question, questions
from chance.known import Known
from graphql import (
    GraphQLEnumType,
    GraphQLObjectType,
    build_schema,
    get_named_type,
    get_nullable_type,
    is_leaf_type,
    is_list_type,
)
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from small_links import LABELS
from small_model import Model
from small_network import SmallNetwork

from gateway.schema import schema, sdl

SNAPSHOT = Path(__file__).parents[2] / "graphql" / "schema.graphql"
Now = Callable[[], Model]

TOGETHER = {
    r"(.+)_(zh|en)": r"\1",
    r"(.+)_(minor|currency)": r"\1",
    r"contact_.+": "contact",
    r"call_.+": "call",
    r"province": "region",
    r".+_(since|until|by)": "terms",
}
"""Properties that are shown together under one field."""

UNSHOWN = {"person_id", "name_public"}
"""Properties that steer what is shown, and names of people behind records; an appointment shows its person."""


def camel(name: str) -> str:
    first, *rest = name.split("_")
    return first + "".join(part.title() for part in rest)


def test_the_snapshot_is_the_schema() -> None:
    assert SNAPSHOT.read_text(encoding="utf-8") == sdl(), "write it with: yizhan schema > graphql/schema.graphql"


def test_the_snapshot_is_a_schema_that_any_tool_can_read() -> None:
    assert build_schema(sdl()).query_type is not None


def test_every_type_field_and_argument_that_says_nothing_by_its_name_has_words() -> None:
    for name, kind in schema().type_map.items():
        if isinstance(kind, GraphQLObjectType) and not name.startswith("__") and name not in ("Query", "Mutation"):
            assert kind.description, name


@pytest.mark.parametrize("label", LABELS.values())
def test_every_property_of_a_node_is_shown_by_a_field(model: Now, label: str) -> None:
    kind = schema().type_map[label]
    assert isinstance(kind, GraphQLObjectType)
    properties = {name for id in model().ids(label) for name in model().node(label, id)} - UNSHOWN
    assert properties
    for name in properties:
        groups = {re.sub(pattern, group, name) for pattern, group in TOGETHER.items() if re.fullmatch(pattern, name)}
        assert {camel(each) for each in {name, *groups}} & set(kind.fields), f"{label}.{name} is shown by no field"


@pytest.mark.parametrize("label", LABELS.values())
def test_every_plain_field_shows_what_the_node_holds(asking: Asking, model: Now, label: str) -> None:
    kind = schema().type_map[label]
    assert isinstance(kind, GraphQLObjectType)
    plural = next(plural for plural, each in LABELS.items() if each == label)
    held_by_name = {camel(name): name for id in model().ids(label) for name in model().node(label, id)}
    sealed = {"name", "phone", "email", "certificate", "suspendedBecause", "delistedBecause", "releasedBecause"}
    plain = [
        name
        for name, field in kind.fields.items()
        if name in held_by_name and name not in sealed and is_leaf_type(get_named_type(field.type))
    ]
    query = f"{{ {plural}(first: 100) {{ edges {{ node {{ id {' '.join(plain)} }} }} }} }}"
    for edge in asking.data(query, "administrator")[plural]["edges"]:
        held = model().node(label, edge["node"]["id"])
        for name in plain:
            enum = get_named_type(kind.fields[name].type)
            empty = () if is_list_type(get_nullable_type(kind.fields[name].type)) else None
            value = held.get(held_by_name[name], empty)
            if isinstance(enum, GraphQLEnumType):
                value = shown_enum(enum, value)
            assert edge["node"][name] == (list(value) if isinstance(value, tuple | list) else value), (label, name)


def shown_enum(enum: GraphQLEnumType, value: Any) -> Any:
    if isinstance(value, list | tuple):
        return [shown_enum(enum, each) for each in value]
    names = {str(getattr(member.value, "value", member.value)): name for name, member in enum.values.items()}
    return None if value is None else names[str(value)]


def test_texts_money_contacts_and_calls_are_put_together(asking: Asking, made: SmallNetwork) -> None:
    query = """query($need: ID!, $profile: ID!, $rdr: ID!, $station: ID!, $abroad: ID!) {
      need(id: $need) { title { zh en } description { en } budget { amount currency } contact { name phone email } }
      profile(id: $profile) {
        technologyKeywords { code label name { zh en text } } marketKeywords { code label name { zh } }
        sdgs { number label name { zh en } } call { url }
      }
      rdr: profile(id: $rdr) { call { framework title scheme budget deadline weeks url project coordinatorRequired } }
      station(id: $station) { region { code name province provinceEn } }
      organisation(id: $abroad) { region { code } industry industryName { zh } country name { zh } }
    }"""
    ids = {"need": "dyeing", "profile": "to good", "rdr": "rdr", "station": "shaoxing", "abroad": "filters"}
    answer = asking.data(query, "adviser", **{name: made[id] for name, id in ids.items()})
    assert answer["need"] == {
        "title": {"zh": "印染废水深度脱色", "en": "Deep Decolouring of dyeing wastewater"},
        "description": {"en": None},
        "budget": {"amount": "300000.00", "currency": "CNY"},
        "contact": {"name": "人dyeing", "phone": "0575-人dyeing", "email": "7@example.org"},
    }
    assert answer["profile"] == {
        "technologyKeywords": [
            {
                "code": "11001",
                "label": "Socio-economic models, economic aspects",
                "name": {
                    "zh": "社会经济模型与经济问题",
                    "en": "Socio-economic models, economic aspects",
                    "text": "社会经济模型与经济问题",
                },
            },
            {"code": "99999999", "label": None, "name": None},
        ],
        "marketKeywords": [
            {
                "code": "08005",
                "label": "Other Industrial Products (not elsewhere classified)",
                "name": {"zh": "其他工业产品（未另分类）"},
            }
        ],
        "sdgs": [
            {
                "number": 6,
                "label": "GOAL 6: Clean Water and Sanitation",
                "name": {"zh": "目标6：清洁饮水和卫生设施", "en": "GOAL 6: Clean Water and Sanitation"},
            },
            {
                "number": 9,
                "label": "GOAL 9: Industry, Innovation and Infrastructure",
                "name": {"zh": "目标9：产业、创新和基础设施", "en": "GOAL 9: Industry, Innovation and Infrastructure"},
            },
        ],
        "call": None,
    }
    assert answer["rdr"]["call"] == {
        "framework": "Horizon Europe",
        "title": "Water",
        "scheme": "RIA",
        "budget": "3 M€",
        "deadline": "2026-11-01",
        "weeks": 150,
        "url": "https://call.example/1",
        "project": "BLUE",
        "coordinatorRequired": True,
    }
    assert answer["station"]["region"] == {
        "code": "330600",
        "name": "绍兴市",
        "province": "浙江省",
        "provinceEn": answer["station"]["region"]["provinceEn"],
    }
    assert "Zhejiang" in answer["station"]["region"]["provinceEn"]
    abroad = {"region": None, "industry": None, "industryName": None, "country": "NL", "name": {"zh": None}}
    assert answer["organisation"] == abroad


@pytest.mark.parametrize(
    ("name", "now"),
    [
        ("to good", True),
        ("to expired", False),
        ("to deadline", False),
        ("to closed", False),
        ("to last day", True),
        ("to withdrawn", False),
        ("draft tr", False),
        ("own to", True),
    ],
)
def test_a_profile_says_whether_interest_may_be_expressed_today(
    asking: Asking, made: SmallNetwork, name: str, now: bool
) -> None:
    assert asking.data(f'{{ profile(id: "{made[name]}") {{ openNow }} }}', "auditor") == {"profile": {"openNow": now}}


# -- documents made by chance --------------------------------------------------


@pytest.fixture(scope="module")
def known(asking: Asking, model: Now, made: SmallNetwork) -> Known:
    """What can be asked by in the small network."""
    return Known.of(model().graph, made.log.head(), lambda document: asking.data(document, "administrator"))


@settings(max_examples=200, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True, database=None)
@given(data=st.data(), who=st.sampled_from([None, "adviser", "other", "auditor", "administrator"]))
def test_any_valid_document_is_answered_by_its_plan_as_field_by_field(
    asking: Asking, ways: BothWays, known: Known, data: st.DataObject, who: str | None
) -> None:
    asked: Question = data.draw(questions(known))
    ours = ways.by_plan(asked.text, who, asked.variables)
    assert ours in (None, ways.by_field(asked.text, who, asked.variables)), asked
    response = asking.post(asked.text, who, asked.variables)
    assert response.status_code == 200, response.text
    codes = {error["extensions"]["code"] for error in response.json().get("errors", ())}
    assert codes <= {"BAD_INPUT", "NOT_FOUND", "FORBIDDEN"}, (asked, response.text)
