"""Java, Maven, Node.js and npm, found on this machine or asked for in one line."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path

from infra.servers.errors import MissingToolError, ServerError
from infra.servers.versions import versions

JAVA_PACKAGE = "openjdk-17-jdk-headless"
MAVEN_PACKAGE = "maven"
NODE_PACKAGE = "nodejs"
NPM_PACKAGE = "npm"
VERSION = re.compile(r'version "(\d+)')


def java(environment: Mapping[str, str] = os.environ) -> Path:
    """The Java that runs the servers: that of JAVA_HOME, else the first on the PATH. Raises MissingToolError."""
    least = versions().java.least
    home = environment.get("JAVA_HOME")
    found = shutil.which(f"{home}/bin/java" if home else "java", path=environment.get("PATH", ""))
    if found is None:
        raise MissingToolError(f"Java {least} or newer is needed; {_type(JAVA_PACKAGE)}")
    told = subprocess.run([found, "-version"], capture_output=True, text=True, check=False).stderr
    version = VERSION.search(told)
    if version is None or int(version[1]) < least:
        here = version[1] if version else "of an unknown version"
        raise MissingToolError(f"Java {least} or newer is needed, and {found} is {here}; {_type(JAVA_PACKAGE)}")
    return Path(found)


def maven(environment: Mapping[str, str] = os.environ) -> Path:
    """The Maven that fetches jars. Raises MissingToolError."""
    return program("mvn", "Maven is needed to fetch the servers' jars", MAVEN_PACKAGE, environment)


def node(environment: Mapping[str, str] = os.environ) -> Path:
    """The Node.js that runs programs in JavaScript. Raises MissingToolError."""
    return program("node", "Node.js is needed to run programs in JavaScript", NODE_PACKAGE, environment)


def npm(environment: Mapping[str, str] = os.environ) -> Path:
    """The npm that installs what these programs need. Raises MissingToolError."""
    return program("npm", "npm is needed to install packages in JavaScript", NPM_PACKAGE, environment)


def program(name: str, needed: str, package: str, environment: Mapping[str, str] = os.environ) -> Path:
    """A program on the PATH; where it is missing, MissingToolError says what it is `needed` for and what to type."""
    found = shutil.which(name, path=environment.get("PATH", ""))
    if found is None:
        raise MissingToolError(f"{needed}; {_type(package)}")
    return Path(found)


def fetching(
    command: Sequence[str | Path], folder: Path, environment: Mapping[str, str], what: str, seconds: float
) -> subprocess.CompletedProcess[str]:
    """What came of a command that fetches something into a folder. Raises ServerError when that takes too long."""
    try:
        return subprocess.run(
            command,
            cwd=folder,
            env=dict(environment),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=seconds,
            check=False,
        )
    except subprocess.TimeoutExpired as error:
        raise ServerError(f"{what} did not arrive in {seconds:g} s") from error


def _type(package: str) -> str:
    return f"type: sudo apt-get install -y {package}"
