"""In whose hand a token is: it takes a key that the provider publishes, by the algorithm of that key alone."""

from __future__ import annotations

import hmac
from typing import Any

import orjson
import pytest
from at_a_provider import AT, ISSUER, LIN, claims, identities, refused
from hypothesis import given, settings
from hypothesis import strategies as st
from joserfc.jwk import OctKey
from joserfc.util import urlsafe_b64decode
from signing import KINDS, coded, signer

from gateway.ports import TokenError
from infra.identity.claims import LEEWAY_SECONDS
from infra.identity.persons import person_of

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
