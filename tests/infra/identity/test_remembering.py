"""Remembering: a token that held costs no second look at its signature; what it stands for is looked up each time."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from unittest import mock

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from joserfc import jws
from joserfc.jwk import OKPKey
from scenario import id_of
from signing import signer

from domain.appointments import Appointment, Term, appointment_id
from domain.kernel.acting import Role
from domain.kernel.performing import Entity
from gateway.ports import PUBLIC, TokenError, UnverifiableError, Viewer
from infra.identity.directory import Person, person_id
from infra.identity.identities import IssuedIdentities
from infra.identity.keyring import COOL_DOWN, FRESH, KEPT, KeyRing
from infra.identity.keys import Keys, key_set
from infra.identity.openid import OpenIdIssuer
from infra.identity.persons import person_of
from infra.identity.provider import NoAnswerError
from infra.identity.tokens import DevelopmentIssuer, issue

NOON = datetime(2026, 8, 10, 12, tzinfo=UTC)
ISSUER = "https://sso.example"
STATION = id_of("station")
LIN = person_of(ISSUER, "lin")
OLD, NEW = signer("ES256", "old"), signer("ES256", "new", 1)
OWN = OKPKey.generate_key("Ed25519")


@dataclass
class Installation:
    """Identities of a provider and of the development issuer, all of which a test can change."""

    published: list[object] = field(default_factory=lambda: [OLD.published()])
    appointed: list[Term] = field(default_factory=list)
    now: datetime = NOON
    elapsed: float = 0.0
    recorded: int = 0

    def __post_init__(self) -> None:
        development = DevelopmentIssuer(OWN)
        ring = KeyRing(self._fetch, lambda: self.elapsed)
        provider = OpenIdIssuer(ISSUER, "yizhan", ring)
        self.identities = IssuedIdentities(
            [provider, development], development, self._find, lambda: self.now, lambda: self.recorded, remembers=3
        )

    def _fetch(self) -> Keys:
        if not self.published:
            raise NoAnswerError("nobody there")
        return key_set({"keys": self.published})

    def _find(self, id: str) -> Entity | None:
        held = Appointment(LIN, STATION, tuple(self.appointed))
        return Entity(id, 1, held) if id == appointment_id(LIN, STATION) else None

    def appoint(self, *terms: Term) -> None:
        """Record these appointments in place of those that there are."""
        self.appointed = list(terms)
        self.recorded += 1

    def roles(self, token: str) -> frozenset[Role]:
        return self.identities.viewer(token, STATION).roles


@pytest.fixture
def looks() -> Iterator[mock.Mock]:
    """What is called whenever a signature is looked at."""
    with mock.patch("infra.identity.keys.jws.validate_compact", wraps=jws.validate_compact) as looked:
        yield looked


def token(sub: str = "lin", seconds: int = 3600) -> str:
    return OLD.token({"iss": ISSUER, "aud": "yizhan", "sub": sub, "exp": int(NOON.timestamp()) + seconds})


def test_the_signature_of_a_token_is_looked_at_once(looks: mock.Mock) -> None:
    there, sent = Installation(), token()
    for _ in range(5):
        assert there.identities.viewer(sent, None).person_id == LIN
    assert looks.call_count == 1
    own = issue(OWN, Person("wang", person_id("wang"), STATION, ""), NOON)
    for _ in range(5):
        assert there.identities.viewer(own, None).person_id == person_id("wang")
    assert looks.call_count == 2


def test_the_roles_of_a_token_that_is_remembered_are_those_of_the_moment() -> None:
    there, sent = Installation(), token()
    assert there.roles(sent) == frozenset()
    there.appoint(Term(Role.ADVISER, date(2026, 1, 1), date(2026, 8, 10)))
    assert there.roles(sent) == {Role.ADVISER}
    there.appoint()
    assert there.roles(sent) == frozenset()


def test_another_token_is_another_one_however_alike_they_are(looks: mock.Mock) -> None:
    there, sent = Installation(), token()
    assert there.roles(sent) == frozenset()
    for other in (f"{sent}=", f"{sent} ", sent[:-1], sent.swapcase(), f"{sent}\ud800"):
        with pytest.raises(TokenError):
            there.roles(other)
    assert there.identities.viewer(token("wang"), None).person_id == person_of(ISSUER, "wang")


def test_a_token_that_was_refused_is_not_remembered_as_one_that_held() -> None:
    there = Installation()
    forged = NEW.token({"iss": ISSUER, "aud": "yizhan", "sub": "lin", "exp": int(NOON.timestamp()) + 9}, kid="old")
    for _ in range(3):
        with pytest.raises(TokenError):
            there.roles(forged)


def test_a_token_is_remembered_until_its_end(looks: mock.Mock) -> None:
    there, sent = Installation(), token(seconds=600)
    there.roles(sent)
    there.now = NOON + timedelta(seconds=599)
    there.roles(sent)
    assert looks.call_count == 1
    there.now = NOON + timedelta(seconds=630)
    there.roles(sent)
    assert looks.call_count == 2, "in the minute that clocks may differ"
    there.now = NOON + timedelta(seconds=661)
    with pytest.raises(TokenError, match="expired"):
        there.roles(sent)


def test_with_other_keys_a_token_is_looked_at_anew(looks: mock.Mock) -> None:
    there, sent = Installation(), token()
    there.roles(sent)
    there.elapsed += FRESH + 1
    there.roles(sent)
    assert looks.call_count == 1, "the keys were fetched, and are the same"
    there.published = [OLD.published(), NEW.published()]
    there.elapsed += FRESH + 1
    there.roles(sent)
    assert looks.call_count == 2
    there.published = [NEW.published()]
    there.elapsed += FRESH + 1
    with pytest.raises(TokenError):
        there.roles(sent)


def test_no_token_is_remembered_for_longer_than_the_keys() -> None:
    there, sent = Installation(), token(seconds=10**6)
    there.roles(sent)
    there.published = []
    there.elapsed += KEPT - 1
    there.roles(sent)
    there.elapsed += COOL_DOWN
    with pytest.raises(UnverifiableError):
        there.roles(sent)


def test_only_so_many_are_remembered_those_that_were_sent_last(looks: mock.Mock) -> None:
    there, sent = Installation(), [token(f"s{number}") for number in range(4)]
    for each in sent:
        there.roles(each)
    there.roles(sent[3])
    there.roles(sent[1])
    assert looks.call_count == 4
    there.roles(sent[0])
    assert looks.call_count == 5


# -- at once -----------------------------------------------------------------


def test_who_was_looked_up_is_known_at_once_until_something_is_recorded() -> None:
    there, sent = Installation(), token()
    assert there.identities.known(None, STATION) == PUBLIC
    assert there.identities.known(sent, STATION) is None
    there.appoint(Term(Role.ADVISER, date(2026, 1, 1), None))
    there.roles(sent)
    assert there.identities.known(sent, STATION) == Viewer(LIN, STATION, frozenset({Role.ADVISER}))
    assert there.identities.known(sent, None) is None, "for another station roles are others"
    assert there.identities.known(f"{sent} ", STATION) is None
    there.appoint()
    assert there.identities.known(sent, STATION) is None
    assert there.roles(sent) == frozenset()


def test_what_was_recorded_while_roles_were_looked_up_is_looked_at_again() -> None:
    there, sent = Installation(), token()
    looked_up = there.identities._find

    def find(id: str) -> Entity | None:
        found = looked_up(id)
        there.appoint(Term(Role.ADVISER, date(2026, 1, 1), None))
        return found

    with mock.patch.object(there.identities, "_find", find):
        assert there.roles(sent) == frozenset()
    assert there.identities.known(sent, STATION) is None
    assert there.roles(sent) == {Role.ADVISER}


STEPS = st.lists(
    st.sampled_from(["appoint", "dismiss", "a minute", "a day", "keys grow old", "other keys", "silence", "look up"]),
    max_size=12,
)


@settings(deadline=None)
@given(STEPS)
def test_what_is_known_at_once_is_what_would_be_found(steps: list[str]) -> None:
    there, sent = Installation(), token(seconds=100_000)
    for step in ["look up", *steps]:
        match step:
            case "appoint":
                there.appoint(Term(Role.ADVISER, date(2026, 1, 1), there.now.date()))
            case "dismiss":
                there.appoint()
            case "a minute":
                there.now += timedelta(minutes=1)
                there.elapsed += 60
            case "a day":
                there.now += timedelta(days=1)
            case "keys grow old":
                there.elapsed += FRESH + 1
            case "other keys":
                there.published = [NEW.published()]
            case "silence":
                there.published = []
        known = there.identities.known(sent, STATION)
        try:
            found = there.identities.viewer(sent, STATION)
        except (TokenError, UnverifiableError):
            assert known is None
        else:
            assert known in (None, found)
