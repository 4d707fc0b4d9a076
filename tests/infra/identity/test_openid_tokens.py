"""Tokens of an OpenID provider: its own, for us, in time, in a hand that it publishes; everything else is refused."""

from __future__ import annotations

import hmac
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

import orjson
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from joserfc.jwk import OctKey, OKPKey
from joserfc.util import urlsafe_b64decode
from scenario import id_of
from signing import KINDS, Signer, coded, signer

from domain.appointments import Appointment, Term, appointment_id
from domain.kernel.acting import Role
from domain.kernel.performing import Entity
from gateway.ports import TokenError, Viewer
from infra.identity.claims import LEEWAY_SECONDS
from infra.identity.directory import ISSUER as DEVELOPMENT
from infra.identity.directory import Person, person_id
from infra.identity.identities import IssuedIdentities
from infra.identity.keyring import KeyRing
from infra.identity.keys import key_set
from infra.identity.openid import OpenIdIssuer
from infra.identity.persons import person_of
from infra.identity.tokens import DevelopmentIssuer, issue, issue_operator

NOON = datetime(2026, 8, 10, 12, tzinfo=UTC)
AT = int(NOON.timestamp())
ISSUER = "https://sso.example/realms/yizhan"
STATION, ELSEWHERE = id_of("station"), id_of("station", "elsewhere")
LIN = person_of(ISSUER, "lin")
OWN = OKPKey.generate_key("Ed25519")


@dataclass
class Clock:
    now: datetime = NOON

    def __call__(self) -> datetime:
        return self.now


def find(id: str) -> Entity | None:
    held, term = appointment_id(LIN, STATION), Term(Role.ADVISER, date(2026, 1, 1), None)
    return Entity(held, 1, Appointment(LIN, STATION, (term,))) if id == held else None


def identities(
    *signers: Signer, entries: tuple[Any, ...] = (), clock: Callable[[], datetime] | None = None, also: bool = False
) -> IssuedIdentities:
    """Those of an installation whose provider publishes these keys; and if so wanted, the development issuer's too."""
    keys = key_set({"keys": [*(each.published() for each in signers), *entries]})
    development = DevelopmentIssuer(OWN)
    provider = OpenIdIssuer(ISSUER, "yizhan", KeyRing(lambda: keys))
    return IssuedIdentities([provider, *([development] if also else [])], development, find, clock or Clock())


def claims(**changes: Any) -> dict[str, Any]:
    held = {"iss": ISSUER, "aud": "yizhan", "sub": "lin", "iat": AT, "exp": AT + 3600, "client_id": "portal"}
    return {name: value for name, value in {**held, **changes}.items() if value is not None}


def refused(token: str, *signers: Signer, **how: Any) -> str:
    with pytest.raises(TokenError) as error:
        identities(*(signers or (signer("ES256"),)), **how).viewer(token, None)
    return str(error.value)


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


# -- whose hand it is in -----------------------------------------------------


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize(
    "said",
    ["RS256", "RS384", "RS512", "PS256", "ES256", "ES384", "ES256K", "Ed25519", "EdDSA", "Ed448", "HS256", "none", "x"],
)
def test_a_key_signs_by_the_algorithm_of_its_own_type_only(kind: str, said: str) -> None:
    own = signer(kind)
    token = own.signed(f"{coded({'alg': said, 'kid': 'a'})}.{coded(claims())}")
    if said == kind or {said, kind} == {"Ed25519", "EdDSA"}:
        assert identities(own).viewer(token, None).person_id == LIN
    else:
        refused(token, own)


@pytest.mark.parametrize("algorithm", ["RS384", "RS512", "PS256", "PS384", "PS512"])
def test_an_rsa_key_is_not_believed_by_any_other_algorithm_even_if_it_has_signed_so(algorithm: str) -> None:
    refused(
        signer("RS256").signed(f"{coded({'alg': algorithm, 'kid': 'a'})}.{coded(claims())}", algorithm), signer("RS256")
    )


def secrets_of(kind: str) -> list[bytes]:
    """The public key in every form in which somebody could take it for a secret."""
    published = signer(kind).published()
    texts = [str(value) for value in published.values()]
    raw = [text.encode() for text in texts] + [unpadded(text) for text in texts if len(text) > 20]
    key = signer(kind).key
    assert not isinstance(key, OctKey)
    whole = [key.as_bytes("PEM", private=False), key.as_bytes("DER", private=False)]
    return [*raw, *whole, whole[0].strip(), orjson.dumps(published), b""]


def unpadded(text: str) -> bytes:
    return urlsafe_b64decode(text.encode())


@pytest.mark.parametrize("algorithm", ["HS256", "HS384", "HS512"])
@pytest.mark.parametrize("kind", KINDS)
def test_a_token_signed_with_the_public_key_as_a_secret_is_refused(kind: str, algorithm: str) -> None:
    known = identities(signer(kind))
    for said in ({"alg": algorithm, "kid": "a"}, {"alg": algorithm}):
        text = f"{coded(said)}.{coded(claims())}"
        for secret in secrets_of(kind):
            token = f"{text}.{coded(hmac.digest(secret, text.encode(), f'sha{algorithm[2:]}'))}"
            with pytest.raises(TokenError):
                known.viewer(token, None)


def test_a_secret_in_the_key_set_is_no_key_for_anything() -> None:
    secret = b"a secret that is long enough for it"
    entry = {"kty": "oct", "kid": "s", "alg": "HS256", "k": coded(secret)}
    text = f"{coded({'alg': 'HS256', 'kid': 's'})}.{coded(claims())}"
    refused(f"{text}.{coded(hmac.digest(secret, text.encode(), 'sha256'))}", signer("ES256"), entries=(entry,))


@pytest.mark.parametrize("algorithm", ["none", "None", "NONE", "nOnE", ""])
def test_a_token_without_a_signature_is_refused(algorithm: str) -> None:
    text = f"{coded({'alg': algorithm, 'kid': 'a'})}.{coded(claims())}"
    for signature in ("", "AA", signer("ES256").token(claims()).rpartition(".")[2]):
        refused(f"{text}.{signature}")


def test_a_key_that_is_not_published_is_refused_under_any_name() -> None:
    other = signer("ES256", "a", 1)
    for key_id in ("a", "b", "", None):
        refused(other.token(claims(), kid=key_id))
    refused(signer("ES256").token(claims(), kid="b"))


def test_a_key_that_the_token_brings_along_is_not_asked() -> None:
    other = signer("ES256", "b", 1)
    for brought in ({"jwk": other.published()}, {"jku": "https://attacker.example/keys"}, {"x5u": "https://a.example"}):
        for key_id in ("a", "b", None):
            refused(other.token(claims(), kid=key_id, **brought))


def test_a_token_that_names_no_key_is_taken_where_one_key_alone_can_be_meant() -> None:
    es256, rs256 = signer("ES256"), signer("RS256", "b")
    token = es256.token(claims(), kid=None)
    assert identities(es256).viewer(token, None).person_id == LIN
    assert identities(signer("ES256", None)).viewer(token, None).person_id == LIN
    assert identities(es256, rs256).viewer(token, None).person_id == LIN
    assert "does not say which" in refused(token, es256, signer("ES256", "b", 1))


def test_of_keys_under_one_name_each_is_looked_at() -> None:
    keys = signer("ES256", "a", 1), signer("RS256", "a"), signer("ES256", "a")
    for each in keys:
        assert identities(*keys).viewer(each.token(claims()), None).person_id == LIN


@pytest.mark.parametrize(
    "header",
    [
        {"alg": "ES256", "kid": "a", "crit": ["exp"], "exp": 1},
        {"alg": "ES256", "kid": "a", "crit": []},
        {"alg": "ES256", "kid": "a", "crit": "kid"},
        {"alg": "ES256", "kid": "a", "crit": ["kid"]},
        {"alg": "ES256", "kid": "a", "crit": ["b64"], "b64": False},
        {"alg": "ES256", "kid": "a", "b64": False},
        {"alg": "ES256", "kid": 7},
        {"alg": "ES256", "kid": ["a"]},
        {"alg": ["ES256"], "kid": "a"},
        {"alg": 5},
        {"kid": "a"},
        {"alg": "ES256", "kid": "a", "x": "x" * 1_000},
        ["alg"],
        "alg",
        5,
        None,
    ],
    ids=str,
)
def test_a_header_that_is_none_of_ours_is_refused_however_well_it_is_signed(header: object) -> None:
    refused(signer("ES256").signed(f"{coded(header)}.{coded(claims())}"))


# -- whatever else is sent ---------------------------------------------------


@settings(max_examples=300)
@given(st.data())
def test_a_token_of_which_any_character_was_changed_is_refused(data: st.DataObject) -> None:
    token = TOKENS[data.draw(st.sampled_from(sorted(TOKENS)))]
    place = data.draw(st.integers(0, len(token) - 1))
    other = data.draw(st.sampled_from("ABCXYZabcxyz0189-_.=+/ é").filter(lambda each: each != token[place]))
    with pytest.raises(TokenError):
        EVERY.viewer(f"{token[:place]}{other}{token[place + 1 :]}", None)


EVERY = identities(*(signer(kind, kind) for kind in KINDS))
TOKENS = {kind: signer(kind, kind).token(claims()) for kind in KINDS}

JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**60), 2**60) | st.floats(allow_nan=False) | st.text(max_size=9),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=6), inner, max_size=3),
    max_leaves=6,
)


@settings(max_examples=300)
@given(
    st.dictionaries(st.sampled_from(["alg", "typ", "kid", "crit", "b64", "jwk"]), JSON, max_size=4) | JSON,
    st.dictionaries(st.sampled_from(["iss", "aud", "sub", "exp", "nbf", "iat", "station"]), JSON, max_size=5) | JSON,
)
def test_whatever_a_token_says_of_itself_only_its_own_kind_of_error_comes_of_it(header: Any, changes: Any) -> None:
    es256 = signer("ES256", "ES256")
    said = {"alg": "ES256", "kid": "ES256", **header} if isinstance(header, dict) else header
    payload = {**claims(), **changes} if isinstance(changes, dict) else changes
    try:
        viewer = EVERY.viewer(es256.signed(f"{coded(said)}.{coded(payload)}"), None)
    except TokenError:
        return
    assert viewer.person_id == person_of(ISSUER, payload["sub"])
    assert (payload["iss"], payload["exp"] > AT - LEEWAY_SECONDS) == (ISSUER, True)
    assert "yizhan" in payload["aud"]


@settings(max_examples=200)
@given(st.text(max_size=60) | st.lists(st.text(max_size=9), min_size=3, max_size=3).map(".".join))
def test_no_text_but_a_token_is_taken_for_one(text: str) -> None:
    refused(text)


@pytest.mark.parametrize("text", ["[" * 90_000, '{"iss":' * 9_000, "\\ud800", '{"a":"\\ud800"}', "{}" * 9, "\x00"])
def test_a_payload_that_is_made_to_break_the_reader_is_refused(text: str) -> None:
    refused(signer("ES256").signed(f"{coded({'alg': 'ES256', 'kid': 'a'})}.{coded(text.encode())}"))


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
