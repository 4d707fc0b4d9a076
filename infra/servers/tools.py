"""Java, Maven, Node.js and npm, found on this machine or asked for in one line."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from collections.abc import Mapping
from pathlib import Path

from infra.servers.errors import MissingToolError
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
    found = shutil.which("mvn", path=environment.get("PATH", ""))
    if found is None:
        raise MissingToolError(f"Maven is needed to fetch the servers' jars; {_type(MAVEN_PACKAGE)}")
    return Path(found)


def node(environment: Mapping[str, str] = os.environ) -> Path:
    """The Node.js that runs programs in JavaScript. Raises MissingToolError."""
    found = shutil.which("node", path=environment.get("PATH", ""))
    if found is None:
        raise MissingToolError(f"Node.js is needed to run programs in JavaScript; {_type(NODE_PACKAGE)}")
    return Path(found)


def npm(environment: Mapping[str, str] = os.environ) -> Path:
    """The npm that installs what these programs need. Raises MissingToolError."""
    found = shutil.which("npm", path=environment.get("PATH", ""))
    if found is None:
        raise MissingToolError(f"npm is needed to install packages in JavaScript; {_type(NPM_PACKAGE)}")
    return Path(found)


def _type(package: str) -> str:
    return f"type: sudo apt-get install -y {package}"
