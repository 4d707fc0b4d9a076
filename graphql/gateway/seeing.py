"""Visibility as Cypher: the rule of `domain.visibility` for a viewer, as a predicate inside the statement."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from domain.kernel.acting import Role
from domain.visibility import VISIBLE, Alternative, Having, Visible
from gateway.ports import Viewer
from projections.changes import LinkType

ALL_SEEING = frozenset({Role.ADMINISTRATOR, Role.AUDITOR})
"""Roles that see every record, whoever answers for it."""


@dataclass(slots=True)
class Predicate:
    """Conditions on a node, joined by AND, with the parameters that they take."""

    conditions: list[str] = field(default_factory=list)
    parameters: dict[str, Any] = field(default_factory=dict)

    def add(self, condition: str, **parameters: Any) -> None:
        self.conditions.append(condition)
        self.parameters.update(parameters)

    def where(self) -> str:
        """`WHERE …`, or nothing when there is no condition."""
        return f"WHERE {' AND '.join(self.conditions)}" if self.conditions else ""


def seen_by(viewer: Viewer, label: str, alias: str, own: Mapping[str, tuple[LinkType, ...]]) -> Predicate:
    """What a node of this label must fulfil so that the viewer sees it. `own` names the links to who answers for it."""
    predicate = Predicate()
    rule = VISIBLE.get(label, Visible(public=None))
    alternatives = rule.member if viewer.member else rule.public
    if alternatives is None or not viewer.roles.isdisjoint(ALL_SEEING):
        return predicate
    options = [_condition(each, viewer, label, alias, own.get(label, ()), predicate) for each in alternatives]
    predicate.conditions.append(f"({' OR '.join(options)})" if options else "false")
    return predicate


def _condition(
    alternative: Alternative,
    viewer: Viewer,
    label: str,
    alias: str,
    own: tuple[LinkType, ...],
    predicate: Predicate,
) -> str:
    if isinstance(alternative, Having):
        names = {f"seen_{alias}_{label}_{name}": name for name in alternative.values}
        predicate.parameters.update({key: list(alternative.values[name]) for key, name in names.items()})
        return "(" + " AND ".join(f"{alias}.{name} IN ${key}" for key, name in names.items()) + ")"
    predicate.parameters["viewer_station"] = viewer.station_id
    links = [
        f"EXISTS {{ MATCH ({alias})-[:{link.name}]->(own:{link.target}) WHERE own.id = $viewer_station }}"
        for link in own
    ]
    return "(" + " OR ".join(links or ["false"]) + ")"
