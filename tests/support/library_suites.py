"""The suites that come with the `eventsourcing` library, unmodified, over a log of any kind."""

from __future__ import annotations

import gc
import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from unittest import TestCase, mock

import pytest
from eventsourcing.persistence import InfrastructureFactory
from eventsourcing.tests.application import ApplicationTestCase, ExampleApplicationTestCase
from eventsourcing.tests.persistence import (
    AggregateRecorderTestCase,
    ApplicationRecorderTestCase,
    InfrastructureFactoryTestCase,
    NonInterleavingNotificationIDsBaseCase,
    ProcessRecorderTestCase,
    TrackingRecorderTestCase,
)
from eventsourcing.utils import Environment

from infra.eventlog import Factory, Log
from infra.eventlog.factory import SHARED
from infra.eventlog.recorders import CommitRecorder, EventRecorder, LogProcessRecorder, LogTrackingRecorder

Settings = Callable[[Path, pytest.FixtureRequest], dict[str, str]]
"""What a log of one kind is opened with: given a fresh folder, and the fixtures that a test may ask for."""


class FewerHandsLogTrackingRecorder(LogTrackingRecorder):
    """A tracking recorder of an application's own."""


def suites(settings: Settings) -> dict[str, type[TestCase]]:
    """The library's suites, over logs that are opened with these settings."""

    class OverALog:
        @pytest.fixture(autouse=True)
        def _settings(self, tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[None]:
            given = {"PERSISTENCE_MODULE": "infra.eventlog", "EVENTLOG_FIRST_VERSION": "0"}
            given |= settings(tmp_path, request)
            with mock.patch.dict(os.environ, given):
                self.env = Environment("Suite", given)
                yield
            SHARED.close()  # the library's suites do not close what they open
            for each in gc.get_objects():
                if isinstance(each, Log):
                    each.close()

        def opened(self) -> Any:
            return InfrastructureFactory.construct(self.env)

    class TestAggregateRecorder(OverALog, AggregateRecorderTestCase):
        def create_recorder(self) -> Any:
            return self.opened().aggregate_recorder()

    class TestApplicationRecorder(OverALog, ApplicationRecorderTestCase):
        def create_recorder(self) -> Any:
            return self.opened().application_recorder()

        def test_insert_subscribe(self) -> None:
            self.optional_test_insert_subscribe()

    class TestNotificationIds(OverALog, NonInterleavingNotificationIDsBaseCase):
        def create_recorder(self) -> Any:
            return self.opened().application_recorder()

    class TestTrackingRecorder(OverALog, TrackingRecorderTestCase):
        def create_recorder(self) -> Any:
            return self.opened().tracking_recorder()

    class TestProcessRecorder(OverALog, ProcessRecorderTestCase):
        def create_recorder(self) -> Any:
            return self.opened().process_recorder()

    class TestFactory(OverALog, InfrastructureFactoryTestCase[Factory]):
        def expected_factory_class(self) -> type[Factory]:
            return Factory

        def expected_aggregate_recorder_class(self) -> type[EventRecorder]:
            return EventRecorder

        def expected_application_recorder_class(self) -> type[CommitRecorder]:
            return CommitRecorder

        def expected_tracking_recorder_class(self) -> type[LogTrackingRecorder]:
            return LogTrackingRecorder

        def tracking_recorder_subclass(self) -> type[LogTrackingRecorder]:
            return FewerHandsLogTrackingRecorder

        def expected_process_recorder_class(self) -> type[LogProcessRecorder]:
            return LogProcessRecorder

    class TestExampleApplication(OverALog, ExampleApplicationTestCase):
        expected_factory_topic = "infra.eventlog.factory:Factory"

    @pytest.mark.filterwarnings("default:'log' is deprecated")
    class TestApplication(OverALog, ApplicationTestCase):
        pass

    found = (
        TestAggregateRecorder,
        TestApplicationRecorder,
        TestNotificationIds,
        TestTrackingRecorder,
        TestProcessRecorder,
        TestFactory,
        TestExampleApplication,
        TestApplication,
    )
    return {each.__name__: each for each in found}
