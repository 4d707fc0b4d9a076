"""Organisations of the sample network: enterprises at base stations, science at regional ones, clients abroad."""

from __future__ import annotations

from dataclasses import dataclass
from random import Random

from domain.kernel.ids import derived_id
from domain.organisations import OrganisationDetails, OrganisationKind, RecordOrganisation
from domain.reference.industries import Industry
from domain.reference.regions import region
from domain.values import Bilingual, Contact
from infra.sample.abroad import Country, client_name
from infra.sample.chance import chance
from infra.sample.names import credit_code, organisation_name, person_name, phone
from infra.sample.posts import Post, Posts, counties
from infra.sample.steps import Script
from infra.sample.topics import Topic

VERIFIED = 0.7
"""So many give their credit code."""

TRIES = 20

SCIENCE = (OrganisationKind.UNIVERSITY, OrganisationKind.INSTITUTE, OrganisationKind.INSTITUTE)
INDUSTRIES = {
    "environment": Industry.N,
    "materials": Industry.C,
    "manufacturing": Industry.C,
    "energy": Industry.D,
    "electronics": Industry.I,
    "health": Industry.C,
    "agriculture": Industry.A,
}


@dataclass(frozen=True, slots=True)
class Body:
    """An organisation: the station that recorded it and when, what it deals with, and whom to talk to."""

    id: str
    post: Post
    since: float
    name: str
    topics: tuple[Topic, ...]
    contact: Contact | None = None


def enterprises(script: Script, posts: Posts, topics: tuple[Topic, ...], number: int) -> tuple[Body, ...]:
    """Enterprises, by turns at the base stations, recorded at their first visit."""
    names: set[str] = set()
    return tuple(
        _body(script, posts.base[i % len(posts.base)], OrganisationKind.ENTERPRISE, topics, i, names)
        for i in range(number)
    )


def science(script: Script, posts: Posts, topics: tuple[Topic, ...], number: int) -> tuple[Body, ...]:
    """Universities and institutes, by turns at the regional stations; every topic has somebody who knows it."""
    names: set[str] = set()
    bodies = []
    for i in range(number):
        own = tuple(topics[j] for j in range(i, len(topics), number)) or (topics[i % len(topics)],)
        bodies.append(_body(script, posts.regional[i % len(posts.regional)], SCIENCE[i % 3], own, i, names))
    return tuple(bodies)


def associations(script: Script, posts: Posts, topics: tuple[Topic, ...], number: int) -> tuple[Body, ...]:
    """Associations of a trade, by turns at the regional stations."""
    names: set[str] = set()
    kind = OrganisationKind.ASSOCIATION
    return tuple(_body(script, posts.regional[i % len(posts.regional)], kind, topics, i, names) for i in range(number))


def clients(
    script: Script, posts: Posts, countries: tuple[Country, ...], number: int
) -> tuple[tuple[Body, Country], ...]:
    """Companies abroad with which deals are made, recorded by the international stations."""
    found = []
    for i in range(number):
        rng, country = chance(script.name, "client", i), countries[i % len(countries)]
        post = posts.abroad[i % len(posts.abroad)]
        name = Bilingual(en=client_name(country, rng))
        details = OrganisationDetails(name=name, kind=OrganisationKind.ENTERPRISE, country=country.code)
        since = rng.uniform(5, 25)
        command = RecordOrganisation(station_id=post.id, details=details)
        id = script.make(since, post.adviser, f"client/{i}", command)
        found.append((Body(id, post, since, name.en or "", ()), country))
    return tuple(found)


def _body(
    script: Script, post: Post, kind: OrganisationKind, topics: tuple[Topic, ...], number: int, names: set[str]
) -> Body:
    rng = chance(script.name, kind, number)
    enterprise = kind is OrganisationKind.ENTERPRISE
    own = topics if kind in SCIENCE else tuple(rng.sample(topics, min(len(topics), 2)))
    name = _new_name(kind, post, own[0].group, rng, names)
    where = rng.choice(counties(post.place.region))
    details = OrganisationDetails(
        name=name,
        kind=kind,
        region=where,
        industry=INDUSTRIES[own[0].group] if enterprise else Industry.M,
        address=_address(where, rng),
    )
    code = credit_code(kind, where, rng) if rng.random() < VERIFIED else None
    since = rng.uniform(5, 150) if enterprise else rng.uniform(5, 12)
    command = RecordOrganisation(station_id=post.id, details=details, credit_code=code)
    id = script.make(since, post.adviser, f"{kind}/{number}", command)
    return Body(id, post, since, name.zh or "", own, _contact(f"{script.name}/{kind}/{number}", rng))


def _new_name(kind: OrganisationKind, post: Post, group: str, rng: Random, names: set[str]) -> Bilingual:
    """A name that nobody has yet; when that is not found soon, one with a number."""
    place = post.place.zh, post.place.en
    for _ in range(TRIES):
        name = organisation_name(kind, place, group, rng)
        if name.zh not in names:
            break
    else:
        name = Bilingual(zh=f"{name.zh}第{len(names)}分公司", en=f"{name.en} Branch {len(names)}")
    names.add(name.zh or "")
    return name


def _address(where: str, rng: Random) -> str:
    codes = dict.fromkeys((f"{where[:2]}0000", f"{where[:4]}00", where))
    found = (region(code) for code in codes)
    names = "".join(each.name for each in found if each and each.name not in ("市辖区", "县"))
    return f"{names}驿桥路{rng.randrange(1, 400)}号"


def _contact(about: str, rng: Random) -> Contact:
    person = derived_id("person", about)
    return Contact(person_id=person, name=person_name(rng), phone=phone(rng), email=f"{person[-8:]}@example.cn")
