"""`yizhan lag`: how far the projection is behind the log."""

from __future__ import annotations

from typing import Annotated, Final

import httpx
import orjson
import typer

from gateway.documents import STANDING
from infra.cli.failures import OUT_OF_REACH, Failure
from infra.cli.options import Json, settings

ELSEWHERE: Final = "; name the server with --server, or its port with YIZHAN_PORT"


def lag(
    server: Annotated[str | None, typer.Option(help="The server to ask. [default: http://127.0.0.1:8000]")] = None,
    json: Json = False,
) -> None:
    """Print how far the graph of a running server is behind its log, in events and seconds."""
    chosen = settings()
    address = (server or f"http://{chosen.host}:{chosen.port}").rstrip("/")
    try:
        answer = httpx.post(f"{address}/graphql", json={"query": STANDING}, timeout=10).raise_for_status()
        standing = answer.json()["data"]["standing"]
    except (httpx.HTTPError, httpx.InvalidURL) as error:
        raise Failure(f"{address} does not answer: {error}{'' if server else ELSEWHERE}", OUT_OF_REACH) from None
    except (ValueError, KeyError, TypeError):
        raise Failure(f"{address} does not say how far its graph is", OUT_OF_REACH) from None
    if json:
        print(orjson.dumps(standing).decode())
    else:
        behind = f"{standing['lag']:,} events, {standing['lagSeconds']:.1f} s behind"
        print(f"the graph is at {standing['position']:,} of {standing['head']:,}: {behind}")
