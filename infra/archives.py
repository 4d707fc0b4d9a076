"""The classes of a server as Java holds them once it has read and checked them, kept for the servers after it."""

from __future__ import annotations

import contextlib
import hashlib
import os
import subprocess
import tempfile
from dataclasses import dataclass
from pathlib import Path
from shutil import move
from typing import Self

SILENT = "-Xlog:cds*=off"
"""What is not in the archive, and that it cannot be used, is no news: Java goes on without."""
TOLD_TO_END = 128 + 15
"""The exit code of a Java that was told to end (SIGTERM), and has done all that it does at its end."""
LEFT = "classes.jsa"
"""What a server leaves in its folder."""
DUMPING = 60.0
"""Seconds that Java has for an archive of its own classes."""


@dataclass(frozen=True, slots=True)
class Archive:
    """A file beside the jars whose classes it holds. A server that starts with it starts in half the time.

    `own` is the archive of Java's own classes, on which it stands, where this Java came without one.
    """

    file: Path
    java: Path
    own: Path | None

    @classmethod
    def of(cls, jars: Path, java: Path) -> Self:
        """That of these jars, and of no other Java than this one."""
        program = java.resolve()
        made_by = f"{program} {program.stat().st_mtime_ns} {jars.stat().st_mtime_ns}"
        name = f"{jars.name}-{hashlib.sha256(made_by.encode()).hexdigest()[:12]}"
        own = None if (_machine(program) / "classes.jsa").exists() else jars.with_name(f"{name}-java.jsa")
        return cls(jars.with_name(f"{name}.jsa"), program, own)

    @property
    def wanted(self) -> bool:
        """Whether there is none yet, and room for one, and this is a Java that makes some."""
        writable = os.access(self.file.parent, os.W_OK)
        return not self.file.exists() and writable and (_machine(self.java) / "libjvm.so").exists()

    def options(self) -> list[str]:
        """What Java is told so that it uses it; nothing when there is none."""
        files = self.file if self.own is None else f"{self.own}:{self.file}"
        return [f"-XX:SharedArchiveFile={files}", "-Xshare:auto", SILENT] if self.file.exists() else []

    def begin(self, folder: Path, *, leaves: bool = True) -> list[str]:
        """What Java is told when a server starts over this folder: to use it, or else to leave one there at its end.

        What was left there before goes: it may be half of one.
        """
        left = folder / LEFT
        left.unlink(missing_ok=True)
        return self._leave(left) if leaves and self.wanted else self.options()

    def keep(self, folder: Path, exit_code: int | None) -> None:
        """Take what a server left in its folder, if it ended so; of two, the last one stays.

        One that cannot be kept, on a full disk, is missed by nobody.
        """
        left = folder / LEFT
        if exit_code != TOLD_TO_END or not left.exists():
            return
        with contextlib.suppress(OSError), self._part() as part:
            whole = Path(part) / LEFT
            move(left, whole)
            _name(whole, self.file)

    def _leave(self, left: Path) -> list[str]:
        if self.own is None:
            return [f"-XX:ArchiveClassesAtExit={left}", SILENT]
        if not self.own.exists():
            self._dump(self.own)
        on = [f"-XX:SharedArchiveFile={self.own}", f"-XX:ArchiveClassesAtExit={left}", SILENT]
        return on if self.own.exists() else []

    def _dump(self, own: Path) -> None:
        """Let Java make an archive of its own classes, if it can."""
        with contextlib.suppress(OSError, subprocess.SubprocessError), self._part() as part:
            whole = Path(part) / own.name
            command = [str(self.java), "-XX:+UseSerialGC", "-Xshare:dump", f"-XX:SharedArchiveFile={whole}", SILENT]
            subprocess.run(command, capture_output=True, timeout=DUMPING, check=True)
            _name(whole, own)

    def _part(self) -> tempfile.TemporaryDirectory[str]:
        """A folder on the same disk, for what is not whole yet."""
        return tempfile.TemporaryDirectory(prefix="archive-", suffix=".part", dir=self.file.parent)


def _machine(java: Path) -> Path:
    """Where a Java has its virtual machine, and the archive of its own classes if it came with one."""
    return java.parents[1] / "lib" / "server"


def _name(whole: Path, file: Path) -> None:
    """Give it its name when all of it is on the disk: Java passes over what is no archive, and dies of half of one."""
    with whole.open("rb") as content:
        os.fsync(content.fileno())
    whole.replace(file)
