"""The types as @neo4j/graphql has them declared: over the very labels, properties and links that our projection writes.

Its fields are flat, since its types are nodes: a text in two languages is two fields. All names are those of our schema
otherwise.
"""

from __future__ import annotations

from infra.graphdb.generation import Generation
from projections.changes import LinkType, NodeType
from projections.matches import FOR_NEED, MATCH
from projections.needs import NEED, RECORDED_BY
from projections.profiles import PROFILE
from projections.stations import STATION

NODE = {"id": "ID!", "created": "Int!", "recordedAt": "String!"}
OF_NODE: dict[NodeType, dict[str, str]] = {
    STATION: {"nameZh": "String", "nameEn": "String"},
    NEED: {
        "stage": "String!",
        "mode": "String",
        "goal": "String",
        "titleZh": "String",
        "titleEn": "String",
        "publishedAt": "String",
        "keywords": "[String!]",
        "fields": "[String!]",
    },
    MATCH: {"stage": "String!", "score": "Float"},
    PROFILE: {
        "type": "String!",
        "country": "String",
        "titleZh": "String",
        "titleEn": "String",
        "summary": "String",
        "description": "String",
    },
}
OF_LINK: dict[NodeType, dict[str, tuple[LinkType, str]]] = {
    STATION: {"needs": (RECORDED_BY, "IN")},
    NEED: {"station": (RECORDED_BY, "OUT"), "matches": (FOR_NEED, "IN")},
    MATCH: {"need": (FOR_NEED, "OUT")},
}


def definitions(generation: Generation) -> str:
    """The types of the benchmark, for the nodes of this generation."""
    return "\n".join(_type(node, generation) for node in OF_NODE)


def _type(node: NodeType, generation: Generation) -> str:
    fields = [f"  {name}: {kind}{_alias(name)}" for name, kind in (NODE | OF_NODE[node]).items()]
    for name, (link, direction) in OF_LINK.get(node, {}).items():
        there = link.target if direction == "OUT" else link.source
        fields.append(f'  {name}: [{there}!]! @relationship(type: "{link.name}", direction: {direction})')
    label = generation.label(node.label)
    return "\n".join((f'type {node.label} @node(labels: ["{label}"]) {{', *fields, "}"))


def _alias(name: str) -> str:
    """Where its property has another name, that one."""
    property = "".join(f"_{letter.lower()}" if letter.isupper() else letter for letter in name)
    return f' @alias(property: "{property}")' if property != name else ""
