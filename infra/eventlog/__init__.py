"""The event log, as a persistence module of the `eventsourcing` library (`PERSISTENCE_MODULE=infra.eventlog`)."""

from infra.eventlog.recorder import Factory

__all__ = ["Factory"]
