"""Tokens of a real OpenID provider, by each algorithm that is believed."""

from __future__ import annotations

from pathlib import Path

import pytest
from real_provider import real_provider
from signing import KINDS, signer

from gateway.ports import TokenError
from infra.application import now
from infra.identity.identities import identities
from infra.identity.persons import person_of
from infra.settings import Settings

pytestmark = pytest.mark.slow


@pytest.mark.parametrize("kind", KINDS)
def test_its_access_tokens_for_us_hold_and_its_others_do_not(kind: str, tmp_path: Path) -> None:
    with real_provider(signer(kind)) as there:
        known = identities(Settings(data=tmp_path, oidc_issuer=there.issuer), lambda _id: None, now, lambda: 0)
        tokens = there.for_somebody("lin")
        assert known.viewer(tokens["access_token"], None).person_id == person_of(there.issuer, "lin")
        assert known.viewer(there.for_a_program(), None).person_id == person_of(there.issuer, "importer")
        for other in (tokens["id_token"], there.for_a_program("urn:another")):
            with pytest.raises(TokenError):
                known.viewer(other, None)
