"""The library's own suites hold for Kafka, through kafka-python."""

from __future__ import annotations

from pathlib import Path

import pytest
from library_suites import suites
from real_servers import fresh_topic

from infra.servers.kafka import Broker


def settings(folder: Path, request: pytest.FixtureRequest) -> dict[str, str]:
    broker: Broker = request.getfixturevalue("kafka")
    return {
        "EVENTLOG_URL": broker.url(fresh_topic("suite")),
        "EVENTLOG_INDEX": str(folder / "index.db"),
        "EVENTLOG_CLIENT": "kafka-python",
    }


globals().update(suites(settings))
