"""A server that Java runs: from a folder of jars, with the archive of its classes."""

from __future__ import annotations

from abc import abstractmethod
from functools import cached_property
from pathlib import Path

from infra.archives import Archive
from infra.servers.server import Server
from infra.servers.tools import java


class JavaServer(Server):
    """A server over one folder, in Java. It leaves an archive of its classes when there is none."""

    @abstractmethod
    def _jars(self) -> Path:
        """The folder of its jars."""

    def _run(self) -> list[str]:
        """Java, and how it runs whatever server this is."""
        return [str(self._java), "-XX:+UseSerialGC", "-XX:-UsePerfData"]

    def _classes(self) -> list[str]:
        """What Java is told about the archive when the server starts."""
        return self._archive.begin(self.folder, leaves=self._leaves)

    @cached_property
    def _java(self) -> Path:
        return java()

    @cached_property
    def _archive(self) -> Archive:
        """The archive of its classes."""
        return Archive.of(self._jars(), self._java)

    @property
    def _leaves(self) -> bool:
        """Whether it leaves one when there is none; whoever ends a detached server looks after nothing."""
        return self._manner.tethered

    def stop(self) -> None:
        super().stop()
        if self._process is not None:
            self._archive.keep(self.folder, self._process.returncode)
