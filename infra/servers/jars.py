"""The jars of a server, fetched once by Maven into a cache folder."""

from __future__ import annotations

import errno
import hashlib
import os
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Literal
from xml.etree import ElementTree

from infra.servers.errors import ServerError
from infra.servers.tools import fetching, maven
from infra.servers.versions import versions

PATIENCE = 900.0
"""Seconds that a download may take."""


def cache(environment: Mapping[str, str] = os.environ) -> Path:
    """The folder for what is fetched: YIZHAN_CACHE, or one in the home folder."""
    named = environment.get("YIZHAN_CACHE")
    return Path(named).absolute() if named else Path.home() / ".cache" / "yizhan"


def jars(server: Literal["kafka", "neo4j"], environment: Mapping[str, str] = os.environ) -> Path:
    """The folder that holds a server's jars, all of them.

    A folder gets its name only when it is whole, so what was cut off is never found, and of two that fetch at the same
    time the second one uses what the first one made. Raises MissingToolError without Maven, ServerError when the jars
    cannot be fetched.
    """
    pom = _pom(versions().jars(server))
    home = cache(environment)
    folder = home / f"{server}-{getattr(versions(), server).version}-{hashlib.sha256(pom).hexdigest()[:12]}"
    if folder.is_dir():
        return folder
    command = maven(environment)
    home.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=f"{server}-", suffix=".part", dir=home) as part:
        _fetch(command, pom, Path(part), environment)
        try:
            (Path(part) / "jars").rename(folder)
        except OSError as error:
            if error.errno not in (errno.EEXIST, errno.ENOTEMPTY):
                raise
    return folder


def _fetch(command: Path, pom: bytes, part: Path, environment: Mapping[str, str]) -> None:
    (part / "pom.xml").write_bytes(pom)
    asked = [str(command), "-q", "-B", "-C", "dependency:copy-dependencies", "-DincludeScope=runtime"]
    what = "the servers' jars"
    done = fetching([*asked, f"-DoutputDirectory={part / 'jars'}"], part, environment, what, PATIENCE)
    if done.returncode or not (part / "jars").is_dir():
        said = [line for line in done.stdout.splitlines() if "ERROR" in line] or [f"exit code {done.returncode}"]
        raise ServerError(f"{what} could not be fetched; Maven says: {said[0]}")


def _pom(coordinates: list[str]) -> bytes:
    project = ElementTree.Element("project")
    for name, text in (
        ("modelVersion", "4.0.0"),
        ("groupId", "yizhan"),
        ("artifactId", "server-jars"),
        ("version", "1"),
        ("packaging", "pom"),
    ):
        ElementTree.SubElement(project, name).text = text
    build = ElementTree.SubElement(project, "build")
    plugin = ElementTree.SubElement(ElementTree.SubElement(build, "plugins"), "plugin")
    ElementTree.SubElement(plugin, "artifactId").text = "maven-dependency-plugin"
    ElementTree.SubElement(plugin, "version").text = versions().maven.dependency_plugin
    dependencies = ElementTree.SubElement(project, "dependencies")
    for each in coordinates:
        dependency = ElementTree.SubElement(dependencies, "dependency")
        for name, text in zip(("groupId", "artifactId", "version"), each.split(":"), strict=True):
            ElementTree.SubElement(dependency, name).text = text
    return bytes(ElementTree.tostring(project, encoding="utf-8", xml_declaration=True))
