"""`yizhan documents`: the trusted documents, and the identifiers by which they are asked for."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import orjson
import typer

from infra.cli.options import Json, settings
from infra.documents import documents_in, own_folder


def documents(
    folder: Annotated[
        Path | None, typer.Argument(metavar="[DIR]", help="The folder. [default: the setting, or yizhan's own]")
    ] = None,
    json: Json = False,
) -> None:
    """Print the trusted documents: identifier, operations and file. Exits with 1 when one does not fit the schema."""
    found = documents_in(folder or settings().documents or own_folder())
    if json:
        listed = [{"documentId": each.id, "operations": each.names, "file": each.file} for each in found]
        print(orjson.dumps(listed, option=orjson.OPT_INDENT_2).decode())
    else:
        for each in found:
            print(each.id, ",".join(each.names), each.file)
