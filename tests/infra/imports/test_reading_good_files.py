"""The good files give exactly what they say."""

from __future__ import annotations

import io
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from domain.reference.een import IprStatus, PartnershipType, SoughtPartner, StageOfDevelopment, parse_reference
from infra.imports.reading import read_file
from infra.imports.records import AchievementRecord, Call, Kind, NeedRecord, PartnerContact, ProfileRecord, Read

Good = Callable[[str], bytes]

CONTACT = {"organisation": "Example Chamber of Commerce", "full_name": "Alex Example", "email": "alex@example.org"}


def test_the_needs_are_read(good: Good) -> None:
    read = read_file("needs.csv", good("needs.csv"))
    assert (read.kind, read.encoding, read.quarantined, read.repeated) == (Kind.NEEDS_CSV, "utf-8", (), 0)
    assert read.records[0] == NeedRecord(
        where="line 2",
        source_system="needs-csv",
        reference="XQ-2026-001",
        title="印染废水深度脱色",
        fields=("资源与环境",),
        cooperation_modes=("成果引进",),
        keywords=("印染", "脱色", "COD"),
        description=(
            "生化出水色度仍在八十倍以上，COD 一百二十左右，现有芬顿法药剂费太高，希望引进运行费用低的深度处理技术。"
        ),
        goal="色度低于十倍，COD 低于五十，吨水成本低于两元",
        investment=Decimal("3000000.00"),
        organisation="绍兴某印染有限公司",
        address="浙江省绍兴市柯桥区",
        contact_name="李某",
        contact_phone="0575-00000000",
        contact_email="li@example.cn",
    )
    assert [(need.where, need.key, need.warnings) for need in read.records] == [
        ("line 2", ("XQ-2026-001",), ()),
        ("line 3", ("XQ-2026-002",), ()),
        ("line 4", ("XQ-2026-003",), ()),
    ]


def test_the_achievements_are_read(good: Good) -> None:
    read = read_file("achievements.csv", good("achievements.csv"))
    assert (read.kind, read.encoding, read.quarantined) == (Kind.ACHIEVEMENTS_CSV, "utf-8", ())
    assert read.records[0] == AchievementRecord(
        where="line 2",
        source_system="achievements-csv",
        reference="610202600012",
        title="基于声发射的刀具状态监测系统",
        keywords=("声发射", "刀具"),
        organisation="某理工大学",
        programme="国家高技术研究发展计划",
        project_number="2009AA000000",
        secrecy="公开",
        achievement_kind="技术开发类应用技术",
        ip_forms=("发明专利",),
        stage="完成中试",
        level="国内领先",
        fields=("先进制造",),
        summary="利用声发射与主轴电流融合判断刀具磨损与崩刃，已在两家企业试用。",
        contact_name="赵某",
    )
    assert [record.key for record in read.records] == [("610202600012",), ("330202600034",)]


def test_the_open_profiles_are_read(good: Good) -> None:
    read = read_file("pod.xml", good("pod-open-profiles.xml"))
    assert (read.kind, read.encoding, read.quarantined, read.notes) == (Kind.POD_XML, "utf-8", (), ())
    assert read.records == (
        ProfileRecord(
            where="/pod/profile[1]",
            source_system="een",
            reference=parse_reference("TONL20260903002"),
            title="Electro-oxidation that removes colour from textile effluents",
            summary=(
                "A Dutch SME offers a compact electro-oxidation unit that removes colour and residual COD after "
                "biological treatment without chemicals."
            ),
            description=(
                "Boron-doped diamond electrodes oxidise reactive dyes. Energy use is 4 to 6 kWh per cubic metre. "
                "Two dye houses have run the unit for a year."
            ),
            advantages="No sludge, no hydrogen peroxide, small footprint.",
            partner_sought="Dye houses and engineering companies that integrate the unit",
            stage=StageOfDevelopment.ON_THE_MARKET,
            ipr=IprStatus.GRANTED,
            partnerships=(PartnershipType.COMMERCIAL_WITH_ASSISTANCE,),
            technologies=("10004003",),
            country="NL",
            submitted=date(2026, 9, 3),
            updated=date(2026, 10, 1),
            expires=date(2099, 9, 3),
            contact=PartnerContact(partner_id="NL00000", phone="+00 000 0000", **CONTACT),
        ),
        ProfileRecord(
            where="/pod/profile[2]",
            source_system="een",
            reference=parse_reference("TRES20260815007"),
            title="Acoustic methods sought to detect tool breakage when milling titanium",
            summary=(
                "A Spanish aerospace supplier looks for sensor systems that warn of tool wear and breakage in real "
                "time."
            ),
            description=(
                "Unplanned tool breakage scraps costly titanium parts. The company seeks a tested system that combines "
                "acoustic emission with spindle power."
            ),
            partner_sought="Research groups or companies with a tested monitoring system",
            partnerships=(PartnershipType.COMMERCIAL_WITH_ASSISTANCE,),
            technologies=("02009009",),
            country="ES",
            submitted=date(2026, 8, 15),
            updated=date(2026, 9, 20),
            expires=date(2099, 8, 15),
            contact=PartnerContact(partner_id="ES00000", phone="+00 000 0000", **CONTACT),
        ),
    )
    assert [record.warnings for record in read.records] == [(), ()]


def test_a_profile_with_a_namespace_and_empty_elements_is_read(good: Good) -> None:
    read = read_file("old.xml", good("pod-old-profile.xml"))
    assert read.quarantined == ()
    (profile,) = read.records
    assert profile == ProfileRecord(
        where="/pod/profile[1]",
        source_system="een",
        reference=parse_reference("BOCN20160518003"),
        title="Maker of bamboo flooring offers its product range",
        summary="Three lines of goods:\n                - boards\n                - panels",
        description="Boards of pressed bamboo.",
        advantages="Grows back within five years",
        partner_sought="Building trade",
        country="CN",
        submitted=date(2016, 5, 18),
        updated=date(2016, 6, 2),
        expires=date(2017, 6, 2),
    )
    assert profile.warnings == ()


def test_the_text_of_a_page_is_read(good: Good) -> None:
    read = read_file("page.json", good("profile-page.json"))
    assert (read.kind, read.encoding, read.quarantined) == (Kind.PROFILE_PAGE, "utf-8", ())
    (profile,) = read.records
    assert profile == ProfileRecord(
        where="$",
        source_system="een",
        reference=parse_reference("RDRPT20260803004"),
        title="Cork producer seeks acoustic laboratory",
        summary="A Portuguese cork producer prepares a project on sound barriers and seeks a laboratory.",
        description=(
            "The producer has pressed boards of cork waste. They damp noise, yet nobody has measured how they age "
            "beside a railway. The stage of development and the type of partnership are described below."
        ),
        advantages="The boards are made of waste alone and need no glue.",
        partner_role="The laboratory leads the measurements and writes the report.",
        technical_specification="An acoustic laboratory that can measure boards of two square metres.",
        stage=StageOfDevelopment.LAB_TESTED,
        ipr=IprStatus.APPLIED,
        ipr_note="A national filing of 2025.",
        partnerships=(PartnershipType.RESEARCH_COOPERATION,),
        partner_kinds=(
            SoughtPartner.RESEARCH_INSTITUTION,
            SoughtPartner.SME_249,
            SoughtPartner.UNIVERSITY,
            SoughtPartner.SME_10,
        ),
        technologies=("02009009", "10004003"),
        markets=("01001003",),
        sdgs=(9, 12),
        country="PT",
        target_countries=("FR", "BA", "TR"),
        published=date(2026, 8, 3),
        expires=date(2027, 8, 3),
        eoi_deadline=date(2026, 8, 20),
        call=Call(
            framework="Eureka",
            title="Example Call 7",
            scheme="Single stage",
            budget="1.500.000 Euro",
            deadline=date(2026, 9, 10),
            weeks=104,
            url="https://example.org/call",
            project="Quiet cork, QUORK",
            coordinator_required=True,
        ),
        public_url="https://een.ec.europa.eu/partnering-opportunities/cork-producer-seeks-acoustic-laboratory",
    )
    assert profile.warnings == ("the title is made of the address of the page",)


@pytest.mark.parametrize("name", ["needs.csv", "achievements.csv", "pod-open-profiles.xml", "profile-page.json"])
def test_the_name_of_a_file_says_nothing_about_its_kind(name: str, good: Good) -> None:
    named, misnamed = read_file(name, good(name)), read_file("picture.png", good(name))
    assert named.kind is misnamed.kind is not None
    assert named.records == misnamed.records != ()


def test_a_path_a_stream_and_a_pipe_give_the_same(good: Good, tmp_path: Path) -> None:
    class Pipe(io.BytesIO):
        def seekable(self) -> bool:
            return False

    path = tmp_path / "needs.csv"
    path.write_bytes(good("needs.csv"))
    by_path = read_file(path)
    assert len(by_path.records) == 3
    assert read_file("stream", io.BytesIO(good("needs.csv"))).records == by_path.records
    assert read_file("pipe", Pipe(good("needs.csv"))).records == by_path.records


def test_a_caller_sees_how_far_the_reading_has_come(good: Good) -> None:
    seen: list[int] = []
    content = good("needs.csv") + b"\n" * 200_000
    read_file("needs.csv", content, progress=seen.append)
    assert seen == sorted(seen)
    assert len(seen) > 1
    assert seen[-1] == len(content)


def test_a_missing_file_is_left_to_the_caller(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        read_file(tmp_path / "needs.csv")


def test_a_file_without_rows_or_profiles_is_no_fault(needs_text: str) -> None:
    header = needs_text.partition("\n")[0]
    assert read_file("needs.csv", f"{header}\n".encode()) == Read(
        "needs.csv", Kind.NEEDS_CSV, "utf-8", notes=("it has a header and no row that can be read",)
    )
    assert read_file("pod.xml", b"<pod/>") == Read("pod.xml", Kind.POD_XML, "utf-8")
