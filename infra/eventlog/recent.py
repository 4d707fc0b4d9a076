"""A bounded memory of what was put or asked last, in front of a slower store."""

from __future__ import annotations

from typing import Generic, TypeVar

K = TypeVar("K")
V = TypeVar("V")


class Recent(Generic[K, V]):
    """Keeps at least the last `most` keys that were put or found, and about twice as many at most.

    `complete` says that it holds all that the store holds: the store was empty at the beginning, and nothing has been
    forgotten since. Then what is not here is nowhere.
    """

    def __init__(self, most: int, *, complete: bool) -> None:
        self._most = most
        self._old: dict[K, V] = {}
        self.young: dict[K, V] = {}
        self.complete = complete

    def get(self, key: K) -> V | None:
        if (value := self.young.get(key)) is None and (value := self._old.get(key)) is not None:
            self.young[key] = value
        return value

    def forget(self) -> None:
        """Let go of what is old, if there is enough that is young. Whoever puts into `young` calls it now and then."""
        if len(self.young) >= self._most:
            self.complete = self.complete and not self._old
            self._old, self.young = self.young, {}
