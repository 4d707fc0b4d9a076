"""The checker's own reading of the rule, clause by clause, at the edges of each."""

from __future__ import annotations

from typing import Any

import msgpack
import pytest

from tests.faults.honest import packed
from tests.faults.rule import Model, Verdict

WINDOW = 5
RULES = packed([2, WINDOW, 1])


def commit(
    name: str,
    *writes: tuple[str, int],
    base: int = 1,
    request: bytes | None = None,
    reads: tuple[tuple[str, int | None], ...] = (),
    tracking: tuple[str, int] | None = None,
) -> list[Any]:
    events = [[entity, version, "small.noted", b""] for entity, version in writes]
    item = [0, name.encode().rjust(12), base, request, events, reads, name.encode()]
    return [*item, tracking] if tracking else item


def cancel(name: str) -> list[Any]:
    return [1, name.encode().rjust(12)]


def folded(*records: bytes | None) -> Model:
    model = Model()
    model.fold(enumerate(records))
    return model


def verdicts(*records: bytes | None) -> list[Verdict]:
    return [ruling.verdict for ruling in folded(*records).rulings]


def test_commits_that_follow_are_accepted_and_numbered_without_gaps() -> None:
    model = folded(RULES, packed(commit("x", ("a", 1), ("a", 2), ("b", 1))), packed(commit("y", ("b", 2))))
    assert [(stood.first, stood.last) for stood in model.stood] == [(1, 3), (4, 4)]


@pytest.mark.parametrize("version", [0, 2, 3])
def test_an_entity_begins_at_one(version: int) -> None:
    assert verdicts(RULES, packed(commit("x", ("a", version)))) == [Verdict.VERSION]


def test_an_entity_may_begin_at_zero_where_the_configuration_says_so() -> None:
    rules = packed([2, WINDOW, 0])
    assert verdicts(rules, packed(commit("x", ("a", 0)), commit("y", ("a", 1)))) == [Verdict.ACCEPTED] * 2
    assert verdicts(rules, packed(commit("x", ("a", 1)), commit("y", ("a", 1)))) == [Verdict.ACCEPTED, Verdict.VERSION]


@pytest.mark.parametrize("version", [1, 3])
def test_a_version_is_neither_taken_twice_nor_left_out(version: int) -> None:
    assert verdicts(RULES, packed(commit("x", ("a", 1))), packed(commit("y", ("a", version)))) == [
        Verdict.ACCEPTED,
        Verdict.VERSION,
    ]


def test_a_pack_is_judged_commit_by_commit() -> None:
    model = folded(RULES, packed(commit("x", ("a", 1)), commit("y", ("a", 1)), commit("z", ("a", 2))))
    assert [ruling.verdict for ruling in model.rulings] == [Verdict.ACCEPTED, Verdict.VERSION, Verdict.ACCEPTED]
    assert [stood.context for stood in model.stood] == [b"x", b"z"]


def test_an_id_counts_once() -> None:
    one = packed(commit("x", ("a", 1)))
    assert verdicts(RULES, one, one) == [Verdict.ACCEPTED, Verdict.DUPLICATE]
    assert verdicts(RULES, one, packed(cancel("x"))) == [Verdict.ACCEPTED, Verdict.DUPLICATE]


def test_an_accepted_id_is_remembered_for_ever() -> None:
    one = packed(commit("x", ("a", 1)))
    much = [packed(commit(f"m{number}", ("m", number), base=number)) for number in range(1, 30)]
    assert verdicts(RULES, one, *much, one, packed(cancel("x")))[-2:] == [Verdict.DUPLICATE] * 2


def test_whichever_of_a_commit_and_its_cancel_comes_first_counts() -> None:
    assert verdicts(RULES, packed(cancel("x")), packed(commit("x", ("a", 1)))) == [Verdict.CANCELLED, Verdict.DUPLICATE]


@pytest.mark.parametrize(("between", "verdict"), [(WINDOW - 1, Verdict.DUPLICATE), (WINDOW, Verdict.ACCEPTED)])
def test_a_cancel_is_remembered_for_the_window(between: int, verdict: Verdict) -> None:
    gap = [b""] * between
    arrives = 2 + between
    records = (RULES, packed(cancel("x")), *gap, packed(commit("x", ("a", 1), base=arrives)))
    assert verdicts(*records)[-1] is verdict


@pytest.mark.parametrize(("offset", "verdict"), [(1 + WINDOW, Verdict.ACCEPTED), (2 + WINDOW, Verdict.LATE)])
def test_a_commit_arrives_within_its_window_or_not_at_all(offset: int, verdict: Verdict) -> None:
    gap = [b""] * (offset - 1)
    assert verdicts(RULES, *gap, packed(commit("x", ("a", 1), base=1))) == [verdict]


@pytest.mark.parametrize(("base", "verdict"), [(1, Verdict.ACCEPTED), (2, Verdict.AHEAD)])
def test_a_base_is_not_ahead_of_the_log(base: int, verdict: Verdict) -> None:
    assert verdicts(RULES, packed(commit("x", ("a", 1), base=base))) == [verdict]


def test_a_request_takes_effect_once_and_a_refused_attempt_does_not_count() -> None:
    first, second = commit("x", ("a", 2), request=b"r"), commit("y", ("a", 1), request=b"r")
    third = commit("z", ("b", 1), request=b"r")
    assert verdicts(RULES, packed(first, second, third)) == [Verdict.VERSION, Verdict.ACCEPTED, Verdict.REPEATED]


@pytest.mark.parametrize(
    ("read", "verdict"),
    [
        (("a", 1), Verdict.ACCEPTED),
        (("a", None), Verdict.READ),
        (("a", 2), Verdict.READ),
        (("b", None), Verdict.ACCEPTED),
        (("b", 1), Verdict.READ),
    ],
)
def test_what_was_read_is_still_so(read: tuple[str, int | None], verdict: Verdict) -> None:
    assert verdicts(RULES, packed(commit("x", ("a", 1)), commit("y", ("c", 1), reads=(read,))))[-1] is verdict


def test_a_read_of_what_is_written_is_left_to_its_version() -> None:
    assert verdicts(RULES, packed(commit("x", ("a", 1), reads=(("a", 7),)))) == [Verdict.ACCEPTED]


@pytest.mark.parametrize(("position", "verdict"), [(5, Verdict.TRACKING), (6, Verdict.ACCEPTED)])
def test_a_tracking_position_rises(position: int, verdict: Verdict) -> None:
    first, second = commit("x", tracking=("up", 5)), commit("y", ("a", 1), tracking=("up", position))
    assert verdicts(RULES, packed(first, second)) == [Verdict.ACCEPTED, verdict]


def test_nothing_is_accepted_before_the_first_configuration_which_holds_for_ever() -> None:
    model = folded(packed(commit("x", ("a", 1), base=0)), RULES, packed([2, 99, 0]), packed(commit("y", ("a", 1))))
    assert [ruling.verdict for ruling in model.rulings] == [Verdict.UNCONFIGURED, Verdict.ACCEPTED]
    assert (model.window, model.first_version) == (WINDOW, 1)


@pytest.mark.parametrize(
    "value",
    [
        None,
        b"",
        b"\xc1",
        b"no pack",
        msgpack.packb({"a": 1}),
        msgpack.packb([1]),
        msgpack.packb([1, [[]]]),
        packed([1]),
        packed([0, b"x" * 12, 1, None, [["a", 1, "t"]], [], b""]),
        packed([2, 0, 1]),
    ],
)
def test_what_is_no_pack_is_ignored(value: bytes | None) -> None:
    model = folded(RULES, value, packed(commit("x", ("a", 1))))
    assert (model.ignored, len(model.stood), model.stopped_at) == (1, 1, None)


@pytest.mark.parametrize("value", [packed(format=2), packed([3, b""]), packed(commit("x", ("a", 1)), [9])])
def test_a_newer_format_or_kind_stops_everything(value: bytes) -> None:
    model = folded(RULES, value, packed(commit("y", ("a", 1))))
    assert (model.stopped_at, model.stood) == (1, [])
