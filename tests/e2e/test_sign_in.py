"""Signing in at a real OpenID provider: people and programs, appointments, other keys, and a provider that is away."""

from __future__ import annotations

import json
import signal
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from threading import Event
from time import monotonic
from typing import Any

import httpx
import pytest
from command_line import Served, serve, typed
from real_provider import RealProvider, real_provider
from signing import Signer, signer

from domain.stations import NATIONAL_STATION
from infra.identity.keyring import COOL_DOWN

APPOINT = """
mutation ($person: ID!, $station: ID!, $request: ID!) {
  appoint(input: {requestId: $request, personId: $person, stationId: $station, role: ADVISER, since: "2026-01-01"}) {
    position
  }
}
"""
SEEN = "{ appointments { totalCount } }"


@dataclass
class Network:
    """A network whose people sign in at a provider, served; and that provider, as it is at the moment."""

    stack: ExitStack
    folder: Path
    signs: Signer
    provider: RealProvider
    server: Served | None = None

    @property
    def data(self) -> Path:
        return self.folder / "data"

    @property
    def settings(self) -> dict[str, str]:
        return {"YIZHAN_OIDC_ISSUER": self.provider.issuer}

    def run(self, *arguments: object, code: int = 0) -> str:
        """What a command prints; it must end with this code."""
        done = typed(*arguments, folder=self.folder, **self.settings)
        assert done.returncode == code, done.stderr
        return done.stdout or done.stderr

    def post(self, token: str, query: str = SEEN, at_least: int = 0, **variables: Any) -> httpx.Response:
        """The answer to a question of the holder of a token, for the national station."""
        assert self.server is not None
        headers = {
            "Authorization": f"Bearer {token}",
            "Yizhan-Station": NATIONAL_STATION,
            "Yizhan-At-Least": str(at_least),
        }
        body = {"query": query, "variables": variables}
        return httpx.post(f"{self.server.address}/graphql", json=body, headers=headers, timeout=30)

    def seen(self, token: str, at_least: int = 0) -> int:
        """How many appointments the holder of a token sees: none, as long as there is none for themselves."""
        answer = self.post(token, at_least=at_least)
        assert answer.status_code == 200, answer.text
        return int(answer.json()["data"]["appointments"]["totalCount"])

    def restart_provider(self, signs: Signer) -> None:
        """The provider ends, and is there again with another key."""
        port = int(self.provider.issuer.rpartition(":")[2])
        self.stack.pop_all().close()
        self.signs, self.provider = signs, self.stack.enter_context(real_provider(signs, port))


@pytest.fixture(scope="module")
def network(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Network]:
    folder = tmp_path_factory.mktemp("sign-in")
    signs = signer("RS256", "first")
    with ExitStack() as stack:
        network = Network(stack, folder, signs, stack.enter_context(real_provider(signs)))
        network.run(
            "install", "--data", network.data, "--station", "国家站点", "--region", "110108",
            "--administrator", "王某", "--sub", "chief",
        )  # fmt: skip
        network.server = serve(network.data, **network.settings)
        yield network
        assert network.server.end(signal.SIGTERM) == 0


def test_a_program_and_a_person_sign_in_and_have_no_rights_by_that_alone(network: Network) -> None:
    assert network.seen(network.provider.for_a_program()) == 0
    assert network.seen(network.provider.for_somebody("stranger")["access_token"]) == 0
    stranger = network.provider.for_somebody("stranger")["access_token"]
    known = network.run("person", "--sub", "stranger").strip()
    me = network.post(stranger, "{ me { personId stationId roles } }").json()["data"]["me"]
    assert me == {"personId": known, "stationId": NATIONAL_STATION, "roles": []}


def test_who_is_appointed_in_the_log_has_the_role_with_the_same_token(network: Network) -> None:
    chief = network.provider.for_somebody("chief")["access_token"]
    lin = network.provider.for_somebody("lin")["access_token"]
    assert network.seen(chief) == 1, "the first administrator, by install --sub"
    assert network.seen(lin) == 0
    known = json.loads(network.run("person", "--sub", "lin", "--json"))
    assert network.run("person", "--sub", "lin").strip() == known["id"]
    appointing = {"person": known["id"], "station": NATIONAL_STATION, "request": "appoint lin"}
    refused = network.post(lin, APPOINT, **appointing).json()["errors"][0]
    assert refused["extensions"]["code"] == "REFUSED", refused
    position = network.post(chief, APPOINT, **appointing).json()["data"]["appoint"]["position"]
    assert network.seen(lin, position) == 2
    assert network.post(lin, "{ me { roles } }").json()["data"]["me"] == {"roles": ["ADVISER"]}
    assert network.seen(network.provider.for_a_program(), position) == 0


def test_a_token_for_somebody_else_does_not_sign_in(network: Network) -> None:
    tokens = network.provider.for_somebody("chief")
    others = [
        network.provider.for_a_program("urn:another"),
        network.provider.for_somebody("chief", "urn:another")["access_token"],
        tokens["id_token"],
        tokens["access_token"][:-4],
    ]
    for token in others:
        answer = network.post(token)
        assert (answer.status_code, answer.json()["errors"][0]["extensions"]["code"]) == (401, "UNAUTHENTICATED")
    assert network.post(tokens["access_token"]).status_code == 200


def test_the_development_issuer_is_off_and_operating_goes_on(network: Network) -> None:
    said = network.run("token", "--data", network.data, "--as", "administrator", code=1)
    assert said.count("\n") == 1
    assert f"people sign in at {network.provider.issuer}" in said
    token = typed("token", "--data", network.data, "--as", "administrator", folder=network.folder).stdout.strip()
    assert network.post(token).status_code == 401
    assert "1" in network.run("generations", "--data", network.data)


def test_the_doctor_sees_whether_the_provider_answers_with_keys_that_can_be_used(network: Network) -> None:
    found = {each["about"]: each for each in json.loads(network.run("doctor", "--data", network.data, "--json"))}
    assert found["sign in"]["state"] == "well"
    assert found["sign in"]["said"] == f"{network.provider.issuer} signs by RS256; keys that can be used: 1"


def test_when_the_provider_has_other_keys_its_new_tokens_hold_and_its_old_ones_no_longer(network: Network) -> None:
    old = network.provider.for_somebody("chief")["access_token"]
    assert network.seen(old) >= 1
    network.restart_provider(signer("EdDSA", "second"))
    assert network.post(old).status_code == 200, "nobody has asked for the keys yet"
    new = network.provider.for_somebody("chief")["access_token"]
    until_it_holds(network, new)
    assert network.seen(new) >= 1
    assert network.post(old).status_code == 401


def test_who_is_known_goes_on_while_the_provider_is_away(network: Network) -> None:
    known = network.provider.for_somebody("chief")["access_token"]
    sent_later = network.provider.for_somebody("stranger")["access_token"]
    until_it_holds(network, known)
    network.stack.pop_all().close()
    assert network.seen(known) >= 1
    assert network.seen(sent_later) == 0
    said = json.loads(network.run("doctor", "--data", network.data, "--json", code=3))
    assert {each["about"]: each for each in said}["sign in"]["state"] == "out of reach"


def until_it_holds(network: Network, token: str) -> None:
    """Wait for as long as the provider may not be asked again."""
    end = monotonic() + COOL_DOWN + 10
    while network.post(token).status_code != 200:
        assert monotonic() < end
        Event().wait(0.2)
