"""The key ring: keys are there when they are needed, fetched in time, and the provider is not asked by a crowd."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path
from threading import Event, active_count
from time import monotonic

import pytest
from signing import signer
from small_provider import DESCRIPTION, SmallProvider, small_provider
from waiting import until

from gateway.ports import TokenError, UnverifiableError
from infra.identity.identities import IssuedIdentities
from infra.identity.keyring import COOL_DOWN, FRESH, KEPT, MOST_WAITING, KeyRing
from infra.identity.openid import OpenIdIssuer
from infra.identity.provider import provider
from infra.identity.tokens import DevelopmentIssuer, signing_key

NOT_SAID = "the OpenID provider has not said yet which keys it has now"
NOON = datetime(2026, 8, 10, 12, tzinfo=UTC)
OLD, NEW = signer("ES256", "old"), signer("ES256", "new", 1)


class Elapsed:
    """A clock that goes on when it is told to."""

    def __init__(self) -> None:
        self.seconds = 1_000_000.0

    def __call__(self) -> float:
        return self.seconds


@pytest.fixture
def elapsed() -> Elapsed:
    return Elapsed()


@pytest.fixture
def there() -> Iterator[SmallProvider]:
    with small_provider(OLD) as running:
        yield running


@pytest.fixture
def ring(there: SmallProvider, elapsed: Elapsed) -> KeyRing:
    return KeyRing(provider(there.issuer).keys, elapsed)


@pytest.fixture
def sign_in(there: SmallProvider, ring: KeyRing, tmp_path: Path) -> Callable[[str], str | None]:
    """Who a token of the provider stands for."""
    development = DevelopmentIssuer(signing_key(tmp_path / "issuer.pem"))
    issuer = OpenIdIssuer(there.issuer, "yizhan", ring)
    known = IssuedIdentities([issuer], development, lambda _id: None, lambda: NOON, lambda: 0)
    return lambda token: known.viewer(token, None).person_id


def claims(issuer: str, sub: str = "lin") -> dict[str, object]:
    return {"iss": issuer, "aud": "yizhan", "sub": sub, "exp": int(NOON.timestamp()) + 3600}


def unavailable(ring: KeyRing) -> UnverifiableError:
    with pytest.raises(UnverifiableError) as error:
        ring.keys()
    return error.value


# -- in time -----------------------------------------------------------------


def test_keys_are_fetched_when_they_are_first_needed_and_then_used(there: SmallProvider, ring: KeyRing) -> None:
    assert there.times_asked() == 0
    first = ring.keys()
    assert all(ring.keys() is first for _ in range(100))
    assert there.asked == [DESCRIPTION, "/keys"]


def test_keys_that_are_no_longer_fresh_are_fetched_anew(there: SmallProvider, ring: KeyRing, elapsed: Elapsed) -> None:
    first = ring.keys()
    elapsed.seconds += FRESH - 1
    assert ring.keys() is first
    assert there.times_asked() == 1
    elapsed.seconds += 2
    assert ring.keys() is first, "as long as they are the same"
    assert there.times_asked() == 2
    there.publishes(NEW)
    elapsed.seconds += FRESH + 1
    assert [each.key_id for each in ring.keys().keys] == ["new"]


def test_a_key_that_is_withdrawn_holds_no_longer_than_keys_are_fresh(
    there: SmallProvider, elapsed: Elapsed, sign_in: Callable[[str], str | None]
) -> None:
    token = OLD.token(claims(there.issuer))
    assert sign_in(token)
    there.publishes(NEW)
    elapsed.seconds += FRESH + 1
    with pytest.raises(TokenError):
        sign_in(token)


def test_while_the_provider_does_not_answer_its_keys_are_kept_for_a_day(
    there: SmallProvider, ring: KeyRing, elapsed: Elapsed
) -> None:
    first = ring.keys()
    there.fails()
    for _ in range(4):
        elapsed.seconds += KEPT / 4 - 1
        assert ring.keys() is first
    elapsed.seconds += 5
    error = unavailable(ring)
    assert "503" in str(error)
    there.describes()
    there.publishes(NEW)
    elapsed.seconds += error.seconds
    assert [each.key_id for each in ring.keys().keys] == ["new"]


def test_without_any_keys_it_is_said_when_to_ask_again(there: SmallProvider, ring: KeyRing, elapsed: Elapsed) -> None:
    there.fails()
    assert unavailable(ring).seconds == COOL_DOWN
    elapsed.seconds += COOL_DOWN - 1.5
    assert unavailable(ring).seconds == 2
    assert len(there.asked) == 1
    there.describes()
    there.publishes(OLD)
    elapsed.seconds += 2
    assert [each.key_id for each in ring.keys().keys] == ["old"]


def test_what_went_wrong_in_a_way_that_nobody_thought_of_is_no_key(elapsed: Elapsed) -> None:
    def fetch() -> None:
        raise ZeroDivisionError("inside")

    error = unavailable(KeyRing(fetch, elapsed))  # type: ignore[arg-type]
    assert "inside" not in str(error)


# -- not by a crowd ----------------------------------------------------------


def test_a_key_that_the_provider_has_just_begun_to_use_is_found(
    there: SmallProvider, elapsed: Elapsed, sign_in: Callable[[str], str | None]
) -> None:
    assert sign_in(OLD.token(claims(there.issuer)))
    there.publishes(OLD, NEW)
    elapsed.seconds += COOL_DOWN
    assert sign_in(NEW.token(claims(there.issuer)))
    assert sign_in(OLD.token(claims(there.issuer)))
    assert there.times_asked() == 2


def test_keys_that_nobody_has_let_the_provider_be_asked_once_in_a_while_whatever_is_sent(
    there: SmallProvider, elapsed: Elapsed, sign_in: Callable[[str], str | None]
) -> None:
    assert sign_in(OLD.token(claims(there.issuer)))
    forged = [NEW.token(claims(there.issuer, f"s{number}"), kid=f"k{number}") for number in range(400)]

    def refused(token: str) -> bool:
        try:
            return sign_in(token) is None
        except (TokenError, UnverifiableError):
            return True

    for times in (1, 2, 3):
        elapsed.seconds += COOL_DOWN
        with ThreadPoolExecutor(40) as threads:
            assert all(threads.map(refused, forged))
        assert there.times_asked() == 1 + times
    elapsed.seconds += COOL_DOWN - 1
    assert all(map(refused, forged))
    assert there.times_asked() == 4


@pytest.mark.parametrize("changes", [{"exp": 1}, {"aud": "another"}, {"sub": None}, {"iss": "https://other.example"}])
def test_a_token_that_could_not_hold_anyway_is_no_reason_to_ask(
    there: SmallProvider, elapsed: Elapsed, sign_in: Callable[[str], str | None], changes: dict[str, object]
) -> None:
    assert sign_in(OLD.token(claims(there.issuer)))
    elapsed.seconds += COOL_DOWN
    with pytest.raises(TokenError):
        sign_in(NEW.token({**claims(there.issuer), **changes}))
    for said in ({"alg": "HS256"}, {"alg": "none"}, {"alg": "RS512"}):
        with pytest.raises(TokenError):
            sign_in(NEW.token(claims(there.issuer), **said))
    assert there.times_asked() == 1


def test_those_who_come_at_once_wait_for_one_answer(there: SmallProvider, ring: KeyRing) -> None:
    there.held.clear()
    with ThreadPoolExecutor(MOST_WAITING) as threads:
        asking = [threads.submit(ring.keys) for _ in range(MOST_WAITING)]
        until(lambda: len(there.asked) == 1)
        there.held.set()
        found = [each.result() for each in asking]
    assert all(each is found[0] for each in found)
    assert there.asked == [DESCRIPTION, "/keys"]


def test_while_the_provider_is_silent_only_some_wait_and_nobody_whose_key_is_known(
    there: SmallProvider, elapsed: Elapsed, sign_in: Callable[[str], str | None]
) -> None:
    token = OLD.token(claims(there.issuer))
    assert sign_in(token)
    there.held.clear()
    elapsed.seconds += COOL_DOWN
    with ThreadPoolExecutor(MOST_WAITING + 5) as threads:
        forged = [NEW.token(claims(there.issuer), kid=f"k{number}") for number in range(MOST_WAITING + 5)]
        answers = [threads.submit(sign_in, each) for each in forged]
        until(lambda: sum(each.done() for each in answers) == 5)
        assert sign_in(token)
        assert sign_in(OLD.token(claims(there.issuer, "wang")))
        assert sum(each.done() for each in answers) == 5
        at_once = [each.exception() for each in answers if each.done()]
        assert [str(each) for each in at_once if isinstance(each, UnverifiableError)] == [NOT_SAID] * 5
        there.held.set()
        assert sum(isinstance(each.exception(), TokenError) for each in answers) == MOST_WAITING


def test_a_fetch_that_takes_long_is_not_begun_a_second_time(
    there: SmallProvider, ring: KeyRing, elapsed: Elapsed
) -> None:
    there.held.clear()
    with ThreadPoolExecutor(2) as threads:
        first = threads.submit(ring.keys)
        until(lambda: len(there.asked) == 1)
        elapsed.seconds += COOL_DOWN + 1
        second = threads.submit(ring.keys)
        Event().wait(0.2)
        there.held.set()
        assert first.result() is second.result()
    assert there.asked == [DESCRIPTION, "/keys"]


def test_a_key_that_has_just_come_into_use_is_found_by_all_who_come_with_it_at_once(
    there: SmallProvider, elapsed: Elapsed, sign_in: Callable[[str], str | None]
) -> None:
    assert sign_in(OLD.token(claims(there.issuer)))
    there.publishes(OLD, NEW)
    elapsed.seconds += COOL_DOWN
    there.held.clear()
    with ThreadPoolExecutor(40) as threads:
        sent = [NEW.token(claims(there.issuer, f"s{number}")) for number in range(40)]
        answers = [threads.submit(sign_in, each) for each in sent]
        until(lambda: sum(each.done() for each in answers) == 40 - MOST_WAITING)
        there.held.set()
        refused = [each for each in answers if each.exception() is not None]
    assert all(isinstance(each.exception(), UnverifiableError) for each in refused), "and none is called wrong"
    assert len(refused) == 40 - MOST_WAITING
    assert all(sign_in(each) for each in sent)


def test_a_provider_that_falls_silent_is_waited_for_once(there: SmallProvider, ring: KeyRing, elapsed: Elapsed) -> None:
    first = ring.keys()
    there.fails()
    elapsed.seconds += FRESH + 1
    assert ring.keys() is first
    there.held.clear()
    elapsed.seconds += COOL_DOWN
    began = monotonic()
    assert ring.keys() is first
    assert monotonic() - began < 1, "it is asked, and nobody waits for the answer"
    until(lambda: len(there.asked) == 4)


def test_no_thread_stays_behind(there: SmallProvider, ring: KeyRing, elapsed: Elapsed) -> None:
    before = active_count()
    for _ in range(5):
        ring.keys()
        elapsed.seconds += FRESH + 1
    until(lambda: active_count() <= before + 1)
