"""A real OpenID provider (`tests/js/openid_provider.js`) in a process of its own, and people who sign in there."""

from __future__ import annotations

import re
import secrets
import subprocess
from base64 import urlsafe_b64encode
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

import httpx
import orjson
from judges import FOLDER, installed
from signing import Signer

PORTAL = "https://portal.example/signed-in"
OURS = "urn:yizhan"
IMPORTER = ("importer", "a secret between the two of them")


@dataclass(frozen=True, slots=True)
class RealProvider:
    """Where it answers, under the name that stands in its tokens."""

    issuer: str

    def for_a_program(self, resource: str = OURS) -> str:
        """An access token by which a program speaks for itself (client credentials)."""
        asked = {"grant_type": "client_credentials", "resource": resource, "scope": "use"}
        return str(_said(httpx.post(f"{self.issuer}/token", data=asked, auth=IMPORTER))["access_token"])

    def for_somebody(self, login: str, resource: str = OURS) -> dict[str, str]:
        """An access token and an ID token: somebody signs in on the provider's own pages (code with PKCE)."""
        verifier = secrets.token_urlsafe(48)
        asked = {
            "client_id": "portal",
            "response_type": "code",
            "redirect_uri": PORTAL,
            "scope": "openid use",
            "resource": resource,
            "code_challenge": urlsafe_b64encode(sha256(verifier.encode()).digest()).rstrip(b"=").decode(),
            "code_challenge_method": "S256",
        }
        with httpx.Client() as browser:
            code = self._signed_in(browser, login, browser.get(f"{self.issuer}/auth", params=asked))
        given = {
            "grant_type": "authorization_code",
            "client_id": "portal",
            "redirect_uri": PORTAL,
            "resource": resource,
            "code": code,
            "code_verifier": verifier,
        }
        return dict(_said(httpx.post(f"{self.issuer}/token", data=given)))

    def _signed_in(self, browser: httpx.Client, login: str, page: httpx.Response) -> str:
        """Fill in one form after the other, until the portal is given its code."""
        while True:
            while page.next_request is not None:
                if str(page.next_request.url).startswith(PORTAL):
                    return page.next_request.url.params["code"]
                page = browser.send(page.next_request)
            action, prompt = (re.search(each, page.text) for each in (r'action="([^"]+)"', r'"prompt" value="(\w+)"'))
            assert action is not None, page.text
            assert prompt is not None, page.text
            page = browser.post(action[1], data={"prompt": prompt[1], "login": login, "password": "any"})


@contextmanager
def real_provider(signer: Signer, port: int = 0) -> Iterator[RealProvider]:
    """It runs until the end, and signs with this key. Without Node.js the test is skipped; not so under CI."""
    node = installed()
    key = {**signer.key.as_dict(private=True), "kid": signer.key_id, "use": "sig"}
    settings = {"port": port, "keys": [key], "audience": "yizhan", "algorithm": signer.algorithm}
    with subprocess.Popen(
        [node, "openid_provider.js"],
        cwd=FOLDER,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    ) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdin.write(orjson.dumps(settings) + b"\n")
        process.stdin.flush()
        try:
            address = process.stdout.readline().decode().strip()
            assert address, process.stderr.read().decode()
            yield RealProvider(address)
        finally:
            process.stdin.close()
            process.wait(15)


def _said(response: httpx.Response) -> Any:
    assert response.status_code == 200, response.text
    return response.json()
