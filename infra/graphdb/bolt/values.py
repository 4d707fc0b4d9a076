"""Values as the protocol carries them: times and days become structures on the way there, and Python's own back here.

Packing and unpacking is the driver's own code, the compiled one; only what it does with structures is said here.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta, timezone, tzinfo
from functools import lru_cache
from typing import Any, Final
from zoneinfo import ZoneInfo

from neo4j._codec.packstream import Structure
from neo4j._rust.codec.packstream.v1 import pack as _pack
from neo4j._rust.codec.packstream.v1 import unpack as _unpack

from infra.graphdb.bolt.errors import ProtocolError

EPOCH: Final = datetime(1970, 1, 1)  # noqa: DTZ001  # what the protocol counts local times from
FIRST_DAY: Final = date(1970, 1, 1).toordinal()
ONE_SECOND: Final = timedelta(seconds=1)


class Packing:
    """How what is no plain value is sent. Up to version 4 a time with a zone is counted as its clock shows it."""

    def __init__(self, *, as_clocks_show: bool) -> None:
        self._as_clocks_show = as_clocks_show
        self._ways: dict[type, Callable[[Any], Any]] = {tuple: list, datetime: self._time, date: _day}

    def get_transformer(self, value: Any) -> Callable[[Any], Any] | None:
        """What turns a value into one that can be packed; the packer looks for it under this name."""
        return self._ways.get(type(value))

    def packed(self, value: Any) -> bytes:
        """The value in the form of the protocol. Raises ValueError for one that has none."""
        packed: bytes = _pack(value, self)
        return packed

    def _time(self, value: datetime) -> Structure:
        zone, offset = value.tzinfo, value.utcoffset()
        if zone is None or offset is None:
            return Structure(b"d", *_counted(value))
        shown = value.replace(tzinfo=None)
        seconds, nanoseconds = _counted(shown if self._as_clocks_show else shown - offset)
        if self._as_clocks_show:  # an hour that comes twice is told apart by its offset only
            return Structure(b"F", seconds, nanoseconds, offset // ONE_SECOND)
        if key := getattr(zone, "key", None):
            return Structure(b"i", seconds, nanoseconds, key)
        return Structure(b"I", seconds, nanoseconds, offset // ONE_SECOND)


def unpacked(message: bytearray, begin: int) -> Any:
    """The value that begins there in a message. Raises ProtocolError."""
    try:
        return _unpack(message, begin, HOOKS)[0]
    except ValueError as error:
        raise ProtocolError(f"a message cannot be read: {error}") from error


def _native(structure: Structure) -> datetime | date:
    """The time or day that a structure stands for."""
    tag, fields = structure.tag, structure.fields
    match tag:
        case b"D":
            return date.fromordinal(FIRST_DAY + fields[0])
        case b"d":
            return _clock(fields[0], fields[1])
        case b"I":
            return _moment(fields[0], fields[1]).astimezone(_offset(fields[2]))
        case b"i":
            return _moment(fields[0], fields[1]).astimezone(_zone(fields[2]))
        case b"F":
            return _clock(fields[0], fields[1]).replace(tzinfo=_offset(fields[2]))
        case b"f":
            return _clock(fields[0], fields[1]).replace(tzinfo=_zone(fields[2]))
    raise ProtocolError(f"a value of kind {tag!r} came back, of which a statement is to give the parts")


HOOKS: Final = {Structure: _native}


def _day(value: date) -> Structure:
    return Structure(b"D", value.toordinal() - FIRST_DAY)


def _counted(value: datetime) -> tuple[int, int]:
    """Whole seconds since the epoch, and the nanoseconds beyond them."""
    seconds, rest = divmod(value.replace(tzinfo=None) - EPOCH, ONE_SECOND)
    return seconds, rest.microseconds * 1_000


def _clock(seconds: int, nanoseconds: int) -> datetime:
    return EPOCH + timedelta(seconds=seconds, microseconds=nanoseconds // 1_000)


def _moment(seconds: int, nanoseconds: int) -> datetime:
    return _clock(seconds, nanoseconds).replace(tzinfo=UTC)


@lru_cache(256)
def _offset(seconds: int) -> tzinfo:
    return timezone(timedelta(seconds=seconds)) if seconds else UTC


@lru_cache(256)
def _zone(name: str) -> tzinfo:
    return ZoneInfo(name)
