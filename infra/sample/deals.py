"""Deals of the sample network: what buyers and sellers agree on, most of them after a match."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from random import Random

from domain.deals import AbandonDeal, CompleteDeal, DealDetails, OpenDeal, SignDeal
from domain.reference.contracts import ContractClass
from domain.values import Bilingual, Currency, Money
from infra.sample.abroad import Country
from infra.sample.achievements import AchievementTold
from infra.sample.brokers import BrokerTold
from infra.sample.chance import chance, one_of
from infra.sample.data import phrases
from infra.sample.matches import MatchTold
from infra.sample.needs import NeedTold
from infra.sample.organisations import Body
from infra.sample.posts import Post
from infra.sample.profiles import ProfileTold
from infra.sample.steps import Script
from infra.sample.topics import Topic

MATCHED = 0.85
"""So many deals follow a match, if there are as many accepted ones."""

SIGNED, ABANDONED = 0.8, 0.08
"""So many are signed and abandoned; the others are negotiated. Of those signed, a quarter is completed."""


@dataclass(frozen=True, slots=True)
class _Terms:
    """Who deals with whom about what, through which stations, from when on."""

    buyer: str
    seller: str
    posts: tuple[Post, ...]
    topic: Topic
    since: float
    currency: Currency = Currency.CNY
    match_id: str | None = None


def deals(
    script: Script,
    accepted: Sequence[MatchTold],
    enterprises: Sequence[Body],
    science: Sequence[Body],
    clients: Sequence[tuple[Body, Country]],
    brokers: Sequence[BrokerTold],
    number: int,
    busy: dict[str, float],
) -> None:
    """So many deals. `busy` learns until when a need or an achievement was negotiated."""
    rng = chance(script.name, "deals")
    told = 0
    for match in accepted:
        if told < round(number * MATCHED) and (terms := _of_match(match, clients, rng, script.days.last - 3)):
            moment = _deal(script, terms, brokers, told, rng)
            for side in (match.subject.id, match.answer.id):
                busy[side] = max(busy.get(side, 0), moment)
            told += 1
    while told < number:
        _deal(script, _of_chance(script, enterprises, science, rng), brokers, told, rng)
        told += 1


def _of_match(match: MatchTold, clients: Sequence[tuple[Body, Country]], rng: Random, latest: float) -> _Terms | None:
    """The enterprise with the need buys; for an achievement, a client abroad does. With an expert nothing is dealt."""
    subject, answer = match.subject, match.answer
    since = match.accepted + rng.uniform(0.5, 6)
    if since > latest:
        return None
    topic = subject.about.topic
    if isinstance(answer, AchievementTold):
        posts = tuple(dict.fromkeys((subject.body.post, answer.body.post)))
        return _Terms(subject.body.id, answer.body.id, posts, topic, since, match_id=match.id)
    if isinstance(answer, ProfileTold):
        client, _ = next((each for each in clients if each[1] is answer.country), clients[0])
        posts = tuple(dict.fromkeys((subject.body.post, client.post)))
        buyer, seller = (subject.body, client) if isinstance(subject, NeedTold) else (client, subject.body)
        return _Terms(buyer.id, seller.id, posts, topic, since, Currency.EUR, match.id)
    return None


def _of_chance(script: Script, enterprises: Sequence[Body], science: Sequence[Body], rng: Random) -> _Terms:
    buyer = rng.choice(enterprises)
    seller = next((each for each in science if set(each.topics) & set(buyer.topics)), science[0])
    posts = tuple(dict.fromkeys((buyer.post, seller.post)))
    since = rng.uniform(max(buyer.since, 40), script.days.last - 3)
    return _Terms(buyer.id, seller.id, posts, buyer.topics[0], since)


def _deal(script: Script, terms: _Terms, brokers: Sequence[BrokerTold], number: int, rng: Random) -> float:
    """Open a deal and carry it on; the moment at which it was last touched."""
    request, adviser = f"deal/{number}", terms.posts[0].adviser
    amount, technology = _amounts(terms.currency, rng)
    title = rng.choice(phrases("deal", "title")).format(topic="".join(terms.topic.keywords[:2]))
    details = DealDetails(
        contract_class=one_of(rng, dict(zip(ContractClass, (35, 15, 15, 10, 25), strict=True))),
        title=Bilingual(zh=title),
        amount=amount,
        technology_amount=technology,
    )
    opened = OpenDeal(
        buyer_id=terms.buyer,
        seller_id=terms.seller,
        station_ids=tuple(post.id for post in terms.posts),
        details=details,
        broker_id=next((each.id for each in brokers if each.post in terms.posts and each.since < terms.since), None),
        match_id=terms.match_id,
    )
    id = script.make(terms.since, adviser, request, opened)
    drawn = rng.random()
    moment = min(terms.since + rng.uniform(2, 20), script.days.last - 0.5)
    if drawn < SIGNED:
        on = script.days.day(moment)
        signed = SignDeal(deal_id=id, on=on, amount=amount, technology_amount=technology)
        script.do(moment, adviser, f"{request}/sign", signed)
        if drawn < SIGNED / 3:
            done = moment + rng.uniform(15, 60)
            completed = CompleteDeal(deal_id=id, on=script.days.day(done))
            script.do(done, adviser, f"{request}/complete", completed)
    elif drawn < SIGNED + ABANDONED:
        reason = rng.choice(phrases("deal", "abandoned"))
        script.do(moment, adviser, f"{request}/abandon", AbandonDeal(deal_id=id, reason=reason))
    return moment


def _amounts(currency: Currency, rng: Random) -> tuple[Money, Money]:
    """The whole amount, and what pays for technology: many small contracts, a few large ones."""
    thousands = round(rng.lognormvariate(6.6, 0.9)) + 20
    if currency is Currency.EUR:
        thousands = thousands // 6 + 10
    part = rng.randrange(60, 101)
    return (
        Money(amount=Decimal(thousands * 1000), currency=currency),
        Money(amount=Decimal(thousands * 10 * part), currency=currency),
    )
