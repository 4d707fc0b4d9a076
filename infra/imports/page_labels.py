"""The labels of an EEN profile page, section by section, in the order in which they follow each other."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import pairwise

from domain.reference.een import IprStatus, Labelled, PartnershipType, SoughtPartner, StageOfDevelopment
from domain.reference.keywords import sdg_goals


@dataclass(frozen=True, slots=True)
class Label:
    """A label: its name here, and what it looks like on the page, case counting, between blanks."""

    name: str
    pattern: str = ""

    def find(self, text: str, start: int) -> re.Match[str] | None:
        return re.compile(rf"(?<!\S)(?:{self.pattern or re.escape(self.name)})(?!\S)").search(text, start)


def _before(label: str, words: Iterable[Labelled]) -> str:
    """The label where one of these words follows it: prose that only speaks of it is no label."""
    first = {re.escape(re.split(r"[^A-Za-z]", word.label)[0]) for word in words}
    return rf"{label}(?=\s+(?:{'|'.join(sorted(first))}))"


_HEAD = (
    Label("Profile Type", "(?:Summary )?Profile Type"),
    Label("POD Reference"),
    Label("Term of Validity"),
    Label("Company's Country", "Company['’]s Country"),
    Label("Partnership at the head", "Type of partnership"),
    Label("Countries at the head", "Targeted Countries"),
    Label("Contact", "For more information"),
)
_GENERAL = (
    Label("Short Summary", "General information Short Summary"),
    Label("Full Description"),
    Label("Advantages and Innovations"),
    Label("Technical Specification or Expertise Sought"),
    Label("Stage of Development", _before("Stage of Development", StageOfDevelopment)),
    Label(
        "Sustainable Development Goals", r"Sustainable Development Goals(?=\s+(?:Goal [0-9]|GOAL [0-9]|Not relevant))"
    ),
    Label("IPR status", _before("IPR [Ss]tatus", IprStatus)),
    Label("IPR notes", "IPR [Nn]otes"),
)
_PARTNER = (
    Label("Expected Role of a Partner", "Partner Sought Expected Role of a Partner"),
    Label("Type and Size of Partner", _before("Type and Size of Partner", SoughtPartner)),
    Label("Type of partnership", _before("Type of partnership", PartnershipType)),
)
_CALL = (
    Label("Framework program", "Call details Framework program"),
    Label("Call title and identifier"),
    Label("Submission and evaluation scheme"),
    Label("Anticipated project budget"),
    Label("Coordinator required"),
    Label("Deadline for EoI"),
    Label("Deadline of the call"),
    Label("Project duration in weeks"),
    Label("Web link to the call"),
    Label("Project title and acronym"),
)
_DISSEMINATION = (
    Label("Dissemination", r"Dissemination(?=\s+(?:Technology keywords|Market keywords|Targeted countries))"),
    Label("Technology keywords"),
    Label("Market keywords"),
    Label("Sector groups", "Sector [Gg]roups [Ii]nvolved"),
    Label("Targeted countries"),
    Label("End", "Share this page"),
)
_SECTIONS = (_HEAD, _GENERAL, _PARTNER, _CALL, _DISSEMINATION)

REQUIRED = ("Profile Type", "POD Reference", "Term of Validity", "Short Summary", "Dissemination", "End")
"""What every page has, an offer's as well as a request's; without one of these it is not whole."""


def parts(text: str) -> dict[str, str]:
    """What stands under each label of a page. A label that a page leaves out is left out here."""
    found: dict[str, str] = {}
    for labels, section in _sections(text):
        found |= _labelled(labels, section)
    return found


def goals(text: str) -> tuple[int, ...]:
    """The numbers of the sustainable development goals in a run of them."""
    numbers = (int(number) for number in re.findall(r"(?i)\bgoal ([0-9]{1,2}):", text))
    return tuple(sorted({number for number in numbers if number in sdg_goals()}))


def _sections(text: str) -> list[tuple[tuple[Label, ...], str]]:
    """The sections of a page, each cut where the next begins, so that labels are sought only where they belong."""
    starts: list[tuple[tuple[Label, ...], int]] = []
    at = 0
    for labels in _SECTIONS:
        match = labels[0].find(text, at)
        if match is not None:
            starts.append((labels, match.start()))
            at = match.end()
    end = ((), len(text))
    return [(labels, text[start:following]) for (labels, start), (_, following) in pairwise((*starts, end))]


def _labelled(labels: tuple[Label, ...], section: str) -> dict[str, str]:
    matches: list[tuple[str, re.Match[str]]] = []
    at = 0
    for label in labels:
        match = label.find(section, at)
        if match is not None:
            matches.append((label.name, match))
            at = match.end()
    last = (("", None),)
    return {
        name: section[match.end() : following.start() if following else len(section)].strip()
        for (name, match), (_, following) in pairwise((*matches, *last))
        if match is not None
    }
