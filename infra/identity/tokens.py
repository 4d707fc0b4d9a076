"""The development issuer: JSON Web Tokens signed with Ed25519, by the key in the data folder.

A token says who somebody is and which station they speak for. Roles are read from the appointments in the log.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path
from typing import Final

from joserfc import jwt
from joserfc.jwk import OKPKey

from domain.kernel.ids import prefix_of
from gateway.ports import TokenError
from infra.identity.claims import Token, check
from infra.identity.directory import ISSUER, Person
from infra.identity.keys import Keys, PublicKey, Verified
from infra.keys import kept_secret

AUDIENCE: Final = "yizhan"
OPERATORS: Final = "yizhan-operator"
ALGORITHM: Final = "Ed25519"


def signing_key(path: Path) -> OKPKey:
    """The issuer's key, from a file that only its owner reads; made at the first use."""
    return OKPKey.import_key(kept_secret(path, lambda: OKPKey.generate_key("Ed25519").as_pem(private=True)))


def issue(key: OKPKey, person: Person, now: datetime, hours: float = 12) -> str:
    """A token for a person of the directory."""
    claims = {
        "iss": ISSUER,
        "aud": AUDIENCE,
        "sub": person.person_id,
        "station": person.station_id,
        "iat": int(now.timestamp()),
        "exp": int((now + timedelta(hours=hours)).timestamp()),
    }
    return jwt.encode({"alg": ALGORITHM, "typ": "JWT"}, claims, key, algorithms=[ALGORITHM])


def issue_operator(key: OKPKey, now: datetime, hours: float = 1) -> str:
    """A token for whoever runs the installation: who can read its key."""
    claims = {"iss": ISSUER, "aud": OPERATORS, "iat": int(now.timestamp())}
    claims["exp"] = int((now + timedelta(hours=hours)).timestamp())
    return jwt.encode({"alg": ALGORITHM, "typ": "JWT"}, claims, key, algorithms=[ALGORITHM])


class DevelopmentIssuer:
    """The tokens that the key of the data folder has signed."""

    name = ISSUER

    def __init__(self, key: OKPKey) -> None:
        self._keys = Keys((PublicKey(key, frozenset({ALGORITHM})),))

    def keys(self) -> Keys:
        return self._keys

    def fresh(self) -> Keys:
        return self._keys

    def verified(self, token: Token, now: datetime) -> Verified:
        """Whose token it is. Raises TokenError when it does not hold."""
        check(token.claims, ISSUER, AUDIENCE, now)
        self._see_that_it_is_signed(token)
        if prefix_of(token.claims["sub"]) != "person":
            raise TokenError("the token does not hold: its sub is no id of a person")
        return Verified(token.claims["sub"], self._keys)

    def ensure_operator(self, token: Token, now: datetime) -> None:
        """See that it is the token of somebody who runs the installation. Raises TokenError."""
        check(token.claims, ISSUER, OPERATORS, now, of_a_person=False)
        self._see_that_it_is_signed(token)

    def _see_that_it_is_signed(self, token: Token) -> None:
        if not self._keys.signed(token):
            raise TokenError("the token does not hold: it is not signed with the key of this installation")
