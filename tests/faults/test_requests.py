"""One request takes effect once, wherever and whenever it is sent again, and everybody is told its first outcome."""

from __future__ import annotations

import threading
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from typing import Any

from infra.eventlog import Accepted, Draft
from infra.eventlog.errors import RequestRepeatedError
from infra.servers.kafka import Broker
from tests.faults.crew import Crew
from tests.faults.journal import Journal, Outcome, read_journal
from tests.faults.stand import Stand, all_of, dump, findings, note

TIMES = 15


def sent(log: Any, meet: threading.Barrier, number: int, entity: str) -> Accepted | RequestRepeatedError:
    """The request, on an entity of the node's own, at the same moment as the others."""
    meet.wait(20)
    try:
        return note(log, f"{entity}-{number}", 1, request=b"request %d" % number)
    except RequestRepeatedError as error:
        return error


def test_a_request_that_reaches_two_nodes_at_once_takes_effect_once(stand: Stand) -> None:
    meet = threading.Barrier(2)
    with closing(stand.open("one")) as one, closing(stand.open("two")) as two, ThreadPoolExecutor(2) as pool:
        for number in range(TIMES):
            both = [pool.submit(sent, log, meet, number, name) for log, name in ((one, "a"), (two, "b"))]
            results = [each.result() for each in both]
            (accepted,) = [each for each in results if isinstance(each, Accepted)]
            (repeated,) = [each for each in results if isinstance(each, RequestRepeatedError)]
            assert repeated.first == accepted
        assert dump(one) == dump(two)
        assert len(list(all_of(one))) == TIMES
    with closing(stand.open("later")) as later:
        for number in range(TIMES):
            again = sent(later, threading.Barrier(1), number, "c")
            assert isinstance(again, RequestRepeatedError)
        assert len(stand.model().stood) == TIMES


def test_a_request_whose_writer_was_killed_before_its_answer_takes_effect_once(broker: Broker, stand: Stand) -> None:
    with Crew([stand.job("killed", seed=105, ways=16)]) as crew:
        time.sleep(1)
        broker.freeze()
        time.sleep(0.5)
        crew.hands[0].kill()
        broker.thaw()
    left = read_journal(crew.hands[0].job.journal)
    requests = {request for name in left.cut_off if (request := left.attempts[name].request)}
    assert requests
    journal = Journal(stand.folder / "again.journal")
    with closing(stand.open("again")) as log:
        for times in range(2):
            for number, request in enumerate(sorted(requests)):
                name = f"again-{times}-{number}"
                events = [(name, 1, "small.noted", b"again")]
                journal.attempt(name, events, request=request)
                try:
                    accepted = log.commit(Draft(events, request=request, context=name.encode()))
                    journal.answer(name, Outcome.ACCEPTED, accepted.first, accepted.last)
                except RequestRepeatedError as error:
                    journal.answer(name, Outcome.REPEATED, error.first.first, error.first.last)
        nodes = {"again": dump(log)}
    journal.close()
    model = stand.model()
    assert findings(model, nodes, {"killed": left, "again": read_journal(stand.folder / "again.journal")}) == []
    assert requests <= {stood.request for stood in model.stood}
