"""Imports from the partner web service: what is news, what is older, and what a limited record leaves alone."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from small_imports import importer, installed

from domain.kernel.claims import ClaimTaken, evolve
from domain.kernel.performing import Entity
from domain.profile_commands import imported_id, reference_claim
from domain.profile_standing import SourceStatus
from domain.profiles import Profile, ProfileStage
from infra.application import Network
from infra.imports.profile_recording import OURS, UNKNOWN, UNPUBLISHED
from infra.imports.reading import read_file
from infra.imports.report import FileReport, Happened

DATA = Path(__file__).parents[2] / "data"
OFFER, REQUEST = imported_id("TODE20260911029"), imported_id("RDRUK20260820005")


@pytest.fixture
def network(tmp_path: Path) -> Iterator[Network]:
    with installed(tmp_path / "data") as made:
        yield made


@pytest.fixture
def page() -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads((DATA / "b2b-page.json").read_bytes())["data"]["items"]
    return found


@pytest.fixture
def took(network: Network) -> Callable[..., FileReport]:
    """Imports profiles, and gives what came of it."""

    def take(*items: dict[str, Any], rehearse: bool = False) -> FileReport:
        return importer(network, rehearse=rehearse).content(read_file("b2b.json", json.dumps(items).encode()))

    return take


Took = Callable[..., FileReport]
Page = list[dict[str, Any]]


def happened(file: FileReport) -> list[Happened]:
    assert file.quarantined == []
    return [line.happened for line in file.lines]


def state(network: Network, id: str = OFFER) -> Profile:
    entity = network.find(id)
    assert entity is not None
    assert isinstance(entity.state, Profile)
    return entity.state


def limited(item: dict[str, Any], **members: Any) -> dict[str, Any]:
    """The profile as those see it who may not: its number, its status, and nothing else."""
    empty = dict.fromkeys(item, None) | {"title": "N/A", "description": "N/A"}
    return {**empty, "id": item["id"], "lastModified": "2026-11-01T00:00:00Z", **members}


def test_a_page_is_recorded_with_how_its_profiles_stand(network: Network, took: Took, page: Page) -> None:
    file = took(*page)
    assert happened(file) == [Happened.ACCEPTED, Happened.ACCEPTED]
    assert file.all_notes == (f"{UNKNOWN}: 1",)
    assert [line.open for line in file.lines] == [True, False]
    standing = state(network).standing
    assert standing is not None
    assert (standing.status, standing.source_id) == (SourceStatus.PUBLISHED, "900001")
    assert standing.modified == datetime(2026, 10, 2, 9, 30, 0, 123456, UTC)
    assert state(network, REQUEST).details.country == "GB"


def test_the_same_page_again_changes_nothing(network: Network, took: Took, page: Page) -> None:
    took(*page)
    before = network.head()
    assert happened(took(*page)) == [Happened.UNCHANGED, Happened.UNCHANGED]
    assert network.head() == before


def test_a_dry_run_says_the_same_and_records_nothing(network: Network, took: Took, page: Page) -> None:
    before = network.head()
    assert happened(took(*page, rehearse=True)) == [Happened.ACCEPTED, Happened.ACCEPTED]
    assert network.head() == before


def test_a_newer_state_is_an_amendment_and_an_older_one_after_it_changes_nothing(
    network: Network, took: Took, page: Page
) -> None:
    took(page[0])
    newer = {**page[0], "title": "A newer title", "lastModified": "2026-10-20T00:00:00Z"}
    assert happened(took(newer)) == [Happened.AMENDED]
    before = network.head()
    file = took(page[0])
    assert happened(file) == [Happened.UNCHANGED]
    assert "it is older than what is known" in file.lines[0].warnings[0]
    assert (network.head(), state(network).details.title.en) == (before, "A newer title")


def test_two_states_in_one_file_leave_the_newer_one_whichever_comes_first(
    network: Network, took: Took, page: Page
) -> None:
    newer = {**page[0], "title": "A newer title", "lastModified": "2026-10-20T00:00:00Z"}
    assert happened(took(newer, page[0])) == [Happened.ACCEPTED, Happened.UNCHANGED]
    assert state(network).details.title.en == "A newer title"


def test_a_limited_record_says_how_the_profile_stands_and_leaves_alone_what_it_says(
    network: Network, took: Took, page: Page
) -> None:
    took(page[0])
    known = state(network).details
    assert happened(took(limited(page[0], profileStatus="EXPIRED"))) == [Happened.AMENDED]
    after = state(network)
    assert (after.stage, after.details) == (ProfileStage.WITHDRAWN, known)
    assert after.standing is not None
    assert after.standing.status is SourceStatus.EXPIRED


def test_a_limited_record_is_known_by_its_number_or_by_its_reference(network: Network, took: Took, page: Page) -> None:
    took(page[0], {**page[1], "id": None})
    by_number = limited(page[0], profileStatus="ON_HOLD")
    by_reference = limited(page[1], id=None, reference=page[1]["reference"], profileStatus="FLAGGED")
    assert happened(took(by_number, by_reference)) == [Happened.AMENDED, Happened.AMENDED]
    assert {state(network, id).stage for id in (OFFER, REQUEST)} == {ProfileStage.WITHDRAWN}


def test_an_older_limited_record_changes_nothing(network: Network, took: Took, page: Page) -> None:
    took(page[0])
    file = took(limited(page[0], profileStatus="ON_HOLD", lastModified="2026-10-01T00:00:00Z"))
    assert happened(file) == [Happened.UNCHANGED]
    assert state(network).stage is ProfileStage.PUBLISHED


def test_a_profile_that_was_on_hold_comes_back_with_what_it_says_now(network: Network, took: Took, page: Page) -> None:
    took(page[0])
    took(limited(page[0], profileStatus="ON_HOLD"))
    back = {**page[0], "title": "Back again", "lastModified": "2026-11-02T00:00:00Z"}
    assert happened(took(back)) == [Happened.AMENDED]
    assert (state(network).stage, state(network).details.title.en) == (ProfileStage.PUBLISHED, "Back again")


def test_an_xml_file_does_not_bring_back_what_the_service_says_has_expired(
    network: Network, took: Took, page: Page
) -> None:
    took(page[0])
    took(limited(page[0], profileStatus="EXPIRED"))
    xml = (DATA / "pod-open-profiles.xml").read_bytes().replace(b"TONL20260903002", b"TODE20260911029")
    xml = xml.replace(b"2026-10-01T", b"2026-10-03T")
    importer_file = took_xml(network, xml)
    assert "that it is expired" in importer_file.lines[0].warnings[0]
    assert state(network).stage is ProfileStage.WITHDRAWN


def test_an_xml_file_of_an_earlier_day_changes_nothing(network: Network, took: Took, page: Page) -> None:
    took(page[0])
    xml = (DATA / "pod-open-profiles.xml").read_bytes().replace(b"TONL20260903002", b"TODE20260911029")
    file = took_xml(network, xml)
    assert file.lines[0].happened is Happened.UNCHANGED
    assert "of 2026-10-02" in file.lines[0].warnings[0]


def took_xml(network: Network, content: bytes) -> FileReport:
    return importer(network).content(read_file("pod.xml", content))


def test_what_is_neither_known_nor_published_is_not_recorded(network: Network, took: Took, page: Page) -> None:
    before = network.head()
    file = took({**page[0], "profileStatus": "UNDER_REVIEW"})
    assert (file.lines, file.all_notes, network.head()) == ([], (f"{UNPUBLISHED}: 1",), before)


def test_a_profile_of_our_own_is_not_taken_for_a_foreign_one(
    network: Network, took: Took, page: Page, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = Network.find
    ours = ClaimTaken(kind="een_reference", holder_id="profile_of_ours")

    def find(self: Network, id: str) -> Any:
        if id == reference_claim("TODE20260911029").id:
            return Entity(id, 1, evolve(None, ours))
        return found(self, id)

    monkeypatch.setattr(Network, "find", find)
    reference_only = limited(page[0], reference=page[0]["reference"], profileStatus="EXPIRED")
    file = took(page[0], reference_only)
    assert (file.lines, file.all_notes) == ([], (f"{OURS}: 2",))


def test_a_number_of_another_profile_is_refused(took: Took, page: Page) -> None:
    took(page[0])
    file = took({**page[1], "id": page[0]["id"]})
    assert [each.code for each in file.quarantined] == ["een_number.taken"]
