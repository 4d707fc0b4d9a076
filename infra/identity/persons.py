"""Persons, as the log knows them: an id that follows from who vouches for somebody, and under which name."""

from __future__ import annotations

from typing import Final

from domain.kernel.ids import derived_id

LONGEST_SUBJECT: Final = 255
"""The most characters that an OpenID provider may give somebody as a name (OpenID Connect Core 1.0, section 2)."""


def person_of(issuer: str, subject: str) -> str:
    """The id of the person whom an issuer knows by this name: the same one at all times and on every machine."""
    return derived_id("person", issuer, subject)
