"""Visibility as Cypher: the rule of `domain.visibility` for a viewer, as a predicate inside the statement."""

from __future__ import annotations

from collections.abc import Collection, Hashable, Mapping
from dataclasses import dataclass, field
from typing import Any

from domain.kernel.acting import ALL_SEEING, STAFF
from domain.visibility import VISIBLE, Alternative, Everybody, Having, Visible
from gateway.ports import Viewer
from projections.changes import LinkType, Property


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
    alternatives = _alternatives(viewer, label)
    if alternatives is None:
        return predicate
    links = own.get(label, ())
    options = [
        _condition(each, f"seen_{alias}_{label}_{number}", viewer, alias, links, predicate)
        for number, each in enumerate(alternatives)
    ]
    predicate.conditions.append(f"({' OR '.join(options)})" if options else "false")
    return predicate


def sort_of(viewer: Viewer) -> Hashable:
    """Viewers of the same sort are answered by the same statements; their station is a parameter."""
    return viewer.member, viewer.roles.isdisjoint(ALL_SEEING), viewer.roles.isdisjoint(STAFF)


def sees_whatever_it_says(viewer: Viewer, label: str) -> bool:
    """Whether the viewer sees every record of this label, however it stands."""
    return _alternatives(viewer, label) is None


def sees(viewer: Viewer, label: str, held: Mapping[str, Property], stations: Collection[str]) -> bool:
    """The same for a node in memory, with these properties and these stations that answer for it."""
    alternatives = _alternatives(viewer, label)
    return alternatives is None or any(
        all(held.get(name) in values for name, values in each.values.items())
        if isinstance(each, Having)
        else viewer.station_id in stations
        for each in alternatives
    )


def _alternatives(viewer: Viewer, label: str) -> tuple[Alternative, ...] | Everybody:
    """The alternatives of the rule that holds for this viewer."""
    if not viewer.roles.isdisjoint(ALL_SEEING):
        return None
    rule = VISIBLE.get(label, Visible(public=None))
    return rule.member if viewer.member else rule.public


def _condition(
    alternative: Alternative,
    prefix: str,
    viewer: Viewer,
    alias: str,
    own: tuple[LinkType, ...],
    predicate: Predicate,
) -> str:
    if isinstance(alternative, Having):
        names = {f"{prefix}_{name}": name for name in alternative.values}
        predicate.parameters.update({key: list(alternative.values[name]) for key, name in names.items()})
        return "(" + " AND ".join(f"{alias}.{name} IN ${key}" for key, name in names.items()) + ")"
    predicate.parameters["viewer_station"] = viewer.station_id
    links = [
        f"EXISTS {{ MATCH ({alias})-[:{link.name}]->(own:{link.target}) WHERE own.id = $viewer_station }}"
        for link in own
    ]
    return "(" + " OR ".join(links or ["false"]) + ")"
