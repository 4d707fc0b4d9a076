"""What is asked of Python and of the allocator below it, for a process that runs long and with many threads."""

from __future__ import annotations

import ctypes
import gc
import sys

M_ARENA_MAX = -8
"""As in glibc's <malloc.h>; see mallopt(3)."""
ARENAS = 2

YOUNG = 300_000, 10, 10
"""How many more containers are made than go before the collector looks at the young, and how often at the older."""


def collect_rarely() -> None:
    """Let the collector look for cycles seldom.

    Events are decoded and folded into many small objects, which live until their batch is written and go without the
    collector; by default it looks through them at every 700th, and at every 100,000th it still met each batch once:
    two batches, the one that is written and the next one, hold 160,000. What does go by the collector are the driver's
    transactions, some 85 objects each. `benchmarks/projection.py` prints what that costs, and `benchmarks/million.py`
    what it keeps.
    """
    gc.set_threshold(*YOUNG)


LEFTOVERS = 5_000
"""How many containers may have been left before the collector looks at the young in a quiet moment: 10 ms of work."""


def collect_in_quiet() -> None:
    """Let the collector look at the young now, if there are some; for a moment in which nobody waits for this thread.

    A projector that writes each event as it comes leaves 85 objects with each transaction. Left to the threshold, the
    collector came at every 3,000th and kept everybody waiting for 0.4 s; asked in between, it takes what is there in a
    fortieth of that.
    """
    if gc.get_count()[0] >= LEFTOVERS:
        gc.collect(0)


TURN = 0.0005
"""Seconds for which a thread may compute while another one wants to."""


def take_turns_often() -> None:
    """Let threads wait for each other less than by default, which is 5 ms.

    The thread that writes to the graph waits for an answer many times in each batch, and each time it has to get its
    turn again from the one that gathers the next batch.
    """
    sys.setswitchinterval(TURN)


def share_arenas() -> bool:
    """Let all threads share two of glibc's arenas; says whether this system's C library has such.

    By default threads get arenas of their own, up to eight for each core, and the holes in one are of no use to the
    others: a node with 32 writing threads grew by a quarter within eight minutes, and with two arenas it does not
    (`benchmarks/soak.py`). To be called before the threads are started.
    """
    try:
        return bool(ctypes.CDLL(None).mallopt(M_ARENA_MAX, ARENAS))
    except (AttributeError, TypeError, OSError):
        return False
