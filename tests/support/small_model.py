"""The independent model of a log: its records and links in memory, and who of the small network may see them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from infra.application import Network
from projections.changes import LinkType
from projections.memory import Graph
from projections.network import network as projection

ANSWERING = {
    "Organisation": {"SERVED_BY"},
    "Need": {"NEED_RECORDED_BY"},
    "Achievement": {"ACHIEVEMENT_REGISTERED_BY"},
    "Partner": {"PARTNER_RECORDED_BY", "ENGAGED_BY"},
    "Expert": {"LISTED_BY", "IN_TEAM_OF"},
    "Broker": {"BROKER_RECORDED_BY", "SIGNED_BY"},
    "Profile": {"PROFILE_IMPORTED_BY", "PROFILE_DRAFTED_BY"},
    "Match": {"MATCH_DECIDED_BY"},
    "Cooperation": {"ASKED_BY", "ASKED_OF"},
    "Deal": {"BROKERED_BY"},
    "Appointment": {"APPOINTED_AT"},
    "Station": set(),
}
"""The links that lead to the stations which answer for a record, written down once more by hand."""

MEMBERS = {"administrator", "auditor", "manager", "abroad", "adviser", "other"}
ALL_SEEING = {"administrator", "auditor"}


@dataclass(frozen=True)
class Model:
    """What the log says, read without any database."""

    graph: Graph

    def ids(self, label: str) -> set[str]:
        return {id for each, id in self.graph.nodes if each == label}

    def node(self, label: str, id: str) -> dict[str, Any]:
        return dict(self.graph.nodes[label, id])

    def newest(self, label: str, ids: set[str]) -> list[str]:
        return sorted(ids, key=lambda id: -self.node(label, id)["created"])

    def targets(self, link: LinkType, id: str) -> set[str]:
        return set(self.graph.targets(link, id))

    def sources(self, link: LinkType, id: str) -> set[str]:
        return {source for (type, source), held in self.graph.links.items() if type == link and id in held}

    def answering(self, label: str, id: str) -> set[str]:
        """The stations that answer for a record."""
        return {
            target
            for (type, source), held in self.graph.links.items()
            if source == id and type.source == label and type.name in ANSWERING[label]
            for target in held
        }

    def seen(self, label: str, who: str | None, station: str | None) -> set[str]:
        """The records of a label that somebody who acts for a station sees."""
        return {id for id in self.ids(label) if self._sees(label, id, who, station)}

    def _sees(self, label: str, id: str, who: str | None, station: str | None) -> bool:
        node: dict[str, str] = self.node(label, id)
        if who in ALL_SEEING:
            return True
        if who in MEMBERS:
            return label != "Achievement" or node["secrecy"] == "open" or station in self.answering(label, id)
        match label:
            case "Organisation":
                return node["kind"] not in ("enterprise", "other")
            case "Need":
                return node["stage"] in ("published", "solved")
            case "Achievement":
                return node["stage"] == "published" and node["secrecy"] == "open"
            case "Profile":
                return node["stage"] == "published"
            case "Match" | "Cooperation" | "Deal" | "Appointment":
                return False
            case _:
                return True


def model_of(log: Network) -> Model:
    """The model of all that is in the log."""
    graph = Graph()
    graph.apply(projection().changes(log.commits(0, 1_000_000)))
    return Model(graph)
