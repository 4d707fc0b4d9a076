"""Signing tokens as an OpenID provider does: keys of every kind that is believed, and tokens in any hand."""

from __future__ import annotations

from base64 import urlsafe_b64encode
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

import orjson
from joserfc.jwk import ECKey, Key, OKPKey, RSAKey
from joserfc.jws import JWSRegistry

KINDS = ("RS256", "ES256", "Ed25519", "EdDSA")


@dataclass(frozen=True, slots=True)
class Signer:
    """A private key, the algorithm that it signs by, and the name under which it is published."""

    key: Key
    algorithm: str
    key_id: str | None

    def published(self, **more: Any) -> dict[str, Any]:
        """The entry for the public key in a key set."""
        named = {} if self.key_id is None else {"kid": self.key_id}
        return {**self.key.as_dict(private=False), **named, "use": "sig", **more}

    def token(self, claims: Mapping[str, Any], **header: Any) -> str:
        """A token with these claims; of what is given for its header, None leaves something out."""
        named = {"alg": self.algorithm, "typ": "at+jwt", "kid": self.key_id, **header}
        said = {name: value for name, value in named.items() if value is not None}
        return self.signed(f"{coded(said)}.{coded(claims)}")

    def signed(self, text: str, algorithm: str | None = None) -> str:
        """The text with its signature, by whichever algorithm the key allows."""
        by = algorithm or self.algorithm
        signature = JWSRegistry.algorithms["Ed25519" if by == "EdDSA" else by].sign(text.encode(), self.key)
        return f"{text}.{urlsafe_b64encode(signature).rstrip(b'=').decode()}"


def coded(part: object) -> str:
    """A part of a token."""
    return urlsafe_b64encode(part if isinstance(part, bytes) else orjson.dumps(part)).rstrip(b"=").decode()


@cache
def signer(algorithm: str, key_id: str | None = "a", number: int = 0) -> Signer:
    """A key that signs by this algorithm; another number is another key."""
    return Signer(_key(algorithm, number), algorithm, key_id)


@cache
def _key(algorithm: str, _number: int) -> Key:
    match algorithm:
        case "RS256":
            return RSAKey.generate_key(2048)
        case "ES256":
            return ECKey.generate_key("P-256")
        case _:
            return OKPKey.generate_key("Ed25519")
