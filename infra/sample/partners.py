"""Partners of the sample network: contact points of the EEN, and whom stations work with at home."""

from __future__ import annotations

from random import Random

from domain.kernel.ids import derived_id
from domain.partners import DisengagePartner, EngagePartner, PartnerDetails, PartnerKind, Purpose, RecordPartner
from domain.values import Bilingual, Contact
from infra.sample.abroad import Country
from infra.sample.chance import chance
from infra.sample.names import person_name, phone
from infra.sample.posts import Posts
from infra.sample.steps import Actor, Script

AT_HOME = (
    (PartnerKind.INTERMEDIARY, "知识产权代理有限公司", "Intellectual Property Agency", (Purpose.LEGAL,)),
    (PartnerKind.INTERMEDIARY, "科技企业孵化器", "Technology Incubator", (Purpose.INCUBATION, Purpose.PILOT)),
    (PartnerKind.ENTERPRISE, "创业投资管理公司", "Venture Capital", (Purpose.FINANCE,)),
    (PartnerKind.INSTITUTE, "产品质量检验所", "Quality Inspection Institute", (Purpose.PILOT, Purpose.RESEARCH)),
    (PartnerKind.ASSOCIATION, "技术市场协会", "Technology Market Association", (Purpose.PROMOTION, Purpose.TRAINING)),
    (PartnerKind.AUTHORITY, "生产力促进中心", "Productivity Centre", (Purpose.MATCHING,)),
)
"""What partners at home are, and what stations work with them for."""


def contact_points(script: Script, posts: Posts, countries: tuple[Country, ...]) -> dict[str, str]:
    """A contact point in each country, engaged by an international station or two: its id by the country's code."""
    found = {}
    for number, country in enumerate(countries):
        rng = chance(script.name, "contact point", country.code)
        post = posts.abroad[number % len(posts.abroad)]
        since = rng.uniform(5, 7)
        person = Contact(
            person_id=derived_id("person", script.name, "contact point", country.code),
            name=f"{country.adjective} adviser",
            email=f"een.{country.code.lower()}@example.org",
        )
        details = PartnerDetails(
            name=Bilingual(en=country.contact),
            kind=PartnerKind.EEN_CONTACT_POINT,
            country=country.code,
            een_partner_id=f"{country.in_references}{90_000 + number}",
        )
        recorded = RecordPartner(
            station_id=post.id,
            details=details,
            contact=person,
            since=script.days.day(since),
            purposes=(Purpose.MATCHING, Purpose.PROMOTION),
        )
        found[country.code] = script.make(since, post.adviser, f"contact-point/{country.code}", recorded)
        for other in posts.abroad:
            if other is not post and rng.random() < 0.5:
                _engage(script, found[country.code], f"contact-point/{country.code}", other.id, other.adviser, rng)
    return found


def at_home(script: Script, posts: Posts, number: int) -> None:
    """Partners in the regions, some engaged by base stations too, a few not any more."""
    for i in range(number):
        rng = chance(script.name, "partner", i)
        post = posts.regional[i % len(posts.regional)]
        kind, zh, en, purposes = AT_HOME[i % len(AT_HOME)]
        since = rng.uniform(5, 40)
        details = PartnerDetails(
            name=Bilingual(zh=f"{post.place.zh}驿桥{zh}", en=f"{post.place.en} Yiqiao {en}"), kind=kind
        )
        person = Contact(
            person_id=derived_id("person", script.name, "partner", str(i)), name=person_name(rng), phone=phone(rng)
        )
        recorded = RecordPartner(
            station_id=post.id,
            details=details,
            contact=person,
            since=script.days.day(since),
            purposes=purposes,
        )
        id = script.make(since, post.adviser, f"partner/{i}", recorded)
        base = rng.choice(posts.base)
        _engage(script, id, f"partner/{i}", base.id, base.adviser, rng)
        if rng.random() < 0.15:
            later = since + rng.uniform(60, 120)
            ended = DisengagePartner(partner_id=id, station_id=post.id, until=script.days.day(later))
            script.do(later, post.adviser, f"partner/{i}/disengage", ended)


def _engage(script: Script, id: str, request: str, station_id: str, adviser: Actor, rng: Random) -> None:
    moment = rng.uniform(45, 80)
    command = EngagePartner(
        partner_id=id, station_id=station_id, since=script.days.day(moment), purposes=(Purpose.MATCHING,)
    )
    script.do(moment, adviser, f"{request}/engage/{station_id}", command)
