"""What a removed generation left in the database."""

from __future__ import annotations

import re

from neo4j import Driver

from infra.graphdb.generations import Generations


def left_of(driver: Driver, generations: Generations, number: int) -> list[str]:
    """What there is of a generation: nodes, constraints and indexes, a database."""
    generation = generations.generation(number)
    if not generation.suffix:
        rows = driver.execute_query("SHOW DATABASES", database_=generations.home.database).records
        return [row["name"] for row in rows if row["name"] == generation.database]
    labels = driver.execute_query("MATCH (n) UNWIND labels(n) AS label RETURN DISTINCT label").records
    indexes = driver.execute_query("SHOW INDEXES YIELD name").records
    found = [row[0] for row in (*labels, *indexes) if re.search(rf"{generation.suffix}\b|{generation.suffix}_", row[0])]
    return [*found, *driver.execute_query("MATCH (p:Projection {generation: $n}) RETURN p.name", n=number).records]
