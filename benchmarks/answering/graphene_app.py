"""The peer in our own language: a graphene app as one writes it first, over the same nodes.

A resolver for each field that leads to other records, and in each a statement of its own through the driver. Nothing
is gathered, no reader is told from another, and graphql-core does what it does with every question: parse, validate,
execute. `python -m answering.graphene_app FILE`; the file is JSON: which Neo4j, which port, what labels end with.
"""

from __future__ import annotations

import json
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import graphene
from neo4j import AsyncDriver, AsyncGraphDatabase, RoutingControl
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route

from answering.definitions import RANKED
from answering.processes import serve

RANKING = f"""CALL db.index.fulltext.queryNodes('{RANKED}', $text) YIELD node, score
WITH node {{.*, score: score}} AS n ORDER BY score DESC LIMIT $first"""
NEWEST = "WITH n ORDER BY n.created DESC LIMIT $first"


@dataclass(frozen=True, slots=True)
class Graph:
    """The database, and what its labels end with: `{g}` in a statement."""

    driver: AsyncDriver
    database: str
    suffix: str

    async def nodes(self, statement: str, **parameters: Any) -> list[dict[str, Any]]:
        """The nodes `n` that a statement finds, as their properties."""
        text = f"{statement.replace('{g}', self.suffix)} RETURN n"
        found = await self.driver.execute_query(text, parameters, database_=self.database, routing_=RoutingControl.READ)
        return [dict(record["n"]) for record in found.records]

    async def one(self, statement: str, **parameters: Any) -> dict[str, Any] | None:
        found = await self.nodes(statement, **parameters)
        return found[0] if found else None


class Match(graphene.ObjectType):
    id = graphene.ID(required=True)
    stage = graphene.String(required=True)
    score = graphene.Float()


class Need(graphene.ObjectType):
    id = graphene.ID(required=True)
    created = graphene.Int(required=True)
    recorded_at = graphene.String(required=True)
    stage = graphene.String(required=True)
    mode = graphene.String()
    goal = graphene.String()
    title_zh = graphene.String()
    title_en = graphene.String()
    published_at = graphene.String()
    keywords = graphene.List(graphene.NonNull(graphene.String))
    fields = graphene.List(graphene.NonNull(graphene.String))
    station = graphene.Field(lambda: Station)
    matches = graphene.List(graphene.NonNull(Match), first=graphene.Int(required=True), required=True)

    @staticmethod
    async def resolve_station(need: dict[str, Any], info: Any) -> dict[str, Any] | None:
        return await graph(info).one("MATCH (:Need{g} {id: $id})-[:NEED_RECORDED_BY]->(n:Station{g})", id=need["id"])

    @staticmethod
    async def resolve_matches(need: dict[str, Any], info: Any, first: int) -> list[dict[str, Any]]:
        return await graph(info).nodes(
            f"MATCH (:Need{{g}} {{id: $id}})<-[:MATCH_FOR_NEED]-(n:Match{{g}}) {NEWEST}", id=need["id"], first=first
        )


class Station(graphene.ObjectType):
    id = graphene.ID(required=True)
    name_zh = graphene.String()
    needs = graphene.List(graphene.NonNull(Need), first=graphene.Int(required=True), required=True)

    @staticmethod
    async def resolve_needs(station: dict[str, Any], info: Any, first: int) -> list[dict[str, Any]]:
        return await graph(info).nodes(
            f"MATCH (:Station{{g}} {{id: $id}})<-[:NEED_RECORDED_BY]-(n:Need{{g}}) {NEWEST}",
            id=station["id"],
            first=first,
        )


class Profile(graphene.ObjectType):
    id = graphene.ID(required=True)
    type = graphene.String(required=True)
    country = graphene.String()
    title_zh = graphene.String()
    title_en = graphene.String()


class RankedProfile(Profile):
    score = graphene.Float(required=True)


class Query(graphene.ObjectType):
    need = graphene.Field(Need, id=graphene.ID(required=True))
    needs = graphene.List(
        graphene.NonNull(Need),
        first=graphene.Int(required=True),
        stage=graphene.String(),
        fields=graphene.List(graphene.NonNull(graphene.String)),
        before=graphene.Int(),
        required=True,
    )
    stations = graphene.List(graphene.NonNull(Station), first=graphene.Int(required=True), required=True)
    profiles = graphene.List(
        graphene.NonNull(Profile),
        text=graphene.String(required=True),
        first=graphene.Int(required=True),
        required=True,
    )
    ranked = graphene.List(
        graphene.NonNull(RankedProfile),
        text=graphene.String(required=True),
        first=graphene.Int(required=True),
        required=True,
    )

    @staticmethod
    async def resolve_need(_root: None, info: Any, id: str) -> dict[str, Any] | None:
        return await graph(info).one("MATCH (n:Need{g} {id: $id})", id=id)

    @staticmethod
    async def resolve_needs(_root: None, info: Any, first: int, **asked: Any) -> list[dict[str, Any]]:
        conditions = {
            "stage": "n.stage = $stage",
            "fields": "any(f IN n.fields WHERE f IN $fields)",
            "before": "n.created < $before",
        }
        wanted = " AND ".join(conditions[name] for name in asked)
        where = f"WHERE {wanted}" if wanted else ""
        return await graph(info).nodes(f"MATCH (n:Need{{g}}) {where} {NEWEST}", first=first, **asked)

    @staticmethod
    async def resolve_stations(_root: None, info: Any, first: int) -> list[dict[str, Any]]:
        return await graph(info).nodes(f"MATCH (n:Station{{g}}) {NEWEST}", first=first)

    @staticmethod
    async def resolve_profiles(_root: None, info: Any, text: str, first: int) -> list[dict[str, Any]]:
        texts = ("title_zh", "title_en", "summary", "description")
        where = " OR ".join(f"toLower(n.{each}) CONTAINS toLower($text)" for each in texts)
        return await graph(info).nodes(f"MATCH (n:Profile{{g}}) WHERE {where} {NEWEST}", text=text, first=first)

    @staticmethod
    async def resolve_ranked(_root: None, info: Any, text: str, first: int) -> list[dict[str, Any]]:
        return await graph(info).nodes(RANKING, text=text, first=first)


def graph(info: Any) -> Graph:
    found: Graph = info.context["graph"]
    return found


def application(found: Graph) -> Starlette:
    schema = graphene.Schema(query=Query)

    async def answer(http: Request) -> JSONResponse:
        asked = await http.json()
        result = await schema.execute_async(
            asked["query"], variable_values=asked.get("variables"), context_value={"graph": found}
        )
        return JSONResponse(result.formatted)

    @asynccontextmanager
    async def lifespan(_application: Starlette) -> AsyncIterator[None]:
        async with found.driver:
            yield

    return Starlette(routes=[Route("/graphql", answer, methods=["POST"])], lifespan=lifespan)


def main() -> None:
    told = json.loads(Path(sys.argv[1]).read_text(encoding="utf-8"))
    driver = AsyncGraphDatabase.driver(told["uri"], auth=(told["user"], told["password"]))
    app = application(Graph(driver, told["database"], told["suffix"]))
    serve(app, told["port"])


if __name__ == "__main__":
    main()
