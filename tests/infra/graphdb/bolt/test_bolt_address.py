"""Addresses of graph databases."""

from __future__ import annotations

import ssl

import pytest

from infra.graphdb.bolt.address import Address


@pytest.mark.parametrize(
    ("uri", "address"),
    [
        ("bolt://graph", Address("graph", 7687)),
        ("bolt://[::1]:7000", Address("::1", 7000)),
        ("bolt+s://graph.example:7000", Address("graph.example", 7000, tls=True)),
        ("bolt+ssc://graph", Address("graph", 7687, tls=True, trusting=True)),
        ("neo4j://graph", Address("graph", 7687, routed=True)),
        ("neo4j+s://graph", Address("graph", 7687, tls=True, routed=True)),
    ],
)
def test_an_address_says_where_and_how(uri: str, address: Address) -> None:
    assert Address.of(uri) == address


def test_only_who_is_told_to_trusts_any_certificate() -> None:
    assert Address.of("bolt://graph").context() is None
    strict, trusting = Address.of("bolt+s://graph").context(), Address.of("neo4j+ssc://graph").context()
    assert strict is not None
    assert (strict.verify_mode, strict.check_hostname) == (ssl.CERT_REQUIRED, True)
    assert trusting is not None
    assert (trusting.verify_mode, trusting.check_hostname) == (ssl.CERT_NONE, False)


def test_another_server_of_a_cluster_is_spoken_to_in_the_same_way() -> None:
    assert Address.of("neo4j+s://graph").beside("other:7001") == Address("other", 7001, tls=True)
    assert Address.of("neo4j://graph").beside("[::1]:7001") == Address("::1", 7001)
