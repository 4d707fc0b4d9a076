"""What tokens of an OpenID provider say: they are its own, for us, and in time; everything else is refused."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import orjson
import pytest
from at_a_provider import AT, ELSEWHERE, ISSUER, LIN, NOON, OWN, STATION, Clock, claims, identities, refused
from joserfc.jwk import OKPKey
from signing import KINDS, Signer, coded, signer

from domain.kernel.acting import Role
from gateway.ports import TokenError, Viewer
from infra.identity.directory import ISSUER as DEVELOPMENT
from infra.identity.directory import Person, person_id
from infra.identity.persons import person_of
from infra.identity.tokens import issue, issue_operator

# -- what holds --------------------------------------------------------------


@pytest.mark.parametrize("kind", KINDS)
def test_a_token_of_the_provider_says_who_somebody_is(kind: str) -> None:
    viewer = identities(signer(kind)).viewer(signer(kind).token(claims()), None)
    assert viewer == Viewer(LIN, None, frozenset())


def test_the_roles_are_those_of_the_appointments_at_the_station_that_is_named() -> None:
    es256 = signer("ES256")
    named, silent = es256.token(claims(station=STATION)), es256.token(claims(roles=["ADMINISTRATOR"], scope="admin"))
    assert identities(es256).viewer(silent, STATION) == Viewer(LIN, STATION, frozenset({Role.ADVISER}))
    assert identities(es256).viewer(named, None) == Viewer(LIN, STATION, frozenset({Role.ADVISER}))
    assert identities(es256).viewer(named, ELSEWHERE) == Viewer(LIN, ELSEWHERE, frozenset())


def test_the_id_of_a_person_follows_from_provider_and_subject_and_never_changes() -> None:
    assert LIN == "person_1za5h14v4dbsbakp84kb3wdp7h"
    others = {person_of(ISSUER, "wang"), person_of(f"{ISSUER}/", "lin"), person_of(DEVELOPMENT, "lin")}
    assert len({LIN, *others}) == 4


@pytest.mark.parametrize("typ", ["JWT", "jwt", "at+jwt", "AT+JWT", "application/at+jwt", None])
def test_a_token_may_call_itself_an_access_token_or_nothing(typ: str | None) -> None:
    assert identities(signer("ES256")).viewer(signer("ES256").token(claims(), typ=typ), None).person_id == LIN


@pytest.mark.parametrize("audience", ["yizhan", ["yizhan"], ["another", "yizhan"]])
def test_we_may_be_one_audience_of_several(audience: object) -> None:
    token = signer("ES256").token(claims(aud=audience))
    assert identities(signer("ES256")).viewer(token, None).person_id == LIN


def test_header_parameters_that_nobody_knows_are_passed_over() -> None:
    token = signer("ES256").token(claims(), nonce="n", **{"pi.atm": "1", "x5t#S256": "x" * 43})
    assert identities(signer("ES256")).viewer(token, None).person_id == LIN


# -- claims ------------------------------------------------------------------


@pytest.mark.parametrize(
    "changes",
    [
        {"iss": None},
        {"iss": "https://sso.example/realms/other"},
        {"iss": f"{ISSUER}/"},
        {"iss": DEVELOPMENT},
        {"iss": [ISSUER]},
        {"iss": {"a": 1}},
        {"aud": None},
        {"aud": "another"},
        {"aud": ["another"]},
        {"aud": []},
        {"aud": "yizhan-operator"},
        {"aud": "YIZHAN"},
        {"aud": {"yizhan": True}},
        {"aud": [["yizhan"]]},
        {"aud": True},
        {"sub": None},
        {"sub": ""},
        {"sub": 7},
        {"sub": ["lin"]},
        {"sub": "x" * 256},
        {"exp": None},
        {"exp": AT - 3600},
        {"exp": "tomorrow"},
        {"exp": str(AT + 3600)},
        {"exp": True},
        {"exp": [AT + 3600]},
        {"nbf": AT + 3600},
        {"nbf": "now"},
        {"iat": AT + 3600},
        {"iat": "now"},
        {"station": 7},
        {"station": ""},
        {"station": [STATION]},
        {"station": "Shaoxing"},
        {"station": LIN},
    ],
    ids=str,
)
def test_a_token_that_says_something_else_than_it_must_is_refused(changes: dict[str, Any]) -> None:
    refused(signer("ES256").token(claims(**changes)))


@pytest.mark.parametrize("end", [b"NaN", b"Infinity", b"1e999", b"-1", b"1" + b"0" * 400, b'"\\ud800"'])
def test_an_end_that_is_no_time_is_none(end: bytes) -> None:
    es256 = signer("ES256")
    said = orjson.dumps(claims(exp=0)).replace(b'"exp":0', b'"exp":' + end)
    assert end in said
    refused(es256.signed(f"{coded({'alg': 'ES256', 'kid': 'a'})}.{coded(said)}"))


@pytest.mark.parametrize(("claim", "nearer", "further"), [("exp", -59, -61), ("nbf", 59, 61), ("iat", 59, 61)])
def test_clocks_may_be_a_minute_apart_and_no_more(claim: str, nearer: int, further: int) -> None:
    es256 = signer("ES256")
    assert identities(es256).viewer(es256.token(claims(**{claim: AT + nearer})), None).person_id == LIN
    refused(es256.token(claims(**{claim: AT + further})))


def test_a_token_that_held_is_refused_once_it_has_ended() -> None:
    es256, clock = signer("ES256"), Clock()
    known, token = identities(es256, clock=clock), es256.token(claims(exp=AT + 600))
    for seconds in (0, 599, 600, 659):
        clock.now = NOON + timedelta(seconds=seconds)
        assert known.viewer(token, None).person_id == LIN
    clock.now = NOON + timedelta(seconds=661)
    with pytest.raises(TokenError, match="expired"):
        known.viewer(token, None)


@pytest.mark.parametrize("typ", ["logout+jwt", "dpop+jwt", "secevent+jwt", "JWS", "", 7, ["JWT"], {}])
def test_a_token_that_calls_itself_something_else_is_refused(typ: object) -> None:
    refused(signer("ES256").token(claims(), typ=typ))


# -- several issuers ---------------------------------------------------------


def test_the_people_of_the_development_issuer_sign_in_only_where_that_is_wanted() -> None:
    token = issue(OWN, Person("wang", person_id("wang"), STATION, "审计员"), NOON)
    es256 = signer("ES256")
    assert identities(es256, also=True).viewer(token, None).person_id == person_id("wang")
    assert identities(es256, also=True).viewer(es256.token(claims()), None).person_id == LIN
    assert "issuer" in refused(token)


def test_no_issuer_speaks_for_another_one() -> None:
    es256, own = signer("ES256"), Signer(OWN, "Ed25519", None)
    as_ours = claims(iss=DEVELOPMENT, sub=person_id("wang"))
    for token in (
        es256.token(as_ours),
        own.token(claims()),
        own.token(claims(), kid="a"),
        es256.token(as_ours, kid=None),
    ):
        refused(token, es256, also=True)


def test_who_runs_the_installation_is_known_by_its_own_key_alone() -> None:
    known, es256 = identities(signer("ES256")), signer("ES256")
    assert known.operates(issue_operator(OWN, NOON))
    assert not known.operates(issue_operator(OKPKey.generate_key("Ed25519"), NOON))
    assert not known.operates(issue_operator(OWN, NOON - timedelta(hours=2)))
    assert not known.operates(es256.token(claims(aud="yizhan-operator")))
    assert not known.operates(es256.token(claims(aud="yizhan-operator", iss=DEVELOPMENT)))
    assert not known.operates("")
    refused(issue_operator(OWN, NOON), also=True)
