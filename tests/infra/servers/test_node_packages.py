"""What a program in JavaScript needs is installed once, by whoever asks first; what a machine lacks is named."""

from __future__ import annotations

import os
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from infra.servers.errors import MissingToolError, ServerError
from infra.servers.node_packages import node_with

INSTALLS = """
[ "$1" = ci ]
echo installed >>"$HOME/installed"
sleep 0.2
mkdir -p node_modules
"""


class Machine:
    """A machine with nothing on its PATH but what a test puts there, and a folder with a lock file."""

    def __init__(self, folder: Path) -> None:
        self.bin, self.home, self.folder = folder / "bin", folder, folder / "program"
        self.bin.mkdir()
        self.folder.mkdir()
        for tool in ("mkdir", "sleep"):
            (self.bin / tool).symlink_to(f"/bin/{tool}")
        self.lock = self.folder / "package-lock.json"
        self.lock.write_text("{}")
        self.environment = {"PATH": str(self.bin), "HOME": str(folder)}

    def put(self, name: str, body: str) -> None:
        """Put a program on its PATH."""
        (self.bin / name).write_text(f"#!/bin/sh\nset -e\n{body}\n")
        (self.bin / name).chmod(0o755)

    def node(self) -> Path:
        return node_with(self.folder, self.environment)

    @property
    def installations(self) -> int:
        file = self.home / "installed"
        return len(file.read_text().splitlines()) if file.exists() else 0


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    return Machine(tmp_path)


@pytest.fixture
def with_both(machine: Machine) -> Machine:
    machine.put("node", "")
    machine.put("npm", INSTALLS)
    return machine


def test_a_machine_without_node_is_told_what_to_type(machine: Machine) -> None:
    machine.put("npm", INSTALLS)
    with pytest.raises(MissingToolError, match=r"^Node\.js is needed .*; type: sudo apt-get install -y nodejs$"):
        machine.node()
    assert not machine.installations


def test_a_machine_without_npm_is_told_what_to_type(machine: Machine) -> None:
    machine.put("node", "")
    with pytest.raises(MissingToolError, match=r"^npm is needed .*; type: sudo apt-get install -y npm$"):
        machine.node()


def test_packages_are_installed_once(with_both: Machine) -> None:
    assert with_both.node() == with_both.bin / "node"
    assert with_both.node() == with_both.bin / "node"
    assert with_both.installations == 1


def test_another_lock_file_is_installed_whatever_its_time(with_both: Machine) -> None:
    with_both.node()
    before = with_both.lock.stat().st_mtime - 10
    with_both.lock.write_text('{"packages": {}}')
    os.utime(with_both.lock, (before, before))
    with_both.node()
    assert with_both.installations == 2


def test_two_that_ask_at_once_install_once(with_both: Machine) -> None:
    with ThreadPoolExecutor(4) as hands:
        found = list(hands.map(lambda _: with_both.node(), range(4)))
    assert set(found) == {with_both.bin / "node"}
    assert with_both.installations == 1


def test_what_was_cut_off_is_begun_anew(with_both: Machine) -> None:
    with_both.put("npm", "mkdir -p node_modules/half; echo 'npm error network' >&2; exit 1")
    with pytest.raises(ServerError, match=r"could not be installed; npm says:\nnpm error network$"):
        with_both.node()
    with_both.put("npm", INSTALLS)
    with_both.node()
    assert with_both.installations == 1
