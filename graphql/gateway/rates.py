"""Rates: how much one may ask for in a while. Each who asks has a bucket, which fills at a steady rate up to a burst.

A bucket is one number, the moment at which it will be full; whoever is not remembered has a full one.
"""

from __future__ import annotations

from collections.abc import Callable
from math import ceil
from socket import AF_INET, AF_INET6, inet_pton
from typing import Final

from cachetools import LRUCache

from gateway.over_http import RefusedError

REMEMBERED: Final = 20_000
"""So many buckets are kept, those that were used last."""
MAPPED: Final = bytes(10) + b"\xff\xff"
"""What an IPv4 address begins with where it is written as one of IPv6."""
ROUNDING: Final = 1e-6
"""Seconds that a moment may be off, for what is lost when it is reckoned."""
NETWORK: Final = 8
"""Bytes of an IPv6 address that name the network of one customer, who has all addresses in it."""


class RateLimitedError(RefusedError):
    """Somebody asks for more than they may for now; it is worth asking again in so many whole seconds."""

    def __init__(self, cost: int, left: int, seconds: int) -> None:
        message = f"this costs {cost:,}, and {left:,} are left for now; ask again in {seconds:,} s, or for less"
        headers = {"Retry-After": str(seconds)}
        super().__init__(429, message, headers, code="RATE_LIMITED", cost=cost, left=left, retryAfter=seconds)


class Rates:
    """A bucket for each who asks: `rate` a second comes in, and `burst` is all that it holds.

    The clock gives seconds and never goes back. It is used by one event loop, and waits for nothing.
    """

    def __init__(self, rate: float, burst: float, clock: Callable[[], float], *, remembers: int = REMEMBERED) -> None:
        self._rate = rate
        self._burst = burst
        self._clock = clock
        self._full_at: LRUCache[str, float] = LRUCache(remembers)

    def take(self, who: str, cost: int) -> None:
        """Take this much out of somebody's bucket; out of a full one also what it does not hold, which is filled first.

        Raises RateLimitedError, and has taken nothing.
        """
        now = self._clock()
        full_at = max(self._full_at.get(who, now), now)
        seconds = full_at - now - max(0.0, self._burst - cost) / self._rate
        if seconds > ROUNDING:
            left = max(0.0, self._burst - (full_at - now) * self._rate)
            raise RateLimitedError(cost, int(left), ceil(seconds))
        self._full_at[who] = full_at + cost / self._rate

    def __len__(self) -> int:
        """How many buckets are kept."""
        return len(self._full_at)


def neighbourhood(address: str) -> str:
    """Who counts as one of the public: an IPv4 address, a customer's network in IPv6, and all others together."""
    try:
        packed = inet_pton(AF_INET6, address.partition("%")[0]) if ":" in address else inet_pton(AF_INET, address)
    except (OSError, ValueError):
        return ""
    return (packed[len(MAPPED) :] if packed.startswith(MAPPED) else packed[:NETWORK]).hex()
