"""What the pages of the guide are run against: a sample network, recorded and served by the commands they show."""

from __future__ import annotations

import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from threading import Event

import httpx
import pytest
from guide_runs import ROOT, Checkout, Served

from infra.application import now
from infra.identity.directory import Directory
from infra.identity.tokens import issue, signing_key

IMPORT = "yizhan import tests/data/needs.csv tests/data/achievements.csv tests/data/pod-open-profiles.xml --as adviser"


@pytest.fixture(scope="session")
def recorded(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The data folder of a small sample network, at rest."""
    folder = tmp_path_factory.mktemp("recorded")
    checkout = Checkout(folder / "checkout", folder / "data").prepare()
    checkout.run("yizhan sample --stations 4 --visits 30")
    return checkout.data


def with_a_copy(recorded: Path, folder: Path) -> Checkout:
    """A checkout with a network that nobody else changes."""
    shutil.copytree(recorded, folder / "data")
    return Checkout(folder / "checkout", folder / "data").prepare()


@pytest.fixture
def checkout(recorded: Path, tmp_path: Path) -> Checkout:
    return with_a_copy(recorded, tmp_path)


@pytest.fixture
def code(tmp_path: Path) -> Checkout:
    """A copy of the code, and of those of its tests that hold for every slice."""
    ignored = shutil.ignore_patterns("__pycache__")
    for folder in ("domain", "projections", "graphql", "infra", "tests/support", "tests/golden"):
        shutil.copytree(ROOT / folder, tmp_path / folder, ignore=ignored)
    for file in ("pyproject.toml", "tests/infra/test_golden.py", "tests/domain/test_text_fields.py"):
        (tmp_path / file).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(ROOT / file, tmp_path / file)
    return Checkout(tmp_path, tmp_path / "var", source=tmp_path).prepare()


@pytest.fixture(scope="session")
def served(recorded: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """The sample network with the files of the page on importing, served by `yizhan serve` on a free port."""
    checkout = with_a_copy(recorded, tmp_path_factory.mktemp("served"))
    checkout.run(IMPORT)
    printed = checkout.folder / "printed"
    environment = {**checkout.environment(), "YIZHAN_PORT": "0", "YIZHAN_GRAPH_HEAP": "512m"}
    with printed.open("wb") as output:
        server = subprocess.Popen(
            [checkout.folder / "bin" / "yizhan", "serve"],
            cwd=checkout.folder,
            env=environment,
            stdout=output,
            stderr=output,
        )
    try:
        there = Checkout(checkout.folder, checkout.data, ready_at(server, printed))
        yield Served(there, printed, tokens(checkout.data))
    finally:
        server.terminate()
        server.wait(30)


def tokens(data: Path) -> dict[str, str]:
    """A token for everybody in the directory."""
    key, people = signing_key(data / "issuer.pem"), Directory(data / "people.json").people()
    return {person.name: issue(key, person, now()) for person in people}


def ready_at(server: subprocess.Popen[bytes], printed: Path) -> str:
    """The address that the server prints, once it is ready there and its graph shows all of the log."""
    for _ in range(2_400):  # two minutes, for a machine that has much else to do
        said = printed.read_text(encoding="utf-8")
        assert server.poll() is None, said
        if found := re.search(r"(\S+)/  open this", said):
            try:
                standing = httpx.get(f"{found[1]}/readyz").json()
                if standing["ready"] and standing["lag"] == 0:
                    return found[1]
            except httpx.TransportError:
                pass
        Event().wait(0.05)
    raise TimeoutError(printed.read_text(encoding="utf-8"))
