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
RANKED = "ranked_profiles"
"""The full-text index of profiles."""
TEXTS = ("titleZh", "titleEn", "summary", "description")
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
    searched = ", ".join(f'"{each}"' for each in TEXTS)
    ranked = f'@fulltext(indexes: [{{indexName: "{RANKED}", queryName: "ranked", fields: [{searched}]}}])'
    directives = [f'@node(labels: ["{label}"])', *([ranked] if node is PROFILE else [])]
    return "\n".join((f"type {node.label} {' '.join(directives)} {{", *fields, "}"))


def full_text(generation: Generation) -> str:
    """The statement that makes the full-text index."""
    properties = ", ".join(f"n.{_property(each)}" for each in TEXTS)
    return f"CREATE FULLTEXT INDEX {RANKED} FOR (n:{generation.label(PROFILE.label)}) ON EACH [{properties}]"


def _property(name: str) -> str:
    """The property behind a field."""
    return "".join(f"_{letter.lower()}" if letter.isupper() else letter for letter in name)


def _alias(name: str) -> str:
    """Where its property has another name, that one."""
    property = _property(name)
    return f' @alias(property: "{property}")' if property != name else ""
