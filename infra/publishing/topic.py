"""The topic of published events, and the settings with which it is made."""

from __future__ import annotations

from collections.abc import Mapping

DEFAULT_TOPIC = "yizhan.events"
LARGEST = "max.message.bytes"
LARGEST_RECORD = 2_097_152
"""Bytes: a commit of the log is at most half of that."""

SETTINGS: Mapping[str, str] = {
    "cleanup.policy": "delete",
    "retention.ms": "-1",
    "retention.bytes": "-1",
    LARGEST: str(LARGEST_RECORD),
}
"""It keeps everything, and takes what the log takes."""
