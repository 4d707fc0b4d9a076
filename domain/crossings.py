"""What may cross the border: asked before a text or an identity goes abroad, and each time anew.

Today the one rule is the secrecy of an achievement (成果密级). Screening against the lists of technologies whose export
is prohibited or restricted belongs here as well: what it finds would be an entity that these decisions read besides, so
that nothing leaves on a finding that has changed meanwhile.
"""

from __future__ import annotations

from domain.achievements import Achievement
from domain.kernel.refusals import ensure
from domain.reference.achievements import Secrecy


def ensure_may_leave(achievement: Achievement | None) -> None:
    """An achievement that an interest is about is open, on the day on which something leaves for it."""
    ensure(
        achievement is None or achievement.details.secrecy is Secrecy.OPEN,
        "crossing.not_open",
        "takes an achievement that is open: nothing about a secret one goes abroad",
    )
