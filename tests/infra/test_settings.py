"""Settings that follow from others."""

from __future__ import annotations

import pytest

from infra.settings import Settings


@pytest.mark.parametrize("host", ["127.0.0.1", "127.8.8.8", "::1", "localhost"])
def test_graphiql_is_served_where_only_this_machine_asks(host: str) -> None:
    assert Settings(host=host).serves_graphiql
    assert not Settings(host=host, graphiql="off").serves_graphiql


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.0.2.1", "2001:db8::1", "api.example", "", "localhost.example"])
def test_graphiql_is_not_served_to_others_unless_that_is_set(host: str) -> None:
    assert not Settings(host=host).serves_graphiql
    assert Settings(host=host, graphiql="on").serves_graphiql
