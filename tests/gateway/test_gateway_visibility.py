"""Who sees what: records, counts, neighbours and contacts, held against rules written down once more by hand."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from asking import Asking
from graphql import GraphQLObjectType, get_named_type, is_leaf_type, is_required_argument
from small_links import BY_LINK, LABELS, linked, neighbour_fields
from small_model import MEMBERS, Model
from small_network import SmallNetwork

from gateway.schema import schema

Now = Callable[[], Model]
READERS = [None, "stranger", "retired", "other", "adviser", "manager", "abroad", "auditor", "administrator"]
HIDDEN = [
    ("written", "Need", None),
    ("factory", "Organisation", None),
    ("secret", "Achievement", None),
    ("secret", "Achievement", "other"),
    ("secret", "Achievement", "abroad of guangdong"),
    ("registered", "Achievement", None),
    ("draft tr", "Profile", None),
    ("match abroad", "Match", None),
    ("coop need", "Cooperation", None),
    ("deal signed", "Deal", None),
]


def station_of(made: SmallNetwork, who: str | None) -> str | None:
    return made.people[who].station_id if who else None


@pytest.mark.parametrize("who", READERS)
@pytest.mark.parametrize("plural", LABELS)
def test_lists_counts_and_look_ups_hold_what_the_reader_sees_and_nothing_else(
    asking: Asking, model: Now, made: SmallNetwork, plural: str, who: str | None
) -> None:
    label = LABELS[plural]
    seen = model().seen(label, who, station_of(made, who))
    found = asking.data(f"{{ {plural}(first: 100) {{ totalCount edges {{ node {{ id }} }} }} }}", who)[plural]
    assert [edge["node"]["id"] for edge in found["edges"]] == model().newest(label, seen)
    assert found["totalCount"] == len(seen)
    everything = sorted(model().ids(label))
    nodes = asking.each((f'node(id: "{id}") {{ id }}' for id in everything), who)
    assert {node["id"] for node in nodes if node} == seen


@pytest.mark.parametrize("who", [None, "other"])
def test_neighbours_are_only_those_that_the_reader_sees(
    asking: Asking, model: Now, made: SmallNetwork, who: str | None
) -> None:
    by_label = {label: plural for plural, label in LABELS.items()}
    some_hidden = False
    for label, field, paged in neighbour_fields():
        shape = "{ totalCount edges { node { id __typename } } }" if paged else "{ id __typename }"
        given = "(first: 100)" if paged else ""
        query = f"{{ {by_label[label]}(first: 100) {{ edges {{ node {{ id {field}{given} {shape} }} }} }} }}"
        for edge in asking.data(query, who)[by_label[label]]["edges"]:
            node = edge["node"]
            all_linked = linked(model(), label, field, node["id"])
            wanted = {id for other in LABELS.values() for id in model().seen(other, who, station_of(made, who))}
            wanted &= all_linked
            some_hidden = some_hidden or wanted != all_linked
            if paged:
                assert {each["node"]["id"] for each in node[field]["edges"]} == wanted, (label, field)
                assert node[field]["totalCount"] == len(wanted)
            else:
                assert ({node[field]["id"]} if node[field] else set()) == wanted, (label, field)
    assert some_hidden


def test_a_filter_by_a_hidden_record_keeps_nothing(asking: Asking, model: Now, made: SmallNetwork) -> None:
    """Otherwise the filter would tell the public which enterprise is behind a need."""
    for plural, field, link, _ in BY_LINK:
        (type,) = {type for type, _ in model().graph.links if type.name == link and type.source == LABELS[plural]}
        hidden = model().ids(type.target) - model().seen(type.target, None, None)
        for id in hidden:
            assert asking.data(f'{{ {plural}(filter: {{ {field}: "{id}" }}) {{ totalCount }} }}') == {
                plural: {"totalCount": 0}
            }
    shown = asking.data(f'{{ needs(filter: {{ organisation: "{made["factory"]}" }}) {{ totalCount }} }}', "other")
    assert shown["needs"]["totalCount"] > 0


@pytest.mark.parametrize(("name", "label", "who"), HIDDEN)
def test_a_hidden_record_cannot_be_told_from_one_that_does_not_exist(
    asking: Asking, made: SmallNetwork, name: str, label: str, who: str | None
) -> None:
    who, headers = ("abroad", {"Yizhan-Station": made["guangdong"]}) if who and " of " in who else (who, {})
    hidden = made[name]
    unknown = hidden[:-4] + ("0000" if hidden[-4:] != "0000" else "1111")
    singular = label[0].lower() + label[1:]
    document = (
        f"query($id: ID!, $station: ID!) {{ node(id: $id) {{ id }} {singular}(id: $id) {{ id }} "
        "path(from: $station, to: $id) { length } back: path(from: $id, to: $station) { length } "
        "counterparts(of: $id) { totalCount } }"
    )
    history = "query($id: ID!) { history(of: $id) { edges { cursor } } }"
    answers = []
    for id in (hidden, unknown):
        variables = {"id": id, "station": made["shaoxing"]}
        texts = [
            asking.post(document, who, variables, headers).text,
            asking.post(history, who, {"id": id}, headers).text,
        ]
        answers.append([text.replace(id, "ID") for text in texts])
    assert answers[0] == answers[1]
    assert "ID" in answers[0][0], "the answer names what was asked for"


CONTACTS = [
    ("need", "dyeing", "contact { name phone email }", {"adviser"}),
    ("achievement", "membrane", "contact { name phone email }", {"manager"}),
    ("partner", "agency", "contact { name phone email }", {"manager"}),
    ("partner", "academy", "contact { name phone email }", set()),
    ("expert", "expert private", "name", {"adviser"}),
    ("expert", "expert private", "phone", {"adviser"}),
    ("expert", "expert known", "email", {"manager", "other"}),
    ("expert", "expert delisted", "name", {"manager"}),
    ("expert", "expert delisted", "delistedBecause", {"manager"}),
    ("broker", "broker signed", "name", {"adviser", "manager"}),
    ("broker", "broker signed", "certificate", {"adviser", "manager"}),
    ("broker", "broker ended", "certificate", {"manager"}),
    ("broker", "broker ended", "releasedBecause", {"manager"}),
    ("broker", "broker suspended", "suspendedBecause", {"adviser", "manager"}),
]


@pytest.mark.parametrize(("root", "name", "field", "readers"), CONTACTS)
def test_what_is_personal_is_shown_to_those_who_answer_for_the_record(
    asking: Asking, made: SmallNetwork, root: str, name: str, field: str, readers: set[str]
) -> None:
    query = f'{{ {root}(id: "{made[name]}") {{ {field} }} }}'
    field = field.split()[0]
    shown = {who for who in READERS if asking.data(query, who)[root][field] is not None}
    assert shown == readers
    for who in readers:
        value = asking.data(query, who)[root][field]
        texts = list(value.values()) if isinstance(value, dict) else [value]
        assert all(text and not text.startswith("sealed") for text in texts)


def test_a_name_that_its_expert_agreed_to_show_is_shown_to_everybody(asking: Asking, made: SmallNetwork) -> None:
    for who in READERS:
        assert (
            asking.data(f'{{ expert(id: "{made["expert known"]}") {{ name }} }}', who)["expert"]["name"] == "专家known"
        )


def test_names_of_a_station_s_people_are_shown_to_those_who_do_its_daily_work(
    asking: Asking, made: SmallNetwork
) -> None:
    query = (
        "{ appointments(first: 100) { edges { node { name station { id } personId terms { role since until by } } } } }"
    )
    for who in sorted(MEMBERS):
        for edge in asking.data(query, who)["appointments"]["edges"]:
            colleague = edge["node"]["station"]["id"] == made.people[who].station_id
            assert (edge["node"]["name"] is not None) is (colleague and who not in ("auditor", "abroad"))


def everything_said(asking: Asking, who: str | None) -> str:
    """All that can be read of all lists, as one text."""

    def fields(type: Any, depth: int) -> str:
        members = []
        for name, field in type.fields.items():
            if any(is_required_argument(argument) for argument in field.args.values()):
                continue
            named = get_named_type(field.type)
            if is_leaf_type(named):
                members.append(name)
            elif depth and isinstance(named, GraphQLObjectType):
                members.append(f"{name} {{ {fields(named, depth - 1)} }}")
        return " ".join(members or ["__typename"])

    types = schema().type_map
    queries = [
        f"{{ {plural}(first: 100) {{ edges {{ node {{ {fields(types[label], 2)} }} }} }} }}"
        for plural, label in LABELS.items()
    ]
    return "\n".join(asking.post(query, who).text for query in queries)


def test_the_public_reads_no_sealed_text_and_no_contact_in_anything_that_it_can_ask_for(asking: Asking) -> None:
    said = everything_said(asking, None)
    assert '"errors"' not in said
    for word in (
        "sealed:",
        "人dyeing",
        "研membrane",
        "0575-",
        "荷兰人",
        "ZJ-signed",
        "专家private",
        "名adviser",
        "factory",
        "138",
    ):
        assert word not in said, word
    assert "专家known" in said


def test_those_who_answer_read_their_own_and_never_a_sealed_text(asking: Asking) -> None:
    said = everything_said(asking, "adviser")
    assert '"errors"' not in said
    assert "sealed:" not in said
    for word in ("人dyeing", "0575-", "专家private", "ZJ-signed", "Factory"):
        assert word in said, word
    for word in ("研membrane", "荷兰人", "人robot", "保密成果"):
        assert word not in said, word
