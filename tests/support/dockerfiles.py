"""Dockerfiles without Docker: read, and their steps taken under a folder that stands for the root of the image."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

CONTEXT = Path(__file__).parents[2]
ABSOLUTE = re.compile(r"(?<![\w./])/(?=opt|src|var|run|tmp)")
"""Where a path of the image begins; those of the system outside are left alone."""
NOT_COPIED = shutil.ignore_patterns("__pycache__")


@dataclass(frozen=True, slots=True)
class Instruction:
    """A line of a Dockerfile, put together where it goes on in the next one: its word, and what stands behind it."""

    word: str
    rest: str

    @property
    def variables(self) -> dict[str, str]:
        """Those that an ENV sets, by name."""
        return dict(pair.split("=", 1) for pair in self.rest.split())

    @property
    def exec_form(self) -> list[str]:
        """The command of a CMD. Raises ValueError if it is for a shell."""
        command: list[str] = json.loads(self.rest)
        return command


def stages(text: str) -> list[list[Instruction]]:
    """The instructions of each stage, FROM included."""
    lines = "\n".join(line for line in text.splitlines() if not line.startswith("#"))
    found: list[list[Instruction]] = []
    for line in lines.replace("\\\n", " ").splitlines():
        if not line.strip():
            continue
        word, _, rest = line.partition(" ")
        if word == "FROM":
            found.append([])
        found[-1].append(Instruction(word, " ".join(rest.split())))
    return found


class FailedError(Exception):
    """A command that is run in the image has failed."""


@dataclass(frozen=True, slots=True)
class Root:
    """A folder that stands for the root of an image, and the variables that are set there."""

    folder: Path
    variables: dict[str, str] = field(default_factory=dict)

    def here(self, text: str) -> str:
        """A text with the paths of the image as they are on this machine."""
        return ABSOLUTE.sub(f"{self.folder}/", text)

    def set(self, variables: Mapping[str, str]) -> None:
        """Set variables, whose values may name PATH as it is."""
        for name, value in variables.items():
            self.variables[name] = self.here(value).replace("$PATH", self.environment()["PATH"])

    def environment(self) -> dict[str, str]:
        """The variables of a process in the image. Python is at first the one that runs the tests."""
        foreign = re.compile(r"YIZHAN_|PYTHON|VIRTUAL_ENV$|COVERAGE_")
        kept = {name: value for name, value in os.environ.items() if not foreign.match(name)}
        return {**kept, "PATH": f"{self.folder / 'bin'}{os.pathsep}{kept['PATH']}", **self.variables}

    def build(self, stage: list[Instruction]) -> None:
        """Take the steps of a stage. Raises FailedError, with what the step said."""
        (self.folder / "bin").mkdir(parents=True)
        python = self.folder / "bin" / "python"
        python.write_text(f'#!/bin/sh\nexec "{sys.executable}" "$@"\n', encoding="utf-8")
        python.chmod(0o755)
        folder = self.folder
        for step in stage:
            match step.word:
                case "FROM":
                    pass
                case "WORKDIR":
                    folder = Path(self.here(step.rest))
                    folder.mkdir(parents=True)
                case "ENV":
                    self.set(step.variables)
                case "COPY":
                    _copy(step.rest.split(), folder)
                case "RUN":
                    run(["sh", "-eu", "-c", self.here(step.rest)], folder, self.environment())
                case _:
                    raise NotImplementedError(f"{step.word}: the steps of a build are WORKDIR, ENV, COPY and RUN")


def run(command: list[str], folder: Path, environment: Mapping[str, str]) -> str:
    """What a command prints that is run in this folder with these variables. Raises FailedError, with what it said."""
    done = subprocess.run(
        command,
        cwd=folder,
        env=dict(environment),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    if done.returncode:
        raise FailedError(f"{' '.join(command)} ended with {done.returncode}: {done.stdout}")
    return done.stdout


def _copy(names: list[str], folder: Path) -> None:
    """Files go into the folder that is named last; a folder's content does."""
    *sources, target = names
    for source in sources:
        there = folder / target
        if (CONTEXT / source).is_dir():
            shutil.copytree(CONTEXT / source, there, ignore=NOT_COPIED)
        else:
            there.mkdir(parents=True, exist_ok=True)
            shutil.copy(CONTEXT / source, there)


def kept_out(name: str, ignoring: str) -> bool:
    """Whether .dockerignore keeps a file out: of the lines that fit, the last one counts."""
    out = False
    for line in _patterns(ignoring):
        pattern = line.removeprefix("!")
        fits = pattern == "*" or any(part == pattern.removeprefix("**/") for part in _heads(name, pattern))
        out = not line.startswith("!") if fits else out
    return out


def _heads(name: str, pattern: str) -> list[str]:
    """What of a path a pattern may be: each part of it where the pattern is of any depth, else its beginnings."""
    parts = name.split("/")
    return parts if pattern.startswith("**/") else ["/".join(parts[:end]) for end in range(1, len(parts) + 1)]


def _patterns(ignoring: str) -> Iterator[str]:
    return (line for line in ignoring.splitlines() if line and not line.startswith("#"))
