"""Tokens of the development issuer: only its own, only for us, only in time; rights come from appointments."""

from __future__ import annotations

import hmac
import stat
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import orjson
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from joserfc import jws, jwt
from joserfc.jwk import OKPKey
from scenario import id_of

from domain.appointments import Appointment, Term, appointment_id
from domain.kernel.acting import Role
from domain.kernel.days import CHINA
from domain.kernel.performing import Entity
from gateway.ports import PUBLIC, TokenError, Viewer
from infra.identity.claims import LEEWAY_SECONDS
from infra.identity.directory import ISSUER, Directory, Person, person_id
from infra.identity.identities import IssuedIdentities
from infra.identity.tokens import AUDIENCE, DevelopmentIssuer, issue, signing_key

NOON = datetime(2026, 8, 10, 12, tzinfo=UTC)
STATION, ELSEWHERE = id_of("station"), id_of("station", "elsewhere")
LIN = Person("lin", person_id("lin"), STATION, "绍兴站技术经理")
KEY = OKPKey.generate_key("Ed25519")
TERM = Term(Role.ADVISER, date(2026, 1, 1), date(2026, 8, 10))


@dataclass
class Clock:
    now: datetime = NOON

    def __call__(self) -> datetime:
        return self.now


def find(id: str) -> Entity | None:
    held = appointment_id(LIN.person_id, STATION)
    return Entity(held, 1, Appointment(LIN.person_id, STATION, (TERM,))) if id == held else None


def identities(clock: Callable[[], datetime] | None = None, key: OKPKey = KEY) -> IssuedIdentities:
    issuer = DevelopmentIssuer(key)
    return IssuedIdentities([issuer], issuer, find, clock or Clock(), lambda: 0)


def claims(**changes: Any) -> dict[str, Any]:
    at = int(NOON.timestamp())
    held = {"iss": ISSUER, "aud": AUDIENCE, "sub": LIN.person_id, "station": STATION, "iat": at, "exp": at + 3600}
    return {name: value for name, value in {**held, **changes}.items() if value is not None}


def signed(payload: dict[str, Any], key: OKPKey = KEY) -> str:
    return jwt.encode({"alg": "Ed25519", "typ": "JWT"}, payload, key, algorithms=["Ed25519"])


def refused(token: str, clock: Callable[[], datetime] | None = None) -> str:
    with pytest.raises(TokenError) as error:
        identities(clock).viewer(token, None)
    return str(error.value)


def coded(part: object) -> str:
    return urlsafe_b64encode(orjson.dumps(part)).rstrip(b"=").decode()


def test_a_token_gives_the_roles_that_its_person_is_appointed_to_today() -> None:
    token = issue(KEY, LIN, NOON)
    assert identities().viewer(token, None) == Viewer(LIN.person_id, STATION, frozenset({Role.ADVISER}))


def test_without_a_token_one_is_the_public_whatever_station_one_names() -> None:
    assert identities().viewer(None, STATION) == PUBLIC


def test_a_token_for_somebody_without_an_appointment_gives_no_roles() -> None:
    token = issue(KEY, replace(LIN, person_id=person_id("stranger")), NOON)
    assert identities().viewer(token, None) == Viewer(person_id("stranger"), STATION, frozenset())


def test_a_station_at_which_the_person_has_no_appointment_gives_no_roles() -> None:
    assert identities().viewer(issue(KEY, LIN, NOON), ELSEWHERE) == Viewer(LIN.person_id, ELSEWHERE, frozenset())


def test_the_station_of_the_request_comes_before_that_of_the_token() -> None:
    token = issue(KEY, replace(LIN, station_id=ELSEWHERE), NOON)
    assert identities().viewer(token, STATION).roles == {Role.ADVISER}
    assert identities().viewer(token, None).roles == frozenset()


def test_a_token_that_speaks_for_no_station_gives_no_roles() -> None:
    assert identities().viewer(signed(claims(station=None)), None) == Viewer(LIN.person_id, None, frozenset())


def test_an_ended_appointment_gives_no_roles_from_the_day_after() -> None:
    last = Clock(datetime(2026, 8, 10, 23, 59, tzinfo=CHINA))
    after = Clock(datetime(2026, 8, 11, 0, 0, tzinfo=CHINA))
    token = issue(KEY, LIN, NOON, hours=48)
    assert identities(last).viewer(token, None).roles == {Role.ADVISER}
    assert identities(after).viewer(token, None).roles == frozenset()


def test_a_token_is_taken_until_a_minute_after_its_end_and_no_longer() -> None:
    token, end = issue(KEY, LIN, NOON, hours=1), NOON + timedelta(hours=1)
    skew = timedelta(seconds=LEEWAY_SECONDS)
    assert identities(Clock(end + skew - timedelta(seconds=1))).viewer(token, None).member
    assert "expired" in refused(token, Clock(end + skew + timedelta(seconds=1)))


def test_a_token_from_a_clock_that_is_ahead_is_taken_within_a_minute_only() -> None:
    token, skew = issue(KEY, LIN, NOON), timedelta(seconds=LEEWAY_SECONDS)
    assert identities(Clock(NOON - skew)).viewer(token, None).member
    refused(token, Clock(NOON - skew - timedelta(seconds=1)))


def test_a_token_that_is_not_valid_yet_is_refused() -> None:
    refused(signed(claims(nbf=int(NOON.timestamp()) + 600)))


@pytest.mark.parametrize(
    "changes",
    [
        {"iss": "somebody"},
        {"aud": "another"},
        {"aud": ["another"]},
        {"iss": None},
        {"aud": None},
        {"sub": None},
        {"exp": None},
        {"exp": "tomorrow"},
        {"exp": [1]},
        {"iat": "today"},
        {"sub": STATION},
        {"sub": 7},
        {"sub": {"a": 1}},
        {"station": 7},
        {"station": ["x"]},
        {"station": LIN.person_id},
        {"station": "station_x"},
    ],
    ids=str,
)
def test_a_token_that_says_something_else_than_it_must_is_refused(changes: dict[str, Any]) -> None:
    refused(signed(claims(**changes)))


def test_a_request_may_name_only_a_station() -> None:
    with pytest.raises(TokenError, match="no id of a station"):
        identities().viewer(issue(KEY, LIN, NOON), LIN.person_id)


def test_a_token_of_another_key_is_refused() -> None:
    refused(signed(claims(), OKPKey.generate_key("Ed25519")))


def test_a_token_without_a_signature_is_refused() -> None:
    for algorithm in ("none", "None", "NONE", ""):
        refused(f"{coded({'alg': algorithm, 'typ': 'JWT'})}.{coded(claims())}.")


@pytest.mark.parametrize("form", ["raw", "pem", "x"])
def test_a_token_signed_with_the_public_key_as_a_secret_is_refused(form: str) -> None:
    pem = KEY.as_pem(private=False)
    x = str(KEY.as_dict(private=False)["x"]).encode()
    secret = {"pem": pem, "x": x, "raw": urlsafe_b64decode(x + b"=")}[form]
    text = f"{coded({'alg': 'HS256', 'typ': 'JWT'})}.{coded(claims())}"
    signature = urlsafe_b64encode(hmac.digest(secret, text.encode(), "sha256")).rstrip(b"=").decode()
    refused(f"{text}.{signature}")


def test_a_token_whose_claims_were_changed_is_refused() -> None:
    header, _, signature = issue(KEY, LIN, NOON).split(".")
    refused(f"{header}.{coded(claims(sub=person_id('chief')))}.{signature}")


@pytest.mark.parametrize(
    "token",
    [
        "",
        ".",
        "..",
        "...",
        "a.b.c",
        "é.é.é",
        "\ud800",
        f"{coded([])}.{coded(claims())}.AAAA",
        f"{coded({'alg': 5})}.{coded(claims())}.AAAA",
        f"{coded({'alg': 'Ed25519', 'crit': ['x'], 'x': 1})}.{coded(claims())}.AAAA",
        f"{coded({'alg': 'Ed25519', 'crit': 'x'})}.{coded(claims())}.AAAA",
        f"{coded({'alg': ['Ed25519']})}.{coded(claims())}.AAAA",
        f"{coded({'alg': 'EdDSA'})}.{coded(claims())}.AAAA",
        f"{coded({'alg': 'Ed25519', 'b64': False})}.{coded(claims())}.AAAA",
        urlsafe_b64encode(b"[" * 60_000).decode() + f".{coded(claims())}.AAAA",
        urlsafe_b64encode(b"\xff\xfe").decode() + f".{coded(claims())}.AAAA",
        f"{coded({'alg': 'RSA-OAEP', 'enc': 'A128GCM'})}.a.b.c.d",
    ],
)
def test_what_is_no_token_is_refused_and_breaks_nothing(token: str) -> None:
    refused(token)


def test_a_signed_text_that_holds_no_claims_is_refused() -> None:
    for payload in (b"[]", b"1", b'"x"', b"nothing", b"null", b"\xff"):
        refused(jws.serialize_compact({"alg": "Ed25519"}, payload, KEY, algorithms=["Ed25519"]))


@settings(max_examples=200)
@given(
    st.text(st.characters(codec="utf-8"), max_size=40)
    | st.lists(st.text(max_size=9), min_size=3, max_size=3).map(".".join)
)
def test_no_text_but_a_token_is_taken_for_one(token: str) -> None:
    refused(token)


def test_the_signing_key_is_made_once_for_its_owner_alone(tmp_path: Path) -> None:
    path = tmp_path / "issuer.pem"
    token = issue(signing_key(path), LIN, NOON)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert identities(key=signing_key(path)).viewer(token, None).member


# -- the directory -----------------------------------------------------------


def test_the_directory_of_a_fresh_installation_is_empty(tmp_path: Path) -> None:
    directory = Directory(tmp_path / "people.json")
    assert directory.people() == ()
    assert directory.find("lin") is None


def test_people_are_found_by_their_short_names(tmp_path: Path) -> None:
    directory = Directory(tmp_path / "people.json")
    wang = Person("wang", person_id("wang"), ELSEWHERE, "审计员")
    directory.add(LIN)
    directory.add(wang)
    assert Directory(directory.path).people() == (LIN, wang)
    assert directory.find("wang") == wang


def test_a_name_that_is_there_already_stands_for_the_new_person(tmp_path: Path) -> None:
    directory = Directory(tmp_path / "people.json")
    moved = replace(LIN, station_id=ELSEWHERE)
    directory.add(LIN)
    directory.add(moved)
    assert directory.people() == (moved,)
    assert [each.name for each in tmp_path.iterdir()] == ["people.json"]


def test_the_id_of_a_person_follows_from_the_name() -> None:
    assert person_id("lin") == LIN.person_id != person_id("wang")
