"""The command line where people sign in at an OpenID provider: whom one appoints, who begins, and what is still on."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from command_line import typed
from signing import signer
from small_provider import small_provider

from domain.appointments import appointment_id
from domain.stations import NATIONAL_STATION
from infra.identity.directory import Directory, person_id
from infra.identity.persons import person_of

ISSUER = "https://sso.example/realms/yizhan"
AT_A_PROVIDER = {"YIZHAN_OIDC_ISSUER": ISSUER}
NETWORK = ("install", "--station", "国家站点", "--region", "110108", "--administrator", "王某")


def refused(folder: Path, *arguments: object, code: int, **settings: str) -> str:
    """Why a command does not do it, in one line."""
    done = typed(*arguments, folder=folder, **settings)
    assert (done.returncode, done.stdout) == (code, ""), done.stderr
    assert done.stderr.count("\n") == 1
    return done.stderr


def test_a_person_is_known_by_provider_and_subject(tmp_path: Path) -> None:
    done = typed("person", "--sub", "lin", folder=tmp_path, **AT_A_PROVIDER)
    assert (done.returncode, done.stdout, done.stderr) == (0, f"{person_of(ISSUER, 'lin')}\n", "")
    said = typed("person", "--sub", "lin", "--json", folder=tmp_path, **AT_A_PROVIDER).stdout
    assert json.loads(said) == {"id": person_of(ISSUER, "lin"), "issuer": ISSUER, "sub": "lin"}
    assert list(tmp_path.iterdir()) == [], "nothing is made by asking"


@pytest.mark.parametrize("sub", ["", "x" * 256])
def test_a_name_that_nobody_can_have_is_no_person(tmp_path: Path, sub: str) -> None:
    assert "1 to 255 characters" in refused(tmp_path, "person", "--sub", sub, code=2, **AT_A_PROVIDER)


def test_without_a_provider_nobody_is_known_by_a_subject(tmp_path: Path) -> None:
    for command in (("person",), NETWORK):
        assert "`oidc_issuer`" in refused(tmp_path, *command, "--sub", "lin", code=2)


def test_a_network_begins_with_an_administrator_who_can_sign_in(tmp_path: Path) -> None:
    assert "takes --sub" in refused(tmp_path, *NETWORK, code=2, **AT_A_PROVIDER)
    assert not (tmp_path / "var").exists()
    done = typed(*NETWORK, "--sub", "chief", folder=tmp_path, **AT_A_PROVIDER)
    assert done.returncode == 0, done.stderr
    assert f"sign in with: a token of {ISSUER}" in done.stdout
    (chief,) = Directory(tmp_path / "var" / "people.json").people()
    assert (chief.name, chief.person_id) == ("administrator", person_of(ISSUER, "chief"))
    appointed = appointment_id(person_of(ISSUER, "chief"), NATIONAL_STATION)
    assert '"role": "administrator"' in typed("history", appointed, "--json", folder=tmp_path).stdout


def test_the_development_issuer_gives_tokens_where_it_is_wanted(tmp_path: Path) -> None:
    assert typed(*NETWORK, folder=tmp_path).returncode == 0
    token = ("token", "--as", "administrator")
    assert typed(*token, folder=tmp_path).stdout.startswith("eyJ")
    assert f"people sign in at {ISSUER}" in refused(tmp_path, *token, code=1, **AT_A_PROVIDER)
    both = {**AT_A_PROVIDER, "YIZHAN_DEVELOPMENT_TOKENS": "true"}
    assert typed(*token, folder=tmp_path, **both).stdout.startswith("eyJ")
    other = typed(*NETWORK, "--data", "other", folder=tmp_path, **both)
    assert other.returncode == 0, other.stderr
    assert Directory(tmp_path / "other" / "people.json").people()[0].person_id == person_id("administrator")


@pytest.mark.parametrize(
    ("settings", "said"),
    [
        ({"YIZHAN_OIDC_ISSUER": ""}, "https://"),
        ({"YIZHAN_OIDC_ISSUER": "http://sso.example"}, "loopback"),
        ({**AT_A_PROVIDER, "YIZHAN_OIDC_AUDIENCE": ""}, "oidc_audience"),
        ({**AT_A_PROVIDER, "YIZHAN_OIDC_CA_FILE": "nowhere.pem"}, "oidc_ca_file"),
        ({**AT_A_PROVIDER, "YIZHAN_DEVELOPMENT_TOKENS": "perhaps"}, "development_tokens"),
    ],
    ids=str,
)
def test_a_setting_that_does_not_fit_is_an_error(tmp_path: Path, settings: dict[str, str], said: str) -> None:
    assert said in refused(tmp_path, "person", "--sub", "lin", code=2, **settings)


# -- the doctor --------------------------------------------------------------


def found(folder: Path, exits: int, **settings: str) -> dict[str, dict[str, Any]]:
    """What the doctor found, by what it looked at."""
    done = typed("doctor", "--json", folder=folder, YIZHAN_PORT="1", **settings)
    assert done.returncode == exits, done.stderr + done.stdout
    return {each["about"]: each for each in json.loads(done.stdout)}


def test_the_doctor_tells_which_keys_of_the_provider_can_be_used_and_which_not(tmp_path: Path) -> None:
    with small_provider(signer("ES256"), signer("Ed25519", "b")) as there:
        there.publishes(signer("ES256"), signer("Ed25519", "b"), entries=({"kty": "oct", "kid": "s", "k": "c2VjcmV0"},))
        seen = found(tmp_path, 0, YIZHAN_OIDC_ISSUER=there.issuer)
    assert seen["sign in"]["state"] == "well"
    assert "signs by ES256, Ed25519, EdDSA; keys that can be used: 2; left out: " in seen["sign in"]["said"]
    assert "key 's' is not public" in seen["sign in"]["said"]
    assert "c2VjcmV0" not in seen["sign in"]["said"]
    assert "development tokens" not in seen


def test_the_doctor_warns_of_development_tokens_beside_a_provider(tmp_path: Path) -> None:
    with small_provider(signer("ES256")) as there:
        seen = found(tmp_path, 0, YIZHAN_OIDC_ISSUER=there.issuer, YIZHAN_DEVELOPMENT_TOKENS="true")
    assert seen["development tokens"]["state"] == "warning"


def test_the_doctor_tells_a_provider_that_is_away_from_one_that_is_another(tmp_path: Path) -> None:
    with small_provider(signer("ES256")) as there:
        there.describes(issuer=f"{there.issuer}/")
        seen = found(tmp_path, 1, YIZHAN_OIDC_ISSUER=there.issuer)
        assert (seen["sign in"]["state"], "calls itself" in seen["sign in"]["said"]) == ("ill", True)
        (tmp_path / "authority.pem").write_text("nothing")
        ill = found(tmp_path, 1, YIZHAN_OIDC_ISSUER=there.issuer, YIZHAN_OIDC_CA_FILE="authority.pem")
        assert "holds no certificates" in ill["sign in"]["said"]
    seen = found(tmp_path, 3, YIZHAN_OIDC_ISSUER=there.issuer)
    assert seen["sign in"]["state"] == "out of reach"


def test_without_a_provider_the_doctor_says_nothing_of_one(tmp_path: Path) -> None:
    assert "sign in" not in found(tmp_path, 0)
