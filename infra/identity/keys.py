"""Keys that vouch for tokens: public ones, each for the algorithms of its own type and for no others."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

from joserfc import jws
from joserfc.errors import JoseError
from joserfc.jwk import JWKRegistry, Key
from joserfc.util import base64_to_int

from gateway.ports import TokenError
from infra.identity.claims import SIGNATURES, Token

FEWEST_BITS: Final = 2_048
"""The shortest modulus of an RSA key that is still believed."""
SECRET: Final = frozenset({"k", "d", "p", "q", "dp", "dq", "qi", "oth", "priv"})
"""What a key set that is public must not hold: whoever has read it can sign."""


class UnusableKeyError(ValueError):
    """A key of a key set vouches for nothing here; says why."""


@dataclass(frozen=True, slots=True)
class Kind:
    """A type of key: the parameters that it consists of, its curve if it has one, and how it signs."""

    parameters: tuple[str, ...]
    curve: str | None
    algorithms: frozenset[str]


KINDS: Final = {
    "RSA": Kind(("n", "e"), None, frozenset({"RS256"})),
    "EC": Kind(("crv", "x", "y"), "P-256", frozenset({"ES256"})),
    "OKP": Kind(("crv", "x"), "Ed25519", frozenset({"Ed25519", "EdDSA"})),
}


@dataclass(frozen=True, slots=True)
class PublicKey:
    """A key that tokens may be signed with, under the name by which they refer to it, if it has one."""

    key: Key
    algorithms: frozenset[str]
    key_id: str | None = None


@dataclass(frozen=True, slots=True)
class Keys:
    """All keys of an issuer at a time, and why others that it named are not among them."""

    keys: tuple[PublicKey, ...]
    left_out: tuple[str, ...] = ()

    def signed(self, token: Token) -> bool:
        """Whether one of these keys has signed the token. Raises TokenError when it does not say which, and must."""
        return any(_signed_by(each.key, token) for each in self._named(token))

    def algorithms(self) -> tuple[str, ...]:
        """How tokens may be signed."""
        return tuple(sorted({name for each in self.keys for name in each.algorithms}))

    def _named(self, token: Token) -> list[PublicKey]:
        """The keys that the token may be signed with: those it names, or the only one of their type."""
        fitting = [each for each in self.keys if token.algorithm in each.algorithms]
        if token.key_id is not None:
            return [each for each in fitting if each.key_id == token.key_id]
        if len(fitting) > 1:
            raise TokenError("the token does not hold: it does not say which of its issuer's keys it is signed with")
        return fitting


@dataclass(frozen=True, slots=True)
class Verified:
    """Whose token it was found to be, and by which keys."""

    person_id: str
    by: Keys


def key_set(document: Any) -> Keys:
    """The keys in a JSON Web Key Set that can be used here. Raises ValueError when it is none."""
    entries = document.get("keys") if isinstance(document, dict) else None
    if not isinstance(entries, list):
        raise ValueError("it is no JSON Web Key Set")
    keys: list[PublicKey] = []
    left_out: list[str] = []
    for entry in entries:
        try:
            keys.append(public_key(entry))
        except UnusableKeyError as error:
            left_out.append(str(error))
    return Keys(tuple(keys), tuple(left_out))


def public_key(entry: Any) -> PublicKey:
    """A key of a key set. Raises UnusableKeyError; nothing of a secret is in what it says."""
    if not isinstance(entry, dict):
        raise UnusableKeyError("an entry that is no key")
    key_id = entry.get("kid")
    name = "a key without a name" if key_id is None else f"key {str(key_id)[:60]!r}"
    if not isinstance(key_id, str | None):
        raise UnusableKeyError(f"{name} has a name that is no text")
    if secret := SECRET & entry.keys():
        raise UnusableKeyError(f"{name} is not public: it comes with {', '.join(sorted(secret))}")
    kind = KINDS.get(str(entry.get("kty")))
    if kind is None or (kind.curve is not None and entry.get("crv") != kind.curve):
        raise UnusableKeyError(f"{name} is of another type than {', '.join(KINDS)} (P-256, Ed25519)")
    _see_that_it_is_for_signatures(name, entry, kind)
    parameters = {each: str(entry.get(each, "")) for each in kind.parameters}
    try:
        if "n" in parameters and base64_to_int(parameters["n"]).bit_length() < FEWEST_BITS:
            raise UnusableKeyError(f"{name} is shorter than {FEWEST_BITS:,} bits")
        key = JWKRegistry.import_key({"kty": entry["kty"], **parameters})
        key.public_key  # noqa: B018  # what is no key is noticed now
    except UnusableKeyError:
        raise
    except (JoseError, ValueError, TypeError) as error:
        raise UnusableKeyError(f"{name} cannot be read: {error}") from None
    return PublicKey(key, kind.algorithms, key_id)


def _see_that_it_is_for_signatures(name: str, entry: dict[str, Any], kind: Kind) -> None:
    use, operations, algorithm = entry.get("use", "sig"), entry.get("key_ops", ["verify"]), entry.get("alg")
    if use != "sig" or not isinstance(operations, list) or "verify" not in operations:
        raise UnusableKeyError(f"{name} is not there to verify signatures")
    if algorithm is not None and algorithm not in tuple(kind.algorithms):
        raise UnusableKeyError(f"{name} is for another algorithm than {', '.join(sorted(kind.algorithms))}")


def _signed_by(key: Key, token: Token) -> bool:
    try:
        return jws.validate_compact(token.signed, key, registry=SIGNATURES)
    except (JoseError, ValueError):
        return False
