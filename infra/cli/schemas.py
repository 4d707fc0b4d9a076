"""`yizhan schemas`: the events that leave the network, as JSON Schemas and as an AsyncAPI document."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import orjson
import typer
from rich.console import Console
from rich.table import Table

from infra.cli.options import Json
from infra.publishing.asyncapi import document
from infra.publishing.events import type_of
from infra.publishing.schemas import schemas as data_schemas
from infra.publishing.shapes import shapes

ASYNCAPI, FOLDER = "asyncapi.json", "schemas"


def schemas(
    out: Annotated[
        Path | None, typer.Option(metavar="DIR", help="Write them there: asyncapi.json and schemas/*.json.")
    ] = None,
    json: Json = False,
) -> None:
    """Print the events that leave the network, or write their JSON Schemas and an AsyncAPI document."""
    if out is not None:
        print("\n".join(str(path) for path in write(out)))
    elif json:
        print(_written({"asyncapi": document(), "schemas": data_schemas()}).decode(), end="")
    else:
        table = Table("type", "what happened", box=None, pad_edge=False)
        for name, shape in sorted(shapes().items()):
            table.add_row(type_of(name), " ".join((shape.fact.__doc__ or "").split()))
        Console(highlight=False, markup=False).print(table)


def files() -> dict[Path, bytes]:
    """The documents, by where they stand in their folder."""
    found = {Path(FOLDER, f"{name}.json"): _written(schema) for name, schema in data_schemas().items()}
    return {Path(ASYNCAPI): _written(document()), **found}


def write(folder: Path) -> list[Path]:
    """Write the documents into a folder, take away those of events that there are no more, and name what is there."""
    (folder / FOLDER).mkdir(parents=True, exist_ok=True)
    wanted = files()
    for path in (folder / FOLDER).glob("*.json"):
        if path.relative_to(folder) not in wanted:
            path.unlink()
    for path, content in wanted.items():
        (folder / path).write_bytes(content)
    return [folder / path for path in wanted]


def _written(document: object) -> bytes:
    return orjson.dumps(document, option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE)
