"""Settings that follow from others."""

from __future__ import annotations

import pytest
from pydantic import ValidationError

from infra.settings import Settings


@pytest.mark.parametrize("host", ["127.0.0.1", "127.8.8.8", "::1", "localhost"])
def test_graphiql_is_served_where_only_this_machine_asks(host: str) -> None:
    assert Settings(host=host).serves_graphiql
    assert not Settings(host=host, graphiql="off").serves_graphiql


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.0.2.1", "2001:db8::1", "api.example", "", "localhost.example"])
def test_graphiql_is_not_served_to_others_unless_that_is_set(host: str) -> None:
    assert not Settings(host=host).serves_graphiql
    assert Settings(host=host, graphiql="on").serves_graphiql


def test_the_schema_is_described_to_everybody_where_only_this_machine_asks_unless_that_is_set() -> None:
    assert Settings().describes_to == "everybody"
    assert Settings(host="0.0.0.0").describes_to == "signed-in"
    assert Settings(host="0.0.0.0", introspection="everybody").describes_to == "everybody"
    assert Settings(introspection="nobody").describes_to == "nobody"


@pytest.mark.parametrize("address", ["127.0.0.1", "::1", "10.0.0.0/8", "2001:db8::/32"])
def test_a_proxy_is_an_address_or_a_network(address: str) -> None:
    assert Settings(proxies=(address,)).proxies == (address,)


@pytest.mark.parametrize("address", ["", "*", "proxy.example", "10.0.0.1/8", "10.0.0.0/33", "127.0.0.1:80"])
def test_what_is_neither_is_no_proxy(address: str) -> None:
    with pytest.raises(ValidationError, match="proxies"):
        Settings(proxies=(address,))


@pytest.mark.parametrize(("rate", "burst"), [(-1, 1), (1, 0), (1, -1), (float("nan"), 1), (1, float("inf"))])
def test_a_rate_is_a_number_that_one_can_reckon_with(rate: float, burst: float) -> None:
    with pytest.raises(ValidationError, match="rate"):
        Settings(rate_limit=rate, rate_burst=burst)
