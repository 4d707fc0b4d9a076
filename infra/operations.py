"""What an operator does to the graph of an installation, in the process that has it open."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Mapping
from dataclasses import asdict, dataclass
from threading import Event
from typing import Any, TypeAlias

from neo4j import Driver

from domain.kernel.moments import MomentError, NoSuchMomentError, as_of
from infra.graphdb.gathering import Source
from infra.graphdb.generations import Generations
from infra.graphdb.home import State
from infra.graphdb.rebuild import RebuildError, Rebuilt, Report, rebuild, rebuild_as_of
from infra.graphdb.verifying import VerifyError, verify
from infra.past import NetworkPasts

Result: TypeAlias = dict[str, Any]
TICK = 0.1
"""Seconds between two words on how far an act is."""


class OperationError(Exception):
    """It cannot be done; says why in one line."""


@dataclass(frozen=True, slots=True)
class Operations:
    """The acts by their names. Each hears `report` how far it is, ends early by `stop`, and gives a result for JSON."""

    generations: Generations
    driver: Driver
    source: Source
    pasts: NetworkPasts

    @property
    def acts(self) -> dict[str, Callable[[Mapping[str, Any], Report, Event], Result]]:
        return {
            "rebuild": self._rebuild,
            "generations": self._generations,
            "remove": self._remove,
            "verify": self._verify,
        }

    def carry_out(self, act: str, parameters: Mapping[str, Any], report: Report, stop: Event) -> Result:
        """Do it, in this thread. Raises OperationError."""
        try:
            return self.acts[act](parameters, report, stop)
        except (RebuildError, VerifyError) as error:
            raise OperationError(str(error)) from error

    async def words(self, act: str, parameters: Mapping[str, Any]) -> AsyncIterator[Result]:
        """Do it in a thread, and give a word now and then: `{done, total}`, and last `{result}` or `{error}`.

        Who stops to listen breaks it off.
        """
        if act not in self.acts:
            yield {"error": f"{act}: there is no such act; takes {', '.join(sorted(self.acts))}"}
            return
        stop, last = Event(), [0, 0]

        def report(done: int, total: int) -> None:
            last[:] = done, total

        doing = asyncio.ensure_future(asyncio.to_thread(self.carry_out, act, parameters, report, stop))
        try:
            while not (await asyncio.wait([doing], timeout=TICK))[0]:
                yield {"done": last[0], "total": last[1]}
            error = doing.exception()
            if error is not None and not isinstance(error, OperationError):
                raise error
            yield {"result": doing.result()} if error is None else {"error": str(error)}
        finally:
            stop.set()
            doing.add_done_callback(lambda done: done.cancelled() or done.exception())

    def _rebuild(self, parameters: Mapping[str, Any], report: Report, stop: Event) -> Result:
        if (wanted := parameters.get("as_of")) is None:
            return _said(rebuild(self.generations, self.source, report, stop))
        try:
            position = self.pasts.whole(as_of(str(wanted)))
        except (MomentError, NoSuchMomentError) as error:
            raise OperationError(str(error)) from None
        return _said(rebuild_as_of(self.generations, self.source, position, report, stop))

    def _verify(self, _parameters: Mapping[str, Any], report: Report, stop: Event) -> Result:
        return asdict(verify(self.generations, self.driver, self.source, report, stop))

    def _generations(self, _parameters: Mapping[str, Any], _report: Report, _stop: Event) -> Result:
        listed = []
        for record in self.generations.home.records():
            standing = self.generations.standing(record.number)
            listed.append(
                {
                    "generation": record.number,
                    "version": record.version,
                    "state": record.state.value,
                    "position": standing.position if standing else 0,
                    "owner": standing.owner if standing else None,
                    "stopped": standing.stopped if standing else None,
                }
            )
        return {"projection": self.generations.projection.name, "generations": listed}

    def _remove(self, parameters: Mapping[str, Any], _report: Report, _stop: Event) -> Result:
        number = parameters.get("generation")
        record = next((each for each in self.generations.home.records() if each.number == number), None)
        if record is None:
            raise OperationError(f"there is no generation {number}; `yizhan generations` lists them")
        if record.state is not State.KEPT:
            raise OperationError(f"generation {number} is {record.state.value}; takes one that is {State.KEPT.value}")
        self.generations.remove(record.number)
        return {"removed": record.number}


def _said(rebuilt: Rebuilt) -> Result:
    return {"generation": rebuilt.number, "position": rebuilt.position, "seconds": round(rebuilt.seconds, 3)}
