"""GraphiQL as a person has it: in a real browser that reaches nothing but this machine, over a real server."""

from __future__ import annotations

import signal
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from browsing import Browser, asked_by_pages, browser, said
from command_line import Served, serve, typed
from selenium.webdriver.common.keys import Keys
from small_network import network_in

EDITOR, ANSWER, RUN = ".graphiql-query-editor .monaco-editor", ".graphiql-response", ".graphiql-execute-button"
DOCUMENTATION = 'button[aria-label="Show Documentation Explorer"]'
DEALS = "query Overview { deals { totalCount } }"
UNKNOWN = "eyJhbGciOiJub25lIn0.e30."
TYPED = "hush-hush"
"""What somebody has typed into the editor of headers."""

ATTEMPTS = {
    "fetch('http://127.0.0.2/').catch(() => 0)": "connect-src",
    "navigator.sendBeacon('http://127.0.0.2/', 'x')": "connect-src",
    "new WebSocket('ws://127.0.0.2/')": "connect-src",
    "new Image().src = 'http://127.0.0.2/'": "img-src",
    "new Worker(URL.createObjectURL(new Blob(['1'])))": "worker-src",
    "setTimeout(() => eval('1'))": "script-src",
    "document.body.append(Object.assign(document.createElement('script'), {text: '1'}))": "script-src-elem",
    "document.body.append(Object.assign(document.createElement('iframe'), {src: '/'}))": "frame-src",
    "new WebSocket(location.origin.replace('http', 'ws') + '/graphql')": None,
}
"""What somebody else's script might try, and which part of the policy stops it; a subscription it lets through."""


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("shown") / "data"
    network_in(folder)
    return folder


@pytest.fixture(scope="module")
def served(data: Path, bundle: Path) -> Iterator[Served]:
    server = serve(data)
    yield server
    assert server.end(signal.SIGINT) == 0


@pytest.fixture(scope="module")
def token(data: Path, served: Served) -> str:
    """A token of somebody who sees all deals."""
    return typed("token", "--as", "auditor", "--data", data, folder=data.parent).stdout.strip()


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    with browser(tmp_path_factory.mktemp("browser")) as opened:
        yield opened


@pytest.fixture
def graphiql(shared: Browser, served: Served) -> Iterator[Browser]:
    """The page, opened as for the first time; at the end nothing has been complained of that the test did not take."""
    shared.forget(served.address)
    shared.open(f"{served.address}/graphiql")
    shared.see(RUN)
    yield shared
    assert shared.complaints() == []


def sign_in(page: Browser, token: str, station: str = "") -> None:
    page.see("input[name=token]").send_keys(token)
    page.see("input[name=station]").send_keys(station, Keys.ENTER)


def test_the_query_that_stands_there_is_answered_at_the_press_of_a_button(graphiql: Browser) -> None:
    assert "query Overview" in said(graphiql.see(EDITOR, "totalCount"))
    graphiql.see(RUN).click()
    assert "Zhejiang station" in said(graphiql.see(ANSWER, "Zhejiang"))
    assert '"errors"' not in said(graphiql.see(ANSWER))


def test_a_query_that_is_typed_is_answered_at_a_key(graphiql: Browser) -> None:
    graphiql.write(EDITOR, "query Overview { needs { totalCount } }")
    graphiql.press(Keys.CONTROL, Keys.ENTER)
    assert '"needs": {' in said(graphiql.see(ANSWER, '"totalCount": 4'))


def test_names_are_completed_from_the_schema(graphiql: Browser) -> None:
    graphiql.write(EDITOR, "query Overview { counterp")
    graphiql.press(Keys.CONTROL, Keys.SPACE)
    graphiql.see(".suggest-widget", "counterparts")


def test_the_documentation_opens_with_a_type(graphiql: Browser) -> None:
    graphiql.see(DOCUMENTATION).click()
    graphiql.see(".graphiql-doc-explorer a", "Bilingual").click()
    assert "zh: String" in said(graphiql.see(".graphiql-doc-explorer", "Fields"))


def test_who_signs_in_sees_what_the_public_does_not(graphiql: Browser, token: str) -> None:
    graphiql.write(EDITOR, DEALS)
    graphiql.press(Keys.CONTROL, Keys.ENTER)
    graphiql.see(ANSWER, '"totalCount": 0')
    sign_in(graphiql, f"Bearer {token}")
    graphiql.see("header output", "Signed in")
    graphiql.see(RUN).click()
    graphiql.see(ANSWER, '"totalCount": 5')
    graphiql.see("header button", "Sign out").click()
    graphiql.see("header output", "the public")
    graphiql.see(RUN).click()
    graphiql.see(ANSWER, '"totalCount": 0')


def test_a_token_that_is_not_taken_is_told_with_the_reason(graphiql: Browser) -> None:
    sign_in(graphiql, UNKNOWN)
    assert "token" in said(graphiql.see("header [role=alert]"))
    (complaint,) = graphiql.complaints()
    assert "401" in complaint


def test_no_token_is_kept_by_the_browser_wherever_it_was_typed(graphiql: Browser, token: str) -> None:
    sign_in(graphiql, token)
    graphiql.see("header output", "Signed in")
    graphiql.see("button", "Headers").click()
    graphiql.write(".graphiql-editor-tool .monaco-editor", f'{{"Yizhan-Other": "{TYPED}"')
    graphiql.write(EDITOR, DEALS)
    graphiql.press(Keys.CONTROL, Keys.ENTER)
    graphiql.see(ANSWER, '"totalCount": 5')
    kept = graphiql.kept()
    assert "graphiql:queries" in kept
    assert "deals" in kept
    assert token[:20] not in kept
    assert TYPED not in kept


def test_a_script_neither_gets_out_of_the_page_nor_brings_another_one_in(graphiql: Browser) -> None:
    run = """
        const [wait, done] = arguments;
        addEventListener('securitypolicyviolation', event => done(event.effectiveDirective), {once: true});
        setTimeout(() => done(null), wait);
    """
    for attempt, stopped in ATTEMPTS.items():
        wait = 1_000 if stopped is None else 20_000
        assert graphiql.driver.execute_async_script(run + attempt, wait) == stopped, attempt
    assert len(graphiql.complaints()) >= len(ATTEMPTS) - 1


def test_a_visit_asks_nothing_of_anybody_else(served: Served, token: str, tmp_path: Path) -> None:
    with browser(tmp_path) as opened:
        opened.open(f"{served.address}/")
        opened.see("button", "Ask").click()
        opened.see("#answer", "Zhejiang station")
        opened.see("a", "GraphiQL").click()
        opened.see(RUN).click()
        opened.see(ANSWER, "Zhejiang")
        opened.see(DOCUMENTATION).click()
        opened.see(".graphiql-doc-explorer", "Station")
        sign_in(opened, token)
        opened.see("header output", "Signed in")
        assert opened.complaints() == []
        opened.open("data:text/html,<img src='http://elsewhere.example/'>")
    asked = asked_by_pages(tmp_path / "net.json")
    assert f"{served.address}/graphql" in asked
    assert [each for each in asked if not each.startswith(f"{served.address}/")] == ["http://elsewhere.example/"], (
        "the log shows the one that a page elsewhere asked for, so it would show others"
    )


def test_what_happens_is_followed_until_the_button_is_pressed_again(graphiql: Browser, served: Served) -> None:
    graphiql.write(EDITOR, "subscription Overview { standing { head lag } }")
    graphiql.press(Keys.CONTROL, Keys.ENTER)
    assert '"standing": {' in said(graphiql.see(ANSWER, '"lag": 0'))
    assert 'yizhan_subscriptions{operation="Overview"} 1.0' in httpx.get(f"{served.address}/metrics").text
    graphiql.see(RUN).click()
    until = time.monotonic() + 10
    while 'yizhan_subscriptions{operation="Overview"} 0.0' not in httpx.get(f"{served.address}/metrics").text:
        assert time.monotonic() < until
        time.sleep(0.05)
