"""Languages by their two letters."""

from __future__ import annotations

import pytest

from domain.reference.languages import language_name


@pytest.mark.parametrize(("code", "name"), [("zh", "Chinese"), ("en", "English"), ("ru", "Russian"), ("nl", "Dutch")])
def test_a_language_is_known_by_its_two_letters(code: str, name: str) -> None:
    found = language_name(code)
    assert found is not None
    assert found.startswith(name)


@pytest.mark.parametrize("code", ["zz", "ZH", "zho", "cn", ""])
def test_what_is_no_code_of_iso_639_names_no_language(code: str) -> None:
    assert language_name(code) is None
