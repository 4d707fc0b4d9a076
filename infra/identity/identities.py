"""Identities: who sent a request, by a token of any issuer whose tokens hold here, and in which roles today."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from hashlib import sha256
from threading import Lock
from typing import Final, Protocol

from cachetools import LRUCache, TLRUCache

from domain.appointments import Appointment, appointment_id
from domain.kernel.days import day_of
from domain.kernel.ids import prefix_of
from domain.kernel.performing import Entity
from gateway.ports import PUBLIC, TokenError, Viewer
from infra.identity.claims import Token, read
from infra.identity.keyring import KeyRing
from infra.identity.keys import Keys, Verified
from infra.identity.openid import OpenIdIssuer
from infra.identity.provider import provider
from infra.identity.tokens import DevelopmentIssuer, signing_key
from infra.settings import Settings

MOST_REMEMBERED: Final = 10_000
"""Tokens whose signature was found good and is not checked again."""


class Issuer(Protocol):
    """Somebody whose tokens hold here."""

    @property
    def name(self) -> str:
        """What its tokens give as their issuer."""
        ...

    def keys(self) -> Keys:
        """What it signs with now; the same object for as long as that does not change. Raises UnverifiableError."""
        ...

    def fresh(self) -> Keys | None:
        """The same, if that can be said at once."""
        ...

    def verified(self, token: Token, now: datetime) -> Verified:
        """Whose token it is. Raises TokenError and UnverifiableError."""
        ...


@dataclass(frozen=True, slots=True)
class Holder:
    """Whom a token stands for, for which station it speaks, until when it holds, and what that was found out by."""

    person_id: str
    station_id: str | None
    until: float
    issuer: Issuer
    keys: Keys


@dataclass(frozen=True, slots=True)
class Found:
    """A viewer, and what it is so for: a token, a day, and a log in which nothing has been recorded since."""

    viewer: Viewer
    holder: Holder
    day: date
    position: int


class IssuedIdentities:
    """Viewers from tokens of several issuers. Safe to share between threads.

    A token that held is remembered by its hash until it ends, or its issuer has other keys; roles are looked up anew
    whenever anything was recorded. `glance` says at once how far the log goes that `find` looks into.
    """

    def __init__(
        self,
        issuers: Sequence[Issuer],
        operators: DevelopmentIssuer,
        find: Callable[[str], Entity | None],
        clock: Callable[[], datetime],
        glance: Callable[[], int],
        *,
        remembers: int = MOST_REMEMBERED,
    ) -> None:
        self._issuers = {each.name: each for each in issuers}
        self._operators = operators
        self._find = find
        self._clock = clock
        self._glance = glance
        self._lock = Lock()
        self._found: LRUCache[tuple[bytes, str | None], Found] = LRUCache(remembers)
        self._remembered: TLRUCache[bytes, Holder] = TLRUCache(
            remembers, ttu=lambda _hash, holder, _now: holder.until, timer=lambda: clock().timestamp()
        )

    def viewer(self, token: str | None, station_id: str | None) -> Viewer:
        """Who a token stands for, in the roles that it is appointed to today at the station it speaks for."""
        if token is None:
            return PUBLIC
        position, now = self._glance(), self._clock()
        key = _hash(token)
        holder = self._holder(token, key)
        person, station = holder.person_id, station_id or holder.station_id
        if station is not None and prefix_of(station) != "station":
            raise TokenError(f"{station} is no id of a station")
        entity = self._find(appointment_id(person, station)) if station else None
        held = entity.state if entity else None
        day = day_of(now)
        roles = held.roles_on(day) if isinstance(held, Appointment) else frozenset()
        found = Found(Viewer(person, station, roles), holder, day, position)
        with self._lock:
            self._found[key, station_id] = found
        return found.viewer

    def known(self, token: str | None, station_id: str | None) -> Viewer | None:
        """The same, if nothing has to be read or waited for: all that it rests on is as it was the last time."""
        if token is None:
            return PUBLIC
        with self._lock:
            found = self._found.get((_hash(token), station_id))
        if found is None or found.position != self._glance():
            return None
        now, holder = self._clock(), found.holder
        if now.timestamp() >= holder.until or day_of(now) != found.day or holder.issuer.fresh() is not holder.keys:
            return None
        return found.viewer

    def operates(self, token: str) -> bool:
        try:
            self._operators.ensure_operator(read(token), self._clock())
        except TokenError:
            return False
        return True

    def _holder(self, text: str, key: bytes) -> Holder:
        with self._lock:
            holder = self._remembered.get(key)
        if holder is not None and holder.issuer.keys() is holder.keys:
            return holder
        holder = self._verified(read(text))
        with self._lock:
            self._remembered[key] = holder
        return holder

    def _verified(self, token: Token) -> Holder:
        """Whose token it is, found out by its signature. Raises TokenError and UnverifiableError."""
        issuer = self._issuers.get(token.issuer)
        if issuer is None:
            raise TokenError(f"the token does not hold: its issuer is none of {', '.join(self._issuers)}")
        verified = issuer.verified(token, self._clock())
        station = token.claims.get("station")
        if not isinstance(station, str | None):
            raise TokenError("the token does not hold: its station is no id of a station")
        return Holder(verified.person_id, station, float(token.claims["exp"]), issuer, verified.by)


def _hash(token: str) -> bytes:
    return sha256(token.encode("utf-8", "surrogatepass")).digest()


def identities(
    settings: Settings,
    find: Callable[[str], Entity | None],
    clock: Callable[[], datetime],
    glance: Callable[[], int],
) -> IssuedIdentities:
    """Those of an installation: its OpenID provider's, if it has one, else the development issuer's, or both."""
    development = DevelopmentIssuer(signing_key(settings.data / "issuer.pem"))
    issuers: list[Issuer] = [development] if settings.development_sign_in else []
    if settings.oidc_issuer is not None:
        there = provider(settings.oidc_issuer, settings.oidc_ca_file)
        issuers.append(OpenIdIssuer(settings.oidc_issuer, settings.oidc_audience, KeyRing(there.keys)))
    return IssuedIdentities(issuers, development, find, clock, glance)
