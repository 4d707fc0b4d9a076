"""Which profiles are exported: our own, while they are published, of all stations or of one."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime
from functools import partial
from pathlib import Path

import pytest
from own_profiles import REFERENCE, full
from small_imports import give, importer, installed

from domain.needs import CheckNeed, NeedDetails, PublishNeed, RecordNeed
from domain.organisations import OrganisationDetails, OrganisationKind, RecordOrganisation
from domain.profile_commands import DraftProfile, PublishProfile, WithdrawProfile
from domain.stations import NATIONAL_STATION
from domain.values import Bilingual
from infra.application import Network
from infra.exports.profiles import Exported, published
from infra.imports.reading import read_file

DATA = Path(__file__).parents[2] / "data"
NOON = datetime(2026, 2, 2, 12, tzinfo=UTC)
perform = partial(give, now=NOON)


@pytest.fixture
def network(tmp_path: Path) -> Iterator[Network]:
    with installed(tmp_path / "data", NOON) as made:
        yield made


def drafted(network: Network) -> str:
    """A draft of our own, on a published need."""
    firm = OrganisationDetails(name=Bilingual(zh="某印染公司"), kind=OrganisationKind.ENTERPRISE)
    organisation = perform(network, RecordOrganisation(station_id=NATIONAL_STATION, details=firm))
    asked = NeedDetails(title=Bilingual(zh="脱色"))
    need = perform(
        network, RecordNeed(station_id=NATIONAL_STATION, organisation_id=organisation, details=asked, contact=None)
    )
    perform(network, CheckNeed(need_id=need))
    perform(network, PublishNeed(need_id=need))
    return perform(network, DraftProfile(station_id=NATIONAL_STATION, details=full(), need_id=need))


def test_a_profile_is_exported_from_its_publication_until_its_withdrawal(network: Network) -> None:
    id = drafted(network)
    assert list(published(network)) == []
    perform(network, PublishProfile(profile_id=id, on=date(2026, 2, 2), reference=REFERENCE))
    (found,) = published(network)
    assert found == Exported(id, full(), found.station, REFERENCE, NOON)
    perform(network, WithdrawProfile(profile_id=id, reason="已找到伙伴", on=date(2026, 9, 1)))
    assert list(published(network)) == []


def test_profiles_of_others_are_not_exported_as_our_own(network: Network) -> None:
    importer(network, now=NOON).content(read_file("pod.xml", (DATA / "pod-open-profiles.xml").read_bytes()))
    assert list(published(network)) == []


def test_those_of_one_station_are_chosen(network: Network) -> None:
    perform(network, PublishProfile(profile_id=drafted(network), on=date(2026, 2, 2)))
    assert len(list(published(network, NATIONAL_STATION))) == 1
    assert list(published(network, "station_of_others")) == []
