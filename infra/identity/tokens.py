"""Bearer tokens of the development issuer: JSON Web Tokens signed with Ed25519, the key in the data folder.

A token says who somebody is and which station they speak for. Roles are read from the appointments in the log.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import OKPKey

from domain.appointments import Appointment, appointment_id
from domain.kernel.days import day_of
from domain.kernel.ids import prefix_of
from domain.kernel.performing import Entity
from gateway.ports import PUBLIC, TokenError, Viewer
from infra.identity.directory import Person
from infra.keys import kept_secret

ISSUER = "yizhan-development"
AUDIENCE = "yizhan"
OPERATORS = "yizhan-operator"
ALGORITHMS = ["Ed25519"]
LEEWAY_SECONDS = 60


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
    return jwt.encode({"alg": ALGORITHMS[0], "typ": "JWT"}, claims, key, algorithms=ALGORITHMS)


def issue_operator(key: OKPKey, now: datetime, hours: float = 1) -> str:
    """A token for whoever runs the installation: who can read its key."""
    claims = {"iss": ISSUER, "aud": OPERATORS, "iat": int(now.timestamp())}
    claims["exp"] = int((now + timedelta(hours=hours)).timestamp())
    return jwt.encode({"alg": ALGORITHMS[0], "typ": "JWT"}, claims, key, algorithms=ALGORITHMS)


class DevelopmentIdentities:
    """Viewers from tokens of the development issuer."""

    def __init__(self, key: OKPKey, find: Callable[[str], Entity | None], clock: Callable[[], datetime]) -> None:
        self._key = key
        self._find = find
        self._clock = clock

    def viewer(self, token: str | None, station_id: str | None) -> Viewer:
        """Who a token stands for, in the roles that it is appointed to today at the station it speaks for."""
        if token is None:
            return PUBLIC
        claims = self._person(token)
        station = station_id or claims.get("station")
        if station is not None and prefix_of(str(station)) != "station":
            raise TokenError(f"{station} is no id of a station")
        entity = self._find(appointment_id(claims["sub"], station)) if station else None
        held = entity.state if entity else None
        roles = held.roles_on(day_of(self._clock())) if isinstance(held, Appointment) else frozenset()
        return Viewer(claims["sub"], station, roles)

    def operates(self, token: str) -> bool:
        try:
            self._claims(token, OPERATORS)
        except TokenError:
            return False
        return True

    def _person(self, token: str) -> dict[str, str]:
        claims = self._claims(token, AUDIENCE, sub={"essential": True})
        if prefix_of(str(claims["sub"])) != "person":
            raise TokenError("the token's sub is no id of a person")
        return claims

    def _claims(self, token: str, audience: str, **more: Any) -> dict[str, str]:
        """What the token says, if it holds for this audience."""
        registry = jwt.JWTClaimsRegistry(
            now=int(self._clock().timestamp()),
            leeway=LEEWAY_SECONDS,
            iss={"essential": True, "value": ISSUER},
            aud={"essential": True, "value": audience},
            exp={"essential": True},
            **more,
        )
        try:
            decoded = jwt.decode(token, self._key, algorithms=ALGORITHMS)
            registry.validate(decoded.claims)
        except (JoseError, ValueError) as error:
            raise TokenError(f"the token does not hold: {error}") from None
        return dict(decoded.claims)
