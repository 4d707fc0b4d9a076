"""The checker is held to what it is for: nothing to say about an honest history, and a name for every lie."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.faults.answers import Kind
from tests.faults.checker import check
from tests.faults.dump import Dump, read_dump, write_dump
from tests.faults.forgeries import EMBEDDED_FORGERIES, FORGERIES, answer_of, attempt_of, place, redump_all
from tests.faults.honest import story
from tests.faults.journal import Journal, Outcome, read_journal, told
from tests.faults.rule import Stood

ROOT = Path(__file__).parents[2]


@given(seed=st.integers(0, 10_000))
@settings(max_examples=60, deadline=None)
def test_it_has_nothing_to_say_about_an_honest_history(seed: int) -> None:
    history = story(seed)
    assert check(history.evidence()) == []
    assert check(history.evidence(embedded=True)) == []


@pytest.mark.parametrize("forgery", FORGERIES)
def test_it_names_a_forgery(forgery: str) -> None:
    forge, kind = FORGERIES[forgery]
    history = story(seed=1)
    forge(history)
    assert kind in {finding.kind for finding in check(history.evidence())}


@pytest.mark.parametrize("forgery", EMBEDDED_FORGERIES)
def test_it_names_a_forgery_that_all_nodes_agree_on(forgery: str) -> None:
    forge, kind = EMBEDDED_FORGERIES[forgery]
    history = story(seed=1)
    redump_all(history, forge)
    assert kind in {finding.kind for finding in check(history.evidence(embedded=True))}


def test_every_kind_of_finding_has_a_forgery_that_it_names() -> None:
    named = {kind for _, kind in (*FORGERIES.values(), *EMBEDDED_FORGERIES.values())}
    assert set(Kind) - named == {Kind.TRACKED_TWICE}, "tracking has a test of its own"


def test_a_tracking_position_that_does_not_rise_is_named() -> None:
    history = story(seed=1)
    attempt_of(history, "extra-1")["tracking"] = ["up", 5]
    assert Kind.TRACKED_TWICE in {finding.kind for finding in check(history.evidence(embedded=True))}


@given(seed=st.integers(0, 10_000), forgery=st.sampled_from(sorted(FORGERIES)), extra=st.integers(2, 20))
@settings(max_examples=120, deadline=None)
def test_no_forgery_gets_through_in_any_history(seed: int, forgery: str, extra: int) -> None:
    history = story(seed, extra)
    FORGERIES[forgery][0](history)
    assert check(history.evidence())


@given(data=st.data(), seed=st.integers(0, 1_000))
@settings(max_examples=120, deadline=None)
def test_no_byte_of_an_accepted_commit_can_be_changed(data: st.DataObject, seed: int) -> None:
    history = story(seed)
    record = bytearray(history.records[place(history, "second")])
    # The commit id is nobody's content, and a base may be anything within the window.
    free = range(record.index(b"second".rjust(12, b".")) - 2, record.index(b"second".rjust(12, b".")) + 13)
    index = data.draw(st.sampled_from([index for index in range(3, len(record)) if index not in free]))
    record[index] ^= data.draw(st.integers(1, 255))
    history.records[place(history, "second")] = bytes(record)
    model = history.model
    assert model.stopped_at is not None or check(history.evidence())


def test_a_crash_excuses_an_answer_that_is_missing_and_nothing_else() -> None:
    history = story(seed=1)
    writer = next(writer for writer, lines in history.journals.items() if answer_of(history, "taken") in lines)
    history.journals[writer].remove(answer_of(history, "taken"))
    history.journals[writer].insert(-1, {"is": "started"})
    assert check(history.evidence()) == []


def test_a_journal_gives_back_what_was_put_down_and_survives_a_cut_off_line(tmp_path: Path) -> None:
    path = tmp_path / "journal"
    journal = Journal(path)
    events = (("a", 1, "small.noted", b"\x00\xff"), ("a", 2, "small.noted", b""))
    journal.attempt("w-1", events, [("b", None), ("c", 4)], b"\x01", ("up", 7))
    journal.answer("w-1", Outcome.UNKNOWN, id=b"\x0f" * 12)
    journal.attempt("w-2", events)
    with path.open("a") as file:
        file.write('{"is": "answer", "name": "w-2", "outco')
    again = Journal(path)
    again.answer("w-1", Outcome.ACCEPTED, 3, 4)
    again.attempt("w-3", events)
    again.close()
    read = read_journal(path)
    attempt = read.attempts["w-1"]
    assert (attempt.events, attempt.reads) == (events, (("b", None), ("c", 4)))
    assert (attempt.request, attempt.tracking) == (b"\x01", ("up", 7))
    assert (read.answers["w-1"].outcome, read.answers["w-1"].first, read.unknown) == (Outcome.ACCEPTED, 3, [])
    assert read.cut_off == {"w-2"}
    assert read.attempts.keys() - read.answers.keys() - read.cut_off == {"w-3"}


def test_a_journal_without_an_end_was_cut_off(tmp_path: Path) -> None:
    journal = Journal(tmp_path / "journal")
    journal.attempt("w-1", ())
    assert read_journal(tmp_path / "journal").cut_off == {"w-1"}
    assert told([]).cut_off == set()


def test_a_dump_gives_back_what_was_put_down(tmp_path: Path) -> None:
    stood = (Stood(1, (("a", 1, "small.noted", b"\x00\xff"),), b"r", b"w-1"), Stood(2, (), None, b"w-2"))
    rows = [(commit.first, commit.events, commit.request, commit.context) for commit in stood]
    write_dump(tmp_path / "dump", rows, (1, b"\xab"))
    assert read_dump(tmp_path / "dump") == Dump(stood, (1, "ab"))


def test_the_checker_shares_no_code_with_the_log() -> None:
    script = (
        "import sys, tests.faults.checker, tests.faults.topic\n"
        "print([name for name in sys.modules if name.split('.')[0] in ('infra', 'eventsourcing')])"
    )
    ran = subprocess.run([sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=True)
    assert ran.stdout.strip() == "[]"
