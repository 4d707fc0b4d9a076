"""Asking a gateway as people do: over HTTP, with a token or without one, from one event loop."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

import httpx
from joserfc.jwk import OKPKey
from small_network import NOON, SmallNetwork
from starlette.applications import Starlette

from gateway.over_http import GRAPHQL
from infra.identity.tokens import issue

AT_ONCE = 40
"""Fields of the query root that are asked for in one document: one may not be of any length."""


def in_pieces(fields: Iterable[str]) -> list[str]:
    """Documents that ask for all these fields of the query root in their order, each under a name of its own."""
    named = [f"a{number}: {each}" for number, each in enumerate(fields)]
    return [f"{{ {' '.join(named[begin : begin + AT_ONCE])} }}" for begin in range(0, len(named), AT_ONCE)]


@dataclass
class Asking:
    """Asks one gateway on behalf of the people of the small network; nobody in particular is the public."""

    gateway: Starlette
    runner: asyncio.Runner
    made: SmallNetwork
    key: OKPKey
    tokens: dict[str, str] = field(default_factory=dict)

    def token(self, name: str) -> str:
        if name not in self.tokens:
            self.tokens[name] = issue(self.key, self.made.people[name], NOON)
        return self.tokens[name]

    def http(self, method: str, path: str, **more: Any) -> httpx.Response:
        """Any request at all."""
        return self.runner.run(self._send(method, path, more))

    def post(
        self,
        query: str,
        who: str | None = None,
        variables: Mapping[str, Any] | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> httpx.Response:
        """A GraphQL request, which waits for all that has been recorded so far unless its headers say otherwise."""
        sent = {"Accept": GRAPHQL, "Yizhan-At-Least": str(self.made.log.head()), **(headers or {})}
        if who is not None:
            sent["Authorization"] = f"Bearer {self.token(who)}"
        body = {"query": query, "variables": dict(variables or {})}
        return self.http("POST", "/graphql", json=body, headers=sent)

    def data(self, query: str, who: str | None = None, **variables: Any) -> Any:
        """The data of an answer that holds no error."""
        answer = self.post(query, who, variables).json()
        assert "errors" not in answer, answer["errors"]
        return answer["data"]

    def each(self, fields: Iterable[str], who: str | None = None) -> list[Any]:
        """The answers to these fields of the query root, in their order."""
        return [answer for document in in_pieces(fields) for answer in self.data(document, who).values()]

    def error(self, query: str, who: str | None = None, **variables: Any) -> dict[str, Any]:
        """The first error of an answer: its message, and its code, rule and so on."""
        response = self.post(query, who, variables)
        answer = response.json()
        assert response.status_code == (200 if "data" in answer else 400), response.text
        error = answer["errors"][0]
        return {"message": error["message"], **error["extensions"]}

    async def _send(self, method: str, path: str, more: dict[str, Any]) -> httpx.Response:
        transport = httpx.ASGITransport(app=self.gateway)
        async with httpx.AsyncClient(transport=transport, base_url="http://yizhan.test") as client:
            return await client.request(method, path, **more)
