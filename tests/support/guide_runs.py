"""Running the guide: a folder for its commands, a server for its questions, and a page read block by block."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
import pytest
from guide_pages import Block, differences, like

ROOT = Path(__file__).resolve().parents[2]
COMMAND = "import sys; from infra.cli import main; sys.argv[0] = 'yizhan'; main()"
ADDRESS = "http://127.0.0.1:8000"
KAFKA = "127.0.0.1:9092"
"""Where the pages find the server and Kafka; those that tests start listen elsewhere."""

ELSEWHERE = ("scripts/", "docker ", "npm ci", "-m pip ")
"""What a page types that is not run: it sets up a checkout or installs what is there already, or needs Docker."""


@dataclass(frozen=True)
class Checkout:
    """A folder in which the shell blocks of a page are run, with `yizhan` on the path and data of its own.

    The code is that of `source`.
    """

    folder: Path
    data: Path
    address: str = ADDRESS
    kafka: str = KAFKA
    source: Path = ROOT

    def prepare(self) -> Checkout:
        """Put the commands of this environment on the path, and the files that the pages read into the folder."""
        (self.folder / "bin").mkdir(parents=True)
        for name, arguments in (
            ("yizhan", f'-c "{COMMAND}"'),
            ("python", ""),
            ("pytest", "-m pytest"),
            ("ruff", "-m ruff"),
        ):
            script = self.folder / "bin" / name
            script.write_text(f'#!/bin/sh\nexec "{sys.executable}" {arguments} "$@"\n', encoding="utf-8")
            script.chmod(0o755)
        if self.source == ROOT:
            (self.folder / "tests").symlink_to(ROOT / "tests")
        return self

    def environment(self) -> dict[str, str]:
        own = {name: value for name, value in os.environ.items() if not name.startswith("YIZHAN_")}
        return {
            **own,
            "PATH": f"{self.folder / 'bin'}{os.pathsep}{own['PATH']}",
            "PYTHONPATH": f"{self.source}{os.pathsep}{self.source / 'graphql'}",
            "COLUMNS": "200",
            "YIZHAN_DATA": str(self.data),
            "YIZHAN_PORT": self.address.rpartition(":")[2],
        }

    def here(self, text: str) -> str:
        """A text of a page with the addresses at which tests have the server and Kafka."""
        return text.replace(ADDRESS, self.address).replace(KAFKA, self.kafka)

    def run(self, script: str, exits: int = 0, there: str = ".") -> str:
        """What the commands print on standard output, typed as a person would `there`; they must end with this code.

        Without curl, which a machine need not have, a page that types it is left out; not so under CI.
        """
        if "curl" in script and shutil.which("curl") is None and os.environ.get("CI") != "true":
            pytest.skip("this page types curl, which is not installed here")
        done = subprocess.run(
            ["sh", "-eu", "-c", self.here(script)],
            cwd=self.folder / there,
            env=self.environment(),
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
        if done.returncode != exits:
            raise AssertionError(f"ended with {done.returncode}: {done.stderr}{done.stdout}")
        return done.stdout


VARIABLES: Mapping[str, tuple[str, str]] = {
    "need": ('{ needs(filter: {text: "色度仍在八十倍以上"}) { edges { node { id } } } }', "needs.edges.0.node.id"),
    "unchecked": ('{ needs(filter: {text: "相变蓄冷材料，循环"}) { edges { node { id } } } }', "needs.edges.0.node.id"),
    "achievement": (
        '{ achievements(filter: {text: "主轴电流融合"}) { edges { node { id } } } }',
        "achievements.edges.0.node.id",
    ),
    "organisation": (
        '{ organisations(filter: {text: "绍兴某印染有限公司"}) { edges { node { id } } } }',
        "organisations.edges.0.node.id",
    ),
    "station": ('{ stations(filter: {text: "绍兴站"}) { edges { node { id } } } }', "stations.edges.0.node.id"),
    "after": ("{ needs(orderBy: OLDEST, first: 2) { pageInfo { endCursor } } }", "needs.pageInfo.endCursor"),
}
"""What stands for the variables of the guide's queries: an adviser's question, and where the value is in the answer."""


@dataclass(frozen=True)
class Served:
    """A running server with the sample network and the files of the guide's page on importing."""

    checkout: Checkout
    printed: Path
    tokens: Mapping[str, str]

    def ask(self, query: str, who: str | None, variables: Mapping[str, Any] | None = None) -> Any:
        """The answer to a query, of somebody in the directory or of nobody in particular."""
        headers = {"Authorization": f"Bearer {self.tokens[who]}"} if who else {}
        body = {"query": query, "variables": dict(variables or {})}
        if query.startswith("subscription"):
            return self._first(body, headers)
        return httpx.post(f"{self.checkout.address}/graphql", json=body, headers=headers, timeout=30).json()

    def _first(self, body: Mapping[str, Any], headers: Mapping[str, str]) -> Any:
        """The first answer to a subscription."""
        streaming = {**headers, "Accept": "text/event-stream"}
        with httpx.stream("POST", f"{self.checkout.address}/graphql", json=body, headers=streaming, timeout=30) as sent:
            lines = (line.removeprefix("data: ") for line in sent.iter_lines() if line.startswith("data: "))
            return json.loads(next(lines))

    def ask_block(self, block: Block) -> Any:
        """The answer to a query of a page, by whom it says, with the variables that it declares."""
        variables = {name: self._found(name) for name in VARIABLES if f"${name}:" in block.text}
        return self.ask(block.text, block.word("as"), variables)

    def _found(self, name: str) -> Any:
        query, path = VARIABLES[name]
        value = self.ask(query, "adviser")["data"]
        for step in path.split("."):
            value = value[int(step) if step.isdigit() else step]
        return value


@dataclass
class Reading:
    """Somebody reads a page from its beginning to its end, and does what it says."""

    checkout: Checkout
    served: Served | None = None
    asked: Block | None = None
    printed: str = ""
    answer: Any = None
    wrong: list[str] = field(default_factory=list)

    def read(self, blocks: list[Block]) -> list[str]:
        """What turned out not to be as the page says."""
        for block in blocks:
            try:
                self.wrong.extend(f"{block.where}: {each}" for each in self._do(block))
            except (AssertionError, ValueError, LookupError) as error:
                self.wrong.append(f"{block.where}: {error}")
        return self.wrong

    def _do(self, block: Block) -> Iterator[str]:
        if block.file and block.language == "diff":
            path = self.checkout.folder / block.file
            path.write_text(patched(path.read_text(encoding="utf-8"), block.text), encoding="utf-8")
        elif block.file:
            path = self.checkout.folder / block.file
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(block.text, encoding="utf-8")
        elif block.language == "sh" and not any(each in block.text for each in ELSEWHERE):
            self.printed = self.checkout.run(block.text, int(block.word("exits") or 0), block.word("in") or ".")
            self.answer = None
        elif block.language == "text":
            assert self.served or "served" not in block.words
            said = self.served.printed.read_text(encoding="utf-8") if self.served and block.words else self.printed
            if not like(self.checkout.here(block.text), said):
                yield f"it was printed: {said}"
        elif block.language == "graphql":
            assert self.served is not None
            self.asked, self.answer = block, self.served.ask_block(block)
        elif block.language == "json":
            if "again" in block.words:
                assert self.served is not None
                assert self.asked is not None
                self.answer = self.served.ask_block(self.asked)
            got = json.loads(self.printed) if self.answer is None else self.answer
            yield from unlike(json.loads(block.text), got)


def patched(text: str, diff: str) -> str:
    """The text with a change, which stands in it at one place; the last line of a change may be the start of one."""
    lines = diff.splitlines()
    old = "\n".join(line[1:] for line in lines if line[:1] != "+")
    new = "\n".join(line[1:] for line in lines if line[:1] != "-")
    if text.count(old) != 1:
        raise LookupError(f"the code has {text.count(old)} places that look like this: {old}")
    return text.replace(old, new)


def unlike(shown: Any, got: Any) -> Iterator[str]:
    """Where an answer is not as shown. Of errors and extensions a page may leave parts out; of the data, nothing."""
    if "errors" in got and "errors" not in shown:
        yield f"errors: {got['errors']}"
    for key, value in shown.items():
        yield from differences(value, got.get(key), key, whole=key not in ("errors", "extensions"))
