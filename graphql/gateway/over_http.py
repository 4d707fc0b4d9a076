"""GraphQL over HTTP: how a question comes in, and in which form its answer goes out.

By the specification of that name (https://graphql.github.io/graphql-over-http/draft/). Only JSON is taken: a browser
asks for leave before it sends that to another site.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from email.message import Message
from typing import Any, Final

import orjson
from starlette.requests import Request as HttpRequest
from starlette.responses import Response

from gateway.errors import GatewayError

JSON: Final = "application/json"
GRAPHQL: Final = "application/graphql-response+json"
LONGEST_BODY: Final = 1_000_000
"""Bytes of a request."""


class RefusedError(GatewayError):
    """What HTTP carries is no question: with this status it is said why."""

    def __init__(self, status: int, message: str, headers: Mapping[str, str] | None = None) -> None:
        super().__init__("BAD_REQUEST", message)
        self.status = status
        self.headers = dict(headers or {})


@dataclass(frozen=True, slots=True)
class Asked:
    """A question: a document, which of its operations is meant, and the variables; over GET it may only read."""

    query: str
    name: str | None = None
    variables: Mapping[str, Any] = field(default_factory=dict)
    only_reads: bool = False


async def question(http: HttpRequest) -> Asked:
    """What is asked. Raises RefusedError."""
    if http.method == "GET":
        found = {name: http.query_params[name] for name in http.query_params}
        return asked_in({**found, **_decoded(found, "variables"), **_decoded(found, "extensions")}, only_reads=True)
    kind, charset = _media(http.headers.get("Content-Type", ""))
    if kind != JSON:
        raise RefusedError(415, f"takes a request of type {JSON}", {"Accept-Post": JSON})
    if charset.lower() not in ("utf-8", "utf8"):
        raise RefusedError(415, "takes a request in UTF-8")
    try:
        return asked_in(orjson.loads(await _body(http)))
    except orjson.JSONDecodeError as error:
        raise RefusedError(400, f"the request is no JSON: {error}") from None


def asked_in(asked: Any, *, only_reads: bool = False) -> Asked:
    """What is asked in a request, decoded. Raises RefusedError."""
    if not isinstance(asked, dict):
        raise RefusedError(400, "takes a JSON object; several questions at once are not answered")
    query, name, variables = asked.get("query"), asked.get("operationName"), asked.get("variables")
    if not isinstance(query, str) or not query:
        raise RefusedError(400, "query: takes a GraphQL document as a text")
    if not isinstance(name, str | None):
        raise RefusedError(400, "operationName: takes a text")
    for key in ("variables", "extensions"):
        if not isinstance(asked.get(key), dict | None):
            raise RefusedError(400, f"{key}: takes a JSON object")
    return Asked(query, name, variables or {}, only_reads)


def _decoded(found: Mapping[str, str], name: str) -> dict[str, Any]:
    """A parameter of an address that is JSON."""
    try:
        return {name: orjson.loads(found[name])} if found.get(name) else {}
    except orjson.JSONDecodeError as error:
        raise RefusedError(400, f"{name}: takes JSON: {error}") from None


async def _body(http: HttpRequest) -> bytes:
    body = bytearray()
    async for piece in http.stream():
        body += piece
        if len(body) > LONGEST_BODY:
            raise RefusedError(413, f"takes a request of at most {LONGEST_BODY:,} bytes")
    return bytes(body)


def _media(header: str) -> tuple[str, str]:
    """The media type that a header names, and the character set."""
    message = Message()
    message["Content-Type"] = header
    charset = message.get_param("charset", "utf-8")
    return message.get_content_type() if header else "", charset if isinstance(charset, str) else ""


def form(http: HttpRequest) -> str:
    """The media type of the answer: what the sender prefers, JSON where it does not say. Raises RefusedError."""
    wanted = http.headers.get("Accept", "*/*") or "*/*"
    preferred: dict[str, float] = {}
    for each in wanted.split(","):
        kind, *parameters = (part.strip().lower() for part in each.split(";"))
        weights = [part.removeprefix("q=") for part in parameters if part.startswith("q=")]
        for form in FORMS.get(kind, ()):
            preferred.setdefault(form, _weight(weights))
    best = max(preferred, key=lambda form: preferred[form], default=None)
    if best is None or preferred[best] == 0:
        raise RefusedError(406, f"answers with {GRAPHQL} or {JSON}")
    return best


FORMS: Final = {JSON: (JSON,), GRAPHQL: (GRAPHQL,), "application/*": (JSON,), "*/*": (JSON,)}


def _weight(found: list[str]) -> float:
    try:
        return float(found[0]) if found else 1.0
    except ValueError:
        return 1.0


def answer(result: Mapping[str, Any], form: str) -> Response:
    """An answer in this form. What was not executed is a fault of the request; plain JSON has never said so."""
    status = 200 if "data" in result or form == JSON else 400
    return Response(orjson.dumps(result), status, media_type=f"{form}; charset=utf-8")
