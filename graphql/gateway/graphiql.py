"""GraphiQL, from our own origin and nowhere else: a page with its files, bundled beforehand by `scripts/build`."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Final

from starlette.requests import Request as HttpRequest
from starlette.responses import FileResponse, HTMLResponse, Response
from starlette.routing import BaseRoute, Route

HERE: Final = Path(__file__).parent
BUNDLE: Final = HERE / "bundle"
"""Where `scripts/build` puts it; a checkout has none until then."""
PAGE: Final = "page.html"
AT: Final = "/graphiql"

TYPES: Final = {
    ".css": "text/css",
    ".html": "text/html",
    ".js": "text/javascript",
    ".ttf": "font/ttf",
    ".woff2": "font/woff2",
}
"""Media types of what is in a bundle; everything else is plain text."""
POLICY: Final = {
    "default-src": "'none'",
    "script-src": "'self'",
    "worker-src": "'self'",
    "connect-src": "'self'",
    "style-src": "'self' 'unsafe-inline'",  # the editor places each line and colours each word with styles of its own
    "img-src": "'self' data:",  # its small pictures stand in its styles
    "font-src": "'self'",
    "base-uri": "'none'",
    "form-action": "'none'",
    "frame-ancestors": "'none'",
}
"""What the page may load and ask, by kind. Scripts come from files, and none is made of a text."""
HEADERS: Final = {
    "Content-Security-Policy": "; ".join(f"{kind} {sources}" for kind, sources in POLICY.items()),
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}
ALWAYS_ANEW: Final = {"Cache-Control": "no-cache"}
FOR_EVER: Final = {"Cache-Control": "public, max-age=31536000, immutable"}
"""For files whose name changes with what is in them."""


def bundled(folder: Path) -> bool:
    """Whether there is a bundle to serve."""
    return (folder / PAGE).is_file()


def routes(folder: Path) -> list[BaseRoute]:
    """The page and its files; as long as there is no bundle, a page that says how to make one."""

    async def page(_http: HttpRequest) -> Response:
        return _sent(folder / PAGE, ALWAYS_ANEW) if bundled(folder) else _missing()

    async def file(http: HttpRequest) -> Response:
        found = _files(folder).get(http.path_params["name"])  # so that no path leads anywhere else
        return Response(status_code=404, headers=HEADERS) if found is None else _sent(found, FOR_EVER)

    return [Route(AT, page), Route(f"{AT}/{{name}}", file)]


def _files(folder: Path) -> dict[str, Path]:
    """What the page is made of, by its name."""
    return {each.name: each for each in folder.glob("*") if each.is_file() and each.name != PAGE}


def _sent(file: Path, caching: Mapping[str, str]) -> Response:
    return FileResponse(file, headers={**HEADERS, **caching}, media_type=TYPES.get(file.suffix, "text/plain"))


def _missing() -> Response:
    page = (HERE / "no_graphiql.html").read_text(encoding="utf-8")
    return HTMLResponse(page, 404, {**HEADERS, **ALWAYS_ANEW})
