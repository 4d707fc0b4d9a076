"""What writers were told, held against the log: every answer has to be true, and every writer gets one."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from tests.faults.journal import Answer, Attempt, Outcome, Told
from tests.faults.rule import Model, Stood, Verdict


class Kind(StrEnum):
    """What can be wrong."""

    LOST = "acknowledged, and not in the log"
    DOUBLED = "stands more than once"
    MISNUMBERED = "acknowledged with other notification ids than it has"
    ALTERED = "stands with other content than was sent"
    REFUSED_STANDS = "refused, and in the log all the same"
    GROUNDLESS = "refused for something that is not so"
    OTHER_FIRST = "a repeated request was answered with another outcome than its first"
    REQUEST_TWICE = "a request took effect twice"
    STALE_READ = "rests on a read that had moved"
    TRACKED_TWICE = "a tracking position that does not rise"
    OUT_OF_SEQUENCE = "versions of an entity with a gap or twice"
    OUT_OF_ORDER = "stands before what was acknowledged before it was sent"
    UNHEARD_OF = "stands, and nobody sent it"
    GAP = "notification ids with a gap"
    UNSETTLED = "its outcome stayed unknown"
    UNANSWERED = "its writer lived, and was never answered"
    FAILED = "failed in a way that nobody promised"
    NODES_DIFFER = "a node holds something else than the log"
    CHAINS_DIFFER = "chain hashes of nodes differ"


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is wrong, at a commit (by its context) or a node."""

    kind: Kind
    where: str
    words: str


@dataclass(frozen=True)
class Log:
    """The accepted commits in the ways that answers are looked up by."""

    by_name: dict[str, Stood]
    by_request: dict[bytes, Stood]
    by_version: dict[tuple[str, int], str]
    highest: dict[str, int]
    tracked: dict[str, int]
    verdicts: dict[str, set[Verdict]]

    @classmethod
    def of(cls, stood: Sequence[Stood], journals: Iterable[Told], model: Model | None) -> Log:
        by_name = {commit.name: commit for commit in stood}
        by_request: dict[bytes, Stood] = {}
        for commit in stood:
            if commit.request is not None:
                by_request.setdefault(commit.request, commit)
        by_version = {(entity, version): commit.name for commit in stood for entity, version, _, _ in commit.events}
        highest: dict[str, int] = {}
        for entity, version in by_version:
            highest[entity] = max(version, highest.get(entity, 0))
        tracked: dict[str, int] = {}
        for told in journals:
            for name, attempt in told.attempts.items():
                if attempt.tracking is not None and name in by_name:
                    application, position = attempt.tracking
                    tracked[application] = max(position, tracked.get(application, -1))
        verdicts: dict[str, set[Verdict]] = {}
        for ruling in model.rulings if model else ():
            verdicts.setdefault(ruling.context.decode(errors="replace"), set()).add(ruling.verdict)
        return cls(by_name, by_request, by_version, highest, tracked, verdicts)


def answers_wrong(stood: Sequence[Stood], journals: Iterable[Told], model: Model | None) -> Iterator[Finding]:
    """Answers that are not true, and attempts that got none."""
    journals = list(journals)
    log = Log.of(stood, journals, model)
    for told in journals:
        for name, attempt in told.attempts.items():
            if answer := told.answers.get(name):
                yield from _answer_wrong(attempt, answer, log)
            elif name not in told.cut_off:
                yield Finding(Kind.UNANSWERED, name, "no answer")
        for name in told.answers.keys() - told.attempts.keys():
            yield Finding(Kind.UNHEARD_OF, name, "answered, and never sent")


def _answer_wrong(attempt: Attempt, answer: Answer, log: Log) -> Iterator[Finding]:
    stands = log.by_name.get(attempt.name)
    match answer.outcome:
        case Outcome.ACCEPTED if stands is None:
            verdicts = log.verdicts.get(attempt.name, set())
            kind = Kind.STALE_READ if Verdict.READ in verdicts else Kind.LOST
            yield Finding(kind, attempt.name, f"in the topic: {sorted(verdicts) or 'nothing'}")
        case Outcome.ACCEPTED if stands and (answer.first, answer.last) != (stands.first, stands.last):
            told, has = (answer.first, answer.last), (stands.first, stands.last)
            yield Finding(Kind.MISNUMBERED, attempt.name, f"told {told}, has {has}")
        case Outcome.ACCEPTED:
            pass
        case Outcome.UNKNOWN:
            yield Finding(Kind.UNSETTLED, attempt.name, answer.words)
        case Outcome.FAILED:
            yield Finding(Kind.FAILED, attempt.name, answer.words)
        case refused if stands is not None:
            yield Finding(Kind.REFUSED_STANDS, attempt.name, f"told: {refused}; stands at {stands.first}")
        case Outcome.REPEATED:
            yield from _repeated_wrong(attempt, answer, log)
        case refused if not _grounded(attempt, refused, log):
            yield Finding(Kind.GROUNDLESS, attempt.name, f"told: {refused}")


def _repeated_wrong(attempt: Attempt, answer: Answer, log: Log) -> Iterator[Finding]:
    first = log.by_request.get(attempt.request) if attempt.request is not None else None
    if first is None:
        yield Finding(Kind.GROUNDLESS, attempt.name, "told: request repeated, and it was never answered")
    elif (answer.first, answer.last) != (first.first, first.last):
        told, was = (answer.first, answer.last), (first.first, first.last)
        yield Finding(Kind.OTHER_FIRST, attempt.name, f"told {told}, the first was {was}")


def _grounded(attempt: Attempt, refused: Outcome, log: Log) -> bool:
    """Whether there is in the log what the refusal names. Writers never leave a gap on purpose."""
    match refused:
        case Outcome.VERSION:
            return any((entity, version) in log.by_version for entity, version, _, _ in attempt.events)
        case Outcome.READ:
            return any(log.highest.get(entity, 0) > (version or 0) for entity, version in attempt.reads)
        case Outcome.TRACKING:
            return attempt.tracking is not None and log.tracked.get(attempt.tracking[0], -1) >= attempt.tracking[1]
    return True
