"""What the sample's profiles say: titles, summaries and descriptions by type, in English, as the EEN writes them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from random import Random

from domain.profile_details import Call, ProfileDetails
from domain.reference.een import (
    PARTNERSHIPS,
    IprStatus,
    PartnershipType,
    ProfileType,
    SoughtPartner,
    StageOfDevelopment,
)
from domain.values import Bilingual
from infra.sample.data import phrases
from infra.sample.topics import Variant

NAMED: Mapping[ProfileType, str] = {
    ProfileType.TO: "offer",
    ProfileType.TR: "request",
    ProfileType.RDR: "request",
    ProfileType.BO: "product",
    ProfileType.BR: "product",
}
"""Which text of a topic the title of a type is made of."""

TOLD: Mapping[ProfileType, str] = {
    ProfileType.TO: "offers",
    ProfileType.TR: "asks",
    ProfileType.RDR: "asks",
    ProfileType.BO: "offers",
    ProfileType.BR: "asks",
}
"""Which text of a topic the description of a type is made of."""

RIPE = (StageOfDevelopment.LAB_TESTED, StageOfDevelopment.DEMONSTRATION, StageOfDevelopment.ON_THE_MARKET)
OFFERING = frozenset({ProfileType.TO, ProfileType.BO})


def profile_details(type: ProfileType, about: Variant, who: str, country: str, rng: Random) -> ProfileDetails:
    """The text of a profile of this type, by a client of that country (`who` is its adjective), without dates."""
    np = about.text(NAMED[type], rng)
    title = rng.choice(phrases("profile", type)).format(**_words_for(who), np=np)
    told = about.text(TOLD[type], rng)
    client = rng.choice(phrases("profile", "client")).format(
        **_words_for(who), k=rng.randrange(2, 10), j=rng.randrange(5, 40)
    )
    offering = type in OFFERING
    stage = rng.choice(RIPE if type is not ProfileType.BO else RIPE[2:]) if offering else None
    ipr = rng.choice(tuple(IprStatus)) if offering else None
    partnerships = _partnerships(type, rng)
    return ProfileDetails(
        type=type,
        title=Bilingual(en=_capital(title)),
        summary=f"{told.split('. ')[0].rstrip('.')}. {_wish(partnerships, who)}",
        description=f"{client}\n\n{told}",
        advantages=_filled("advantages", who, rng) if offering else None,
        partner_sought=_filled("sought", who, rng),
        partner_role=_filled("role", who, rng),
        stage_of_development=stage,
        ipr_status=ipr,
        ipr_note=_filled("ipr", who, rng) if ipr in (IprStatus.APPLIED, IprStatus.GRANTED) else None,
        partnerships=partnerships,
        partner_kinds=tuple(rng.sample(tuple(SoughtPartner)[:6], rng.choice((2, 3, 4)))),
        technology_keywords=about.topic.technology,
        market_keywords=about.topic.market,
        sdgs=tuple(sorted(rng.sample((2, 3, 6, 7, 9, 11, 12, 13, 14), rng.choice((1, 2))))),
        country=country,
    )


def call(deadline: date, rng: Random) -> Call:
    """The call that an R&D request answers; the budget is text, as users write it."""
    thousand = rng.randrange(4, 40) * 100
    return Call(
        framework=rng.choice(("Horizon Europe", "Eureka", "Eurostars", "Single Market Programme")),
        title=f"Industrial innovation, cut-off {deadline:%B %Y}",
        scheme=rng.choice(("Innovation action", "Research and innovation action", "Network project")),
        budget=rng.choice((f"Approx. EUR {thousand}000", f"{thousand}.000 Euro", f"{thousand} kEUR per consortium")),
        deadline=deadline,
        weeks=rng.choice((78, 104, 156)),
        coordinator_required=rng.random() < 0.2,
    )


def expiry(submitted: date) -> date:
    """A profile is valid for a year."""
    return submitted + timedelta(days=365)


def _wish(partnerships: Sequence[PartnershipType], who: str) -> str:
    kinds = " or ".join(each.label[:1].lower() + each.label[1:] for each in partnerships)
    return f"Partnership that the {who} client has in mind: {kinds}."


def _partnerships(type: ProfileType, rng: Random) -> tuple[PartnershipType, ...]:
    fitting = sorted(PARTNERSHIPS[type])
    return tuple(rng.sample(fitting, min(len(fitting), rng.choice((1, 1, 2)))))


def _filled(kind: str, who: str, rng: Random) -> str:
    return rng.choice(phrases("profile", kind)).format(**_words_for(who), k=rng.randrange(2, 9), j=rng.randrange(6, 30))


def _words_for(who: str) -> dict[str, str]:
    """The client by the adjective of its country, alone and behind its article."""
    article = "an" if who[0] in "AEIOU" else "a"
    return {"who": who, "a_who": f"{article} {who}", "A_who": f"{article.capitalize()} {who}"}


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
