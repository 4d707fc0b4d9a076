"""The threads of a log, and how what they might wait for in vain is done without them."""

from __future__ import annotations

import threading
from collections.abc import Callable


class LogThread(threading.Thread):
    """A thread that works for a log. It ends with the process, whatever it is doing."""

    def __init__(self, target: Callable[[], None], name: str) -> None:
        super().__init__(target=target, name=name, daemon=True)


def apart(work: Callable[[], None]) -> None:
    """Do this now; but when a log's own thread is told to, in a thread beside it, and without waiting.

    Python's collector may drop an application, and so close its log, in any thread and in the middle of anything. A
    thread of that log, or of one that is being closed at the same moment, would wait for itself.
    """
    if isinstance(threading.current_thread(), LogThread):
        threading.Thread(target=work, name="event log, closing").start()
    else:
        work()
