"""The guard of the gateway, as the settings have it."""

from __future__ import annotations

import time
from collections.abc import Callable

from gateway.documents import Documents
from gateway.guarding import Guard
from gateway.rates import Rates
from infra.documents import documents_in, own_folder
from infra.errors import UnfitError
from infra.settings import Settings


def guard_of(settings: Settings, clock: Callable[[], float] = time.monotonic) -> Guard:
    """The guard with the documents that are in the folder now. Raises UnfitError."""
    alone = settings.trusted_documents == "on"
    folder = settings.documents or own_folder()
    documents = documents_in(folder)
    if alone and not documents:
        raise UnfitError(f"documents: trusted_documents is on, and there is no document in {folder}")
    rates = Rates(settings.rate_limit, settings.rate_burst, clock) if settings.rate_limit else None
    return Guard(Documents(documents, alone=alone), settings.describes_to, rates)
