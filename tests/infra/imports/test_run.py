"""Imports from end to end of the log: files in, facts recorded, and the second time nothing."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from small_imports import TODAY, give, importer, installed

from domain.kernel.ids import derived_id
from domain.needs import AmendNeed, CooperationMode, WithdrawNeed
from domain.organisations import OrganisationKind
from domain.partners import DisengagePartner, Partner
from domain.profile_commands import AmendProfile, imported_id
from domain.reference.achievements import Maturity, Secrecy
from domain.reference.fields import parse_field
from domain.stations import NATIONAL_STATION, FoundStation, OpenStation, Tier
from domain.values import Bilingual, Contact
from infra.application import Network
from infra.imports.reading import read_file
from infra.imports.records import NeedRecord, Read
from infra.imports.report import FileReport, Happened, Report

HERE = Path(__file__).parents[2] / "data"


@pytest.fixture
def network(tmp_path: Path) -> Iterator[Network]:
    with installed(tmp_path / "data") as made:
        yield made


def happened(report: Report) -> list[Happened]:
    return [line.happened for file in report.files for line in file.lines]


def need_id(reference: str) -> str:
    return derived_id("need", NATIONAL_STATION, reference)


FILES = [HERE / name for name in ("needs.csv", "achievements.csv", "pod-open-profiles.xml")]


def test_files_are_recorded_whole_with_what_they_name(network: Network) -> None:
    report = importer(network).files(FILES)
    assert report.counts() == {"accepted": 7, "amended": 0, "unchanged": 0, "repeated": 0, "quarantined": 0}
    need = network.find(need_id("XQ-2026-001"))
    assert need is not None
    assert need.state.details.title == Bilingual(zh="印染废水深度脱色")
    assert need.state.details.fields == (parse_field("资源与环境"),)
    assert need.state.details.mode is CooperationMode.INTRODUCE
    assert need.state.details.budget.amount == 3_000_000
    organisation = network.find(need.state.organisation_id)
    assert organisation is not None
    assert organisation.state.details.kind is OrganisationKind.ENTERPRISE
    assert organisation.state.details.region == "330603"
    assert organisation.state.credit_code is None
    achievement = network.find(derived_id("achievement", "achievement-register", "610202600012"))
    assert achievement is not None
    assert achievement.state.details.secrecy is Secrecy.OPEN
    assert achievement.state.details.maturity is Maturity.PILOT
    profile = network.find(imported_id("TONL20260903002"))
    assert profile is not None
    assert profile.state.details.technology_keywords == ("10004003",)


def test_importing_twice_changes_nothing_and_says_so(network: Network) -> None:
    importer(network).files(FILES)
    before = network.head()
    report = importer(network).files(FILES)
    assert report.counts()["unchanged"] == 7
    assert network.head() == before


def test_a_contact_abroad_becomes_a_partner_of_the_importing_station(network: Network) -> None:
    importer(network).files([HERE / "pod-open-profiles.xml"])
    partner = network.find(derived_id("partner", "een", "NL00000"))
    assert partner is not None
    state: Partner = partner.state
    assert state.engaged_by == {NATIONAL_STATION}
    assert state.contact is not None
    assert state.contact.name is not None
    assert "Example" not in state.contact.name
    assert network.vault.open(state.contact.name, entity=partner.id) == "Alex Example"


def test_another_station_that_imports_the_same_profiles_works_with_the_partner_too(network: Network) -> None:
    founded = FoundStation(tier=Tier.REGIONAL, name=Bilingual(zh="陕西站"), region="610100", parent_id=NATIONAL_STATION)
    station = give(network, founded)
    give(network, OpenStation(station_id=station, on=TODAY))
    importer(network).files([HERE / "pod-open-profiles.xml"])
    again = importer(network)
    again.station_id = station
    report = again.files([HERE / "pod-open-profiles.xml"])
    assert happened(report) == [Happened.UNCHANGED, Happened.UNCHANGED]
    assert engaged_by(network) == {NATIONAL_STATION, station}
    before = network.head()
    again.files([HERE / "pod-open-profiles.xml"])
    assert network.head() == before


def test_a_station_that_ended_its_work_with_a_partner_does_not_begin_again_by_importing(network: Network) -> None:
    importer(network).files([HERE / "pod-open-profiles.xml"])
    partner = derived_id("partner", "een", "NL00000")
    give(network, DisengagePartner(partner_id=partner, station_id=NATIONAL_STATION, until=TODAY))
    importer(network).files([HERE / "pod-open-profiles.xml"])
    assert engaged_by(network) == frozenset()


def engaged_by(network: Network) -> frozenset[str]:
    partner = network.find(derived_id("partner", "een", "NL00000"))
    assert partner is not None
    engaged: frozenset[str] = partner.state.engaged_by
    return engaged


def test_a_changed_row_becomes_an_amendment_and_an_unchanged_contact_is_left_alone(
    network: Network, tmp_path: Path
) -> None:
    importer(network).files([HERE / "needs.csv"])
    changed = tmp_path / "later.csv"
    changed.write_bytes((HERE / "needs.csv").read_bytes().replace("两千次".encode(), "三千次".encode()))
    report = importer(network).files([changed])
    assert happened(report) == [Happened.UNCHANGED, Happened.AMENDED, Happened.UNCHANGED]
    (commit,) = network.history(need_id("XQ-2026-002"), after=1)
    amended = commit.events[0].fact.model_dump(exclude_none=True)
    assert "三千次" in amended["details"]["description"]["zh"]
    assert "contact" not in amended


def test_a_changed_contact_alone_is_an_amendment(network: Network, tmp_path: Path) -> None:
    importer(network).files([HERE / "needs.csv"])
    changed = tmp_path / "later.csv"
    changed.write_bytes((HERE / "needs.csv").read_bytes().replace(b"li@example.cn", b"wang@example.cn"))
    assert happened(importer(network).files([changed])).count(Happened.AMENDED) == 1
    need = network.find(need_id("XQ-2026-001"))
    assert need is not None
    assert network.vault.open(need.state.contact.email, entity=need.id) == "wang@example.cn"


def test_what_a_later_file_does_not_say_stays_known(network: Network, tmp_path: Path) -> None:
    importer(network).files([HERE / "pod-open-profiles.xml"])
    shorter = tmp_path / "shorter.xml"
    text = (HERE / "pod-open-profiles.xml").read_text(encoding="utf-8")
    shorter.write_text(
        text.replace("<summary>A Dutch SME offers", "<summary>A Dutch firm offers").replace(
            "<stage>Already on the market</stage>", "<stage/>"
        ),
        encoding="utf-8",
    )
    assert happened(importer(network).files([shorter])) == [Happened.AMENDED, Happened.UNCHANGED]
    profile = network.find(imported_id("TONL20260903002"))
    assert profile is not None
    assert profile.state.details.summary.startswith("A Dutch firm")
    assert profile.state.details.stage_of_development is not None


def test_a_record_that_the_rules_refuse_is_quarantined_and_the_rest_goes_on(network: Network, tmp_path: Path) -> None:
    importer(network).files([HERE / "needs.csv"])
    give(network, WithdrawNeed(need_id=need_id("XQ-2026-001"), reason="不再需要"))
    changed = tmp_path / "later.csv"
    changed.write_bytes((HERE / "needs.csv").read_bytes().replace("两千次".encode(), "三千次".encode()))
    report = importer(network).files([changed])
    assert report.counts()["quarantined"] == 1
    (quarantined,) = report.files[0].quarantined
    assert (quarantined.where, quarantined.code) == ("line 2", "need.closed")
    assert happened(report) == [Happened.AMENDED, Happened.UNCHANGED]


def test_a_dry_run_says_what_would_happen_and_records_nothing(network: Network) -> None:
    before = network.head()
    report = importer(network, rehearse=True).files(FILES, dry_run=True)
    assert report.counts()["accepted"] == 7
    assert report.as_json()["dryRun"] is True
    assert network.head() == before
    importer(network).files(FILES)
    assert importer(network, rehearse=True).files(FILES, dry_run=True).counts()["unchanged"] == 7


def test_openness_is_judged_by_the_day(network: Network) -> None:
    page = HERE / "profile-page.json"
    on_time = importer(network, rehearse=True, today=date(2026, 8, 10)).files([page], dry_run=True)
    too_late = importer(network, rehearse=True).files([page], dry_run=True)
    assert [line.open for line in on_time.files[0].lines] == [True]
    assert [line.open for line in too_late.files[0].lines] == [False]


def test_a_change_made_here_is_not_undone_by_importing_the_same_file_again(network: Network) -> None:
    importer(network).files(FILES)
    need, profile = need_id("XQ-2026-002"), imported_id("TONL20260903002")
    changed: dict[str, Any] = {}
    for id, made in ((need, AmendNeed), (profile, AmendProfile)):
        entity = network.find(id)
        assert entity is not None
        details = entity.state.details.model_copy(update={"title": Bilingual(zh="在本地改过", en="Changed here")})
        field = "need_id" if made is AmendNeed else "profile_id"
        give(network, made(**{field: id, "details": details}))
        changed[id] = details
    before = network.head()
    report = importer(network).files(FILES)
    assert report.counts()["unchanged"] == 7
    assert network.head() == before
    for id, details in changed.items():
        entity = network.find(id)
        assert entity is not None
        assert entity.state.details == details


def test_news_about_a_record_that_was_changed_here_is_quarantined_and_overwrites_nothing(
    network: Network, tmp_path: Path
) -> None:
    importer(network).files([HERE / "needs.csv"])
    need = network.find(need_id("XQ-2026-002"))
    assert need is not None
    ours = need.state.details.model_copy(update={"goal": "本地写下的目标"})
    give(network, AmendNeed(need_id=need.id, details=ours))
    later = tmp_path / "later.csv"
    later.write_bytes((HERE / "needs.csv").read_bytes().replace("两千次".encode(), "三千次".encode()))
    report = importer(network).files([later])
    assert [(each.where, each.code) for each in report.files[0].quarantined] == [("line 3", "record.edited_here")]
    kept = network.find(need.id)
    assert kept is not None
    assert kept.state.details == ours


def test_a_file_that_says_what_was_changed_here_agrees_with_it(network: Network, tmp_path: Path) -> None:
    importer(network).files([HERE / "needs.csv"])
    need = network.find(need_id("XQ-2026-002"))
    assert need is not None
    text = need.state.details.description.zh.replace("两千次", "三千次")
    ours = need.state.details.model_copy(update={"description": Bilingual(zh=text)})
    give(network, AmendNeed(need_id=need.id, details=ours))
    later = tmp_path / "later.csv"
    later.write_bytes((HERE / "needs.csv").read_bytes().replace("两千次".encode(), "三千次".encode()))
    assert happened(importer(network).files([later])) == [Happened.UNCHANGED] * 3


def test_a_contact_that_was_changed_here_is_not_replaced_by_one_from_a_file(network: Network, tmp_path: Path) -> None:
    importer(network).files([HERE / "needs.csv"])
    need = network.find(need_id("XQ-2026-001"))
    assert need is not None
    contact = Contact(person_id=derived_id("person", "new"), name="赵某", email="zhao@example.cn")
    give(network, AmendNeed(need_id=need.id, details=need.state.details, contact=contact))
    assert happened(importer(network).files([HERE / "needs.csv"])) == [Happened.UNCHANGED] * 3
    later = tmp_path / "later.csv"
    later.write_bytes((HERE / "needs.csv").read_bytes().replace(b"li@example.cn", b"wang@example.cn"))
    report = importer(network).files([later])
    assert [each.code for each in report.files[0].quarantined] == ["record.edited_here"]
    kept = network.find(need.id)
    assert kept is not None
    assert network.vault.open(kept.state.contact.name, entity=need.id) == "赵某"


ORGANISATION_CODE = "91110000600037341L"


def test_a_credit_code_finds_the_organisation_whatever_its_name(network: Network, tmp_path: Path) -> None:
    table = "来源编号,技术需求名称,技术需求单位,统一社会信用代码\n{}\n"
    first, second = tmp_path / "first.csv", tmp_path / "second.csv"
    first.write_text(table.format(f"A-1,需求一,某某公司,{ORGANISATION_CODE}"), encoding="utf-8")
    second.write_text(table.format(f"A-2,需求二,某某股份公司,{ORGANISATION_CODE}"), encoding="utf-8")
    importer(network).files([first, second])
    needs = [network.find(need_id(reference)) for reference in ("A-1", "A-2")]
    assert len({need.state.organisation_id for need in needs if need}) == 1


def test_a_row_without_a_reference_is_known_by_organisation_and_title(network: Network, tmp_path: Path) -> None:
    file = tmp_path / "needs.csv"
    file.write_text("技术需求名称,技术需求单位\n高速轴承润滑,某某公司\n", encoding="utf-8")
    assert happened(importer(network).files([file])) == [Happened.ACCEPTED]
    assert happened(importer(network).files([file])) == [Happened.UNCHANGED]


def test_an_achievement_of_unknown_secrecy_is_quarantined_and_one_without_a_word_is_kept_internal(
    network: Network, tmp_path: Path
) -> None:
    file = tmp_path / "achievements.csv"
    file.write_text(
        "成果登记号,成果名称,成果完成单位,成果密级,成果所处阶段\n1,甲,某大学,不知道,小试\n2,乙,某大学,,飞行中\n",
        encoding="utf-8",
    )
    report = importer(network).files([file])
    assert [each.code for each in report.files[0].quarantined] == ["achievement.secrecy"]
    (line,) = report.files[0].lines
    assert len(line.warnings) == 2
    achievement = network.find(line.entity_id)
    assert achievement is not None
    assert achievement.state.details.secrecy is Secrecy.INTERNAL
    assert achievement.state.details.maturity is None


def test_a_profile_whose_file_names_nobody_abroad_has_no_contact_point(network: Network, tmp_path: Path) -> None:
    file = tmp_path / "nobody.xml"
    text = (HERE / "pod-open-profiles.xml").read_text(encoding="utf-8")
    for words in ("<partnerid>NL00000</partnerid>", "<organization>Example Chamber of Commerce</organization>"):
        text = text.replace(words, "")
    file.write_text(text, encoding="utf-8")
    assert importer(network).files([file]).counts()["quarantined"] == 0
    (commit,) = network.history(imported_id("TONL20260903002"))
    assert "partner_id" not in commit.events[0].fact.model_dump(exclude_none=True)


def test_a_record_that_the_domain_cannot_hold_is_quarantined_and_the_rest_goes_on(network: Network) -> None:
    (record,) = read_file("needs.csv", "技术需求名称,技术需求单位\n丙,某公司\n".encode()).records
    assert isinstance(record, NeedRecord)
    report = FileReport.of(Read("needs.csv", None))
    importer(network).take(replace(record, keywords=("a\nb",)), report)
    importer(network).take(record, report)
    assert [(each.code, each.where) for each in report.quarantined] == [("record.misshapen", "line 2")]
    assert "keywords.0" in report.quarantined[0].reason
    assert len(report.lines) == 1
