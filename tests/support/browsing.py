"""A real browser without a window, cut off from every host but this machine; what it says and what it asks for."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from npm import wanted
from selenium.common.exceptions import StaleElementReferenceException, TimeoutException
from selenium.webdriver import Chrome, ChromeOptions, ChromeService
from selenium.webdriver.common.action_chains import ActionChains
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.remote.webelement import WebElement
from selenium.webdriver.support.wait import WebDriverWait

PATIENCE = 60
"""Seconds that something on a page may take to be there, on a machine that has much else to do."""
OPTIONS = (
    "--headless=new",
    "--no-sandbox",  # root has none, and CI is root
    "--disable-dev-shm-usage",
    "--disable-background-networking",
    "--disable-component-update",
    "--window-size=1400,900",
    "--lang=en",
    "--host-resolver-rules=MAP * ~NOTFOUND , EXCLUDE 127.0.0.1",
)

BROWSER = "not an origin"
"""What its log calls the browser itself, as who asked."""


@dataclass(frozen=True)
class Browser:
    """A browser, and the log that it writes of everything that it asks the network for."""

    driver: Chrome
    log: Path

    def open(self, address: str) -> None:
        self.driver.get(address)

    def forget(self, origin: str) -> None:
        """Begin as somebody who has never been there."""
        self.driver.execute_cdp_cmd("Storage.clearDataForOrigin", {"origin": origin, "storageTypes": "all"})

    def see(self, selector: str, text: str = "") -> WebElement:
        """The element, once it is visible and holds this text."""

        def shown(driver: Chrome) -> list[WebElement]:
            found = driver.find_elements(By.CSS_SELECTOR, selector)
            return [each for each in found if each.is_displayed() and text in said(each)]

        waiting = WebDriverWait(self.driver, PATIENCE, ignored_exceptions=[StaleElementReferenceException])
        try:
            return waiting.until(shown)[0]
        except TimeoutException:
            says = [said(each) for each in self.driver.find_elements(By.CSS_SELECTOR, selector)]
            raise AssertionError(f"there is no {selector} that says {text!r}: they say {says}") from None

    def press(self, *keys: str) -> None:
        """Press keys together, wherever the focus is."""
        *held, last = keys
        actions = ActionChains(self.driver)
        for key in held:
            actions = actions.key_down(key)
        actions = actions.send_keys(last)
        for key in reversed(held):
            actions = actions.key_up(key)
        actions.perform()

    def write(self, selector: str, text: str) -> None:
        """Put a line in the place of what an editor holds, in one piece as an input method does, and see it there.

        Key by key an editor would add and complete while we write, at the speed of the machine.
        """
        self.see(selector).click()
        self.press(Keys.CONTROL, "a")
        self.press(Keys.DELETE)
        self.driver.execute_cdp_cmd("Input.insertText", {"text": text})
        self.see(selector, text)

    def complaints(self) -> list[str]:
        """Errors and warnings of the console since the last look, what the policy has stopped among them."""
        entries = self.driver.get_log("browser")  # type: ignore[no-untyped-call]
        return [each["message"] for each in entries if each["level"] in ("WARNING", "SEVERE")]

    def kept(self) -> str:
        """All that the page has put into the storages of the browser."""
        script = "return JSON.stringify([{...localStorage}, {...sessionStorage}, document.cookie])"
        return str(self.driver.execute_script(script))


def said(element: WebElement) -> str:
    """The text that is seen, with plain spaces."""
    return element.text.replace("\N{NO-BREAK SPACE}", " ")


@contextmanager
def browser(folder: Path) -> Iterator[Browser]:
    """A browser with a profile of its own in this folder; it ends here, and its log is whole after that."""
    wanted(chromium="chromium", chromedriver="chromium-driver")
    log = folder / "net.json"
    options = ChromeOptions()
    options.binary_location = str(shutil.which("chromium"))
    for option in (*OPTIONS, f"--user-data-dir={folder / 'profile'}", f"--log-net-log={log}"):
        options.add_argument(option)
    options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
    driver = Chrome(options=options, service=ChromeService(shutil.which("chromedriver")))
    try:
        yield Browser(driver, log)
    finally:
        driver.quit()


def asked_by_pages(log: Path) -> list[str]:
    """The addresses that pages asked for, by the network log of a browser that has ended.

    What the browser asks its makers for on its own is left out; it gets no answer.
    """
    written: dict[str, Any] = json.loads(log.read_text(encoding="utf-8"))
    begun = written["constants"]["logEventTypes"]["URL_REQUEST_START_JOB"]
    requests = [each.get("params", {}) for each in written["events"] if each["type"] == begun]
    return [each["url"] for each in requests if each.get("initiator", BROWSER) != BROWSER]
