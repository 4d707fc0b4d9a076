"""An OpenID provider as it describes itself (OpenID Connect Discovery 1.0), and the keys that it publishes."""

from __future__ import annotations

import asyncio
import ssl
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import httpx
import orjson

from infra.errors import OutOfReachError
from infra.identity.addresses import trustworthy
from infra.identity.keys import Keys, key_set

DEADLINE: Final = 5.0
"""Seconds in which both documents have to be there, however slowly they come."""
MOST_BYTES: Final = 262_144
"""The longest document that is read."""
DESCRIPTION: Final = "/.well-known/openid-configuration"
PLAIN: Final = {"Accept": "application/json", "Accept-Encoding": "identity"}


class ProviderError(Exception):
    """What the provider answers cannot be used; says why, in one line."""


class NoAnswerError(ProviderError):
    """The provider did not answer, or not in time; it may later."""


@dataclass(frozen=True, slots=True)
class Provider:
    """The provider at an address, and who vouches for its certificate: this file, or whom the system trusts."""

    issuer: str
    trusted: ssl.SSLContext

    def keys(self) -> Keys:
        """The keys that it signs with now. Raises ProviderError. It blocks for up to `DEADLINE`."""
        return asyncio.run(self._keys())

    async def _keys(self) -> Keys:
        try:
            async with asyncio.timeout(DEADLINE), self._client() as client:
                description = await _document(client, self.issuer.rstrip("/") + DESCRIPTION)
                document = await _document(client, self._address_of_keys(description))
        except TimeoutError:
            raise NoAnswerError(f"{self.issuer} did not answer within {DEADLINE:.0f} seconds") from None
        try:
            keys = key_set(document)
        except ValueError as error:
            raise ProviderError(f"{self.issuer} has no keys: {error}") from None
        if not keys.keys:
            raise ProviderError(f"{self.issuer} has no key that can be used here: {'; '.join(keys.left_out) or 'none'}")
        return keys

    def _client(self) -> httpx.AsyncClient:
        """A client that speaks in the clear to this machine only, and then through no proxy."""
        plain = httpx.AsyncHTTPTransport(verify=self.trusted)
        return httpx.AsyncClient(verify=self.trusted, headers=PLAIN, timeout=DEADLINE, mounts={"http://": plain})

    def _address_of_keys(self, description: Any) -> str:
        if not isinstance(description, dict) or description.get("issuer") != self.issuer:
            named = description.get("issuer") if isinstance(description, dict) else None
            raise ProviderError(f"{self.issuer} calls itself {named!r}, and its tokens would not hold")
        address = description.get("jwks_uri")
        plain = self.issuer.lower().startswith("http:")
        secured = isinstance(address, str) and address.lower().startswith("https:")
        if not isinstance(address, str) or not trustworthy(address) or not (plain or secured):
            raise ProviderError(f"{self.issuer} has its keys at {address!r}, where anybody could have put them")
        return address


def provider(issuer: str, authority: Path | None = None) -> Provider:
    """The provider at this address. `authority` is a file with the certificates (PEM) of who vouches for its own."""
    try:
        trusted = ssl.create_default_context(cafile=authority) if authority else httpx.create_ssl_context()
    except (OSError, ValueError) as error:
        raise OutOfReachError(f"oidc_ca_file: {authority} holds no certificates: {error}") from None
    return Provider(issuer, trusted)


async def _document(client: httpx.AsyncClient, address: str) -> Any:
    """What a JSON document holds that is read to its end, and is no longer than it may be."""
    read = bytearray()
    try:
        async with client.stream("GET", address) as response:
            if response.status_code != httpx.codes.OK:
                trouble = NoAnswerError if response.status_code >= 500 else ProviderError
                raise trouble(f"{address} answers with {response.status_code}")
            async for part in response.aiter_raw():
                read += part
                if len(read) > MOST_BYTES:
                    raise ProviderError(f"{address} answers with more than {MOST_BYTES:,} bytes")
    except (httpx.HTTPError, httpx.InvalidURL) as error:
        raise NoAnswerError(f"{address} does not answer: {error or type(error).__name__}") from None
    try:
        return orjson.loads(read)
    except orjson.JSONDecodeError:
        raise ProviderError(f"{address} answers with what is no JSON") from None
