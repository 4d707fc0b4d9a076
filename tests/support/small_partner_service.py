"""A small partner web service of EEN on a loopback port: it pages, filters and refuses as it is described to.

Troubles are answered before anything else, one to a request: an HTTP status, or `CUT`, which breaks an answer off.
"""

from __future__ import annotations

import contextlib
import json
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from copy import deepcopy
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any
from urllib.parse import parse_qs, urlsplit

KEY = "the-key-of-a-test"
PAGE = Path(__file__).parents[1] / "data" / "b2b-page.json"
CUT = 0
FIRST = datetime(2026, 9, 1, tzinfo=UTC)


def offer() -> dict[str, Any]:
    """A profile in full."""
    found: dict[str, Any] = json.loads(PAGE.read_bytes())["data"]["items"][0]
    return found


def profile(number: int, **members: Any) -> dict[str, Any]:
    """The profile of a number, last changed so many hours after the first of September."""
    own = {
        "id": 100_000 + number,
        "reference": f"TODE20260911{number:03}",
        "title": f"Enzyme membranes, of the kind {number}",
        "lastModified": (FIRST + timedelta(hours=number)).isoformat(),
    }
    return {**deepcopy(offer()), **own, **members}


def limited(item: dict[str, Any], **members: Any) -> dict[str, Any]:
    """The profile as those see it who may not: its number and its status."""
    empty = dict.fromkeys(item) | {"title": "N/A", "description": "N/A"}
    return {**empty, "id": item["id"], **members}


@dataclass
class SmallPartnerService:
    """What it holds, what it was asked for, and what happens before it answers."""

    profiles: list[dict[str, Any]] = field(default_factory=list)
    asked: list[dict[str, str]] = field(default_factory=list)
    troubles: deque[int] = field(default_factory=deque)
    headers: dict[str, str] = field(default_factory=dict)
    before: Callable[[dict[str, str]], None] = lambda _asked: None
    body: bytes | None = None
    address: str = ""

    def page(self, asked: dict[str, str]) -> dict[str, Any]:
        """The page that is asked for, the profiles in the order of their last change."""
        index, size = int(asked["PageIndex"]), int(asked["PageSize"])
        assert index >= 1
        assert 1 <= size <= 200
        assert (asked["ComparisonDate"], asked["SortOrder"]) == ("LastModified", "ASC")
        since = asked.get("FromDate", "")
        found = sorted((each for each in self.profiles if each["lastModified"] >= since), key=_modified)
        start = (index - 1) * size
        paging = {"pageIndex": index, "pageSize": size, "hasNext": len(found) > start + size}
        return {"data": {"items": found[start : start + size], "pagingInfo": paging}}

    def pages_asked(self) -> list[str]:
        return [each["PageIndex"] for each in self.asked]


def _modified(item: dict[str, Any]) -> str:
    return str(item["lastModified"])


class Handler(BaseHTTPRequestHandler):
    service: SmallPartnerService

    def handle(self) -> None:
        with contextlib.suppress(ConnectionError):  # whoever has read enough hangs up
            super().handle()

    def do_GET(self) -> None:
        parts = urlsplit(self.path)
        asked = {name: values[0] for name, values in parse_qs(parts.query).items()}
        self.service.asked.append(asked)
        self.service.before(asked)
        trouble = self.service.troubles.popleft() if self.service.troubles else 200
        if self.headers.get("X-API-KEY") != KEY:
            trouble = 401
        if parts.path != "/v1/profiles":
            trouble = 404
        if trouble not in (200, CUT):
            self._answer(trouble, b"{}")
            return
        body = self.service.body or json.dumps(self.service.page(asked)).encode()
        self._answer(200, body, cut=trouble == CUT)

    def _answer(self, status: int, body: bytes, *, cut: bool = False) -> None:
        self.send_response(status)
        for name, value in self.service.headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body[: len(body) // 2] if cut else body)
        self.close_connection = cut

    def log_message(self, format: str, *args: Any) -> None:
        """Nothing is written beside the tests."""


@contextmanager
def serving(*profiles: dict[str, Any]) -> Iterator[SmallPartnerService]:
    """The service with these profiles, until the block ends."""
    service = SmallPartnerService(list(profiles))
    handler = type("Bound", (Handler,), {"service": service})
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        service.address = f"http://127.0.0.1:{server.server_port}/v1"
        thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield service
        finally:
            server.shutdown()
            thread.join()
