"""What the tests of reading share: the good files, and pieces of files to break."""

from __future__ import annotations

import codecs
from collections.abc import Callable
from pathlib import Path

import pytest

DATA = Path(__file__).parents[2] / "data"


@pytest.fixture(scope="session")
def good() -> Callable[[str], bytes]:
    """The content of a file in tests/data."""
    return lambda name: (DATA / name).read_bytes()


@pytest.fixture(scope="session")
def needs_text(good: Callable[[str], bytes]) -> str:
    """needs.csv as text, without its byte order mark."""
    return good("needs.csv").removeprefix(codecs.BOM_UTF8).decode("utf-8")


@pytest.fixture(scope="session")
def pod() -> Callable[..., bytes]:
    """A POD v6 file of one profile: the given elements stand inside it, after its reference and its title."""

    def build(
        inside: str = "", *, reference: str = "TONL20260903002", type: str = "TO", title: str = "A title"
    ) -> bytes:
        return (
            f"<pod><profile><reference><external>{reference}</external><type>{type}</type></reference>"
            f"<content><title>{title}</title></content>{inside}</profile></pod>"
        ).encode()

    return build
