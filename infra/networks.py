"""Opening the network of an installation: its log is the one that the settings name."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any, Final

from pydantic import SecretStr

from gateway.tracing import UNTRACED, Tracing
from infra.application import LOG_FILE, Network, now
from infra.eventlog.errors import IndexInUseError
from infra.eventlog.opening import Progress, address_of
from infra.eventlog.transports.security import Security
from infra.settings import Settings

EMBEDDED: Final = "embedded"
KAFKA: Final = "kafka_"
INDEXES: Final = 8
"""How many processes may write to one Kafka log over one data folder at the same time."""


def open_network(
    settings: Settings,
    clock: Callable[[], datetime] = now,
    progress: Progress | None = None,
    tracing: Tracing = UNTRACED,
) -> Network:
    """The network of these settings, for writing.

    Over Kafka each process has an index of its own in the data folder: it takes the first that no other process holds,
    so that one can import beside a running server. `progress` hears how far the log is read, `tracing` of commands.
    """
    if settings.log == EMBEDDED:
        return Network(settings.data, clock, tracing=tracing)
    for index in indexes(settings.data):
        try:
            return Network(settings.data, clock, log_settings(settings, index), progress, tracing)
        except IndexInUseError as error:
            taken = error
    raise taken


def indexes(data: Path) -> list[Path]:
    """Where the indexes of a Kafka log may lie, in the order in which they are taken."""
    return [data / f"index-{number}.db" for number in range(1, INDEXES + 1)]


def begun(settings: Settings) -> bool:
    """Whether there may be a network: a log in the data folder, or one elsewhere."""
    return settings.log != EMBEDDED or (settings.data / LOG_FILE).exists()


def log_settings(settings: Settings, index: Path) -> dict[str, str]:
    """The settings as `infra.eventlog` takes them."""
    return {
        "EVENTLOG_URL": settings.log,
        "EVENTLOG_INDEX": str(index),
        "EVENTLOG_CLIENT": settings.log_client,
        "EVENTLOG_DEADLINE": str(settings.log_deadline),
        **{f"EVENTLOG_KAFKA_{name.upper()}": str(value) for name, value in _kafka(settings).items()},
    }


def security(settings: Settings) -> Security:
    """How the settings say that Kafka is reached."""
    return Security(**_kafka(settings))


def kafka_client(settings: Settings) -> dict[str, Any]:
    """What every client of kafka-python is made with, to reach the Kafka of these settings."""
    return {"bootstrap_servers": list(address_of(settings.log).servers), **security(settings).for_kafka_python()}


def _kafka(settings: Settings) -> dict[str, Any]:
    """The settings for Kafka that are given, by their names without the prefix."""
    found = {name: getattr(settings, name) for name in Settings.model_fields if name.startswith(KAFKA)}
    return {
        name.removeprefix(KAFKA): value.get_secret_value() if isinstance(value, SecretStr) else value
        for name, value in found.items()
        if value is not None
    }
