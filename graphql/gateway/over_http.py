"""GraphQL over HTTP: how a question comes in, and in which form its answer goes out.

By the specification of that name (https://graphql.github.io/graphql-over-http/draft/). Only JSON is taken: a browser
asks for leave before it sends that to another site.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from email.message import Message
from functools import lru_cache
from typing import Any, Final

import orjson
from starlette.requests import Request as HttpRequest
from starlette.responses import Response

from gateway.documents import KIND, hash_of
from gateway.errors import GatewayError

JSON: Final = "application/json"
GRAPHQL: Final = "application/graphql-response+json"
FORMS_KNOWN: Final = 256
"""So many headers are remembered by what they say: senders send the same ones again and again."""
LONGEST_BODY: Final = 1_000_000
"""Bytes of a request."""
HASH: Final = re.compile(r"[0-9a-f]{64}")


class RefusedError(GatewayError):
    """What HTTP carries is no question: with this status it is said why."""

    def __init__(
        self,
        status: int,
        message: str,
        headers: Mapping[str, str] | None = None,
        *,
        code: str = "BAD_REQUEST",
        **details: Any,
    ) -> None:
        super().__init__(code, message, **details)
        self.status = status
        self.headers = dict(headers or {})


@dataclass(frozen=True, slots=True)
class Asked:
    """A question: a document, which of its operations is meant, and the variables; over GET it may only read.

    `document` is the hash of a trusted document; where it is given, there is no text.
    """

    query: str
    name: str | None = None
    variables: Mapping[str, Any] = field(default_factory=dict)
    only_reads: bool = False
    document: str | None = None


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
    if not isinstance(query, str | None):
        raise RefusedError(400, "query: takes a GraphQL document as a text")
    if not isinstance(name, str | None):
        raise RefusedError(400, "operationName: takes a text")
    for key in ("variables", "extensions"):
        if not isinstance(asked.get(key), dict | None):
            raise RefusedError(400, f"{key}: takes a JSON object")
    if (document := _document(asked)) is None and not query:
        raise RefusedError(400, "query: takes a GraphQL document as a text; or documentId the hash of a trusted one")
    if document is not None and query and hash_of(query) != document:
        raise RefusedError(400, f"query and the hash are of different documents: this is {KIND}{hash_of(query)}")
    return Asked(query or "", name or None, variables or {}, only_reads, None if query else document)


def _document(asked: Mapping[str, Any]) -> str | None:
    """The hash by which a document is asked for, in the standard's form or in Apollo's. Raises RefusedError."""
    id, extension = asked.get("documentId"), (asked.get("extensions") or {}).get("persistedQuery")
    if id is not None and not (isinstance(id, str) and id.startswith(KIND) and HASH.fullmatch(id, len(KIND))):
        raise RefusedError(400, f"documentId: takes {KIND} and 64 hexadecimal digits in small letters")
    named = None if id is None else id.removeprefix(KIND)
    if extension is None:
        return named
    match extension:
        case {"version": 1, "sha256Hash": str(other)} if HASH.fullmatch(other) and named in (None, other):
            return other
    raise RefusedError(
        400, 'extensions.persistedQuery: takes {"version": 1, "sha256Hash": …}, of the same document as documentId'
    )


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


@lru_cache(FORMS_KNOWN)
def _media(header: str) -> tuple[str, str]:
    """The media type that a header names, and the character set."""
    message = Message()
    message["Content-Type"] = header
    charset = message.get_param("charset", "utf-8")
    return message.get_content_type() if header else "", charset if isinstance(charset, str) else ""


def form(http: HttpRequest) -> str:
    """The media type of the answer: what the sender prefers, JSON where it does not say. Raises RefusedError."""
    return _form(http.headers.get("Accept", "*/*") or "*/*")


@lru_cache(FORMS_KNOWN)
def _form(wanted: str) -> str:
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
