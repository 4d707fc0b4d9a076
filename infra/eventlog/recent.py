"""A bounded memory of what was put or asked last, in front of a slower store."""

from __future__ import annotations

from typing import Generic, TypeVar

K = TypeVar("K")
V = TypeVar("V")


class Recent(Generic[K, V]):
    """Keeps at least the last `most` keys that were put or found, and at most twice as many.

    `complete` says that it holds all that the store holds: the store was empty at the beginning, and nothing has been
    forgotten since. Then what is not here is nowhere.
    """

    def __init__(self, most: int, *, complete: bool) -> None:
        self._most = most
        self._young: dict[K, V] = {}
        self._old: dict[K, V] = {}
        self.complete = complete

    def get(self, key: K) -> V | None:
        if (value := self._young.get(key)) is None and (value := self._old.get(key)) is not None:
            self.put(key, value)
        return value

    def put(self, key: K, value: V) -> None:
        if len(self._young) >= self._most:
            self.complete = self.complete and not self._old
            self._old, self._young = self._young, {}
        self._young[key] = value
