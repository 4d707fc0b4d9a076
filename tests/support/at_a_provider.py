"""Tokens of an OpenID provider that has these keys, and whom they stand for."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

import pytest
from joserfc.jwk import OKPKey
from scenario import id_of
from signing import Signer, signer

from domain.appointments import Appointment, Term, appointment_id
from domain.kernel.acting import Role
from domain.kernel.performing import Entity
from gateway.ports import TokenError
from infra.identity.identities import IssuedIdentities, Issuer
from infra.identity.keyring import KeyRing
from infra.identity.keys import key_set
from infra.identity.openid import OpenIdIssuer
from infra.identity.persons import person_of
from infra.identity.tokens import DevelopmentIssuer

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
    issuers: list[Issuer] = [provider, *([development] if also else [])]
    return IssuedIdentities(issuers, development, find, clock or Clock(), lambda: 0)


def claims(**changes: Any) -> dict[str, Any]:
    """What a token says that holds, but for these changes; None leaves something out."""
    held = {"iss": ISSUER, "aud": "yizhan", "sub": "lin", "iat": AT, "exp": AT + 3600, "client_id": "portal"}
    return {name: value for name, value in {**held, **changes}.items() if value is not None}


def refused(token: str, *signers: Signer, **how: Any) -> str:
    """Why a token is refused; it must be."""
    with pytest.raises(TokenError) as error:
        identities(*(signers or (signer("ES256"),)), **how).viewer(token, None)
    return str(error.value)
