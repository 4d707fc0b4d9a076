"""The provider: its own description, its keys, over TLS or on this machine; what else it answers is said clearly."""

from __future__ import annotations

import socket
from pathlib import Path
from threading import Thread
from time import monotonic
from typing import Any

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError
from signing import signer
from small_provider import DESCRIPTION, KEYS, SmallProvider, small_provider

from infra.errors import OutOfReachError
from infra.identity.addresses import trustworthy
from infra.identity.provider import DEADLINE, MOST_BYTES, NoAnswerError, ProviderError, provider
from infra.servers.certificates import Certificates
from infra.settings import Settings

ES256 = signer("ES256")


def wrong(there: SmallProvider) -> str:
    with pytest.raises(ProviderError) as error:
        provider(there.issuer).keys()
    assert "\n" not in str(error.value)
    return str(error.value)


def test_the_keys_are_those_that_the_provider_publishes() -> None:
    with small_provider(ES256, signer("RS256", "b")) as there:
        keys = provider(there.issuer).keys()
        assert [each.key_id for each in keys.keys] == ["a", "b"]
        assert keys.algorithms() == ("ES256", "RS256")
        assert there.asked == [DESCRIPTION, KEYS]


def test_a_path_belongs_to_the_address_and_a_slash_at_its_end_to_the_name() -> None:
    with small_provider(ES256) as there:
        for path in ("/realms/yizhan", "/realms/yizhan/"):
            issuer = f"{there.issuer}{path}"
            there.answers["/realms/yizhan" + DESCRIPTION] = (
                200,
                orjson.dumps({"issuer": issuer, "jwks_uri": f"{there.issuer}{KEYS}"}),
            )
            assert provider(issuer).keys().keys


@pytest.mark.parametrize("end", ["/", "?a=1", "x"])
def test_a_provider_that_calls_itself_something_else_is_refused(end: str) -> None:
    with small_provider(ES256) as there:
        there.describes(issuer=f"{there.issuer}{end}")
        assert f"calls itself '{there.issuer}{end}'" in wrong(there)
        assert KEYS not in there.asked


@pytest.mark.parametrize("name", [None, 7, [], ["x"], {}, ""], ids=str)
def test_a_provider_that_does_not_say_who_it_is_is_refused(name: object) -> None:
    with small_provider(ES256) as there:
        there.describes(issuer=name)
        assert "calls itself" in wrong(there)


@pytest.mark.parametrize(
    "address",
    [
        None,
        7,
        "",
        "/keys",
        "ftp://127.0.0.1/keys",
        "file:///etc/passwd",
        "http://sso.example/keys",
        "http://10.0.0.1/keys",
    ],
)
def test_keys_at_an_address_where_anybody_could_have_put_them_are_not_fetched(address: object) -> None:
    with small_provider(ES256) as there:
        there.describes(jwks_uri=address)
        assert "anybody" in wrong(there)


@pytest.mark.parametrize("path", [DESCRIPTION, KEYS])
@pytest.mark.parametrize(
    ("answer", "said"),
    [
        ((404, b"{}"), "answers with 404"),
        ((302, b"{}"), "answers with 302"),
        ((204, b""), "answers with 204"),
        ((200, b""), "no JSON"),
        ((200, b"<html>"), "no JSON"),
        ((200, b'{"issuer": NaN}'), "no JSON"),
        ((200, b"[" * 100_000), "no JSON"),
        ((200, b"\xff\xfe"), "no JSON"),
        ((200, b"[]"), ""),
        ((200, b"null"), ""),
        ((200, b'"x"'), ""),
        ((200, b" " * (MOST_BYTES + 1)), "more than 262,144 bytes"),
    ],
)
def test_whatever_else_is_answered_is_said_in_one_line(path: str, answer: tuple[int, bytes], said: str) -> None:
    with small_provider(ES256) as there:
        there.answers[path] = answer
        assert said in wrong(there)


@pytest.mark.parametrize("entries", [(), ({"kty": "oct", "k": "AAAA"},), ("x", None)], ids=str)
def test_a_provider_without_a_key_that_can_be_used_is_refused(entries: tuple[Any, ...]) -> None:
    with small_provider() as there:
        there.publishes(entries=entries)
        assert "no key that can be used" in wrong(there)


def test_a_provider_that_is_not_there_does_not_answer() -> None:
    with small_provider(ES256) as there:
        pass
    with pytest.raises(NoAnswerError, match="does not answer"):
        provider(there.issuer).keys()


@pytest.mark.parametrize("status", [500, 502, 503])
def test_a_provider_in_trouble_does_not_answer(status: int) -> None:
    with small_provider(ES256) as there:
        there.answers[KEYS] = status, b""
        with pytest.raises(NoAnswerError, match=str(status)):
            provider(there.issuer).keys()


def test_a_provider_that_answers_a_byte_at_a_time_is_given_up_in_time() -> None:
    def drip() -> None:
        connection, _ = listener.accept()
        with connection:
            try:
                while True:
                    connection.sendall(b"H")
                    closed.settimeout(0.1)
                    try:
                        closed.recv(1)
                        return
                    except TimeoutError:
                        pass
            except OSError:
                return

    ours, closed = socket.socketpair()
    with socket.create_server(("127.0.0.1", 0)) as listener, ours, closed:
        thread = Thread(target=drip)
        thread.start()
        began = monotonic()
        with pytest.raises(NoAnswerError, match="within 5 seconds"):
            provider(f"http://127.0.0.1:{listener.getsockname()[1]}").keys()
        assert DEADLINE <= monotonic() - began < DEADLINE + 3
        ours.sendall(b"x")
        thread.join()


# -- who vouches for it ------------------------------------------------------


def test_over_tls_the_authority_that_is_named_vouches_and_no_other(tmp_path: Path) -> None:
    own, other = Certificates.of(tmp_path / "own"), Certificates.of(tmp_path / "other")
    with small_provider(ES256, certificate=own.server) as there:
        assert there.issuer.startswith("https://")
        assert provider(there.issuer, own.authority).keys().keys
        for authority in (other.authority, None):
            with pytest.raises(NoAnswerError, match="certificate"):
                provider(there.issuer, authority).keys()


def test_a_provider_behind_tls_does_not_have_its_keys_in_the_clear(tmp_path: Path) -> None:
    own = Certificates.of(tmp_path)
    with small_provider(ES256, certificate=own.server) as there, small_provider(ES256) as plain:
        for address in (f"{plain.issuer}{KEYS}", f"{plain.issuer}{KEYS}".upper()):
            there.describes(jwks_uri=address)
            with pytest.raises(ProviderError, match="anybody"):
                provider(there.issuer, own.authority).keys()
        assert plain.asked == []


def test_what_is_asked_of_this_machine_goes_through_no_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:1")
    for name in ("no_proxy", "NO_PROXY"):
        monkeypatch.delenv(name, raising=False)
    with small_provider(ES256) as there:
        assert provider(there.issuer).keys().keys


def test_a_file_without_certificates_is_an_error_at_the_start(tmp_path: Path) -> None:
    (tmp_path / "authority.pem").write_text("no certificate")
    with pytest.raises(OutOfReachError, match="holds no certificates"):
        provider("https://sso.example", tmp_path / "authority.pem")


# -- addresses ---------------------------------------------------------------


@pytest.mark.parametrize(
    "address",
    [
        "https://sso.example",
        "https://sso.example/",
        "https://sso.example:8443/realms/yizhan",
        "https://10.0.0.7/realms/yizhan",
        "http://127.0.0.1:3000",
        "http://127.8.8.8",
        "http://localhost:3000/oidc",
        "http://[::1]:3000",
    ],
)
def test_an_issuer_is_reached_over_tls_or_on_this_machine(address: str) -> None:
    assert Settings(oidc_issuer=address).oidc_issuer == address


@pytest.mark.parametrize(
    "address",
    [
        "",
        "sso.example",
        "//sso.example",
        "http://sso.example",
        "http://10.0.0.7",
        "http://127.0.0.1.sso.example",
        "http://localhost.sso.example",
        "http://127.0.0.1@sso.example",
        "https://name:password@sso.example",
        "https://sso.example?realm=yizhan",
        "https://sso.example#yizhan",
        "https://sso.example/?",
        "https://",
        "https:///realms",
        "https://sso.example:port",
        "https://sso.example:99999",
        "https://sso.example/a b",
        "https://sso.example\n",
        "http://[::1",
        "http://2130706433",
        "ftp://127.0.0.1",
        "file:///etc/passwd",
        "javascript:alert(1)",
    ],
)
def test_an_issuer_that_anybody_could_speak_for_is_refused(address: str) -> None:
    with pytest.raises(ValidationError, match="loopback"):
        Settings(oidc_issuer=address)


@given(st.text(max_size=30) | st.text("htps:/@[]127.0.localhost#?%\\ ", max_size=30))
def test_no_text_breaks_the_look_at_an_address(address: str) -> None:
    if trustworthy(address):
        assert address.lower().startswith(("https://", "http://127.", "http://localhost", "http://[::"))
