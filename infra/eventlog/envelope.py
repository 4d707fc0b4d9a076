"""A record of the log as bytes: a pack of entries, each a commit, a cancel or a configuration.

A pack is `[format, [entry…]]` in msgpack, and an entry one of
    [0, id, base, request|nil, [[entity, version, topic, state]…], [[entity, version|nil]…], context, tracking?]
    [1, id]
    [2, window, first_version]
where an id is 12 bytes, `base` the number of records that its writer had folded, `tracking` [application, position].
Bytes that are no such thing are nobody's record, alike in all versions; a format or a kind that is not known here was
written by a newer version.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, Any, Final, Literal, TypeAlias

from eventsourcing.persistence import DataError
from msgspec import UNSET, DecodeError, Meta, Struct, UnsetType
from msgspec.msgpack import Decoder, Encoder

from infra.eventlog.errors import CommitTooLargeError
from infra.eventlog.values import Draft, Rules

FORMAT: Final = 1
KNOWN_KINDS: Final = 3
LARGEST_COMMIT = 900_000
LARGEST_NUMBER = 2**63 - 1
"""What SQLite holds as a whole number."""
ID_BYTES = 12

Id: TypeAlias = Annotated[bytes, Meta(min_length=ID_BYTES, max_length=ID_BYTES)]
Number: TypeAlias = Annotated[int, Meta(ge=0, le=LARGEST_NUMBER)]


class Commit(Struct, array_like=True, tag=0, gc=False, forbid_unknown_fields=True):
    """What one decision writes, and what it rests on."""

    id: Id
    base: Number
    request: bytes | None
    events: tuple[tuple[str, Number, str, bytes], ...]
    reads: tuple[tuple[str, Number | None], ...]
    context: bytes
    tracking: tuple[str, Number] | UnsetType = UNSET

    def sound(self) -> bool:
        """It has events; one that only tracks has none, and answers no request."""
        return bool(self.events) or (self.tracking is not UNSET and self.request is None)


class Body(Struct, array_like=True, gc=False, forbid_unknown_fields=True):
    """The fields of a commit that do not depend on when it is sent."""

    request: bytes | None
    events: tuple[tuple[str, Number, str, bytes], ...]
    reads: tuple[tuple[str, Number | None], ...]
    context: bytes
    tracking: tuple[str, Number] | UnsetType = UNSET


class Cancel(Struct, array_like=True, tag=1, gc=False, forbid_unknown_fields=True):
    """Its writer takes a commit back, if it does not stand in the log already."""

    id: Id


class Configuration(Struct, array_like=True, tag=2, gc=False, forbid_unknown_fields=True):
    """The first one in a log sets its rules, for everybody and for ever."""

    window: Annotated[int, Meta(ge=1, le=LARGEST_NUMBER)]
    first_version: Annotated[int, Meta(ge=0, le=1)]


Entry: TypeAlias = Commit | Cancel | Configuration

_encode = Encoder().encode
_decode = Decoder(tuple[Literal[1], tuple[Commit | Cancel | Configuration, ...]]).decode
_decode_body = Decoder(Body).decode
_decode_anything = Decoder().decode


class NewerRecordError(Exception):
    """The record was written by a version that knows more than this one."""


def body_of(draft: Draft) -> bytes:
    """A draft as the fields of a commit that do not depend on when it is sent.

    Raises `CommitTooLargeError`, and DataError for what would make a whole record nobody's.
    """
    fields: list[Any] = [draft.request, draft.events, draft.reads, draft.context]
    if draft.tracking is not None:
        fields.append(draft.tracking)
    body = _encode(fields)
    if len(body) > LARGEST_COMMIT:
        raise CommitTooLargeError(
            f"the commit of {len(draft.events):,} events has {len(body):,} bytes; takes at most {LARGEST_COMMIT:,}"
        )
    try:
        _decode_body(body)
    except DecodeError as error:
        raise DataError(f"the commit is not of the log's form: {error}") from error
    if not draft.events and (draft.tracking is None or draft.request is not None):
        raise DataError("a commit has events, or it only tracks and answers no request")
    return body


def commit(id: bytes, base: int, body: bytes) -> bytes:
    """A commit as an entry."""
    return b"".join((COMMIT_HEADS[body[0]], id, _encode(base), body[1:]))


def cancel(id: bytes) -> bytes:
    """A cancel as an entry."""
    return _encode(Cancel(id))


def configuration(rules: Rules) -> bytes:
    """A configuration as an entry."""
    return _encode(Configuration(rules.window, rules.first_version))


def pack(entries: Sequence[bytes]) -> bytes:
    """A record of these entries."""
    return b"".join((PACK_HEAD, _array_head(len(entries)), *entries))


def unpack(data: bytes | None) -> tuple[Entry, ...] | None:
    """The entries of a record, or None for bytes that are no pack; raises `NewerRecordError`."""
    if data is None:
        return None
    try:
        _, entries = _decode(data)
    except (DecodeError, UnicodeDecodeError):
        _look_for_newer(data)
        return None
    for entry in entries:
        if type(entry) is Commit and not entry.events and not entry.sound():
            return None
    return entries


def _look_for_newer(data: bytes) -> None:
    try:
        read = _decode_anything(data)
    except (DecodeError, UnicodeDecodeError):
        return
    match read:
        case [int(format), *_] if type(format) is int and format > FORMAT:
            raise NewerRecordError(f"it has format {format}, and this version knows format {FORMAT}")
        case [1, [*entries]]:
            for entry in entries:
                match entry:
                    case [int(kind), *_] if kind >= KNOWN_KINDS and type(kind) is int:
                        raise NewerRecordError(f"it has an entry of kind {kind}, which this version does not know")


def _array_head(length: int) -> bytes:
    """The head of an array, as msgpack writes it."""
    if length < 16:
        return bytes((0x90 | length,))
    return b"\xdc" + length.to_bytes(2, "big")


PACK_HEAD: Final[bytes] = _array_head(2) + _encode(FORMAT)
COMMIT_HEADS: Final = {
    _array_head(4 + tracks)[0]: _array_head(7 + tracks) + _encode(0) + _encode(bytes(ID_BYTES))[:-ID_BYTES]
    for tracks in (0, 1)
}
"""What a commit begins with, by the first byte of its body."""
