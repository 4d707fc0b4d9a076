"""The doctor's checks of an installation: what was looked at, whether it is well, and what was found."""

from __future__ import annotations

import os
import platform
import shutil
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Final

import httpx
from neo4j.exceptions import DriverError, Neo4jError
from prometheus_client.parser import text_string_to_metric_families
from pydantic import SecretStr

from infra.application import LOG_FILE
from infra.errors import OutOfReachError
from infra.eventlog.comparing import difference
from infra.eventlog.errors import IndexUnusableError, LogOutOfReachError
from infra.eventlog.keeping import folded
from infra.eventlog.opening import address_of
from infra.eventlog.transports import connect
from infra.eventlog.transports.interface import Topic, Transport, TransportError
from infra.graphdb.home import Home, served
from infra.graphdb.ownership import Ownership
from infra.graphs import EMBEDDED as GRAPH_EMBEDDED
from infra.graphs import neo4j_engine
from infra.identity.provider import NoAnswerError, ProviderError, provider
from infra.networks import EMBEDDED, indexes, security
from infra.settings import Settings
from projections.network import network

SCARCE: Final = 1_000_000_000
"""Free bytes below which the disk counts as nearly full."""


class State(StrEnum):
    WELL = "well"
    WARNING = "warning"
    ILL = "ill"
    OUT_OF_REACH = "out of reach"


@dataclass(frozen=True, slots=True)
class Finding:
    """What one check found."""

    about: str
    state: State
    said: str


def examine(settings: Settings) -> Iterator[Finding]:
    """Look at everything, and change nothing."""
    yield Finding("python", State.WELL, f"{platform.python_version()} on {platform.system()} {platform.machine()}")
    yield from _settings(settings)
    yield from _disk(settings.data)
    yield from _keys(settings.data)
    yield from _provider(settings)
    yield from _log(settings)
    yield from _graph(settings)
    yield from _server(settings)


def _settings(settings: Settings) -> Iterator[Finding]:
    """Each setting, and where its value comes from."""
    file = Path(str(Settings.model_config["toml_file"]))
    in_file = tomllib.loads(file.read_text(encoding="utf-8")) if file.is_file() else {}
    for name in Settings.model_fields:
        value = getattr(settings, name)
        shown = "***" if isinstance(value, SecretStr) else str(value)
        if f"YIZHAN_{name.upper()}" in os.environ:
            source = "from the environment"
        elif name in in_file:
            source = f"from {file}"
        else:
            default = Settings.model_fields[name].default
            source = "the default" if value == default else "from the command line"
        yield Finding(f"setting {name}", State.WELL, f"{shown} ({source})")


def _disk(data: Path) -> Iterator[Finding]:
    there = next(each for each in (data.absolute(), *data.absolute().parents) if each.exists())
    if not os.access(there, os.W_OK):
        yield Finding("data folder", State.ILL, f"{there} cannot be written to")
    free = shutil.disk_usage(there).free
    state = State.WELL if free >= SCARCE else State.WARNING
    yield Finding("disk", state, f"{free / 1e9:,.1f} GB free where the data folder is")


def _keys(data: Path) -> Iterator[Finding]:
    if (data / "master.key").exists():
        said = f"the master key lies beside the data, in {data}; whoever copies the folder can read what is sealed"
        yield Finding("keys", State.WARNING, said)
    elif (data / "keys.db").exists():
        yield Finding("keys", State.ILL, f"{data} has keys and no master key; nothing sealed can be read")


def _provider(settings: Settings) -> Iterator[Finding]:
    """Whether the OpenID provider answers, and with keys that can be used."""
    if settings.oidc_issuer is None:
        return
    try:
        keys = provider(settings.oidc_issuer, settings.oidc_ca_file).keys()
    except NoAnswerError as error:
        yield Finding("sign in", State.OUT_OF_REACH, str(error))
        return
    except (ProviderError, OutOfReachError) as error:
        yield Finding("sign in", State.ILL, str(error))
        return
    said = f"{settings.oidc_issuer} signs by {', '.join(keys.algorithms())}; keys that can be used: {len(keys.keys)}"
    left_out = f"; left out: {'; '.join(keys.left_out)}" if keys.left_out else ""
    yield Finding("sign in", State.WELL, said + left_out)
    if settings.development_tokens:
        said = f"tokens of the development issuer hold too; whoever can read {settings.data} signs in as anybody"
        yield Finding("development tokens", State.WARNING, said)


def _log(settings: Settings) -> Iterator[Finding]:
    if settings.log == EMBEDDED:
        yield from _index(settings.data / LOG_FILE, "log", "")
        return
    address, patience = address_of(settings.log), settings.log_deadline
    transport = connect(settings.log_client, address.servers, address.topic, security(settings), patience)
    try:
        topic = transport.describe(patience)
        if topic is None:
            yield Finding("log", State.ILL, f"{settings.log}: there is no such topic")
            return
        begin, end = transport.bounds(patience)
        state = State.WELL if topic.partitions == 1 and not begin else State.ILL
        said = f"{settings.log}, {topic.partitions} partition, records {begin:,} to {end:,}, through {transport.client}"
        yield Finding("log", state, said)
        for index in indexes(settings.data):
            yield from _index(index, f"index {index.name}", f" of {end:,}", transport, topic, patience)
    except (TransportError, LogOutOfReachError) as error:
        yield Finding("log", State.OUT_OF_REACH, f"{settings.log}: {error}")
    finally:
        transport.close()


def _index(
    file: Path,
    about: str,
    of: str,
    transport: Transport | None = None,
    topic: Topic | None = None,
    patience: float = 0.0,
) -> Iterator[Finding]:
    """How far a file has come, and whether it is of the topic that is there."""
    try:
        known = folded(file)
    except IndexUnusableError as error:
        yield Finding(about, State.ILL, str(error))
        return
    if known is None:
        return
    said = f"{file}: {known.applied:,}{of} records, {known.head:,} events, {file.stat().st_size / 1e6:,.1f} MB"
    reason = difference(transport, topic, known, patience) if transport and topic else None
    yield Finding(about, State.ILL, f"{said}; {reason}") if reason else Finding(about, State.WELL, said)


def _graph(settings: Settings) -> Iterator[Finding]:
    """Whether the graph database answers, and how far its graph is; the embedded one answers its server only."""
    if settings.graph == GRAPH_EMBEDDED:
        return
    projection = network()
    try:
        engine = neo4j_engine(settings)
        with engine.driver() as driver:
            record = served(Home(driver, engine.database, projection.name).records(), projection.version)
            standing = Ownership(driver, engine.generation(projection, record.number)).look() if record else None
    except (OutOfReachError, DriverError, Neo4jError) as error:
        yield Finding("graph", State.OUT_OF_REACH, str(error))
        return
    if standing is None:
        yield Finding("graph", State.WELL, f"{settings.graph}: no graph of version {projection.version} yet")
        return
    assert record is not None
    said = (
        f"{settings.graph}: generation {record.number} at event {standing.position:,}, of {standing.owner or 'nobody'}"
    )
    if standing.stopped is not None:
        yield Finding("graph", State.ILL, f"{said}; it stopped: {standing.stopped}")
    else:
        yield Finding("graph", State.WELL, said)


def _server(settings: Settings) -> Iterator[Finding]:
    """What a running server says of itself, if there is one."""
    address = f"http://{settings.host}:{settings.port}"
    try:
        ready = httpx.get(f"{address}/readyz", timeout=5).json()
        figures = httpx.get(f"{address}/metrics", timeout=10).raise_for_status().text
    except (httpx.HTTPError, httpx.InvalidURL, ValueError):
        yield Finding("server", State.WELL, f"none answers at {address}")
        return
    stopped = ready.get("stopped")
    said = (
        f"{address} is {'ready' if ready.get('ready') else 'not ready'}; its graph is {ready.get('lag')} events behind"
    )
    yield Finding("server", State.ILL if stopped else State.WELL, f"{said}; it stopped: {stopped}" if stopped else said)
    for family in text_string_to_metric_families(figures):
        if family.type in ("gauge", "counter"):
            for sample in family.samples:
                name = " ".join(
                    (sample.name.removeprefix("yizhan_log_").removesuffix("_total"), *sample.labels.values())
                )
                if not sample.name.endswith("_created"):
                    yield Finding(f"server log {name}", State.WELL, f"{sample.value:,.0f}")
