"""A key ring: the keys of a provider as they were last had, fetched anew in time, and never by a crowd."""

from __future__ import annotations

import math
import time
from collections.abc import Callable
from dataclasses import dataclass
from threading import BoundedSemaphore, Event, Lock, Thread
from typing import Final

import structlog

from gateway.ports import UnverifiableError
from infra.identity.keys import Keys
from infra.identity.provider import DEADLINE, ProviderError

FRESH: Final = 600.0
"""For how many seconds keys are used without asking whether they are still the provider's."""
KEPT: Final = 86_400.0
"""For how many seconds keys are used while the provider does not answer."""
COOL_DOWN: Final = 10.0
"""Seconds between two times that the provider is asked, whatever tokens are sent."""
MOST_WAITING: Final = 16
"""How many requests wait at once for an answer of the provider: fewer than there are threads for requests."""


@dataclass(frozen=True, slots=True)
class Had:
    """Keys, and when they were had."""

    keys: Keys
    at: float


class KeyRing:
    """Keys by `fetch`, which may block and raise ProviderError. Safe to share between threads.

    At most one thread fetches at a time, and it is nobody's who sent a request; they wait for it, some at a time.
    """

    def __init__(self, fetch: Callable[[], Keys], elapsed: Callable[[], float] = time.monotonic) -> None:
        self._fetch = fetch
        self._elapsed = elapsed
        self._lock = Lock()
        self._waiting = BoundedSemaphore(MOST_WAITING)
        self._had: Had | None = None
        self._fetched = Event()
        self._fetched.set()
        self._not_before = -math.inf
        self._trouble: str | None = None
        self._log = structlog.get_logger("identity.keys")

    def keys(self) -> Keys:
        """The provider's keys. Raises UnverifiableError when there are none to be had.

        Keys that are no longer fresh are used only after the provider was asked, and did not answer.
        """
        had = self._usable()
        if had is None or self._elapsed() - had.at > FRESH:
            self._ask(patient=had is None or self._trouble is None)
            had = self._usable()
        if had is None:
            raise UnverifiableError(self._trouble or "the keys of the OpenID provider are not there yet", self._again())
        return had.keys

    def fresh(self) -> Keys | None:
        """The keys, if they are fresh; None where the provider is to be asked first."""
        had = self._had
        return had.keys if had is not None and self._elapsed() - had.at <= FRESH else None

    def keys_after(self, known: Keys) -> Keys:
        """The keys, asked for anew if `known` are still the last ones and it is not too early to ask again.

        Raises UnverifiableError while the answer is not there.
        """
        if self.keys() is known:
            self._ask(patient=True)
            if not self._fetched.is_set():
                raise UnverifiableError("the OpenID provider has not said yet which keys it has now", 1)
        return self.keys()

    def _usable(self) -> Had | None:
        had = self._had
        return had if had is not None and self._elapsed() - had.at <= KEPT else None

    def _again(self) -> int:
        """After how many seconds it is worth asking again."""
        return max(1, math.ceil(self._not_before - self._elapsed()))

    def _ask(self, *, patient: bool) -> None:
        """Have the keys fetched, unless that is under way or was a moment ago; and wait for them, if patient."""
        with self._lock:
            if self._fetched.is_set() and self._elapsed() >= self._not_before:
                self._not_before = self._elapsed() + COOL_DOWN
                fetched = Event()
                Thread(target=self._fetch_anew, args=(fetched,), name="provider's keys", daemon=True).start()
                self._fetched = fetched
            fetched = self._fetched
        if patient and self._waiting.acquire(blocking=False):
            try:
                fetched.wait(DEADLINE + 1)
            finally:
                self._waiting.release()

    def _fetch_anew(self, fetched: Event) -> None:
        try:
            self._take(self._fetch())
        except ProviderError as error:
            self._trouble = str(error)
            self._log.warning("the keys of the provider cannot be had", reason=str(error))
        except Exception as error:  # nobody else would hear of it
            self._trouble = "the keys of the OpenID provider cannot be had"
            self._log.error("the keys of the provider cannot be had", exc_info=error)
        finally:
            fetched.set()

    def _take(self, keys: Keys) -> None:
        """Have these keys from now on; as long as they are the same, they stay the same object."""
        had = self._had
        if had is not None and had.keys == keys:
            keys = had.keys
        else:
            self._log.info("the provider has these keys", algorithms=keys.algorithms(), left_out=keys.left_out)
        self._had = Had(keys, self._elapsed())
        self._trouble = None
