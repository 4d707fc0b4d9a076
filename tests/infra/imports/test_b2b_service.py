"""Pages of the partner web service over real connections: refused, delayed, cut off, and come back."""

from __future__ import annotations

import logging
from collections import deque
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from pydantic import SecretStr, ValidationError
from small_partner_service import CUT, KEY, SmallPartnerService, profile, serving

from infra.errors import OutOfReachError, UnfitError
from infra.imports.b2b_service import ATTEMPTS, PartnerService, partner_service
from infra.settings import Settings


@pytest.fixture
def service() -> Iterator[SmallPartnerService]:
    with serving(*(profile(number) for number in range(450))) as made:
        yield made


@pytest.fixture
def pauses() -> list[float]:
    return []


@pytest.fixture
def client(service: SmallPartnerService, pauses: list[float]) -> PartnerService:
    return PartnerService(service.address, SecretStr(KEY), pauses.append)


def numbers(pages: list[Any]) -> list[int]:
    return [item["id"] - 100_000 for page in pages for item in page["data"]["items"]]


def test_all_pages_are_followed_by_what_each_says_of_the_next(
    service: SmallPartnerService, client: PartnerService
) -> None:
    assert numbers(list(client.pages(None))) == list(range(450))
    assert service.pages_asked() == ["1", "2", "3"]
    assert {(each["PageSize"], each.get("FromDate")) for each in service.asked} == {("200", None)}


def test_changes_from_a_day_on_are_asked_for(service: SmallPartnerService, client: PartnerService) -> None:
    assert numbers(list(client.pages(date(2026, 9, 19)))) == list(range(432, 450))
    assert service.asked[0]["FromDate"] == "2026-09-19"


def test_a_wrong_key_is_refused_at_once_and_stands_in_no_message(
    service: SmallPartnerService, pauses: list[float], caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    wrong = PartnerService(service.address, SecretStr("a-secret-of-somebody"), pauses.append)
    with pytest.raises(UnfitError, match="refuses with 401") as refused:
        list(wrong.pages(None))
    assert (len(service.asked), pauses) == (1, [])
    assert "a-secret" not in f"{refused.value} {refused.value!r} {wrong!r} {caplog.text}"


@pytest.mark.parametrize("key", ["", "two words", "line\nbreak", "schlüssel"])
def test_a_key_that_no_header_holds_is_refused_before_anything_is_sent(key: str, service: SmallPartnerService) -> None:
    with pytest.raises(UnfitError, match="een_key") as refused:
        list(PartnerService(service.address, SecretStr(key)).pages(None))
    assert service.asked == []
    assert not key or key not in str(refused.value)


@pytest.mark.parametrize("status", [429, 500, 502, 503, 504, CUT])
def test_a_page_that_does_not_come_is_asked_for_again_after_longer_and_longer_pauses(
    status: int, service: SmallPartnerService, client: PartnerService, pauses: list[float]
) -> None:
    service.troubles.extend([200, status, status, status])
    assert numbers(list(client.pages(None))) == list(range(450))
    assert service.pages_asked() == ["1", "2", "2", "2", "2", "3"]
    assert pauses == [1.0, 2.0, 4.0]


def test_a_service_that_names_a_pause_is_left_alone_for_so_long(
    service: SmallPartnerService, client: PartnerService, pauses: list[float]
) -> None:
    service.troubles.append(429)
    service.headers["Retry-After"] = "7"
    list(client.pages(None))
    assert pauses == [7.0]


def test_a_pause_of_an_hour_is_left_to_the_next_run(
    service: SmallPartnerService, client: PartnerService, pauses: list[float]
) -> None:
    service.troubles.append(429)
    service.headers["Retry-After"] = "3600"
    with pytest.raises(OutOfReachError, match="page 1: it answers with 429"):
        list(client.pages(None))
    assert pauses == []


def test_a_page_that_never_comes_leaves_what_came_before(service: SmallPartnerService, client: PartnerService) -> None:
    service.troubles.extend([200, *[CUT] * ATTEMPTS])
    came: list[Any] = []
    with pytest.raises(OutOfReachError, match="page 2: it does not answer to the end"):
        deque(map(came.append, client.pages(None)), maxlen=0)
    assert numbers(came) == list(range(200))
    assert service.pages_asked() == ["1", *["2"] * ATTEMPTS]


def test_a_service_that_is_not_there_is_out_of_reach(pauses: list[float]) -> None:
    with serving() as gone:
        address = gone.address
    with pytest.raises(OutOfReachError, match="ConnectError"):
        list(PartnerService(address, SecretStr(KEY), pauses.append).pages(None))
    assert len(pauses) == ATTEMPTS - 1


@pytest.mark.parametrize("status", [302, 400, 404])
def test_another_answer_is_no_page_and_no_redirection_is_followed(
    status: int, service: SmallPartnerService, client: PartnerService
) -> None:
    service.troubles.append(status)
    service.headers["Location"] = f"{service.address}/profiles"
    with pytest.raises(UnfitError, match=f"answers with {status}"):
        list(client.pages(None))
    assert len(service.asked) == 1


@pytest.mark.parametrize(
    ("body", "why"),
    [
        (b"<html>", "no JSON"),
        (b'{"data": {"items": []}}', "whether another page follows"),
        (b'{"data": {"items": [], "pagingInfo": {"hasNext": "no"}}}', "whether another page follows"),
        (b'{"data": "\xff"}', "not UTF-8"),
        (b"[" * 200_000, "without bottom"),
    ],
)
def test_what_is_no_page_is_not_guessed_at(
    body: bytes, why: str, service: SmallPartnerService, client: PartnerService
) -> None:
    service.body = body
    with pytest.raises(UnfitError, match=why):
        list(client.pages(None))


def test_an_answer_without_end_is_not_read_to_it(service: SmallPartnerService) -> None:
    small = PartnerService(service.address, SecretStr(KEY), most_bytes=10_000)
    with pytest.raises(UnfitError, match="more than 10,000 bytes"):
        list(small.pages(None))


def test_the_key_comes_from_the_setting_or_from_a_file(tmp_path: Path) -> None:
    file = tmp_path / "key"
    file.write_text(f"{KEY}\n", encoding="utf-8")
    given = (Settings(een_key=SecretStr(KEY)), Settings(een_key_file=file))
    assert {partner_service(each).key.get_secret_value() for each in given} == {KEY}
    assert all(KEY not in f"{each!r} {each.model_dump_json()}" for each in given)
    with pytest.raises(UnfitError, match="set een_key, or een_key_file"):
        partner_service(Settings())
    with pytest.raises(OutOfReachError, match="cannot be read"):
        partner_service(Settings(een_key_file=tmp_path / "none"))


@pytest.mark.parametrize(
    "address", ["http://een.example/v1", "https://een.example/v1?x=1", "https://a@een.example", "b2b"]
)
def test_a_key_is_sent_to_nobody_whom_tls_does_not_vouch_for(address: str) -> None:
    with pytest.raises(ValidationError, match="takes an address https"):
        Settings(een_service=address)
