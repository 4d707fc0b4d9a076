"""Signing in over HTTP: who the gateway takes somebody for, and what it says when nobody can tell for now."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from dataclasses import replace

import httpx
import pytest
from asking import Asking
from signing import signer
from small_network import NOON, SmallNetwork
from small_provider import SmallProvider, small_provider

from gateway.server import application
from infra.identity.identities import identities
from infra.identity.persons import person_of
from infra.server import Running
from infra.settings import Settings

ES256 = signer("ES256")
WHO = {"query": "{ me { personId stationId roles } }"}


@pytest.fixture
def provider() -> Iterator[SmallProvider]:
    with small_provider(ES256) as there:
        yield there


@pytest.fixture
def there(asking: Asking, system: Running, settings: Settings, provider: SmallProvider) -> Asking:
    """The same gateway, whose people sign in at a provider."""
    chosen = settings.model_copy(update={"oidc_issuer": provider.issuer})
    known = identities(chosen, system.network.find, lambda: NOON, system.network.glance)
    services = replace(system.services, identities=known)
    return replace(asking, gateway=application(services))


def token(provider: SmallProvider, sub: str) -> str:
    return ES256.token({"iss": provider.issuer, "aud": "yizhan", "sub": sub, "exp": int(NOON.timestamp()) + 600})


def test_me_is_the_person_of_the_token_in_the_roles_of_the_day(asking: Asking, made: SmallNetwork) -> None:
    assert asking.data(WHO["query"]) == {"me": {"personId": None, "stationId": None, "roles": []}}
    adviser = made.people["adviser"]
    me = {"personId": adviser.person_id, "stationId": adviser.station_id, "roles": ["ADVISER"]}
    assert asking.data(WHO["query"], "adviser") == {"me": me}
    headers = {"Yizhan-Station": made["zhejiang"]}
    elsewhere = asking.post(WHO["query"], "adviser", headers=headers).json()["data"]["me"]
    assert elsewhere == {**me, "stationId": made["zhejiang"], "roles": []}


def test_a_person_of_the_provider_is_known_by_an_id_of_their_own(there: Asking, provider: SmallProvider) -> None:
    headers = {"Authorization": f"Bearer {token(provider, 'lin')}"}
    me = there.http("POST", "/graphql", json=WHO, headers=headers).json()["data"]["me"]
    assert me == {"personId": person_of(provider.issuer, "lin"), "stationId": None, "roles": []}


def test_with_a_provider_the_people_of_the_development_issuer_do_not_sign_in(there: Asking) -> None:
    headers = {"Authorization": f"Bearer {there.token('adviser')}"}
    assert there.http("POST", "/graphql", json=WHO, headers=headers).status_code == 401


def test_without_keys_it_is_said_that_nobody_can_tell_and_when_to_come_again(
    there: Asking, provider: SmallProvider
) -> None:
    provider.fails()
    headers = {"Authorization": f"Bearer {token(provider, 'lin')}"}
    response = there.http("POST", "/graphql", json=WHO, headers=headers)
    assert (response.status_code, response.json()["errors"][0]["extensions"]) == (503, {"code": "UNAVAILABLE"})
    assert 1 <= int(response.headers["Retry-After"]) <= 10
    assert "WWW-Authenticate" not in response.headers
    assert there.http("POST", "/graphql", json=WHO).status_code == 200, "the public needs no keys"


def test_while_one_waits_for_the_provider_others_are_answered(there: Asking, provider: SmallProvider) -> None:
    provider.held.clear()

    async def both() -> tuple[list[int], int]:
        transport = httpx.ASGITransport(app=there.gateway)
        async with httpx.AsyncClient(transport=transport, base_url="http://yizhan.test") as client:
            headers = {"Authorization": f"Bearer {token(provider, 'lin')}"}
            waiting = asyncio.create_task(client.post("/graphql", json=WHO, headers=headers))
            others = [(await client.post("/graphql", json=WHO)).status_code for _ in range(20)]
            assert not waiting.done()
            provider.held.set()
            return others, (await waiting).status_code

    assert there.runner.run(both()) == ([200] * 20, 200)
