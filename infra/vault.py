"""The vault seals personal and secret texts before they are stored, and opens them at the edge.

A sealed text names the topic and field that it was sealed in, its subject and its key; it is bound to these and to its
entity, so that it opens nowhere else. Equality is compared by a keyed mark, without opening anything.
"""

from __future__ import annotations

import hmac
import secrets
from base64 import urlsafe_b64decode, urlsafe_b64encode
from dataclasses import dataclass

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from domain.kernel.fields import Sealed
from infra.keys import KeyStore

FORM = "sealed:1"
MARK_BYTES, NONCE_BYTES, TAG_BYTES = 16, 12, 16


class VaultError(Exception):
    """A sealed text does not belong where it was found, was altered, or is to be sealed again."""


@dataclass(frozen=True, slots=True)
class _Token:
    topic: str
    field: str
    subject: str
    key_id: str
    mark: bytes
    box: bytes

    @classmethod
    def parse(cls, text: str) -> _Token:
        parts = text.removeprefix(f"{FORM}:").split(":")
        if not text.startswith(f"{FORM}:") or len(parts) != 6:
            raise VaultError("this is no sealed text of a form that is known here")
        topic, field, subject, key_id, *binary = parts
        try:
            mark, box = (urlsafe_b64decode(part) for part in binary)
        except ValueError:
            raise VaultError(f"the sealed {field} is cut off or was altered") from None
        if len(box) < NONCE_BYTES + TAG_BYTES:
            raise VaultError(f"the sealed {field} is cut off or was altered")
        return cls(topic, field, subject, key_id, mark, box)

    def text(self) -> Sealed:
        mark, box = (urlsafe_b64encode(part).decode() for part in (self.mark, self.box))
        return Sealed(":".join((FORM, self.topic, self.field, self.subject, self.key_id, mark, box)))


class Vault:
    """Seals and opens with the keys of a key store."""

    def __init__(self, keys: KeyStore) -> None:
        self._keys = keys

    def seal(self, plain: str, *, subject: str, topic: str, entity: str, field: str) -> Sealed:
        """The sealed form of a text, under the key of its subject.

        Raises VaultError for what is sealed already: it is bound to where it was sealed, and opens nowhere else.
        """
        if isinstance(plain, Sealed):
            raise VaultError(
                f"the {field} of {entity} is sealed already; record the text itself, or leave the field out"
            )
        key = self._keys.key_of(subject)
        nonce = secrets.token_bytes(NONCE_BYTES)
        box = AESGCM(key.secret).encrypt(nonce, plain.encode(), _bound_to(topic, entity, field))
        return _Token(topic, field, subject, key.key_id, _mark(key.secret, plain), nonce + box).text()

    def open(self, sealed: str, *, entity: str) -> str | None:
        """The text, for the entity that it was sealed in; None when its key has been destroyed."""
        token = _Token.parse(sealed)
        key = self._keys.find(token.subject, token.key_id)
        if key is None:
            return None
        nonce, box = token.box[:NONCE_BYTES], token.box[NONCE_BYTES:]
        try:
            return AESGCM(key.secret).decrypt(nonce, box, _bound_to(token.topic, entity, token.field)).decode()
        except InvalidTag as error:
            raise VaultError(f"the sealed {token.field} does not belong to {entity}, or was altered") from error

    def same(self, sealed: str, plain: str) -> bool:
        """Whether the sealed text is this one; a text whose key is gone equals nothing."""
        token = _Token.parse(sealed)
        key = self._keys.find(token.subject, token.key_id)
        return key is not None and hmac.compare_digest(token.mark, _mark(key.secret, plain))


def _bound_to(topic: str, entity: str, field: str) -> bytes:
    return f"{topic}|{entity}|{field}".encode()


def _mark(secret: bytes, plain: str) -> bytes:
    return hmac.digest(secret, b"mark\x00" + plain.encode(), "sha256")[:MARK_BYTES]
