"""Commands per second: decided and recorded, beside the library's recorder alone on the same kind of file.

Both sides are durable: one fsync a commit, the optimistic check on. The floor records the same facts' bytes, and
decides, checks and seals nothing. Rounds are interleaved; the median of each is shown.

What dominates, by cProfile: SQLite. About a third of a command is its commit with the fsync and a third the SELECTs
(the request, the appointment, the entity and each one read, since the library's cache reads forward at each look); then
come pydantic and the sealing. A first sealed contact also makes a key durable, which is a commit of its own.

Run: python benchmarks/commands.py [--quick] [--json FILE]
"""

from __future__ import annotations

import statistics
import tempfile
from datetime import UTC, date, datetime
from pathlib import Path

from eventsourcing.persistence import StoredEvent
from eventsourcing.sqlite import SQLiteFactory
from measuring import Results, finish, options, per_second

from domain.installation import Install
from domain.kernel.context import Context
from domain.needs import AmendNeed, NeedDetails, RecordNeed
from domain.organisations import OrganisationDetails, OrganisationKind, RecordOrganisation
from domain.stations import NATIONAL_STATION
from domain.values import Bilingual, Contact
from infra.application import Network
from infra.identity.directory import person_id

ADMINISTRATOR = person_id("administrator")
NOON = datetime(2026, 8, 10, 12, tzinfo=UTC)


def details(number: int) -> NeedDetails:
    text = f"需要零下十八度附近的相变蓄冷材料，循环两千次后潜热衰减不超过百分之五。编号 {number}。"
    return NeedDetails(title=Bilingual(zh=f"冷链运输用相变蓄冷材料 {number}"), description=Bilingual(zh=text))


class Desk:
    """A fresh network with one organisation, and a hand that gives commands."""

    def __init__(self, folder: Path) -> None:
        self.network = Network(folder)
        self.sent = 0
        name = Bilingual(zh="国家站点")
        self.give(Install(name=name, region="110108", opened_on=date(2026, 1, 1), administrator_id=ADMINISTRATOR))
        about = OrganisationDetails(name=Bilingual(zh="某公司"), kind=OrganisationKind.ENTERPRISE)
        self.organisation = self.give(RecordOrganisation(station_id=NATIONAL_STATION, details=about))

    def give(self, command: object) -> str:
        self.sent += 1
        context = Context(actor=ADMINISTRATOR, station_id=NATIONAL_STATION, request_id=str(self.sent), at=NOON)
        return self.network.perform(command, context).entity_id  # type: ignore[arg-type]  # every command here is one

    def record(self, count: int, contacts: bool) -> list[str]:
        return [self.give(self._need(number, contacts)) for number in range(count)]

    def amend(self, ids: list[str]) -> None:
        for number, id in enumerate(ids):
            self.give(AmendNeed(need_id=id, details=details(-number - 1)))

    def _need(self, number: int, contacts: bool) -> RecordNeed:
        contact = Contact(person_id=person_id(f"contact {self.sent}"), name="李某", phone="0575-00000000")
        return RecordNeed(
            station_id=NATIONAL_STATION,
            organisation_id=self.organisation,
            details=details(number),
            contact=contact if contacts else None,
        )


def floor(folder: Path, count: int) -> float:
    """The library's SQLite recorder, fed with bytes of the same size, one event a commit."""
    factory = SQLiteFactory({"SQLITE_DBNAME": str(folder / "floor.db"), "ORIGINATOR_ID_TYPE": "text"})
    recorder = factory.application_recorder()
    state = details(0).model_dump_json().encode()
    events = [StoredEvent(f"need_{number}", 1, "need.recorded.v1", state) for number in range(count)]

    def insert() -> None:
        for event in events:
            recorder.insert_events([event])

    rate = per_second(count, insert)
    factory.close()
    return rate


def main() -> None:
    chosen = options(__doc__)
    count, rounds = (50, 1) if chosen.quick else (1_000, 5)
    samples: dict[str, list[float]] = {"library's recorder alone": []}
    for _ in range(rounds):
        with tempfile.TemporaryDirectory() as name:
            folder = Path(name)
            samples["library's recorder alone"].append(floor(folder, count))
            desk = Desk(folder / "data")
            ids: list[str] = []
            work = {
                "record a need": lambda: ids.extend(desk.record(count, contacts=False)),  # noqa: B023 - called at once
                "record a need with a sealed contact": lambda: desk.record(count, contacts=True),  # noqa: B023 - as above
                "amend a need": lambda: desk.amend(ids),  # noqa: B023 - as above
            }
            for name_of_work, doing in work.items():
                samples.setdefault(name_of_work, []).append(per_second(count, doing))
            desk.network.close()
    results = Results("Commands per second, one thread")
    base = statistics.median(samples["library's recorder alone"])
    for name_of_work, rates in samples.items():
        median = statistics.median(rates)
        results.row(what=name_of_work, per_second=float(round(median)), of_floor=median / base)
    finish(results, chosen)


if __name__ == "__main__":
    main()
