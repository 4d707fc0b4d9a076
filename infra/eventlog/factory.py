"""The log as a persistence module of the `eventsourcing` library: `PERSISTENCE_MODULE=infra.eventlog`.

Settings, each also under the application's name (`NAME_EVENTLOG_URL`):
    EVENTLOG_URL            sqlite:FILE, or kafka://HOST:PORT[,HOST:PORT…]/TOPIC
    EVENTLOG_INDEX          the index file, for Kafka
    EVENTLOG_CLIENT         auto, kafka-python or confluent
    EVENTLOG_DEADLINE       seconds to wait for an acknowledgement
    EVENTLOG_FIRST_VERSION  the version of an entity's first event, 1 or also 0, for a log that begins now
    EVENTLOG_KAFKA_…        PROTOCOL, MECHANISM, USERNAME, PASSWORD, CA_FILE, CERT_FILE, KEY_FILE, KEY_PASSWORD,
                            CHECK_HOSTNAME: how to reach servers that ask who one is
    ORIGINATOR_ID_TYPE      uuid or text
One application has one log, and one index file for each process that writes.
"""

from __future__ import annotations

from pathlib import Path
from threading import Lock
from typing import Any, Final
from uuid import UUID

from eventsourcing.persistence import (
    AggregateRecorder,
    ApplicationRecorder,
    InfrastructureFactory,
    InfrastructureFactoryError,
    ProcessRecorder,
    TrackingRecorder,
)
from eventsourcing.utils import Environment, EnvType, resolve_topic, strtobool

from infra.eventlog.log import Log
from infra.eventlog.opening import ADDRESSES, Progress, open_log
from infra.eventlog.recorders import (
    AsId,
    CommitRecorder,
    EventRecorder,
    LogProcessRecorder,
    LogTrackingRecorder,
    SnapshotRecorder,
)
from infra.eventlog.sharing import SharedLogs
from infra.eventlog.transports.security import Security

ID_TYPES: Final[dict[str, AsId]] = {"uuid": UUID, "text": str}
TEXTS: Final = ("protocol", "mechanism", "username", "password", "key_password")
FILES: Final = ("ca_file", "cert_file", "key_file")


SHARED: Final = SharedLogs()
"""The logs that factories of this process have open."""


class Factory(InfrastructureFactory[TrackingRecorder]):
    """Makes recorders over one log, which is opened with the first of them.

    `progress` hears how far the opening is: how many records are folded, and of how many.
    """

    aggregate_recorder_class = EventRecorder
    application_recorder_class = CommitRecorder
    tracking_recorder_class: type[TrackingRecorder] = LogTrackingRecorder
    process_recorder_class = LogProcessRecorder

    def __init__(self, env: Environment | EnvType | None) -> None:
        super().__init__(env)
        id_type = self._setting("ORIGINATOR_ID_TYPE", "uuid").lower()
        if id_type not in ID_TYPES:
            raise OSError(f"ORIGINATOR_ID_TYPE={id_type}: takes uuid or text")
        self._as_id = ID_TYPES[id_type]
        if not self._setting("EVENTLOG_URL", ""):
            raise OSError(f"EVENTLOG_URL is not set: takes {ADDRESSES}")
        self._lock = Lock()
        self._log: Log | None = None
        self.progress: Progress | None = None
        self._index: Path | None = None

    @property
    def log(self) -> Log:
        """The log, opened when it is first asked for."""
        with self._lock:
            if self._log is None:
                self._log = self._open()
            return self._log

    def _open(self) -> Log:
        index = self._setting("EVENTLOG_INDEX", "")
        if not index:
            return self._opened(None)
        self._index = Path(index).resolve()
        return SHARED.take(self._index, lambda: self._opened(self._index))

    def _opened(self, index: Path | None) -> Log:
        try:
            return open_log(
                self._setting("EVENTLOG_URL", ""),
                index=index,
                client=self._setting("EVENTLOG_CLIENT", "auto"),
                security=self._security(),
                first_version=int(self._setting("EVENTLOG_FIRST_VERSION", "1")),
                deadline=float(self._setting("EVENTLOG_DEADLINE", "15")),
                create=strtobool(self._setting("CREATE_TABLE", "yes")),
                progress=self.progress,
            )
        except ValueError as error:
            raise OSError(f"the settings of the log: {error}") from error

    def _security(self) -> Security:
        given: dict[str, Any] = {name: self._kafka(name) for name in TEXTS if self._kafka(name)}
        given |= {name: Path(self._kafka(name)) for name in FILES if self._kafka(name)}
        return Security(**given, check_hostname=strtobool(self._kafka("check_hostname") or "yes"))

    def _kafka(self, name: str) -> str:
        return self._setting(f"EVENTLOG_KAFKA_{name.upper()}", "")

    def _setting(self, name: str, default: str) -> str:
        return self.env.get(name) or default

    def aggregate_recorder(self, purpose: str = "events") -> AggregateRecorder:
        if purpose == "snapshots":
            return SnapshotRecorder(self.log, self._as_id)
        return self.aggregate_recorder_class(self.log, self._as_id)

    def application_recorder(self) -> ApplicationRecorder:
        return self.application_recorder_class(self.log, self._as_id)

    def tracking_recorder(self, tracking_recorder_class: type[TrackingRecorder] | None = None) -> TrackingRecorder:
        chosen = tracking_recorder_class
        if chosen is None and (topic := self.env.get(self.TRACKING_RECORDER_TOPIC)):
            chosen = resolve_topic(topic)
        chosen = chosen or self.tracking_recorder_class
        if not issubclass(chosen, LogTrackingRecorder):
            raise InfrastructureFactoryError(f"{chosen} is no LogTrackingRecorder")
        return chosen(self.log, self._as_id)

    def process_recorder(self) -> ProcessRecorder:
        return self.process_recorder_class(self.log, self._as_id)

    def close(self) -> None:
        """Close the log, if it was opened."""
        with self._lock:
            if self._log is not None and self._index is not None:
                SHARED.release(self._index)
            elif self._log is not None:
                self._log.close()
            self._log = None
        super().close()
