"""Worlds that differ in what is hidden and in nothing else: the same commands, except that some say something else.

Each is the small network, and what was added to it. What is hidden from everybody but those who answer for it comes in
two versions, and so does what is hidden from the public alone. In each version as many facts are recorded, under the
same requests: positions and ids of what everybody sees are the same.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from small_desk import SmallNetwork, person
from small_profiles import own
from small_records import achievement, need

from domain.achievement_details import AchievementDetails
from domain.achievements import AmendAchievement, RegisterAchievement
from domain.brokers import AmendBroker, ReleaseBroker, SuspendBroker
from domain.cooperation import AcceptCooperation, AskCooperation
from domain.deals import AmendDeal, DealDetails, OpenDeal
from domain.experts import AmendExpert, DelistExpert, ExpertDetails, ListExpert
from domain.kernel.acting import Role
from domain.matches import ProposeMatch
from domain.needs import AmendNeed, RecordNeed
from domain.organisations import AmendOrganisation, OrganisationDetails, OrganisationKind
from domain.partners import PartnerDetails, PartnerKind, RecordPartner
from domain.profile_commands import AmendProfile
from domain.reference.achievements import Maturity, Secrecy
from domain.reference.contracts import ContractClass
from domain.reference.een import ProfileType
from domain.reference.fields import TechnologyField
from domain.reference.industries import Industry
from domain.stations import DesignateInternational, HostStation
from domain.values import Bilingual, Source
from infra.identity.directory import person_id

Field = TechnologyField
KNOWN_OUTSIDE = Source(system="cnips", reference="9332026Y0666")
"""Where a hidden achievement came from: somebody who guesses it must not learn whether it is there."""


def secret(title: str, field: TechnologyField, **more: object) -> AchievementDetails:
    """Details of an achievement that is not open."""
    return achievement(title, secrecy=Secrecy.SECRET, fields=(field,), **more)


def appoint_outsiders(made: SmallNetwork) -> None:
    """People of stations that answer for nothing of what differs."""
    made.appoint("outsider", "guangdong", Role.MANAGER)
    made.give(DesignateInternational(station_id=made["guangdong"], on=date(2026, 2, 1)))
    made.appoint("foreigner", "guangdong", Role.PARTNER)


def hide_from_members(made: SmallNetwork, one: bool) -> None:
    """What only those who answer for it see: secret achievements, and guarded fields of records that all see."""
    title, field = ("甲密", Field.MARINE) if one else ("乙密", Field.NEW_ENERGY)
    register = {"station_id": made["zhejiang"], "organisation_id": made["university"]}
    made.name("hidden", RegisterAchievement(**register, details=secret("匿", Field.AEROSPACE), source=KNOWN_OUTSIDE))
    if one:
        made.name("only here", RegisterAchievement(**register, details=secret("此", Field.MARINE)))
    else:
        made.give(AmendAchievement(achievement_id=made["hidden"], details=secret("彼", Field.NEW_ENERGY)))
    changed = secret(title, field, keywords=(title,), maturity=Maturity.PILOT if one else None)
    made.give(AmendAchievement(achievement_id=made["secret"], details=changed))
    id = made.name("once secret", RegisterAchievement(**register, details=secret(f"昔{title}", field)))
    made.give(AmendAchievement(achievement_id=id, details=achievement("今公开")))
    about = made["hidden"] if one else None
    between = {"station_id": made["zhejiang"], "asked_id": made["national"], "purpose": "密谈"}
    id = made.name("talks", AskCooperation(**between, achievement_id=about))
    made.give(AcceptCooperation(cooperation_id=id))
    say_to_those_who_answer(made, one)


def say_to_those_who_answer(made: SmallNetwork, one: bool) -> None:
    """Contacts, names and reasons that are for those who answer for the record."""
    word = "甲" if one else "乙"
    dyeing = made.log.find(made["dyeing"])
    assert dyeing is not None
    made.give(AmendNeed(need_id=made["dyeing"], details=dyeing.state.details, contact=person(f"人{word}")))
    listed = {"station_id": made["zhejiang"], "details": ExpertDetails(title="研究员"), "name": f"名{word}"}
    leaving = made.name("expert leaving", ListExpert(**listed, person_id=person_id("leaving"), phone=f"139{word}"))
    made.give(AmendExpert(expert_id=leaving, details=ExpertDetails(title="研究员"), email=f"{word}@example.org"))
    made.give(DelistExpert(expert_id=leaving, reason=f"因{word}"))
    issued = {"issuer": "省科技厅", "on": date(2025, 5, 5)}
    made.give(AmendBroker(broker_id=made["broker certified"], certificate=f"证{word}", **issued))
    made.give(SuspendBroker(broker_id=made["broker signed"], reason=f"停{word}"))
    made.give(ReleaseBroker(broker_id=made["broker signed"], until=date(2026, 8, 10), reason=f"离{word}"))


def hide_from_the_public(made: SmallNetwork, one: bool) -> None:
    """What is hidden from the public alone: drafts, enterprises, and how stations, clients and partners deal."""
    word = "甲" if one else "乙"
    mill, factory = made["mill"], made["factory"]
    enterprise = OrganisationDetails(
        name=Bilingual(zh=f"{word}厂"),
        kind=OrganisationKind.ENTERPRISE,
        region="330600" if one else "440300",
        industry=Industry.C if one else Industry.I,
    )
    made.give(AmendOrganisation(organisation_id=factory, details=enterprise))
    made.give(AmendNeed(need_id=made["written"], details=need(f"暗中的需求{word}", keywords=(word,))))
    client = {"station_id": made["shaoxing"], "organisation_id": factory}
    if one:
        made.name("draft", RecordNeed(**client, details=need("尚未发布的需求")))
        made.name("quiet match", ProposeMatch(**_sides(made), note=word))
        deal = DealDetails(contract_class=ContractClass.SERVICE, title=Bilingual(zh="暗中的交易"))
        parties = {"buyer_id": mill, "seller_id": made["university"], "station_ids": (made["shenzhen"],)}
        made.name("quiet deal", OpenDeal(**parties, details=deal))
        made.name("quiet talks", AskCooperation(**_between(made), purpose="暗中"))
    else:
        for number in range(3):
            made.give(AmendNeed(need_id=made["written"], details=need(f"又一个{number}")))
        deal = DealDetails(contract_class=ContractClass.TRANSFER, title=Bilingual(zh="另一个交易"))
        made.give(AmendDeal(deal_id=made["deal open"], details=deal))
    made.give(AmendAchievement(achievement_id=made["registered"], details=achievement(f"登记的{word}")))
    made.give(
        AmendProfile(profile_id=made["draft tr"], details=own(ProfileType.TR).model_copy(update={"summary": word}))
    )
    made.give(HostStation(station_id=made["shenzhen"], host_id=mill if one else factory))
    partner = PartnerDetails(
        name=Bilingual(zh="某伙伴"), kind=PartnerKind.ENTERPRISE, organisation_id=mill if one else factory
    )
    made.name("of an enterprise", RecordPartner(station_id=made["zhejiang"], details=partner))


def _sides(made: SmallNetwork) -> dict[str, str]:
    return {"station_id": made["shenzhen"], "need_id": made["robot"], "achievement_id": made["sensor"]}


def _between(made: SmallNetwork) -> dict[str, str]:
    return {"station_id": made["shenzhen"], "asked_id": made["guangdong"]}


Change = Callable[[SmallNetwork, str], None]
"""Something hidden that happens, in words of its own."""


def amend_secret(made: SmallNetwork, word: str) -> None:
    made.give(AmendAchievement(achievement_id=made["hidden"], details=secret(f"密{word}", Field.AEROSPACE)))


def amend_phone(made: SmallNetwork, word: str) -> None:
    expert = made.log.find(made["expert private"])
    assert expert is not None
    made.give(AmendExpert(expert_id=made["expert private"], details=expert.state.details, phone=f"1{word}"))


CHANGES: tuple[Change, ...] = (amend_secret, amend_phone)
"""Of what nobody sees who does not answer for it."""
