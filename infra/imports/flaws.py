"""Flaws: what is wrong with a record, or with a whole file, said so that its sender can mend it."""

from __future__ import annotations

from infra.imports.records import Quarantined

FILE = "file"
"""Where a flaw stands that concerns a file as a whole."""


class Flaw(Exception):
    """Something that keeps a record, or with `where` left alone the file, from being read."""

    def __init__(self, code: str, reason: str, accepted: str, where: str = FILE) -> None:
        super().__init__(code, reason, accepted, where)
        self.code = code
        self.reason = reason
        self.accepted = accepted
        self.where = where

    def quarantined(self, file: str) -> Quarantined:
        return Quarantined(file, self.where, self.code, self.reason, self.accepted)


def shown(text: str, length: int = 60) -> str:
    """A text as a message quotes it: in one line, and cut when it is long."""
    return repr(text if len(text) <= length else f"{text[:length]}…")
