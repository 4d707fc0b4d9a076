"""Why the server said no."""

from __future__ import annotations

from dataclasses import dataclass

from generated import GraphQLClientGraphQLMultiError


@dataclass(frozen=True)
class Refusal:
    """`code` tells of what kind it is; where a rule of the network said no, `rule` is that rule's code."""

    code: str
    rule: str | None
    message: str

    @classmethod
    def of(cls, error: GraphQLClientGraphQLMultiError) -> Refusal:
        said = error.errors[0]
        extensions = said.extensions or {}
        rule = extensions.get("rule")
        return cls(str(extensions.get("code")), str(rule) if rule else None, said.message)
