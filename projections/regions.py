"""Where something is in China: its region, and the province that the region lies in."""

from __future__ import annotations

from typing import Any

from domain.reference.regions import region


def placed(code: str | None) -> dict[str, Any]:
    """The properties `region` and `province` of a node, by the six digits of GB/T 2260."""
    found = region(code) if code else None
    return {"region": code, "province": found.province_code if found else None}
