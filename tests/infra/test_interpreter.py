"""What Python is asked for: how many arenas threads get, how often cycles are looked for and threads take turns."""

from __future__ import annotations

import ctypes
import subprocess
import sys
from pathlib import Path

import pytest

from infra.interpreter import ARENAS

PROGRAM = """
import ctypes, sys
from threading import Barrier, Thread
from infra.interpreter import share_arenas

if sys.argv[2] == "shared":
    assert share_arenas()
libc = ctypes.CDLL(None)
libc.malloc.restype = libc.fopen.restype = ctypes.c_void_p
together = Barrier(12)

def work():
    together.wait()
    libc.malloc(10_000)
    together.wait()

threads = [Thread(target=work) for _ in range(12)]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
file = ctypes.c_void_p(libc.fopen(sys.argv[1].encode(), b"w"))
assert libc.malloc_info(0, file) == 0
libc.fclose(file)
"""


def arenas(report: Path, how: str) -> int:
    """How many arenas there are in a process whose twelve threads ask for memory at the same moment."""
    subprocess.run([sys.executable, "-c", PROGRAM, str(report), how], check=True, timeout=60)
    return report.read_text().count("<heap nr=")


@pytest.mark.skipif(not hasattr(ctypes.CDLL(None), "mallopt"), reason="this system's C library has no arenas")
def test_threads_share_a_few_arenas_once_that_is_asked_for(tmp_path: Path) -> None:
    assert arenas(tmp_path / "usual", "usual") > ARENAS
    assert arenas(tmp_path / "shared", "shared") <= ARENAS


def test_the_collector_looks_for_cycles_seldom_and_finds_them() -> None:
    program = """
import gc, weakref
from infra.interpreter import YOUNG, collect_rarely

class Cycle:
    def __init__(self):
        self.itself = self

collect_rarely()
before = gc.get_stats()[0]["collections"]
kept = [[] for _ in range(YOUNG[0] // 2)]
assert gc.get_stats()[0]["collections"] == before
gone = weakref.ref(Cycle())
kept += [[] for _ in range(YOUNG[0])]
assert gone() is None
"""
    subprocess.run([sys.executable, "-c", program], check=True, timeout=60)


def test_what_was_left_is_collected_in_a_quiet_moment_once_there_is_enough_of_it() -> None:
    program = """
import gc
from infra.interpreter import LEFTOVERS, collect_in_quiet, collect_rarely

def leave(cycles):
    for _ in range(cycles):
        itself = []
        itself.append(itself)

collect_rarely()
gc.collect()
before = gc.get_stats()
leave(LEFTOVERS // 2)
collect_in_quiet()
assert gc.get_stats() == before
leave(LEFTOVERS)
collect_in_quiet()
after = gc.get_stats()
assert after[0]["collected"] - before[0]["collected"] >= LEFTOVERS
assert after[1:] == before[1:]
"""
    subprocess.run([sys.executable, "-c", program], check=True, timeout=60)


def test_a_thread_that_has_something_to_do_gets_its_turn_sooner_than_by_default() -> None:
    program = """
import sys
from infra.interpreter import take_turns_often

by_default = sys.getswitchinterval()
take_turns_often()
assert sys.getswitchinterval() < by_default / 5
"""
    subprocess.run([sys.executable, "-c", program], check=True, timeout=60)
