"""The clients of `examples/`, copied to where a test may generate their code, beside the schema of its choice."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

from guide_runs import ROOT
from real_servers import or_skipped

from infra.servers.node_packages import node_with

EXAMPLES = ROOT / "examples"
SCHEMA = ROOT / "graphql" / "schema.graphql"
MADE = ("node_modules", "generated", "built", ".venv", ".mypy_cache", "__pycache__")
"""What a person who tried the examples in the checkout has there, and what is not copied."""


def copied(folder: Path, schema: str | None = None) -> Path:
    """The examples in a folder, as they lie in a checkout of this schema; ours where none is given.

    The npm packages are those of the checkout. Without Node.js and npm the test is skipped; not so under CI.
    """
    with or_skipped():
        node_with(EXAMPLES / "typescript")
    examples = folder / "examples"
    shutil.copytree(EXAMPLES, examples, ignore=shutil.ignore_patterns(*MADE))
    (examples / "typescript" / "node_modules").symlink_to(EXAMPLES / "typescript" / "node_modules")
    (folder / "graphql").mkdir()
    written = SCHEMA.read_text(encoding="utf-8") if schema is None else schema
    (folder / "graphql" / "schema.graphql").write_text(written, encoding="utf-8")
    return examples


GENERATING = {"typescript": ("npm", "run", "generate"), "python": (sys.executable, "-m", "ariadne_codegen")}
CHECKING = {"typescript": ("npm", "run", "check"), "python": (sys.executable, "-m", "mypy", ".")}
"""What the page on clients types."""


def done(command: tuple[str, ...], folder: Path) -> subprocess.CompletedProcess[str]:
    """What came of a command, and all that it said on standard output."""
    return subprocess.run(
        command, cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, timeout=120, check=False
    )


def changed(schema: str, opening: str, old: str, new: str) -> str:
    """A schema with a line of one of its types changed, which begins with this opening."""
    before, opened, rest = schema.partition(f"\n{opening} {{\n")
    body, closed, after = rest.partition("\n}\n")
    if not opened or body.count(old) != 1:
        raise LookupError(f"{opening} has not one {old!r}")
    return before + opened + body.replace(old, new) + closed + after
