"""Key sets: of what a provider publishes only public keys for signatures, of types that are believed, are taken."""

from __future__ import annotations

from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric import rsa
from hypothesis import given
from hypothesis import strategies as st
from joserfc.jwk import ECKey, OctKey, OKPKey
from joserfc.util import int_to_base64
from signing import KINDS, signer

from infra.identity.keys import Keys, key_set


def read(*entries: Any) -> Keys:
    return key_set({"keys": list(entries)})


def left_out(entry: Any) -> str:
    """Why an entry is left out, while a good one beside it is taken."""
    keys = read(entry, signer("ES256", "good").published())
    assert [each.key_id for each in keys.keys] == ["good"]
    (reason,) = keys.left_out
    return reason


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("said", [{}, {"use": "sig"}, {"key_ops": ["verify"]}, {"x5t": "x", "x5c": ["x"], "more": 1}])
def test_a_key_is_taken_for_the_algorithms_of_its_type(kind: str, said: dict[str, Any]) -> None:
    published = {name: value for name, value in signer(kind).published().items() if name != "use"}
    (key,) = read({**published, **said}).keys
    assert kind in key.algorithms
    assert key.algorithms <= {"Ed25519", "EdDSA"} or len(key.algorithms) == 1
    assert read({**published, **said, "alg": kind}).keys == (key,)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize(
    ("said", "reason"),
    [
        ({"use": "enc"}, "not there to verify"),
        ({"use": None}, "not there to verify"),
        ({"use": ["sig"]}, "not there to verify"),
        ({"key_ops": ["sign"]}, "not there to verify"),
        ({"key_ops": []}, "not there to verify"),
        ({"key_ops": "verify"}, "not there to verify"),
        ({"alg": "HS256"}, "another algorithm"),
        ({"alg": "RS512"}, "another algorithm"),
        ({"alg": "RSA-OAEP"}, "another algorithm"),
        ({"alg": "none"}, "another algorithm"),
        ({"alg": {}}, "another algorithm"),
        ({"kid": 7}, "no text"),
        ({"kid": ["a"]}, "no text"),
        ({"kty": "oct"}, "another type"),
        ({"kty": "AKP"}, "another type"),
        ({"kty": None}, "another type"),
        ({"kty": ["RSA"]}, "another type"),
    ],
    ids=str,
)
def test_a_key_that_says_that_it_is_something_else_is_left_out(kind: str, said: dict[str, Any], reason: str) -> None:
    assert reason in left_out({**signer(kind).published(), **said})


@pytest.mark.parametrize("kind", KINDS)
def test_a_key_of_which_more_is_published_than_may_be_is_left_out_and_nothing_of_it_is_said(kind: str) -> None:
    whole = signer(kind).key.as_dict(private=True)
    assert "not public" in left_out(whole)
    for secret in ("k", "d", "p", "q", "dp", "dq", "qi", "oth", "priv"):
        reason = left_out({**signer(kind).published(), secret: "c2VjcmV0"})
        assert "not public" in reason
        assert "c2VjcmV0" not in reason


@pytest.mark.parametrize("bits", [512, 1_024, 2_040, 2_047])
def test_an_rsa_key_that_is_too_short_is_left_out(bits: int) -> None:
    modulus = (1 << (bits - 1)) + 1
    assert "shorter than 2,048" in left_out({"kty": "RSA", "kid": "a", "e": "AQAB", "n": int_to_base64(modulus)})
    padded = int_to_base64(modulus, byte_count=512)
    assert "shorter than 2,048" in left_out({"kty": "RSA", "kid": "a", "e": "AQAB", "n": padded})


@pytest.mark.parametrize("exponent", [0, 1, 2, 65_536])
def test_an_rsa_key_by_which_everybody_could_sign_is_left_out(exponent: int) -> None:
    modulus = rsa.generate_private_key(65_537, 2_048).public_key().public_numbers().n
    entry = {"kty": "RSA", "kid": "a", "n": int_to_base64(modulus), "e": int_to_base64(exponent, byte_count=4)}
    assert "cannot be read" in left_out(entry)


def test_keys_on_other_curves_and_of_other_kinds_are_left_out() -> None:
    for curve in ("P-384", "P-521", "secp256k1"):
        assert "another type" in left_out(ECKey.generate_key(curve).as_dict(private=False))
    for other in ("Ed448", "X25519", "X448"):
        assert "another type" in left_out(OKPKey.generate_key(other).as_dict(private=False))
    assert "not public" in left_out(OctKey.generate_key(256).as_dict(private=True))


@pytest.mark.parametrize(
    "entry",
    [
        {"kty": "EC", "crv": "P-256"},
        {"kty": "EC", "crv": "P-256", "x": "AAAA", "y": "AAAA"},
        {"kty": "EC", "crv": "P-256", "x": int_to_base64(1, 32), "y": int_to_base64(1, 32)},
        {"kty": "EC", "crv": "P-256", "x": 1, "y": None},
        {"kty": "OKP", "crv": "Ed25519", "x": "AAAA"},
        {"kty": "OKP", "crv": "Ed25519", "x": "==="},
        {"kty": "RSA", "e": "AQAB"},
        {"kty": "RSA", "n": "", "e": "AQAB"},
        {"kty": "RSA", "n": "é", "e": "AQAB"},
        {"kty": "RSA", "n": "A" * 400},
        [],
        "key",
        None,
        7,
    ],
    ids=str,
)
def test_what_is_no_key_is_left_out(entry: object) -> None:
    assert left_out(entry)


@pytest.mark.parametrize("document", [None, [], "keys", {}, {"keys": None}, {"keys": {}}, {"keys": "x"}], ids=str)
def test_a_document_that_is_no_key_set_is_an_error(document: object) -> None:
    with pytest.raises(ValueError, match="no JSON Web Key Set"):
        key_set(document)


VALUES = st.none() | st.integers() | st.text(max_size=50) | st.lists(st.text(max_size=5), max_size=2)
NAMES = st.sampled_from(["kty", "crv", "x", "y", "n", "e", "use", "alg", "kid", "key_ops"])


@given(st.sampled_from(KINDS), st.dictionaries(NAMES, VALUES, max_size=3), st.sets(NAMES, max_size=2))
def test_however_an_entry_is_spoilt_it_is_read_or_left_out(kind: str, changes: dict[str, Any], gone: set[str]) -> None:
    changed = {**signer(kind).published(), **changes}
    keys = read(
        {name: value for name, value in changed.items() if name not in gone}, signer("ES256", "good").published()
    )
    assert keys.keys[-1].key_id == "good"
    assert len(keys.keys) + len(keys.left_out) == 2
