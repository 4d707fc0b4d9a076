"""Refusals: a rule said no."""

from __future__ import annotations


class Refusal(Exception):
    """A rule said no: its stable code, and in the explanation what it would have accepted."""

    def __init__(self, code: str, explanation: str) -> None:
        super().__init__(code, explanation)
        self.code = code
        self.explanation = explanation

    def __str__(self) -> str:
        return f"{self.code}: {self.explanation}"


def ensure(condition: bool, code: str, explanation: str) -> None:
    """Refuse unless the condition holds."""
    if not condition:
        raise Refusal(code, explanation)
