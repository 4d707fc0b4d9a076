"""Writers in several processes on few entities, and everything that can happen to them and to their broker."""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path

from infra.servers.kafka import Broker
from tests.faults.checker import check
from tests.faults.crew import Crew
from tests.faults.job import Job
from tests.faults.journal import Outcome, Told
from tests.faults.mischief import Mischief
from tests.faults.stand import CLIENTS, Stand
from tests.faults.trouble import Trouble

SEEDS = {"kafka-python": 101, "confluent": 102}


def told(journals: Mapping[str, Told], outcome: Outcome) -> int:
    """How often writers were told this."""
    return sum(answer.outcome is outcome for each in journals.values() for answer in each.answers.values())


def test_nothing_is_lost_doubled_or_told_wrong_whatever_happens(
    broker: Broker, new_stand: Callable[..., Stand], client: str
) -> None:
    seed = SEEDS[client]
    print(f"seed {seed}")
    chance = random.Random(seed)
    stand = new_stand(window=400, deadline=1.5)
    other = CLIENTS[1 - CLIENTS.index(client)]
    jobs = [
        stand.job("threads", seed=seed),
        stand.job("loop", seed=seed, on_a_loop=True, ways=8),
        stand.job("other", seed=seed, client=other),
        stand.job("reader", seed=seed, silent=True),
    ]
    mischief = Mischief(broker.bootstrap, stand.topic, stand.folder, chance)
    with Crew(jobs) as crew:
        trouble = Trouble(crew, chance, broker=broker, mischief=mischief)
        kinds = sorted(trouble.kinds)
        chance.shuffle(kinds)
        trouble.happen(kinds, 0.3, 1.0)
        crew.end()
    assert all(trouble.counts[kind] for kind in trouble.kinds)
    evidence = crew.evidence(broker.bootstrap, stand.topic)
    assert check(evidence) == []
    assert len(evidence.nodes) == len(jobs)
    for outcome in (Outcome.ACCEPTED, Outcome.VERSION, Outcome.REPEATED, Outcome.NOT_RECORDED):
        assert told(evidence.journals, outcome), f"nobody was told: {outcome}"


def test_writers_killed_on_one_embedded_file_leave_every_commit_there(tmp_path: Path) -> None:
    seed = 103
    print(f"seed {seed}")
    chance = random.Random(seed)
    shared = Job("threads", str(tmp_path), f"sqlite:{tmp_path / 'log.db'}", seed, ways=4)
    with Crew([shared, replace(shared, name="loop", on_a_loop=True), replace(shared, name="third", ways=1)]) as crew:
        trouble = Trouble(crew, chance)
        trouble.happen(["writers killed"] * 8, 0.1, 0.8)
        crew.end()
    evidence = crew.evidence()
    assert check(evidence) == []
    assert len(evidence.nodes) == 3
    for outcome in (Outcome.ACCEPTED, Outcome.VERSION, Outcome.REPEATED, Outcome.READ):
        assert told(evidence.journals, outcome), f"nobody was told: {outcome}"
    assert any(each.cut_off for each in evidence.journals.values()), "no kill hit a commit on its way"


def test_commits_that_outlive_their_deadline_in_a_frozen_broker_are_settled(
    broker: Broker, new_stand: Callable[..., Stand]
) -> None:
    stand = new_stand(deadline=1.0)
    jobs = [stand.job("threads", seed=104, ways=6), stand.job("loop", seed=104, on_a_loop=True, ways=20)]
    with Crew(jobs) as crew:
        trouble = Trouble(crew, random.Random(104), broker=broker)
        trouble.happen(["broker frozen beyond the deadline"] * 2, 0.5, 0.8)
        crew.end()
    evidence = crew.evidence(broker.bootstrap, stand.topic)
    assert check(evidence) == []
    assert sum(each.doubts for each in evidence.journals.values()) + told(evidence.journals, Outcome.NOT_RECORDED)
    assert evidence.model is not None
    assert any(ruling.is_cancel for ruling in evidence.model.rulings), "nobody tried to take a commit back"
