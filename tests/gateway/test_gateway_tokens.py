"""Tokens over HTTP: who a request comes from, and for which station it speaks."""

from __future__ import annotations

import base64
import json
from datetime import timedelta

import pytest
from asking import Asking
from joserfc import jwt
from joserfc.jwk import OKPKey
from small_network import NOON, SmallNetwork

from infra.identity.tokens import issue

CLAIMS = {
    "iss": "yizhan-development",
    "aud": "yizhan",
    "exp": int(NOON.timestamp()) + 3600,
    "sub": "person_1pcxdpn2shaz9svfkdh4wvfp8n",
}
QUERY = {"query": "{ needs { totalCount } }"}


def part(value: object) -> str:
    return base64.urlsafe_b64encode(json.dumps(value).encode()).decode().rstrip("=")


def forged(key: OKPKey, **claims: object) -> str:
    """A token with claims of our choice, in the hand of this key."""
    said = {name: value for name, value in {**CLAIMS, **claims}.items() if value is not None}
    return jwt.encode({"alg": "Ed25519"}, said, key, algorithms=["Ed25519"])


def test_without_a_token_one_reads_as_the_public(asking: Asking) -> None:
    assert asking.data("{ deals { totalCount } }")["deals"]["totalCount"] == 0
    assert asking.data("{ deals { totalCount } }", "adviser")["deals"]["totalCount"] > 0


@pytest.mark.parametrize(
    "header",
    [
        "Bearer",
        "Bearer ",
        "Bearer x",
        "bearer a.b.c",
        "Bearer a b",
        "Basic YTpi",
        "Token x",
        f"Bearer {part([])}.{part({})}.x",
        f"Bearer {part({'alg': 5})}.{part({})}.x",
        f"Bearer {part({'alg': ['Ed25519']})}.{part({})}.x",
        f"Bearer {part({'alg': 'none'})}.{part(CLAIMS)}.",
        f"Bearer {part({'alg': 'HS256'})}.{part(CLAIMS)}.{part('x')}",
        f"Bearer {part({'alg': 'Ed25519', 'crit': ['x']})}.{part(CLAIMS)}.x",
        f"Bearer {part({'alg': 'Ed25519'})}.{part(CLAIMS)}.x",
        f"Bearer {part({'alg': 'Ed25519', 'b64': False, 'crit': ['b64']})}.{part(CLAIMS)}.x",
        "Bearer é.é.é",
        f"Bearer {'.' * 5000}",
        f"Bearer {part({'alg': 'dir', 'enc': 'A128GCM'})}....",
    ],
)
def test_a_token_that_is_none_is_refused_in_any_form(asking: Asking, header: str) -> None:
    response = asking.http("POST", "/graphql", json=QUERY, headers={"Authorization": header.encode()})
    assert response.status_code == 401, response.text
    assert response.headers["WWW-Authenticate"] == "Bearer"
    assert response.json()["errors"][0]["extensions"]["code"] == "UNAUTHENTICATED"


@pytest.mark.parametrize(
    "claims",
    [
        {"exp": int(NOON.timestamp()) - 61},
        {"exp": None},
        {"exp": "tomorrow"},
        {"iss": "somebody"},
        {"aud": "others"},
        {"sub": None},
        {"sub": "adviser"},
        {"sub": 5},
        {"sub": "station_4w7e2rkfp3bjrajejshnfxnb7h"},
        {"station": "nowhere"},
        {"nbf": int(NOON.timestamp()) + 3600},
    ],
)
def test_a_token_of_other_claims_is_refused(asking: Asking, claims: dict[str, object]) -> None:
    headers = {"Authorization": f"Bearer {forged(asking.key, **claims)}"}
    assert asking.http("POST", "/graphql", json=QUERY, headers=headers).status_code == 401


def test_a_token_in_another_hand_is_refused(asking: Asking) -> None:
    headers = {"Authorization": f"Bearer {forged(OKPKey.generate_key('Ed25519'))}"}
    assert asking.http("POST", "/graphql", json=QUERY, headers=headers).status_code == 401
    headers = {"Authorization": f"Bearer {forged(asking.key)}"}
    assert asking.http("POST", "/graphql", json=QUERY, headers=headers).status_code == 200


def test_a_token_ends_with_its_hours(asking: Asking, made: SmallNetwork) -> None:
    for hours, status in ((1, 200), (-1, 401)):
        token = issue(asking.key, made.people["adviser"], NOON - timedelta(hours=10), hours=10 + hours)
        headers = {"Authorization": f"Bearer {token}"}
        assert asking.http("POST", "/graphql", json=QUERY, headers=headers).status_code == status


def test_the_station_header_says_for_which_station_one_speaks(asking: Asking, made: SmallNetwork) -> None:
    counted = "{ deals { totalCount } }"

    def total(station: str) -> int:
        headers = {"Yizhan-Station": station}
        found: int = asking.post(counted, "adviser", headers=headers).json()["data"]["deals"]["totalCount"]
        return found

    assert total(made["shaoxing"]) > 0
    assert total(made["zhejiang"]) == 0
    for station in ("nowhere", made["dyeing"], "station_"):
        response = asking.post(counted, "adviser", headers={"Yizhan-Station": station})
        assert (response.status_code, response.json()["errors"][0]["extensions"]["code"]) == (401, "UNAUTHENTICATED")
