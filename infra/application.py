"""The application: commands in, commits out, over the `eventsourcing` library."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, ClassVar, TypeVar

import anyio.to_thread
from eventsourcing.application import AggregateNotFoundError, Application
from eventsourcing.persistence import InfrastructureFactory, IntegrityError, Mapper, OperationalError
from eventsourcing.utils import Environment
from msgspec.structs import replace

from domain.appointments import acting, appointment_id
from domain.kernel.commands import Command
from domain.kernel.context import Context, request_key
from domain.kernel.facts import Fact
from domain.kernel.history import Commit, Recorded
from domain.kernel.ids import prefix_of
from domain.kernel.outcomes import ContendedError, Outcome, UnavailableError
from domain.kernel.performing import Entity, Load, Numbered, Proposal, propose
from domain.kernel.refusals import Refusal
from domain.registry import registry
from domain.skips import skips_id
from gateway.tracing import UNTRACED, Step, Tracing
from infra.attempts import Attempt, digest
from infra.eventlog import Factory, Log, StoredCommit
from infra.eventlog.index import LATEST
from infra.eventlog.opening import Progress
from infra.eventlog.recorders import CommitRecorder
from infra.eventlog.values import Event
from infra.keys import KeyStore, master_key
from infra.mapper import FactEvent, FactMapper, context_of, stored_context
from infra.vault import Vault

ATTEMPTS = 20
CONTENDED = f"{ATTEMPTS} attempts met other changes; nothing was recorded; send the request again"
LOG_FILE = "log.db"

F = TypeVar("F", bound=Fact)


def now() -> datetime:
    return datetime.now(UTC)


class Network(Application[str]):
    """The network's log, and the desk where commands are given."""

    name = "yizhan"
    env: ClassVar[dict[str, str]] = {
        "PERSISTENCE_MODULE": "infra.eventlog",
        "ORIGINATOR_ID_TYPE": "text",
        "AGGREGATE_CACHE_MAXSIZE": "20000",
        "DEEPCOPY_FROM_AGGREGATE_CACHE": "n",
    }
    recorder: CommitRecorder

    def __init__(
        self,
        folder: Path,
        clock: Callable[[], datetime] = now,
        log: Mapping[str, str] | None = None,
        progress: Progress | None = None,
        tracing: Tracing = UNTRACED,
    ) -> None:
        """Open the network of a data folder. `log` are the settings of `infra.eventlog`; by default its file there.

        `progress` hears how many records of the log are read, and of how many; `tracing` of commands.
        """
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        self._keys = KeyStore(folder / "keys.db", master_key(folder / "master.key"))
        self.vault = Vault(self._keys)
        self._registry = registry()
        self._prefixes = {state: each.prefix for state, each in self._registry.by_state.items()}
        self._clock = clock
        self._progress = progress
        self._tracing = tracing
        try:
            super().__init__(log or {"EVENTLOG_URL": f"sqlite:{folder / LOG_FILE}"})
        except BaseException:
            self._keys.close()
            raise

    def construct_factory(self, env: Environment) -> InfrastructureFactory:
        factory = super().construct_factory(env)
        if isinstance(factory, Factory):
            factory.progress = self._progress
        return factory

    def construct_mapper(self) -> Mapper[str]:
        return FactMapper(self._registry, self.vault)

    def close(self) -> None:
        super().close()
        self._keys.close()

    # -- commands ------------------------------------------------------------

    @property
    def log_of_record(self) -> Log:
        """The log itself."""
        return self.recorder.log

    def perform(self, command: Command, context: Context) -> Outcome:
        """Decide a command and record what it decides, whole; or refuse it (`Refusal`) and record nothing.

        The same request sent again gives the first outcome again, also when it arrives while the first is under way.
        The same request id with other input is refused. Raises `ContendedError` when others kept being quicker, and
        `UnavailableError` when the log did not answer.
        """
        with self._tracing.command(type(command).__name__):
            return self._told(self._perform(command, self._identified(command, context)))

    async def perform_async(self, command: Command, context: Context) -> Outcome:
        """The same on an event loop: while the log answers, no thread waits."""
        with self._tracing.command(type(command).__name__):
            return self._told(await self._perform_async(command, self._identified(command, context)))

    def _perform(self, command: Command, context: Context) -> Outcome:
        for _ in range(ATTEMPTS):
            attempt = self._attempt(command, context)
            if isinstance(attempt, Outcome):
                return attempt
            try:
                with self._appending(attempt):
                    ids = self.recorder.insert_events(attempt.events, **attempt.about)
            except IntegrityError:
                continue
            except OperationalError as error:
                raise UnavailableError(str(error)) from error
            return self._recorded(attempt, ids or ())
        raise ContendedError(CONTENDED)

    async def _perform_async(self, command: Command, context: Context) -> Outcome:
        for _ in range(ATTEMPTS):
            attempt = await anyio.to_thread.run_sync(self._attempt, command, context)
            if isinstance(attempt, Outcome):
                return attempt
            try:
                with self._appending(attempt):
                    ids = await self.recorder.insert_events_async(attempt.events, **attempt.about)
            except IntegrityError:
                continue
            except OperationalError as error:
                raise UnavailableError(str(error)) from error
            return self._recorded(attempt, ids)
        raise ContendedError(CONTENDED)

    def _identified(self, command: Command, context: Context) -> Context:
        """The context with its trace, and with what tells whether a request was sent before with the same input."""
        digest, step = self._keys.digest(command.model_dump_json().encode()), self._tracing.traceparent()
        return replace(context.checked(), command=type(command).__name__, input_hash=digest, traceparent=step)

    def _attempt(self, command: Command, context: Context) -> Outcome | Attempt:
        """What there is to record for the command as things stand, or its outcome when there is nothing more to do."""
        if (first := self._answered(context)) is not None:
            return first
        try:
            proposal, context = self.propose(command, context, self.find)
        except Refusal:
            if (first := self._answered(context)) is not None:
                return first
            raise
        if not proposal.facts:
            return self._answered(context) or Outcome(proposal.entity_id, self.head(), changed=False)
        events = [
            self.mapper.to_stored_event(FactEvent(each.entity_id, each.version, each.fact)) for each in proposal.facts
        ]
        about = {
            "context": stored_context(context),
            "request": digest(context.request_key()),
            "reads": {entity: version or None for entity, version in proposal.reads.items()},
        }
        return Attempt(proposal.entity_id, events, about)

    def _appending(self, attempt: Attempt) -> Step:
        return self._tracing.appending(self.log_of_record.engine, len(attempt.events))

    def _told(self, outcome: Outcome) -> Outcome:
        """The outcome, told to those who trace."""
        self._tracing.note("yizhan.position", outcome.position)
        self._tracing.note("yizhan.changed", outcome.changed)
        self._tracing.note("yizhan.repeated", outcome.repeated)
        return outcome

    def _recorded(self, attempt: Attempt, ids: Sequence[int]) -> Outcome:
        return Outcome(attempt.entity_id, ids[-1])

    def propose(self, command: Command, context: Context, find: Load) -> tuple[Proposal, Context]:
        """What the command would record, by what `find` knows, and its context with the appointment that entitles."""
        appointment = appointment_id(context.actor, context.station_id) if context.station_id else None
        held = find(appointment) if appointment else None
        who = acting(context.actor, context.station_id, held.state if held else None, context.at)
        plan = self._registry.plans[type(command)]

        def load(id: str) -> Entity | None:
            """The appointment is the one that the roles were read from, whatever has become of it since."""
            return held if id == appointment else find(id)

        proposal = propose(plan, self._prefixes, command, who, (context.actor, context.request_id), load)
        return proposal, replace(context, appointment_id=who.appointment_id, recorded_at=self._clock())

    def answered(self, actor: str, request_id: str) -> bool:
        """Whether a request of this actor has taken effect."""
        return self.recorder.select_request(digest(request_key(actor, request_id))) is not None

    def _answered(self, context: Context) -> Outcome | None:
        stored = self.recorder.select_request(digest(context.request_key()))
        if stored is None:
            return None
        first = context_of(stored.context)
        if (first.command, first.input_hash) != (context.command, context.input_hash):
            raise Refusal(
                "request.reused",
                f"the request id {context.request_id} was used for another {first.command}; takes a new one",
            )
        return Outcome(stored.events[0][0], stored.last, repeated=True)

    # -- reading -------------------------------------------------------------

    def find(self, id: str) -> Entity | None:
        """The entity as it stands, or None if there is none."""
        try:
            return self.repository.get(id, projector_func=self._fold)
        except AggregateNotFoundError:
            return None

    def head(self) -> int:
        """The position of the last event, 0 when the log is empty."""
        return self.recorder.max_notification_id() or 0

    def glance(self) -> int:
        """The same at once, for an event loop: beyond it nothing could be found a moment ago."""
        return self.log_of_record.glance()

    def commits(self, after: int, limit: int) -> list[Commit]:
        """The commits beyond a position: about `limit` events, the last commit whole."""
        return [self._commit(stored) for stored in self.recorder.select_commits(after, limit)]

    def chain(self, position: int) -> bytes | None:
        """The chain hash over all commits up to the one that ends at this position; None where none ends."""
        try:
            return self.log_of_record.reading.chain_at(position)
        except ValueError:
            return None

    def skips(self, projection: str, version: int) -> frozenset[int]:
        """The positions of the events that this version of a projection leaves out if it cannot apply them."""
        entity = self.find(skips_id(projection))
        return entity.state.of(version) if entity else frozenset()

    def history(self, id: str, after: int = 0, limit: int = 1_000) -> list[Commit]:
        """What happened to an entity beyond a version of it: of each commit only its own facts."""
        return [self._commit(stored, events) for stored, events in self.recorder.select_entity(id, after, limit)]

    def past(self, id: str, position: int) -> Iterator[Commit]:
        """What happened to an entity in the commits that end at this position or before: only its own facts."""
        for stored, events in self.recorder.select_entity(id, 0, LATEST):
            if stored.last > position:
                return
            yield self._commit(stored, events)

    def facts_of(self, fact: type[F]) -> Iterator[tuple[str, F]]:
        """Every fact of this kind with its entity, in the order of the log; those stored in old versions too."""
        assert isinstance(self.mapper, FactMapper)
        topics = [f"{fact.TOPIC}.v{version}" for version in range(1, fact.VERSION + 1)]
        after = 0
        while found := self.recorder.select_notifications(after, 1_000, None, topics, inclusive_of_start=False):
            for event in found:
                decoded = self.mapper.to_fact(event.topic, event.state)
                assert isinstance(decoded, fact)
                yield str(event.originator_id), decoded
            after = found[-1].id

    def _commit(self, stored: StoredCommit, events: Iterable[tuple[int, Event]] | None = None) -> Commit:
        """A commit as the domain reads it, or of it only these events."""
        assert isinstance(self.mapper, FactMapper)
        chosen = enumerate(stored.events, start=stored.first) if events is None else events
        recorded = tuple(
            Recorded(entity, version, id, self.mapper.to_fact(topic, state))
            for id, (entity, version, topic, state) in chosen
        )
        return Commit(context_of(stored.context), recorded)

    def evolved(self, entity: Entity | None, numbered: Numbered) -> Entity:
        """The entity after one more fact."""
        evolve = self._registry.slices[prefix_of(numbered.entity_id)].evolve
        state = evolve(entity.state if entity else None, numbered.fact)
        return Entity(numbered.entity_id, numbered.version, state)

    def _fold(self, entity: Entity | None, events: Iterable[Any]) -> Entity | None:
        for event in events:
            entity = self.evolved(entity, Numbered(event.originator_id, event.originator_version, event.fact))
        return entity
