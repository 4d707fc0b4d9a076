"""Following the partner web service into a network: all of it, what changed since, and on from where it was cut off."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from pydantic import SecretStr
from small_imports import importer, installed
from small_partner_service import CUT, KEY, SmallPartnerService, limited, profile, serving

from domain.profile_commands import imported_id
from domain.profile_standing import SourceStatus
from domain.profiles import Profile, ProfileStage
from infra.application import Network
from infra.errors import OutOfReachError, UnfitError
from infra.imports.b2b_following import FILE, Bookmark, Following
from infra.imports.b2b_service import ATTEMPTS, PartnerService
from infra.imports.removing import remove_absent
from infra.imports.report import Report


@pytest.fixture
def network(tmp_path: Path) -> Iterator[Network]:
    with installed(tmp_path / "data") as made:
        yield made


@pytest.fixture
def service() -> Iterator[SmallPartnerService]:
    with serving(*(profile(number) for number in range(210))) as made:
        yield made


Run = Callable[..., Report]


@pytest.fixture
def run(network: Network, service: SmallPartnerService, tmp_path: Path) -> Run:
    """Follows the service from the bookmark on, or reads all that it has."""

    def follow(*, all: bool = False, rehearse: bool = False, report: Report | None = None) -> Report:
        importing = importer(network, rehearse=rehearse)
        report = report or Report(dry_run=rehearse)
        bookmark = Bookmark.of(tmp_path, service.address)
        client = PartnerService(service.address, SecretStr(KEY), lambda _seconds: None)
        Following(client, importing, report, bookmark).follow(None if all else bookmark.since)
        if all:
            remove_absent(importing, report)
        return report

    return follow


def state(network: Network, number: int) -> Profile | None:
    entity = network.find(imported_id(f"TODE20260911{number:03}"))
    return entity.state if entity else None


def test_the_first_run_reads_all_and_the_next_one_what_may_have_changed_since(
    service: SmallPartnerService, run: Run, network: Network
) -> None:
    assert run().counts()["accepted"] == 210
    before = network.head()
    service.asked.clear()
    again = run()
    assert service.asked == [
        {
            "PageIndex": "1",
            "PageSize": "200",
            "ComparisonDate": "LastModified",
            "SortOrder": "ASC",
            "FromDate": "2026-09-08",
        }
    ]
    assert (again.counts()["unchanged"], network.head()) == (len(again.files[0].lines), before)


def test_a_change_is_an_amendment_and_a_limited_record_moves_its_profile_only(
    service: SmallPartnerService, run: Run, network: Network
) -> None:
    run()
    said = state(network, 8)
    assert said is not None
    late = "2026-10-01T00:00:00+00:00"
    service.profiles[7] = profile(7, title="Another title", lastModified=late)
    service.profiles[8] = limited(profile(8), lastModified=late, profileStatus={"name": "ARCHIVED"})
    assert run().counts()["amended"] == 2
    changed, moved = state(network, 7), state(network, 8)
    assert changed is not None
    assert moved is not None
    assert moved.standing is not None
    assert changed.details.title.en == "Another title"
    assert (moved.details, moved.stage, moved.standing.status) == (
        said.details,
        ProfileStage.WITHDRAWN,
        SourceStatus.ARCHIVED,
    )


def test_what_came_before_a_cut_stays_and_the_next_run_goes_on_from_there(
    service: SmallPartnerService, run: Run, network: Network
) -> None:
    service.troubles.extend([200, *[CUT] * ATTEMPTS])
    report = Report()
    with pytest.raises(OutOfReachError):
        run(report=report)
    assert report.counts()["accepted"] == 200
    assert (state(network, 199) is not None, state(network, 200)) == (True, None)
    service.asked.clear()
    rest = run()
    assert service.asked[0]["FromDate"] == "2026-09-08"
    assert rest.counts()["accepted"] == 10
    assert rest.counts()["amended"] == 0


def test_a_profile_that_slips_to_a_page_that_was_read_is_not_missed(
    service: SmallPartnerService, run: Run, network: Network
) -> None:
    def first_changes(asked: dict[str, str]) -> None:
        if asked["PageIndex"] == "2" and service.profiles[0]["title"] != "Changed meanwhile":
            service.profiles[0] = profile(0, title="Changed meanwhile", lastModified="2026-10-01T00:00:00+00:00")

    service.before = first_changes
    report = run()
    assert service.pages_asked() == ["1", "2", "1", "2"]
    assert [file.file for file in report.files] == ["page 1", "page 2", "round 2, page 1", "round 2, page 2"]
    assert all(state(network, number) is not None for number in range(210))
    assert (report.counts()["accepted"], report.counts()["amended"]) == (210, 1)


def test_a_last_change_in_the_future_does_not_hide_the_changes_before_it(
    service: SmallPartnerService, run: Run, tmp_path: Path
) -> None:
    service.profiles.append(profile(300, lastModified="2199-01-01T00:00:00+00:00"))
    run()
    assert Bookmark.of(tmp_path, service.address).since == date(2026, 11, 22)


def test_a_rehearsal_keeps_no_bookmark_and_records_nothing(
    service: SmallPartnerService, run: Run, network: Network, tmp_path: Path
) -> None:
    before = network.head()
    assert run(rehearse=True).counts()["accepted"] == 210
    assert (network.head(), (tmp_path / FILE).exists()) == (before, False)


def test_a_flawed_profile_is_quarantined_and_the_others_go_on(service: SmallPartnerService, run: Run) -> None:
    service.profiles[3] = profile(3, expirationDate="never")
    report = run()
    assert (report.counts()["accepted"], report.counts()["quarantined"]) == (209, 1)
    (flaw,) = report.files[0].quarantined
    assert (flaw.file, flaw.where, flaw.code) == ("page 1", "$.data.items[3].expirationDate", "date.unreadable")


def test_what_a_complete_listing_lacks_is_removed_and_comes_back_with_it(
    service: SmallPartnerService, run: Run, network: Network
) -> None:
    run()
    gone = service.profiles.pop(5)
    service.profiles[6] = limited(
        service.profiles[6], lastModified="2026-10-01T00:00:00+00:00", profileStatus="ON_HOLD"
    )
    report = run(all=True)
    assert [each.reference for each in report.removed] == ["TODE20260911005"]
    removed, held = state(network, 5), state(network, 7)
    assert removed is not None
    assert held is not None
    assert removed.standing is not None
    assert held.standing is not None
    assert (removed.stage, removed.standing.status) == (ProfileStage.WITHDRAWN, SourceStatus.GONE)
    assert held.standing.status is SourceStatus.ON_HOLD
    assert run(all=True).removed == []
    service.profiles.append(gone)
    assert run(all=True).counts()["amended"] == 1
    back = state(network, 5)
    assert back is not None
    assert back.stage is ProfileStage.PUBLISHED


def test_nothing_is_removed_by_a_listing_with_a_flaw_or_without_anything(
    service: SmallPartnerService, run: Run, network: Network
) -> None:
    run()
    before = network.head()
    whole = list(service.profiles)
    service.profiles[5] = profile(5, title=None)
    assert run(all=True).not_removed == "something was quarantined, and may be what seems to be gone"
    service.profiles = []
    assert run(all=True).not_removed == "the files hold no profile that is known here"
    assert network.head() == before
    service.profiles = whole


def test_a_listing_that_does_not_come_to_its_end_removes_nothing(
    service: SmallPartnerService, run: Run, network: Network
) -> None:
    run()
    service.troubles.extend([200, *[503] * ATTEMPTS])
    before = network.head()
    with pytest.raises(OutOfReachError):
        run(all=True)
    assert network.head() == before


def test_a_bookmark_is_of_one_service_and_never_goes_back(tmp_path: Path) -> None:
    mark = Bookmark.of(tmp_path, "https://one.example")
    assert mark.since is None
    mark.move(datetime(2026, 9, 2, tzinfo=UTC))
    mark.move(datetime(2026, 9, 1, tzinfo=UTC))
    mark.move(None)
    assert Bookmark.of(tmp_path, "https://one.example").since == date(2026, 9, 1)
    assert Bookmark.of(tmp_path, "https://another.example").since is None


@pytest.mark.parametrize("kept", [b"", b"{}", b"[]", b'{"service": "x", "until": "soon"}'])
def test_a_bookmark_that_cannot_be_read_is_no_beginning(kept: bytes, tmp_path: Path) -> None:
    (tmp_path / FILE).write_bytes(kept)
    with pytest.raises(UnfitError, match="delete it, and all is read again"):
        Bookmark.of(tmp_path, "https://one.example")
