"""Ids say what they stand for, and follow from what names them."""

from __future__ import annotations

from typing import Annotated

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from pydantic import BaseModel, ValidationError

from domain.kernel.ids import Ref, derived_id, prefix_of

PARTS = st.lists(st.text(st.sampled_from("a1\x1e\x1f0")), max_size=4)


class Holder(BaseModel):
    need_id: Annotated[str, Ref("need")]


def test_the_same_parts_give_the_same_id_for_ever() -> None:
    assert derived_id("station", "national") == derived_id("station", "national")
    assert derived_id("station", "national") == "station_4w7e2rkfp3bjrajejshnfxnb7h"


def test_the_prefix_belongs_to_what_is_named() -> None:
    assert derived_id("need", "x")[5:] != derived_id("match", "x")[6:]


@given(PARTS, PARTS)
@example(["a\x1fb"], ["a", "b"])
@example(["a\x1e1b"], ["a\x1fb"])
@example(["a\x1e"], ["a\x1e0"])
def test_other_parts_give_another_id_whatever_separators_they_hold(one: list[str], other: list[str]) -> None:
    assert (derived_id("need", *one) == derived_id("need", *other)) == (one == other)


@given(st.sampled_from(["need", "claim", "achievement"]), PARTS)
def test_an_id_says_what_it_stands_for(prefix: str, parts: list[str]) -> None:
    assert prefix_of(derived_id(prefix, *parts)) == prefix


@pytest.mark.parametrize(
    "text",
    ["", "need", "need_", "_", "need_01h455vb4pex5vsknk084sn02", "need_81h455vb4pex5vsknk084sn02q", "NEED 1"],
)
def test_what_is_no_id_stands_for_nothing(text: str) -> None:
    assert prefix_of(text) == ""


def test_an_id_of_the_wrong_kind_is_refused_where_another_is_meant() -> None:
    id = derived_id("need", "x")
    assert Holder(need_id=id).need_id == id
    for wrong in (derived_id("match", "x"), "need_x", f"{id}\n", id.upper()):
        with pytest.raises(ValidationError, match="takes the id of a need"):
            Holder(need_id=wrong)
