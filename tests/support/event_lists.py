"""The list of events that the guide prints from the code: what goes out, what it carries, and what stays inside."""

from __future__ import annotations

from collections.abc import Iterable

from domain.registry import registry
from infra.publishing.published import RULES, Kept
from infra.publishing.shapes import shapes


def events() -> str:
    """The events that go out and the fields of their data."""
    rows = []
    for name, shape in shapes().items():
        fields = ", ".join(f"`{field}`" for field in shape.model().model_fields)
        rows.append((f"`{name}`", " ".join((shape.fact.__doc__ or "").split()), fields))
    return _table(("event", "what happened", "data"), rows)


def kept() -> str:
    """The facts that stay inside, by the reason."""
    reasons: dict[str, list[str]] = {}
    for name in registry().facts:
        rule = RULES[name]
        if isinstance(rule, Kept):
            reasons.setdefault(rule.because, []).append(f"`{name}`")
    return _table(("stays inside", "why"), ((", ".join(names), because) for because, names in reasons.items()))


def _table(header: Iterable[str], rows: Iterable[Iterable[str]]) -> str:
    cells = [list(header), *(list(row) for row in rows)]
    cells.insert(1, ["---"] * len(cells[0]))
    return "\n".join("| " + " | ".join(row) + " |" for row in cells)
