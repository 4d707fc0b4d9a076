"""What a token says, and what it has to say to hold; whose hand it is in is another question (`keys.py`)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

import orjson
from joserfc import jws
from joserfc.errors import JoseError
from joserfc.jws import CompactSignature, JWSRegistry
from joserfc.jwt import JWTClaimsRegistry

from gateway.ports import TokenError

LEEWAY_SECONDS: Final = 60
"""How far the clock of an issuer may be from ours."""
TYPES: Final = ("jwt", "at+jwt", "application/at+jwt")
"""What a token may call itself (RFC 9068); it need not. A logout token, for one, says that it is something else."""


class Signatures(JWSRegistry):
    """The signatures that are known here, and no others; and the longest headers and signatures that are read.

    `EdDSA` is the older name of `Ed25519` (RFC 9864), and means no other curve.
    """

    algorithms = {  # noqa: RUF012  # declared so where it comes from
        "RS256": JWSRegistry.algorithms["RS256"],
        "ES256": JWSRegistry.algorithms["ES256"],
        "Ed25519": JWSRegistry.algorithms["Ed25519"],
        "EdDSA": JWSRegistry.algorithms["Ed25519"],
    }
    max_header_length = 1_024
    max_signature_length = 1_400


SIGNATURES: Final = Signatures(algorithms=Signatures.algorithms.keys(), strict_check_header=False)
"""Header parameters that nobody here knows are passed over (RFC 7515), keys that a token brings along among them."""


@dataclass(frozen=True, slots=True)
class Token:
    """A token as it describes itself, and the claims that it makes; whether they hold is not known yet."""

    signed: CompactSignature
    algorithm: str
    key_id: str | None
    claims: Mapping[str, Any]

    @property
    def issuer(self) -> str:
        """Who is said to have issued it; the empty string when that is not said."""
        said = self.claims.get("iss")
        return said if isinstance(said, str) else ""


def read(text: str) -> Token:
    """The token that a text is. Raises TokenError when it is none, or none of a kind that is taken here."""
    try:
        signed = jws.extract_compact(text.encode(), registry=SIGNATURES)
        header, claims = signed.headers(), orjson.loads(signed.payload)
        if not isinstance(header, dict) or not isinstance(claims, dict):
            raise TokenError("the token does not hold: it is no JSON Web Token")
        SIGNATURES.check_header(header)
        SIGNATURES.get_alg(header["alg"])
    except (JoseError, ValueError, TypeError, AttributeError, RecursionError) as error:
        raise TokenError(f"the token does not hold: {error}") from None
    if header.get("typ", TYPES[0]).lower() not in TYPES:
        raise TokenError(f"the token does not hold: its type is none of {', '.join(TYPES)}")
    if "crit" in header:
        raise TokenError("the token does not hold: it calls parameters critical that are not known here")
    return Token(signed, header["alg"], header.get("kid"), claims)


def check(claims: Mapping[str, Any], issuer: str, audience: str, now: datetime, *, of_a_person: bool = True) -> None:
    """See that the claims are this issuer's, for this audience, and hold now. Raises TokenError."""
    registry = JWTClaimsRegistry(
        now=int(now.timestamp()),
        leeway=LEEWAY_SECONDS,
        iss={"essential": True, "value": issuer},
        aud={"essential": True, "value": audience},
        exp={"essential": True},
        sub={"essential": of_a_person},
    )
    try:
        registry.validate(dict(claims))
    except JoseError as error:
        raise TokenError(f"the token does not hold: {error}") from None
