"""`yizhan export`: our own published profiles, as EEN and its partners read them."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterable, Mapping
from enum import StrEnum
from pathlib import Path
from types import MappingProxyType
from typing import Annotated

import typer

from infra.cli.failures import USAGE, Failure
from infra.cli.opening import opened, with_network
from infra.cli.options import Data, settings
from infra.exports import b2b, pod
from infra.exports.profiles import Exported, published
from infra.stations import station_named


class Format(StrEnum):
    """The formats that profiles are written in, under the names that `import` reports."""

    POD_XML = "pod-xml"
    B2B_JSON = "b2b-json"


WRITERS: Mapping[Format, Callable[[Iterable[Exported]], bytes]] = MappingProxyType(
    {Format.POD_XML: pod.written, Format.B2B_JSON: b2b.written}
)


def export(
    format: Annotated[Format, typer.Argument(help="POD v6 XML, or JSON as EEN's partner web service gives it.")],
    out: Annotated[Path | None, typer.Option(help="The file to write. [default: standard output]")] = None,
    station: Annotated[str | None, typer.Option(help="Of which station: its id or its name. [default: of all]")] = None,
    data: Data = None,
) -> None:
    """Export our own published profiles. A file is there whole or not at all."""
    network = opened(with_network(settings(data=data)))
    try:
        station_id = station_named(network, station) if station else None
        if station and station_id is None:
            raise Failure(f"--station {station}: there is no station of that id or name", USAGE)
        profiles = list(published(network, station_id))
    finally:
        network.close()
    content = WRITERS[format](profiles)
    if out is None:
        sys.stdout.write(content.decode())
    else:
        _write(out, content)
    unnamed = sum(each.reference is None for each in profiles)
    noted = f", {unnamed:,} of them without a reference of EEN" if unnamed else ""
    print(f"profiles exported: {len(profiles):,}{noted}", file=sys.stderr)


def _write(out: Path, content: bytes) -> None:
    part = out.with_name(f"{out.name}.part")
    part.write_bytes(content)
    os.replace(part, out)
