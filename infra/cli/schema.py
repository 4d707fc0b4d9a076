"""`yizhan schema`: the GraphQL schema, as text."""

from __future__ import annotations

from gateway.schema import sdl


def schema() -> None:
    """Print the GraphQL schema (SDL), as it stands in graphql/schema.graphql."""
    print(sdl(), end="")
