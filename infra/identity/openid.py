"""Tokens of an OpenID provider: its own, for us, in time, and signed with one of the keys that it publishes."""

from __future__ import annotations

from datetime import datetime

from gateway.ports import TokenError
from infra.identity.claims import Token, check
from infra.identity.keyring import KeyRing
from infra.identity.keys import Keys, Verified
from infra.identity.persons import LONGEST_SUBJECT, person_of


class OpenIdIssuer:
    """An OpenID provider, by its address, as one whose tokens hold here."""

    def __init__(self, name: str, audience: str, ring: KeyRing) -> None:
        self.name = name
        self._audience = audience
        self._ring = ring

    def keys(self) -> Keys:
        return self._ring.keys()

    def fresh(self) -> Keys | None:
        return self._ring.fresh()

    def verified(self, token: Token, now: datetime) -> Verified:
        """Whose token it is. Raises TokenError when it does not hold, UnverifiableError when nobody can tell."""
        check(token.claims, self.name, self._audience, now)
        subject = str(token.claims["sub"])
        if len(subject) > LONGEST_SUBJECT:
            raise TokenError(f"the token does not hold: its sub has more than {LONGEST_SUBJECT} characters")
        return Verified(person_of(self.name, subject), self._keys_behind(token))

    def _keys_behind(self, token: Token) -> Keys:
        """The keys of which one has signed the token: those that are known, or those that there are by now."""
        keys = self._ring.keys()
        if keys.signed(token):
            return keys
        newer = self._ring.keys_after(keys)
        if newer is keys or not newer.signed(token):
            raise TokenError("the token does not hold: it is not signed with a key of its issuer")
        return newer
