"""Messages of the protocol: what is cut into chunks is put together again, however it arrives."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from infra.graphdb.bolt.errors import ProtocolError
from infra.graphdb.bolt.messages import Ask, Incoming, Told, message
from infra.graphdb.bolt.values import Packing

NOW = Packing(as_clocks_show=False)
BEFORE_5 = Packing(as_clocks_show=True)
RECORD = bytes((0xB1, Told.RECORD))

offsets = st.integers(-18 * 3600, 18 * 3600).map(lambda seconds: timezone(timedelta(seconds=seconds)))
named = st.sampled_from([ZoneInfo("Asia/Shanghai"), ZoneInfo("Europe/Amsterdam")])
moments = st.datetimes(datetime(1900, 1, 1), datetime(2200, 1, 1), timezones=st.just(UTC) | offsets)  # noqa: DTZ001
in_places = st.datetimes(datetime(1950, 1, 1), datetime(2200, 1, 1), timezones=named, allow_imaginary=False)  # noqa: DTZ001
plain = (
    st.none()
    | st.booleans()
    | st.integers(-(2**63), 2**63 - 1)
    | st.floats(allow_nan=False)
    | st.text(st.characters(codec="utf-8"))
    | st.binary()
    | st.dates()
    | st.datetimes()
    | moments
)
values = st.recursive(
    plain, lambda inner: st.lists(inner, max_size=20) | st.dictionaries(st.text(max_size=9), inner, max_size=20)
)


def chunked(body: bytes, sizes: list[int]) -> bytes:
    """A message, cut into chunks of these sizes and the rest."""
    sent = bytearray()
    for size in sizes:
        chunk, body = body[:size], body[size:]
        if chunk:
            sent += len(chunk).to_bytes(2, "big") + chunk
    while body:
        chunk, body = body[:0xFFFF], body[0xFFFF:]
        sent += len(chunk).to_bytes(2, "big") + chunk
    return bytes(sent) + b"\0\0"


def arrived(data: bytes, sizes: list[int]) -> list[tuple[Told, Any]]:
    """The messages in data that arrives in pieces of these sizes and the rest."""
    incoming = Incoming()
    found: list[tuple[Told, Any]] = []
    for size in sizes:
        piece, data = data[:size], data[size:]
        found += incoming.messages(piece)
    return [*found, *incoming.messages(data)]


@given(st.lists(values, max_size=5), st.lists(st.integers(1, 400)), st.lists(st.integers(1, 400)))
def test_what_is_sent_arrives_however_it_is_cut(rows: list[Any], chunks: list[int], pieces: list[int]) -> None:
    for packing in (NOW, BEFORE_5):
        sent = b"".join(chunked(RECORD + packing.packed(row), chunks) for row in rows)
        assert arrived(sent, pieces) == [(Told.RECORD, row) for row in rows]


@given(moments | in_places)
def test_a_time_comes_back_as_the_same_moment_on_the_same_clock(moment: datetime) -> None:
    for packing in (NOW, BEFORE_5):
        ((_, back),) = arrived(chunked(RECORD + packing.packed(moment), []), [])
        assert back.astimezone(UTC) == moment.astimezone(UTC)
        assert back.replace(tzinfo=None, fold=0) == moment.replace(tzinfo=None, fold=0)
        assert back.utcoffset() == moment.utcoffset()


def test_a_message_that_is_longer_than_a_chunk_is_sent_in_several() -> None:
    text, chunks = "驿站" * 100_000, []
    sent = message(NOW, Ask.RUN, text, {}, {"day": date(2026, 8, 10)})
    while size := int.from_bytes(sent[:2], "big"):
        chunks.append(sent[2 : 2 + size])
        sent = sent[2 + size :]
    assert sent == b"\0\0"
    assert len(chunks) == 10
    assert b"".join(chunks) == b"\xb3\x10" + b"".join(map(NOW.packed, (text, {}, {"day": date(2026, 8, 10)})))


def test_an_end_without_a_message_only_says_that_the_server_lives() -> None:
    sent = b"\0\0" * 3 + chunked(RECORD + NOW.packed([1]), []) + b"\0\0"
    assert arrived(sent, [1, 2, 3]) == [(Told.RECORD, [1])]


@pytest.mark.parametrize("body", [b"\xb1", b"\xb1\x00", b"\xb1\x71\xc7", b"\xb1\x71", b"x"])
def test_what_is_no_message_is_said_to_be_none(body: bytes) -> None:
    with pytest.raises(ProtocolError):
        arrived(chunked(body, []), [])


def test_a_node_is_no_value_here() -> None:
    node = b"\xb3\x4e\x01\x90\xa0"
    with pytest.raises(ProtocolError, match="give the parts"):
        arrived(chunked(RECORD + node, []), [])


@pytest.mark.parametrize("value", [2**63, object(), {1: 2}, {1, 2}])
def test_what_the_protocol_has_no_form_for_is_not_sent(value: object) -> None:
    with pytest.raises((ValueError, TypeError, OverflowError)):
        message(NOW, Ask.RUN, "RETURN $x", {"x": value}, {})
