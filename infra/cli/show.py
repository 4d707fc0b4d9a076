"""`yizhan show`: a record and its neighbours as they stood, for those who have the data folder."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from typing import Annotated, Any

import orjson
import typer
from rich.console import Console
from rich.table import Table

from domain.kernel.ids import prefix_of
from infra.cli.failures import USAGE, Failure
from infra.cli.opening import opened, with_network
from infra.cli.options import AsOf, Data, Json, moment, settings
from infra.past import NetworkPasts
from projections.batch import Unprojectable
from projections.network import LABELS
from projections.past import Neighbour, Past, unsealed

NAMES = ("name_zh", "name_en", "title_zh", "title_en", "name", "stage")
"""What tells a neighbour best, where it has it."""


def show(
    id: Annotated[str, typer.Argument(metavar="ID", help="The record, such as need_01h455vb4pex5vsknk084sn02q.")],
    data: Data = None,
    as_of: AsOf = None,
    json: Json = False,
) -> None:
    """Print a record and its neighbours as they stood at a position or a time, or stand now; nothing sealed."""
    wanted = None if as_of is None else moment(as_of)
    if prefix_of(id) not in LABELS:
        raise Failure(f"{id}: takes the id of a record, which begins with one of {', '.join(sorted(LABELS))}", USAGE)
    with ExitStack() as stack, telling():
        network = opened(with_network(settings(data=data)))
        stack.callback(network.close)
        past = stack.enter_context(NetworkPasts(network)).at(network.head() if wanted is None else wanted)
        held = past.record(id)
        if held is None:
            first = next(iter(network.history(id, 0, 1)), None)
            came = "the log knows nothing of it" if first is None else f"it came at {first.position}"
            raise Failure(f"as of {past.position} there was no {id}; {came}")
        shown = _shown(past, id)
    if json:
        print(orjson.dumps(shown, option=orjson.OPT_INDENT_2).decode())
    else:
        _print(shown)


@contextmanager
def telling() -> Iterator[None]:
    """Say of a fact that the graph cannot apply, and has not skipped, which it is."""
    try:
        yield
    except Unprojectable as broken:
        raise Failure(str(broken)) from broken


def _shown(past: Past, id: str) -> dict[str, Any]:
    return {
        "id": id,
        "label": LABELS[prefix_of(id)],
        "position": past.position,
        "properties": unsealed(past.record(id) or {}),
        "neighbours": [_neighbour(each) for each in past.neighbours(id)],
    }


def _neighbour(neighbour: Neighbour) -> dict[str, Any]:
    links = [
        {"name": link.type.name, "direction": link.direction.name, "properties": unsealed(link.properties)}
        for link in neighbour.links
    ]
    properties = unsealed(neighbour.properties)
    return {"id": neighbour.id, "label": neighbour.label, "properties": properties, "links": links}


def _print(shown: dict[str, Any]) -> None:
    console = Console(highlight=False, markup=False)
    console.print(f"{shown['label']} {shown['id']} as of {shown['position']}")
    properties = Table(box=None, pad_edge=False, show_header=False)
    for name, value in sorted(shown["properties"].items()):
        properties.add_row(name, _text(value))
    console.print(properties)
    neighbours = Table("link", "", box=None, pad_edge=False)
    neighbours.add_column("neighbour", no_wrap=True, overflow="ignore")
    neighbours.add_column("what it was")
    for each in shown["neighbours"]:
        held = each["properties"]
        what = " · ".join(_text(held[name]) for name in NAMES if name in held)
        for link in each["links"]:
            more = "".join(f" {name}={_text(value)}" for name, value in link["properties"].items())
            arrow = {"OUT": "->", "IN": "<-"}[link["direction"]]
            neighbours.add_row(f"{link['name']}{more}", arrow, each["id"], what)
    console.print(neighbours)


def _text(value: Any) -> str:
    return value if isinstance(value, str) else orjson.dumps(value).decode()
