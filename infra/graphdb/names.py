"""Names that may stand in a statement."""

from __future__ import annotations

import re
from typing import Final

NAME = re.compile(r"[A-Za-z][A-Za-z0-9_]*")
PROJECTION: Final = "Projection"
"""The label of the node that says how far a generation is, and whose; no node of a projection has it."""
BEAT: Final = "Beat"
"""The label of the node by which the owner of a generation shows that it lives."""

REGISTER: Final = "Register"
"""The label of the node that counts the generations of a projection."""
RECORD: Final = "Generation"
"""The label of the nodes that say which generations there are, and which of them is read."""


def name(text: str) -> str:
    """The text, if it may stand in a statement as the name of a label, a link, a property or a database."""
    if not NAME.fullmatch(text):
        raise ValueError(f"a name in the graph is made of letters, digits and _, and starts with a letter: {text!r}")
    return text
