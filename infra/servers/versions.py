"""The versions of the servers, and their settings that matter, from versions.toml."""

from __future__ import annotations

import tomllib
from functools import cache
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

PLACE = Path(__file__).with_name("versions.toml")

Setting = bool | int | str
Settings = dict[str, Setting]


class _Table(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)


class Java(_Table):
    """The oldest Java that the servers run on."""

    least: int


class Maven(_Table):
    """The plugin that copies jars."""

    dependency_plugin: str = Field(alias="dependency-plugin")


class Python(_Table):
    """The container image on which that of yizhan stands."""

    version: str
    image: str


class Kafka(_Table):
    """Jars, container image, and the settings of one broker alone and of brokers that replicate."""

    version: str
    image: str
    heap: str
    jars: list[str]
    features: dict[str, int]
    broker: Settings
    alone: Settings
    replicated: Settings


class Neo4j(_Table):
    """Jars, container image and settings."""

    version: str
    image: str
    heap: str
    jars: list[str]
    settings: Settings


class Versions(_Table):
    """All that versions.toml says."""

    java: Java
    python: Python
    maven: Maven
    kafka: Kafka
    neo4j: Neo4j

    def jars(self, server: Literal["kafka", "neo4j"]) -> list[str]:
        """The Maven coordinates of a server."""
        return self.kafka.jars if server == "kafka" else self.neo4j.jars


@cache
def versions() -> Versions:
    """What versions.toml says, read once."""
    return Versions.model_validate(tomllib.loads(PLACE.read_text(encoding="utf-8")))


def written(value: Setting) -> str:
    """A setting's value as properties files and environment variables hold it."""
    return str(value).lower() if isinstance(value, bool) else str(value)
