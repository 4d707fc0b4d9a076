"""`yizhan import`: files of profiles, needs and achievements, or what EEN's service says, recorded for a station."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path
from typing import Annotated

import typer

from domain.kernel.days import day_of
from infra.application import Network, now
from infra.cli.failures import REFUSED, USAGE, Failure
from infra.cli.import_report import progress, shown
from infra.cli.opening import opened
from infra.cli.options import Data, Json, person_named, settings
from infra.imports.b2b_following import Bookmark, Following
from infra.imports.b2b_service import partner_service
from infra.imports.removing import remove_absent
from infra.imports.report import Report
from infra.imports.run import Importer
from infra.rehearsal import Rehearsal
from infra.settings import Settings
from infra.stations import station_named


def import_(
    files: Annotated[
        list[Path] | None, typer.Argument(metavar="FILE…", help="POD v6 XML, profile page JSON, b2b JSON, CSV.")
    ] = None,
    b2b: Annotated[
        bool, typer.Option("--b2b", help="What changed at EEN's partner web service, instead of files.")
    ] = False,
    since: Annotated[
        datetime | None,
        typer.Option(formats=["%Y-%m-%d"], help="With --b2b: changes from this day on. [default: since the last time]"),
    ] = None,
    complete: Annotated[
        bool,
        typer.Option("--complete", help="It is all that EEN lists: what is known here and not in it is removed."),
    ] = False,
    data: Data = None,
    station: Annotated[
        str | None, typer.Option(help="For which station: its id or its name. [default: the station of --as]")
    ] = None,
    as_: Annotated[str, typer.Option("--as", help="Who imports: a name of the directory.")] = "administrator",
    today: Annotated[
        datetime | None, typer.Option(formats=["%Y-%m-%d"], help="The day by which dates are judged. [default: now]")
    ] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Say what would happen, and record nothing.")] = False,
    json: Json = False,
) -> None:
    """Import files. What cannot be read or is refused is quarantined with its reason; the rest goes on.

    Importing the same again changes nothing and says so. Exits with 1 when something was quarantined, and with 3 when
    EEN's service did not answer to the end; what had come by then is recorded, and the next time goes on from there.
    """
    given = files or []
    _ensure_usage(given, b2b, since, complete)
    chosen = settings(data=data)
    service = partner_service(chosen) if b2b else None
    network = opened(chosen)
    report = Report(dry_run=dry_run)
    try:
        importer = _importer(network, chosen, station, as_, today.date() if today else day_of(now()), dry_run)
        with progress() as (read, recorded):
            if service is None:
                importer.files(given, dry_run, read, recorded, report)
            else:
                bookmark = Bookmark.of(chosen.data, service.address)
                following = Following(service, importer, report, bookmark, recorded)
                following.follow(_first_day(since, complete, bookmark))
        if complete:
            remove_absent(importer, report)
    except BaseException:
        if report.files:
            shown(report, json)
        raise
    finally:
        network.close()
    shown(report, json)
    if report.counts()["quarantined"] or report.not_removed:
        raise typer.Exit(REFUSED)


def _ensure_usage(files: list[Path], b2b: bool, since: datetime | None, complete: bool) -> None:
    """Files or the service, and of each only the options that go with it."""
    if b2b == bool(files):
        raise Failure("takes files, or --b2b and no files", USAGE)
    if since is not None and (not b2b or complete):
        raise Failure("--since: goes with --b2b, and not with --complete, which reads all", USAGE)
    if missing := [str(file) for file in files if not file.is_file()]:
        raise Failure(f"{', '.join(missing)}: there is no such file", USAGE)


def _importer(
    network: Network, chosen: Settings, station: str | None, name: str, today: date, dry_run: bool
) -> Importer:
    person = person_named(chosen.data, name)
    target = station_named(network, station) if station else person.station_id
    if target is None:
        raise Failure(f"--station {station}: there is no station of that id or name", USAGE)
    return Importer(
        book=Rehearsal(network) if dry_run else network,
        vault=network.vault,
        actor=person.person_id,
        acting_for=person.station_id,
        station_id=target,
        today=today,
        clock=now,
    )


def _first_day(since: datetime | None, complete: bool, bookmark: Bookmark) -> date | None:
    """The day from which changes are wanted; None for all that there is."""
    if since is not None:
        return since.date()
    return None if complete else bookmark.since
