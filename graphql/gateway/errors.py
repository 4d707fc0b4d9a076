"""Errors as the client sees them: a stable code, the rule that was broken, and nothing from the inside."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

import structlog
from graphql import GraphQLError

from domain.kernel.outcomes import ContendedError, UnavailableError
from domain.kernel.refusals import Refusal
from gateway.ports import TokenError, UnverifiableError

log = structlog.get_logger()


class GatewayError(Exception):
    """A request cannot be answered, and its sender may know why."""

    def __init__(self, code: str, message: str, **details: Any) -> None:
        super().__init__(message)
        self.code = code
        self.details = details


def refused(error: TokenError | UnverifiableError | GatewayError) -> GatewayError:
    """Why a request is not answered, in words for its sender."""
    match error:
        case TokenError():
            return GatewayError("UNAUTHENTICATED", str(error))
        case UnverifiableError():
            return GatewayError("UNAVAILABLE", str(error))
    return error


class NotReadyError(GatewayError):
    """There is no graph to read yet."""

    def __init__(self, message: str, **details: Any) -> None:
        super().__init__("NOT_READY", message, **details)


def shown(error: GatewayError) -> dict[str, Any]:
    """Why a request is not answered, as it is sent."""
    return {"message": str(error), "extensions": {"code": error.code, **error.details}}


def formatted(error: GraphQLError) -> dict[str, Any]:
    """The error in the response. What is not meant for the sender is logged under an id, and only the id is sent."""
    where = error.formatted
    match error.original_error:
        case Refusal() as refusal:
            extensions: dict[str, Any] = {"code": "REFUSED", "rule": refusal.code}
            return {**where, "message": refusal.explanation, "extensions": extensions}
        case GatewayError() as unanswered:
            return {**where, **shown(unanswered)}
        case ContendedError() as contended:
            return {**where, "message": str(contended), "extensions": {"code": "CONTENDED"}}
        case UnavailableError() as unavailable:
            return {**where, "message": str(unavailable), "extensions": {"code": "UNAVAILABLE"}}
        case None:
            return {**where, "extensions": {"code": "BAD_REQUEST", **(error.extensions or {})}}
        case other if isinstance(other, GraphQLError):
            return {**where, "extensions": {"code": "BAD_REQUEST"}}
        case other:
            return {**where, **masked(other, path=error.path)}


def masked(error: Exception, **where: Any) -> dict[str, Any]:
    """An error of the inside as its id, under which all of it is logged."""
    error_id = uuid4().hex
    log.error("request failed", error_id=error_id, **where, exc_info=error)
    message = f"something went wrong on our side; its id is {error_id}"
    return {"message": message, "extensions": {"code": "INTERNAL", "errorId": error_id}}
