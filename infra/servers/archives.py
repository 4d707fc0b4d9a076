"""The classes of a server as Java holds them once it has read and checked them, kept for the servers after it."""

from __future__ import annotations

import contextlib
import hashlib
import os
import tempfile
from dataclasses import dataclass
from pathlib import Path
from shutil import move
from typing import Self

SILENT = "-Xlog:cds*=off"
"""What is not in the archive, and that it cannot be used, is no news: Java goes on without."""


@dataclass(frozen=True, slots=True)
class Archive:
    """A file beside the jars whose classes it holds. A server that starts with it starts in half the time."""

    file: Path

    @classmethod
    def of(cls, jars: Path, java: Path) -> Self:
        """That of these jars, and of no other Java than this one."""
        program = java.resolve()
        made_by = f"{program} {program.stat().st_mtime_ns} {jars.stat().st_mtime_ns}"
        return cls(jars.with_name(f"{jars.name}-{hashlib.sha256(made_by.encode()).hexdigest()[:12]}.jsa"))

    @property
    def wanted(self) -> bool:
        """Whether there is none yet, and room for one."""
        return not self.file.exists() and os.access(self.file.parent, os.W_OK)

    def use(self) -> list[str]:
        """What Java is told so that it uses it; nothing when there is none."""
        return [f"-XX:SharedArchiveFile={self.file}", "-Xshare:auto", SILENT] if self.file.exists() else []

    def keep(self, made: Path) -> None:
        """Take what a server left at its end; of two, the last one stays.

        It gets its name when all of it is on the disk: Java passes over what is no archive, and dies of one that is cut
        off. One that cannot be kept, on a full disk, is missed by nobody.
        """
        with (
            contextlib.suppress(OSError),
            tempfile.TemporaryDirectory(prefix="archive-", suffix=".part", dir=self.file.parent) as part,
        ):
            whole = Path(part) / made.name
            move(made, whole)
            with whole.open("rb") as content:
                os.fsync(content.fileno())
            whole.replace(self.file)


def leave(made: Path) -> list[str]:
    """What Java is told so that it leaves an archive in this file when it ends by itself."""
    return [f"-XX:ArchiveClassesAtExit={made}", SILENT]
