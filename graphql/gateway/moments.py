"""Moments in questions: a position of the log or a time, one of the two."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import graphene

from domain.kernel.moments import AsOf, MomentError, NoSuchMomentError, moment
from gateway.errors import GatewayError

TIME = (
    "ISO 8601: a day, which means all of it in China, or a time with its offset from UTC. It means the last commit up "
    "to which nothing was recorded after it."
)


def time_argument() -> graphene.Argument:
    return graphene.Argument(graphene.String, description=TIME)


def meant(position: tuple[str, int | None], time: tuple[str, str | None]) -> AsOf | None:
    """What is asked for by the one argument or the other, each with its name; None where neither is given.

    Both, and a time that is none, are refused.
    """
    (place, number), (name, text) = position, time
    if text is None:
        return number
    if number is not None:
        raise GatewayError("BAD_INPUT", f"{place}, {name}: takes one of the two, not both")
    try:
        return moment(text)
    except MomentError as error:
        raise GatewayError("BAD_INPUT", f"{name}: {error}") from None


@contextmanager
def within_the_log() -> Iterator[None]:
    """Refuse a moment that the log does not have."""
    try:
        yield
    except NoSuchMomentError as error:
        raise GatewayError("BAD_INPUT", str(error)) from None
