"""EEN's partner web service: the pages of `GET /profiles`, one after the other, asked for again when one fails to come.

The key goes into a header and nowhere else: no message holds it, and no redirection is followed.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

import httpx
from pydantic import SecretStr

from infra.errors import OutOfReachError, UnfitError
from infra.imports.b2b import FORM, has_next
from infra.imports.flaws import Flaw
from infra.imports.json_values import parsed
from infra.imports.source import Bounds
from infra.settings import Settings

PAGE_SIZE: Final = 200
"""The most that the service gives at once."""
ATTEMPTS: Final = 5
LONGEST_PAUSE: Final = 60.0
"""Seconds; a service that asks for a longer one is told goodbye until the next run."""
PATIENCE: Final = httpx.Timeout(10.0, read=60.0)
_PASSING: Final = frozenset({408, 425, 429, 500, 502, 503, 504})
_REFUSING: Final = frozenset({401, 403})


@dataclass(frozen=True, slots=True)
class PartnerService:
    """The service at an address, for the holder of a key. `pause` waits for so many seconds."""

    address: str
    key: SecretStr
    pause: Callable[[float], None] = time.sleep
    most_bytes: int = Bounds().listing

    def pages(self, since: date | None) -> Iterator[Any]:
        """The pages of what was last changed on this day or later, the oldest change first; without a day, of all.

        Raises OutOfReachError when a page does not come, and UnfitError when the service refuses or says what cannot
        be understood. What came before stands.
        """
        with self._client() as client:
            number = 1
            while True:
                page = self._page(client, _asked(number, since))
                follows = _follows(page)
                yield page
                if not follows:
                    return
                number += 1

    @contextmanager
    def _client(self) -> Iterator[httpx.Client]:
        key = self.key.get_secret_value()
        if not key or not key.isascii() or not key.isprintable() or " " in key:
            raise UnfitError("een_key: takes the key as EEN gave it, in letters, digits and signs of ASCII")
        headers = {"X-API-KEY": key, "Accept": "application/json"}
        with httpx.Client(headers=headers, timeout=PATIENCE, follow_redirects=False) as client:
            yield client

    def _page(self, client: httpx.Client, asked: dict[str, str]) -> Any:
        """One page, asked for until it comes."""
        for attempt in range(1, ATTEMPTS + 1):
            try:
                return self._answer(client, asked)
            except _Passing as passing:
                if attempt == ATTEMPTS or passing.pause > LONGEST_PAUSE:
                    raise OutOfReachError(f"{self.address}/profiles, page {asked['PageIndex']}: {passing}") from None
                self.pause(passing.pause or 2.0 ** (attempt - 1))
        raise AssertionError("the last attempt returns or raises")

    def _answer(self, client: httpx.Client, asked: dict[str, str]) -> Any:
        read = bytearray()
        try:
            with client.stream("GET", f"{self.address}/profiles", params=asked) as response:
                self._ensure_answered(response)
                for part in response.iter_bytes():
                    read += part
                    if len(read) > self.most_bytes:
                        raise UnfitError(f"{self.address} answers with more than {self.most_bytes:,} bytes")
        except httpx.HTTPError as error:
            raise _Passing(f"it does not answer to the end: {type(error).__name__}") from None
        try:
            return parsed(read.decode("utf-8-sig"), FORM)
        except UnicodeDecodeError:
            raise UnfitError(f"{self.address} answers with what is not UTF-8") from None
        except Flaw as flaw:
            raise UnfitError(f"{self.address}: {flaw.reason}; takes {flaw.accepted}") from None

    def _ensure_answered(self, response: httpx.Response) -> None:
        status = response.status_code
        if status in _REFUSING:
            why = "the setting een_key, and whether EEN has the address of this machine on its list"
            raise UnfitError(f"{self.address} refuses with {status}: look at {why}")
        if status in _PASSING:
            raise _Passing(f"it answers with {status}", _pause(response.headers.get("Retry-After")))
        if status != httpx.codes.OK:
            raise UnfitError(f"{self.address} answers with {status}")


class _Passing(Exception):
    """A page did not come, for a reason that passes; `pause` is how many seconds the service wants to be left alone."""

    def __init__(self, reason: str, pause: float = 0.0) -> None:
        super().__init__(reason)
        self.pause = pause


def partner_service(settings: Settings) -> PartnerService:
    """The service of the settings, with the key of the setting or of the file that it names."""
    if settings.een_key is not None:
        return PartnerService(settings.een_service, settings.een_key)
    if (file := settings.een_key_file) is None:
        raise UnfitError(f"{settings.een_service} wants a key: set een_key, or een_key_file")
    try:
        return PartnerService(settings.een_service, SecretStr(file.read_text(encoding="utf-8").strip()))
    except (OSError, UnicodeDecodeError):
        raise OutOfReachError(f"een_key_file: {file} cannot be read") from None


def _asked(number: int, since: date | None) -> dict[str, str]:
    asked = {
        "PageIndex": str(number),
        "PageSize": str(PAGE_SIZE),
        "ComparisonDate": "LastModified",
        "SortOrder": "ASC",
    }
    return asked if since is None else {**asked, "FromDate": since.isoformat()}


def _follows(page: Any) -> bool:
    try:
        return has_next(page)
    except Flaw as flaw:
        raise UnfitError(f"a page of profiles: {flaw.reason}; takes {flaw.accepted}") from None


def _pause(text: str | None) -> float:
    """The seconds of a Retry-After; a date, which servers of this kind do not send, counts as none."""
    return float(text) if text and text.isascii() and text.isdigit() and len(text) <= 6 else 0.0
