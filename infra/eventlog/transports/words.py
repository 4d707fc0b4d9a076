"""What a client library wrote to its log last, for the error that is told when it fails: the exception says less."""

from __future__ import annotations

import logging
from typing import Final

AUTHENTICATION: Final = "uthentication"


class LastWords(logging.Handler):
    """Remembers the last message, of those that begin so. That one was not let in is remembered whatever follows."""

    def __init__(self, beginning: str = "") -> None:
        super().__init__(logging.WARNING)
        self.said = ""
        self._beginning = beginning

    @property
    def shut_out(self) -> bool:
        """Whether the servers did not accept who one is."""
        return AUTHENTICATION in self.said

    def emit(self, record: logging.LogRecord) -> None:
        said = record.getMessage()
        if not self.shut_out and (AUTHENTICATION in said or said.startswith(self._beginning)):
            self.said = said
