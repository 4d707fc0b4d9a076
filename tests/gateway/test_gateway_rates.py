"""How much one may ask for in a while: the buckets by themselves, and what the gateway takes out of them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from asking import Asking
from followed import Followed
from guarded import Hours, from_elsewhere, guarded, turned_away
from hypothesis import given
from hypothesis import strategies as st
from small_network import SmallNetwork
from small_records import need

from domain.needs import AmendNeed, RecordNeed
from gateway.documents import Document, Documents
from gateway.guarding import Guard, price
from gateway.operations import known, operation
from gateway.over_http import GRAPHQL
from gateway.rates import RateLimitedError, Rates, neighbourhood
from infra.server import Running

EIGHTH = 0.125
RATES = st.sampled_from([1, 2, 4, 64, 1_024])
ASKED = st.lists(st.tuples(st.integers(0, 80), st.integers(0, 300)), max_size=60)
"""Eighths of seconds that go by, and then a cost: what binary fractions hold exactly."""

TWO = {"query": "{ standing { lag } me { personId } }"}
"""It costs two."""


def taken(rates: Rates, cost: int, who: str = "somebody") -> int | None:
    """Whether it was taken: None; or in how many seconds it is worth asking again."""
    try:
        rates.take(who, cost)
    except RateLimitedError as error:
        return int(error.details["retryAfter"])
    return None


# -- the buckets ---------------------------------------------------------------


@given(RATES, st.integers(1, 200), ASKED)
def test_a_bucket_fills_steadily_up_to_its_burst_and_gives_what_it_holds(
    rate: int, burst: int, asked: list[tuple[int, int]]
) -> None:
    clock = Hours()
    rates, level = Rates(rate, burst, clock), float(burst)
    for eighths, cost in asked:
        clock.now += eighths * EIGHTH
        level = min(float(burst), level + eighths * EIGHTH * rate)
        given = level >= min(cost, burst)
        assert (taken(rates, cost) is None) is given
        level -= cost if given else 0


@given(RATES, st.integers(1, 200), ASKED)
def test_nobody_gets_more_than_the_rate_and_one_burst_whatever_they_do(
    rate: int, burst: int, asked: list[tuple[int, int]]
) -> None:
    clock, got = Hours(), list[tuple[float, int]]()
    rates = Rates(rate, burst, clock)
    for eighths, cost in asked:
        clock.now += eighths * EIGHTH
        if taken(rates, cost) is None:
            got.append((clock.now, cost))
    for first, (begin, _) in enumerate(got):
        for last in range(first, len(got)):
            moment, cost = got[last]
            before = sum(earlier for _, earlier in got[first:last])
            assert before + min(cost, burst) <= burst + (moment - begin) * rate


@given(RATES, st.integers(1, 200), st.lists(st.integers(1, 300), min_size=1, max_size=20))
def test_who_comes_again_when_told_to_is_answered_and_who_comes_a_second_earlier_is_not(
    rate: int, burst: int, costs: list[int]
) -> None:
    clock = Hours()
    rates = Rates(rate, burst, clock)
    for cost in costs:
        if (seconds := taken(rates, cost)) is not None:
            assert seconds >= 1
            clock.now += seconds - 1
            assert seconds == 1 or taken(rates, cost) == 1
            clock.now += 1
            assert taken(rates, cost) is None


def test_what_costs_more_than_a_burst_is_answered_out_of_a_full_bucket_and_paid_for_afterwards() -> None:
    clock = Hours()
    rates = Rates(10, 100, clock)
    assert taken(rates, 500) is None
    assert taken(rates, 1) == 41
    clock.now += 50
    assert taken(rates, 500) is None
    rates.take("other", 1)
    assert taken(rates, 500, "other") == 1


def test_however_many_ask_so_many_buckets_are_kept_and_a_forgotten_one_is_full() -> None:
    rates = Rates(1, 10, Hours(), remembers=100)
    for number in range(1_000):
        rates.take(f"somebody {number}", 10)
    assert len(rates) == 100
    assert taken(rates, 1, "somebody 999") == 1
    assert taken(rates, 1, "somebody 0") is None


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("192.0.2.1", "192.0.2.1", True),
        ("192.0.2.1", "192.0.2.2", False),
        ("192.0.2.1", "::ffff:192.0.2.1", True),
        ("::ffff:192.0.2.1", "::ffff:192.0.2.2", False),
        ("2001:db8:0:1::1", "2001:db8:0:1:ffff::2", True),
        ("2001:db8:0:1::1", "2001:db8:0:2::1", False),
        ("fe80::1%eth0", "fe80::1", True),
        ("", "nonsense", True),
        ("192.0.2.1\0", "nonsense", True),
        ("é" * 1_000, "", True),
        ("192.0.2.1", "", False),
    ],
)
def test_a_customer_with_a_network_of_addresses_is_one_and_whoever_has_none_is_another(
    one: str, other: str, same: bool
) -> None:
    assert (neighbourhood(one) == neighbourhood(other)) is same


@given(st.text())
def test_no_address_that_somebody_makes_up_is_longer_than_a_network(address: str) -> None:
    assert len(neighbourhood(address)) <= 16


# -- what is taken out of them -------------------------------------------------


@pytest.mark.parametrize(
    ("query", "cost"),
    [
        ("{ __typename }", 1),
        ("{ a: __typename b: __typename }", 2),
        ("{ need(id: 1) { id } }", 2),
        ("{ stations(first: 3) { edges { node { needs(first: 10) { edges { node { id } } } } } } }", 34),
        ("{ ...F ...F } fragment F on Query { me { roles } }", 2),
        ("{ __schema { queryType { name } } }", 1_001),
        ('mutation { a: checkNeed(input: {requestId: "a", needId: "b"}) { id } }', 1),
        (
            "mutation { "
            + " ".join(f'a{n}: checkNeed(input: {{requestId: "a", needId: "b"}}) {{ id }}' for n in range(20))
            + " }",
            20,
        ),
    ],
)
def test_the_price_is_one_for_each_field_of_the_root_and_one_for_each_record(query: str, cost: int) -> None:
    found = operation(query, None)
    assert price(found, found.variables({})) == cost


@pytest.fixture
def clock() -> Hours:
    return Hours()


Behind = Callable[..., Asking]


@pytest.fixture
def behind(asking: Asking, system: Running, clock: Hours) -> Behind:
    """The gateway, where one unit a second comes back, up to this burst. What is asked here is known beforehand."""
    documents = Documents([Document(TWO["query"], ("Two",), "two.graphql")])
    return lambda burst: guarded(asking, system, Guard(documents, rates=Rates(1, burst, clock)))


def test_who_asks_for_too_much_is_told_when_to_come_again_and_is_answered_then(
    behind: Behind, clock: Hours, system: Running
) -> None:
    there, before = behind(5), turned_away(system, "RATE_LIMITED")
    assert [there.http("POST", "/graphql", json=TWO).status_code for _ in range(2)] == [200, 200]
    response = there.http("POST", "/graphql", json=TWO)
    assert (response.status_code, response.headers["Retry-After"]) == (429, "1")
    (error,) = response.json()["errors"]
    assert error["extensions"] == {"code": "RATE_LIMITED", "cost": 2, "left": 1, "retryAfter": 1}
    assert error["message"] == "this costs 2, and 1 are left for now; ask again in 1 s, or for less"
    clock.now += 1
    assert there.http("POST", "/graphql", json=TWO).status_code == 200
    assert turned_away(system, "RATE_LIMITED") == before + 1


@pytest.mark.parametrize("method", ["GET", "POST"])
@pytest.mark.parametrize("accept", [GRAPHQL, "text/event-stream"])
def test_it_is_the_same_over_every_way_of_http(behind: Behind, method: str, accept: str) -> None:
    there = behind(2)
    more: dict[str, Any] = {"json": TWO} if method == "POST" else {"params": TWO}
    statuses = [there.http(method, "/graphql", headers={"Accept": accept}, **more).status_code for _ in range(3)]
    assert statuses == [200, 429, 429]


def test_a_person_has_a_bucket_wherever_they_are_and_the_public_one_for_each_address(
    behind: Behind, asking: Asking
) -> None:
    there = behind(2)

    def asks(address: str, who: str | None = None) -> int:
        headers = {"Authorization": f"Bearer {asking.token(who)}"} if who else {}
        return from_elsewhere(there, address, json=TWO, headers=headers).status_code

    assert [asks("192.0.2.1"), asks("192.0.2.1"), asks("192.0.2.2")] == [200, 429, 200]
    assert [asks("2001:db8::1"), asks("2001:db8::2"), asks("2001:db8:1::2")] == [200, 429, 200]
    assert [asks("192.0.2.1", "adviser"), asks("192.0.2.9", "adviser"), asks("192.0.2.9")] == [200, 429, 200]
    assert asks("192.0.2.1", "auditor") == 200


def test_a_token_that_does_not_hold_takes_nothing_from_anybody(behind: Behind) -> None:
    there = behind(2)
    wrong = {"Authorization": "Bearer nonsense"}
    assert [there.http("POST", "/graphql", json=TWO, headers=wrong).status_code for _ in range(9)] == [401] * 9
    assert there.http("POST", "/graphql", json=TWO).status_code == 200


def test_what_is_refused_costs_too(behind: Behind) -> None:
    there = behind(3)
    wrong = {"query": "query ($a: Int!) { needs(first: $a) { totalCount } }", "variables": {"a": "x"}}
    headers = {"Accept": GRAPHQL}
    statuses = [there.http("POST", "/graphql", json=wrong, headers=headers).status_code for _ in range(4)]
    assert statuses == [400, 400, 429, 429]


def test_a_document_that_is_not_known_costs_by_its_length_before_it_is_looked_into(behind: Behind) -> None:
    there = behind(100)
    long = [f"{{ __typename }} # {number} {'x' * 5_000}" for number in range(5)]
    statuses = [there.http("POST", "/graphql", json={"query": each}).status_code for each in long]
    assert statuses == [200, 429, 429, 429, 429]
    assert [known(each, None) for each in long] == [True, False, False, False, False]
    assert there.http("POST", "/graphql", json={"query": long[0]}).status_code == 200


def test_a_subscription_is_paid_for_when_it_begins_and_not_for_what_it_tells(
    asking: Asking, system: Running, made: SmallNetwork, clock: Hours
) -> None:
    query = "subscription ($id: ID!) { nodeChanged(id: $id) { position } }"
    documents = Documents([Document(query, ("Changes",), "changes.graphql")])
    services = replace(system.services, guard=Guard(documents, rates=Rates(1, 1, clock)))
    record = RecordNeed(station_id=made["shaoxing"], organisation_id=made["factory"], details=need("限量"))
    followed, id = Followed(asking, services), made.give(record).entity_id

    def happens() -> None:
        for number in range(3):
            made.give(AmendNeed(need_id=id, details=need(f"限量{number}")))

    assert len(followed.answers(query, "adviser", happens, id=id)) == 3
    with pytest.raises(RateLimitedError):
        followed.answers(query, "adviser", id=id)


def test_without_a_rate_nobody_is_turned_away(asking: Asking, system: Running) -> None:
    there, before = guarded(asking, system, Guard()), turned_away(system, "RATE_LIMITED")
    assert {there.http("POST", "/graphql", json=TWO).status_code for _ in range(50)} == {200}
    assert turned_away(system, "RATE_LIMITED") == before
