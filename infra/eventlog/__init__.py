"""An event log: a Kafka topic of one partition, or one SQLite file; and for the `eventsourcing` library a persistence
module (`PERSISTENCE_MODULE=infra.eventlog`).

It knows nothing of what the events mean.
"""

from infra.eventlog.factory import Factory
from infra.eventlog.log import Log
from infra.eventlog.opening import open_log
from infra.eventlog.values import Accepted, Draft, Rules, StoredCommit

__all__ = ["Accepted", "Draft", "Factory", "Log", "Rules", "StoredCommit", "open_log"]
