"""The documents: each question as it is asked of our gateway, of @neo4j/graphql (two ways), and of the graphene app.

The same fields of the same records in the same order, newest first. The peers' types are flat where ours have a text in
two languages. Where pages follow each other, ours carries a cursor of value and id; the peers' lists are asked for what
came before a position, and for one record more, from which a client knows whether there is another page. For a ranked
search theirs have a full-text index of Neo4j; each side cuts words and ranks in its own way.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

NODE: Final = "one node"
LIST: Final = "100×8 list"
NESTED: Final = "20×10×3"
PAGE: Final = "page of 50"
TEXT: Final = "20 with a text"
SEARCH: Final = "search of 20"
QUESTIONS: Final = NODE, LIST, NESTED, PAGE, TEXT, SEARCH

PAGE_SIZE: Final = 50
BEST: Final = 20
"""Records of a search."""
FIELDS: Final = "new_materials", "health_care"
"""The technology fields that the filtered page is of."""

OURS: Final[Mapping[str, str]] = {
    NODE: """query ($id: ID!) {
        need(id: $id) { id title { zh en } stage mode keywords station { name { zh } } } }""",
    LIST: """{ needs(first: 100) { edges { node {
        id created recordedAt stage mode goal title { zh } publishedAt } } } }""",
    NESTED: """{ stations(first: 20) { edges { node { id name { zh } needs(first: 10) { edges { node {
        id stage title { zh } matches(first: 3) { edges { node { id stage score } } } } } } } } } }""",
    PAGE: """query ($after: String) {
        needs(filter: {stage: [PUBLISHED], fields: [NEW_MATERIALS, HEALTH_CARE]}, first: 50, after: $after) {
        edges { cursor node { id title { zh } stage fields } } pageInfo { hasNextPage endCursor } } }""",
    TEXT: """query ($text: String) { profiles(filter: {text: $text}, first: 20) { edges { node {
        id type country title { zh en } } } } }""",
    SEARCH: """query ($text: String!) { search(text: $text, among: [PROFILE], first: 20) { edges { score node {
        id ... on Profile { type country title { zh en } } } } } }""",
}

BY_ID = "where: {id: {eq: $id}}"
OF_PAGE = """{stage: {eq: "published"}},
        {OR: [{fields: {includes: "new_materials"}}, {fields: {includes: "health_care"}}]}"""
CONTAINING = """where: {OR: [
        {titleZh: {caseInsensitive: {contains: $text}}}, {titleEn: {caseInsensitive: {contains: $text}}},
        {summary: {caseInsensitive: {contains: $text}}}, {description: {caseInsensitive: {contains: $text}}}]}"""
RANKED = """query ($text: String!) { ranked(phrase: $text, first: 20) { edges { score node {
        id type country titleZh titleEn } } } }"""
NEWEST = "sort: [{created: DESC}]"
NEWEST_NODE = "sort: [{node: {created: DESC}}]"

LISTS: Final[Mapping[str, str]] = {
    NODE: f"query ($id: ID!) {{ needs({BY_ID}) {{ id titleZh titleEn stage mode keywords station {{ nameZh }} }} }}",
    LIST: f"{{ needs(limit: 100, {NEWEST}) {{ id created recordedAt stage mode goal titleZh publishedAt }} }}",
    NESTED: f"""{{ stations(limit: 20, {NEWEST}) {{ id nameZh needs(limit: 10, {NEWEST}) {{
        id stage titleZh matches(limit: 3, {NEWEST}) {{ id stage score }} }} }} }}""",
    PAGE: f"""query ($before: Int!) {{ needs(where: {{AND: [{{created: {{lt: $before}}}}, {OF_PAGE}]}},
        limit: {PAGE_SIZE + 1}, {NEWEST}) {{ id created titleZh stage fields }} }}""",
    TEXT: f"""query ($text: String!) {{ profiles({CONTAINING}, limit: 20, {NEWEST}) {{
        id type country titleZh titleEn }} }}""",
    SEARCH: RANKED,
}
"""By the lists of @neo4j/graphql."""

CONNECTIONS: Final[Mapping[str, str]] = {
    NODE: f"""query ($id: ID!) {{ needsConnection({BY_ID}) {{ edges {{ node {{ id titleZh titleEn stage mode keywords
        stationConnection {{ edges {{ node {{ nameZh }} }} }} }} }} }} }}""",
    LIST: f"""{{ needsConnection(first: 100, {NEWEST}) {{ edges {{ node {{
        id created recordedAt stage mode goal titleZh publishedAt }} }} }} }}""",
    NESTED: f"""{{ stationsConnection(first: 20, {NEWEST}) {{ edges {{ node {{ id nameZh
        needsConnection(first: 10, {NEWEST_NODE}) {{ edges {{ node {{ id stage titleZh
        matchesConnection(first: 3, {NEWEST_NODE}) {{ edges {{ node {{ id stage score }} }} }} }} }} }} }} }} }} }}""",
    PAGE: f"""query ($place: String!) {{ needsConnection(where: {{AND: [{OF_PAGE}]}},
        first: {PAGE_SIZE}, after: $place, {NEWEST}) {{
        edges {{ cursor node {{ id titleZh stage fields }} }} pageInfo {{ hasNextPage endCursor }} }} }}""",
    TEXT: f"""query ($text: String!) {{ profilesConnection({CONTAINING}, first: 20, {NEWEST}) {{ edges {{ node {{
        id type country titleZh titleEn }} }} }} }}""",
    SEARCH: RANKED,
}
"""By its connections, whose cursors count records from the beginning."""

GRAPHENE: Final[Mapping[str, str]] = {
    NODE: "query ($id: ID!) { need(id: $id) { id titleZh titleEn stage mode keywords station { nameZh } } }",
    LIST: "{ needs(first: 100) { id created recordedAt stage mode goal titleZh publishedAt } }",
    NESTED: """{ stations(first: 20) { id nameZh needs(first: 10) { id stage titleZh
        matches(first: 3) { id stage score } } } }""",
    PAGE: f"""query ($before: Int!) {{ needs(stage: "published", fields: ["new_materials", "health_care"],
        before: $before, first: {PAGE_SIZE + 1}) {{ id created titleZh stage fields }} }}""",
    TEXT: "query ($text: String!) { profiles(text: $text, first: 20) { id type country titleZh titleEn } }",
    SEARCH: "query ($text: String!) { ranked(text: $text, first: 20) { score id type country titleZh titleEn } }",
}
