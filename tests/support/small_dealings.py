"""Who the small network works with, and what came of it: partners, profiles, experts, brokers, matches, deals."""

from __future__ import annotations

from datetime import UTC, date, datetime

from small_desk import SmallNetwork, person, yuan
from small_profiles import IMPORTED, own

from domain.brokers import CertifyBroker, ReleaseBroker, SignBroker, SuspendBroker
from domain.cooperation import (
    AcceptCooperation,
    AskCooperation,
    CloseCooperation,
    CooperationOutcome,
    DeclineCooperation,
)
from domain.deals import AbandonDeal, CompleteDeal, DealDetails, OpenDeal, SignDeal
from domain.experts import DelistExpert, ExpertDetails, ExpertLibrary, JoinTeam, ListExpert
from domain.matches import AcceptMatch, ProposeMatch, RefuseMatch
from domain.partners import DisengagePartner, EngagePartner, PartnerDetails, PartnerKind, Purpose, RecordPartner
from domain.profile_commands import DraftProfile, ImportProfile, PublishProfile, WithdrawProfile
from domain.reference.contracts import ContractClass
from domain.reference.een import ProfileType
from domain.reference.fields import TechnologyField
from domain.reference.match_refusals import MatchRefusalReason
from domain.values import Bilingual, Currency, Money, Source
from infra.identity.directory import person_id

Field = TechnologyField


def record_partners(made: SmallNetwork) -> None:
    dutch = PartnerDetails(
        name=Bilingual(en="Dutch Agency"),
        kind=PartnerKind.EEN_CONTACT_POINT,
        country="NL",
        een_partner_id="NL00012",
    )
    made.name(
        "agency",
        RecordPartner(
            station_id=made["zhejiang"],
            details=dutch,
            contact=person("荷兰人"),
            since=date(2026, 3, 1),
            purposes=(Purpose.MATCHING, Purpose.TRAINING),
        ),
    )
    german = PartnerDetails(name=Bilingual(en="German Agency"), kind=PartnerKind.EEN_CONTACT_POINT, country="DE")
    made.name("chamber", RecordPartner(station_id=made["zhejiang"], details=german))
    home = PartnerDetails(
        name=Bilingual(zh="大学伙伴"), kind=PartnerKind.UNIVERSITY, organisation_id=made["university"]
    )
    made.name("academy", RecordPartner(station_id=made["shaoxing"], details=home))
    for station in ("shaoxing", "shenzhen"):
        made.give(EngagePartner(partner_id=made["academy"], station_id=made[station], since=date(2026, 4, 1)))
    made.give(DisengagePartner(partner_id=made["academy"], station_id=made["shenzhen"], until=date(2026, 6, 1)))


def record_profiles(made: SmallNetwork) -> None:
    for name, (reference, details, contact) in IMPORTED.items():
        made.name(
            name,
            ImportProfile(
                station_id=made["zhejiang"],
                reference=reference,
                details=details,
                source=Source(system="een", reference=reference),
                partner_id=made[contact] if contact else None,
            ),
        )
    made.give(WithdrawProfile(profile_id=made["to withdrawn"], reason="gone", on=date(2026, 8, 1)))
    asking = own(ProfileType.BR)
    made.name("own br", DraftProfile(station_id=made["zhejiang"], details=asking, need_id=made["dyeing"]))
    made.give(PublishProfile(profile_id=made["own br"], on=date(2026, 8, 1), reference="BRCN20260801001"))
    made.name("draft tr", DraftProfile(station_id=made["zhejiang"], details=own(ProfileType.TR), need_id=made["robot"]))
    offering = DraftProfile(station_id=made["zhejiang"], details=own(ProfileType.TO), achievement_id=made["membrane"])
    made.name("own to", offering)
    made.give(PublishProfile(profile_id=made["own to"], on=date(2026, 8, 1)))


def record_experts(made: SmallNetwork) -> None:
    for name, public, station in (
        ("known", True, "zhejiang"),
        ("private", False, "shaoxing"),
        ("delisted", True, "zhejiang"),
    ):
        details = ExpertDetails(
            title="教授",
            fields=(Field.NEW_MATERIALS,) if public else (Field.MARINE,),
            keywords=("膜", name),
            languages=("zh", "en") if public else ("zh",),
            libraries=(ExpertLibrary.BUSINESS,),
            organisation_id=made["university"],
            name_public=public,
        )
        command = ListExpert(
            station_id=made[station],
            person_id=person_id(f"expert {name}"),
            name=f"专家{name}",
            phone="138",
            email=f"{name}@example.org",
            details=details,
            in_team=name == "known",
        )
        made.name(f"expert {name}", command)
    made.give(JoinTeam(expert_id=made["expert known"], station_id=made["shenzhen"]))
    made.give(DelistExpert(expert_id=made["expert delisted"], reason="退休"))


def record_brokers(made: SmallNetwork) -> None:
    for name in ("certified", "signed", "suspended", "ended"):
        certified = CertifyBroker(
            station_id=made["zhejiang"],
            person_id=person_id(f"broker {name}"),
            name=f"经纪{name}",
            certificate=f"ZJ-{name}",
            issuer="省科技厅",
            on=date(2025, 5, 5),
        )
        id = made.name(f"broker {name}", certified)
        if name != "certified":
            made.give(SignBroker(broker_id=id, station_id=made["shaoxing"], since=date(2026, 1, 5)))
    made.give(SuspendBroker(broker_id=made["broker suspended"], reason="投诉"))
    made.give(ReleaseBroker(broker_id=made["broker ended"], until=date(2026, 8, 1), reason="离职"))


def record_matches(made: SmallNetwork) -> None:
    matches: tuple[tuple[str, dict[str, str], int | None], ...] = (
        ("match abroad", {"need_id": "dyeing", "profile_id": "to good"}, 3),
        ("match home", {"need_id": "robot", "achievement_id": "membrane"}, 4),
        ("match expert", {"need_id": "solved", "expert_id": "expert known"}, 5),
        ("match nowhere", {"need_id": "dyeing", "profile_id": "to nowhere"}, 5),
        ("match offer", {"achievement_id": "membrane", "profile_id": "tr good"}, 6),
        ("match adviser", {"achievement_id": "sensor", "expert_id": "expert private"}, 7),
        ("match proposed", {"need_id": "dyeing", "achievement_id": "membrane"}, None),
        ("match refused", {"need_id": "dutch", "achievement_id": "sensor"}, None),
    )
    for name, sides, month in matches:
        station = made["shenzhen" if "robot" in sides.values() else "shaoxing"]
        ids = {side: made[other] for side, other in sides.items()}
        made.name(name, ProposeMatch(station_id=station, score=0.5, note="附注", **ids))
        if month:
            made.give(AcceptMatch(match_id=made[name]), datetime(2026, month, 15, 9, tzinfo=UTC))
    refused = RefuseMatch(match_id=made["match refused"], reason=MatchRefusalReason.OTHER, words="太贵")
    made.give(refused)


def record_cooperations(made: SmallNetwork) -> None:
    asked: tuple[tuple[str, str, str, dict[str, str]], ...] = (
        ("coop need", "shaoxing", "zhejiang", {"need_id": "dyeing"}),
        ("coop robot", "shenzhen", "shaoxing", {"need_id": "robot"}),
        ("coop result", "guangdong", "zhejiang", {"achievement_id": "membrane"}),
        ("coop plain", "national", "guangdong", {}),
        ("coop asked", "shaoxing", "guangdong", {"need_id": "dutch"}),
        ("coop declined", "shaoxing", "guangdong", {}),
    )
    for month, (name, asking, other, about) in enumerate(asked, 2):
        ids = {key: made[each] for key, each in about.items()}
        made.name(name, AskCooperation(station_id=made[asking], asked_id=made[other], purpose="合作", **ids))
        if name not in ("coop asked", "coop declined"):
            made.give(AcceptCooperation(cooperation_id=made[name]), datetime(2026, month, 20, 9, tzinfo=UTC))
    made.give(DeclineCooperation(cooperation_id=made["coop declined"], reason="没有人手"))
    closed = CloseCooperation(cooperation_id=made["coop result"], outcome=CooperationOutcome.SUCCEEDED, remark="顺利")
    made.give(closed)


def record_deals(made: SmallNetwork) -> None:
    deals: tuple[tuple[str, str, str, str | None, Money | None], ...] = (
        ("deal signed", "mill", "university", "match home", yuan(100000)),
        ("deal done", "factory", "institute", None, yuan(250000)),
        ("deal abroad", "factory", "filters", "match abroad", yuan(70000, Currency.EUR)),
        ("deal broken", "bureau", "university", None, yuan(1000)),
        ("deal open", "factory", "university", None, None),
    )
    for month, (name, buyer, seller, match, amount) in enumerate(deals, 3):
        command = OpenDeal(
            buyer_id=made[buyer],
            seller_id=made[seller],
            station_ids=(made["shaoxing"], made["zhejiang"]),
            details=DealDetails(contract_class=ContractClass.LICENCE, title=Bilingual(zh=name, en=name)),
            broker_id=made["broker signed"] if name == "deal done" else None,
            match_id=made[match] if match else None,
        )
        id = made.name(name, command)
        if amount:
            made.give(SignDeal(deal_id=id, on=date(2026, month, 1), amount=amount, technology_amount=amount))
    made.give(CompleteDeal(deal_id=made["deal done"], on=date(2026, 7, 1)))
    made.give(AbandonDeal(deal_id=made["deal broken"], reason="未付款"))
