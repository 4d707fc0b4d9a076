"""Mutations: every one is given with good input, and refused as the rules say."""

from __future__ import annotations

from typing import Any, get_args

import pytest
from asking import Asking
from graphql import GraphQLEnumType, GraphQLInputObjectType, GraphQLObjectType, get_named_type, is_required_input_field
from pydantic import BaseModel
from small_network import SmallNetwork
from small_story import STORY

from domain.kernel.acting import Role
from domain.kernel.ids import derived_id
from domain.registry import OPERATING, registry
from gateway.schema import schema
from infra.identity.directory import person_id


def filled(value: Any, made: SmallNetwork, names: dict[str, str]) -> Any:
    """The input with ids in the place of names."""
    if isinstance(value, dict):
        return {key: filled(each, made, names) for key, each in value.items()}
    if isinstance(value, list):
        return [filled(each, made, names) for each in value]
    if isinstance(value, str) and value.startswith("@"):
        return names.get(value[1:]) or made[value[1:]]
    return value


def document(mutation: str) -> str:
    root = schema().mutation_type
    assert root is not None
    payload = get_named_type(root.fields[mutation].type)
    assert isinstance(payload, GraphQLObjectType)
    (record,) = set(payload.fields) - {"id", "position", "changed", "repeated"}
    argument = root.fields[mutation].args["input"].type
    asked = f"id position changed repeated {record} {{ id created }}"
    return f"mutation($input: {argument}) {{ {mutation}(input: $input) {{ {asked} }} }}"


def test_the_story_gives_every_mutation_of_the_schema() -> None:
    root = schema().mutation_type
    assert root is not None
    assert set(root.fields) == {mutation for mutation, *_ in STORY}


def test_every_mutation_does_what_it_says_and_shows_it(asking: Asking, made: SmallNetwork) -> None:
    names = {"person": person_id("new")}
    for number, (mutation, name, input) in enumerate(STORY):
        before = made.log.head()
        given = {"requestId": f"story {number}", **filled(input, made, names)}
        answer = asking.post(document(mutation), "administrator", {"input": given}).json()
        assert "errors" not in answer, (mutation, answer["errors"])
        outcome = answer["data"][mutation]
        assert (outcome["changed"], outcome["repeated"]) == (True, False), mutation
        assert outcome["position"] == made.log.head() > before
        assert answer["extensions"]["position"] >= outcome["position"]
        assert names.setdefault(name, outcome["id"]) == outcome["id"]
        (record,) = [value for value in outcome.values() if isinstance(value, dict)]
        assert record["id"] == outcome["id"]
        facts = [event.fact for commit in made.log.history(outcome["id"]) for event in commit.events]
        assert facts, mutation
    for name, stage in (("n", "SOLVED"), ("n2", "WITHDRAWN"), ("r", "TRANSFERRED"), ("t", "COMPLETED"), ("b", "ENDED")):
        query = f'{{ {NOUNS[name[0]]}(id: "{names[name]}") {{ stage }} }}'
        assert asking.data(query, "administrator")[NOUNS[name[0]]]["stage"] == stage
    deal = asking.data(f'{{ deal(id: "{names["t"]}") {{ amount {{ amount currency }} }} }}', "auditor")["deal"]
    assert deal == {"amount": {"amount": "77.10", "currency": "USD"}}


NOUNS = {"n": "need", "r": "achievement", "t": "deal", "b": "broker"}


def record(asking: Asking, made: SmallNetwork, request: str, who: str = "adviser", **more: Any) -> Any:
    """A need recorded by a mutation: the whole answer."""
    input = {"stationId": made["shaoxing"], "organisationId": made["factory"], "details": {"title": {"zh": "一"}}}
    variables = {"input": {"requestId": request, **input, **more}}
    return asking.post(document("recordNeed"), who, variables).json()


def test_the_same_request_counts_once_and_is_answered_again(asking: Asking, made: SmallNetwork) -> None:
    first = record(asking, made, "once")["data"]["recordNeed"]
    head = made.log.head()
    again = record(asking, made, "once")["data"]["recordNeed"]
    assert again == {**first, "repeated": True}
    assert made.log.head() == head
    theirs = record(asking, made, "once", "administrator")["data"]["recordNeed"]
    assert theirs["id"] != first["id"], "a request id is its sender's own"


def test_a_request_id_that_is_used_for_something_else_is_refused(asking: Asking, made: SmallNetwork) -> None:
    record(asking, made, "reused")
    (error,) = record(asking, made, "reused", details={"title": {"zh": "二"}})["errors"]
    assert error["extensions"] == {"code": "REFUSED", "rule": "request.reused"}


def test_what_changes_nothing_says_so(asking: Asking, made: SmallNetwork) -> None:
    id = record(asking, made, "unchanged")["data"]["recordNeed"]["id"]
    input = {"requestId": "same", "needId": id, "details": {"title": {"zh": "一"}}}
    head = made.log.head()
    outcome = asking.data(document("amendNeed"), "adviser", input=input)["amendNeed"]
    assert (outcome["changed"], outcome["position"], outcome["need"]["id"]) == (False, head, id)


def test_a_refusal_names_the_rule_and_what_would_be_accepted(asking: Asking, made: SmallNetwork) -> None:
    input = {"requestId": "refused", "needId": made["dyeing"]}
    error = asking.error(document("publishNeed"), "adviser", input=input)
    message = "publishing takes a checked need; this one is published"
    assert error == {"message": message, "code": "REFUSED", "rule": "need.not_checked"}
    input = {"requestId": "unknown", "needId": derived_id("need", "nothing")}
    assert asking.error(document("publishNeed"), "adviser", input=input)["rule"] == "need.unknown"


@pytest.mark.parametrize(
    ("who", "rule"),
    [
        ("other", "authority.station"),
        ("auditor", "authority.role"),
        ("abroad", "authority.role"),
        ("stranger", "authority.role"),
        ("retired", "authority.role"),
    ],
)
def test_who_is_not_entitled_is_refused(asking: Asking, made: SmallNetwork, who: str, rule: str) -> None:
    head = made.log.head()
    (error,) = record(asking, made, "not mine", who)["errors"]
    assert error["extensions"] == {"code": "REFUSED", "rule": rule}
    assert made.log.head() == head


def test_nobody_in_particular_gives_no_command(asking: Asking, made: SmallNetwork) -> None:
    input = {"requestId": "1", "needId": made["dyeing"]}
    assert asking.error(document("solveNeed"), None, input=input)["code"] == "UNAUTHENTICATED"


def test_input_that_does_not_fit_says_where_and_what_would(asking: Asking, made: SmallNetwork) -> None:
    details = {"title": {}, "budget": {"amount": "-1"}, "countries": ["nl"], "keywords": [" "]}
    more: dict[str, Any] = {"organisationId": made["dyeing"], "details": details}
    (error,) = record(asking, made, "bad", **more)["errors"]
    assert error["extensions"]["code"] == "BAD_INPUT"
    assert {problem["where"] for problem in error["extensions"]["problems"]} == {
        "organisation_id",
        "details.title",
        "details.budget.amount",
        "details.countries.0",
        "details.keywords.0",
    }
    assert all(problem["what"] for problem in error["extensions"]["problems"])


@pytest.mark.parametrize("amount", ["NaN", "Infinity", "1e999999", "0.001", "x", "", "1" * 5000, "-0.01"])
def test_an_amount_that_is_none_is_refused(asking: Asking, made: SmallNetwork, amount: str) -> None:
    answer = record(asking, made, "amount", details={"title": {"zh": "一"}, "budget": {"amount": amount}})
    assert {error["extensions"]["code"] for error in answer["errors"]} <= {"BAD_INPUT", "BAD_REQUEST"}


@pytest.mark.parametrize("amount", ["0", "3000000.00", 12, 0.5, "9999999999999999.99"])
def test_an_amount_is_kept_to_the_hundredth(asking: Asking, made: SmallNetwork, amount: Any) -> None:
    details = {"title": {"zh": "一"}, "budget": {"amount": amount}}
    id = record(asking, made, f"amount {amount}", details=details)["data"]["recordNeed"]["id"]
    budget = asking.data(f'{{ need(id: "{id}") {{ budget {{ amount currency }} }} }}', "adviser")["need"]["budget"]
    assert budget == {
        "amount": f"{float(amount):.2f}" if amount != "9999999999999999.99" else amount,
        "currency": "CNY",
    }


@pytest.mark.parametrize(("literal", "kept"), [('"7.50"', "7.50"), ("7", "7.00"), ("7.5", "7.50"), ("true", None)])
def test_an_amount_may_stand_in_the_document_itself(
    asking: Asking, made: SmallNetwork, literal: str, kept: str | None
) -> None:
    input = f'requestId: "literal {kept} {len(literal)}", stationId: "{made["shaoxing"]}"'
    details = f'details: {{title: {{zh: "一"}}, budget: {{amount: {literal}}}}}'
    query = (
        f'mutation {{ recordNeed(input: {{{input}, organisationId: "{made["factory"]}", {details}}}) '
        "{ need { budget { amount } } } }"
    )
    if kept is None:
        assert asking.error(query, "adviser")["code"] == "BAD_REQUEST"
    else:
        assert asking.data(query, "adviser")["recordNeed"]["need"] == {"budget": {"amount": kept}}


def test_two_mutations_of_one_document_are_done_one_after_the_other(asking: Asking, made: SmallNetwork) -> None:
    id = record(asking, made, "two")["data"]["recordNeed"]["id"]
    steps = " ".join(
        f'{alias}: {mutation}(input: {{requestId: "{alias}", needId: "{id}"}}) {{ need {{ stage }} }}'
        for alias, mutation in (("two1", "checkNeed"), ("two2", "publishNeed"), ("two3", "solveNeed"))
    )
    answer = asking.data(f"mutation {{ {steps} }}", "adviser")
    assert [each["need"]["stage"] for each in answer.values()] == ["CHECKED", "PUBLISHED", "SOLVED"]


def camel(name: str) -> str:
    first, *rest = name.split("_")
    return first + "".join(part.title() for part in rest)


def test_input_types_have_the_fields_of_the_commands() -> None:
    root = schema().mutation_type
    assert root is not None
    commands = [command for command in registry().plans if command not in OPERATING]
    assert len(commands) == len(root.fields)
    for command in commands:
        mutation = root.fields[command.__name__[0].lower() + command.__name__[1:]]
        type = get_named_type(mutation.args["input"].type)
        assert isinstance(type, GraphQLInputObjectType)
        assert "requestId" in type.fields
        fits(command, type, {"requestId"})


def fits(model: type[BaseModel], input: GraphQLInputObjectType, besides: set[str]) -> None:
    """The input type has the model's fields, and demands those that the model does; and so has what is inside."""
    assert set(input.fields) - besides == {camel(name) for name in model.model_fields}
    for name, info in model.model_fields.items():
        field = input.fields[camel(name)]
        assert is_required_input_field(field) is info.is_required(), (input.name, name)
        for each in (info.annotation, *get_args(info.annotation)):
            if isinstance(each, type) and issubclass(each, BaseModel):
                named = get_named_type(field.type)
                assert isinstance(named, GraphQLInputObjectType)
                fits(each, named, set())


def test_roles_and_other_enumerations_have_the_members_of_the_domain() -> None:
    role = schema().type_map["Role"]
    assert isinstance(role, GraphQLEnumType)
    assert set(role.values) == {each.name for each in Role}
