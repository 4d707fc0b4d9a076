"""Callers: who asks, and how, as the headers of a request say it, or the first message on a WebSocket."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

import anyio.to_thread
from starlette.requests import HTTPConnection

from gateway.context import Request
from gateway.errors import GatewayError
from gateway.ports import Services, TokenError
from gateway.scalars import LONGEST_POSITION
from gateway.tracing import Carrier

AT_LEAST: Final = "Yizhan-At-Least"
STATION: Final = "Yizhan-Station"
CONSISTENT: Final = "Yizhan-Consistent"
WHOLE_NUMBER: Final = re.compile(rf"[0-9]{{1,{LONGEST_POSITION}}}")


@dataclass(frozen=True, slots=True)
class Caller:
    """What the headers say: a token, the station that is acted for, the language, and how new the answer is to be.

    `trace` is what they say of the trace that the request belongs to.
    """

    services: Services
    token: str | None = None
    station: str | None = None
    language: str = "zh"
    consistent: bool = False
    at_least: int = 0
    trace: Carrier = field(default_factory=dict)
    address: str = ""

    @classmethod
    def of(cls, services: Services, headers: Mapping[str, str], address: str = "") -> Caller:
        """The caller by these headers, whose names are in small letters. Raises TokenError and GatewayError."""
        scheme, _, token = headers.get("authorization", "").partition(" ")
        if scheme and (scheme.lower() != "bearer" or not token.strip()):
            raise TokenError("takes the form Authorization: Bearer TOKEN")
        consistent = headers.get(CONSISTENT.lower(), "false").lower()
        if consistent not in ("true", "false"):
            raise GatewayError("BAD_INPUT", f"{CONSISTENT}: takes true or false")
        wanted = headers.get(AT_LEAST.lower(), "0")
        if not WHOLE_NUMBER.fullmatch(wanted):
            raise GatewayError("BAD_INPUT", f"{AT_LEAST}: takes a position of the log, a whole number")
        language = "en" if headers.get("accept-language", "").lower().startswith("en") else "zh"
        station = headers.get(STATION.lower())
        trace = services.tracing.carrier(headers)
        at_least = int(wanted)
        return cls(services, token or None, station, language, consistent == "true", at_least, trace, address)

    async def request(self) -> Request:
        """The request as the resolvers see it: in the roles of this moment, and the graph where it is wanted.

        Raises TokenError, UnverifiableError and GatewayError.
        """
        identities = self.services.identities
        viewer = identities.known(self.token, self.station)
        if viewer is None:
            viewer = await anyio.to_thread.run_sync(identities.viewer, self.token, self.station)
        request = Request(
            self.services,
            viewer,
            self.language,
            self.consistent,
            self.at_least,
            again=self.request,
            address=self.address,
        )
        if self.at_least:
            await request.wait_for(self.at_least)
        return request


def address_of(connection: HTTPConnection) -> str:
    """Where somebody asks from; behind a proxy that is believed, where it says that they do."""
    return connection.client.host if connection.client else ""
