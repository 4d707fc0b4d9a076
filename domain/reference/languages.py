"""Languages by ISO 639-1, as people say which they speak."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

import pycountry


def language_name(code: str) -> str | None:
    """The English name of the language with this two-letter code; None when there is none."""
    return _names().get(code)


@cache
def _names() -> Mapping[str, str]:
    coded = ((getattr(each, "alpha_2", None), each.name) for each in pycountry.languages)
    return {code: str(name) for code, name in coded if code}
