"""Run a program that ends when its parent ends: `python tether.py PARENT PROGRAM ARGUMENT…`.

The kernel is asked to kill this process with its parent, and the request outlives the `exec`. It has to be made in the
child, where a thread of the parent must not run Python; hence a process of its own. Systems other than Linux know no
such request; there the program is merely run.
"""

from __future__ import annotations

import ctypes
import os
import signal
import sys

PR_SET_PDEATHSIG = 1


def tie(signal_number: int) -> bool:
    """Ask for this signal at the death of the parent; says whether the system knows how."""
    if sys.platform != "linux":
        return False
    return bool(ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal_number, 0, 0, 0) == 0)


def main(arguments: list[str]) -> None:
    parent, *command = arguments
    tie(signal.SIGKILL)
    if os.getppid() != int(parent):
        sys.exit("the parent has already gone")
    os.execv(command[0], command)


if __name__ == "__main__":
    main(sys.argv[1:])
