"""Claims: one holder at a time."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.kernel.claims import Claim, ClaimKey, ClaimReleased, Claims, ClaimTaken, evolve
from domain.kernel.facts import Fact
from domain.kernel.refusals import Refusal

KEY, OTHER = ClaimKey("credit_code", "1"), ClaimKey("credit_code", "2")


def claims(holder: str | None, me: str = "me") -> Claims:
    return Claims(me, {KEY.id: Claim(holder), OTHER.id: None})


def test_a_claim_is_known_by_its_kind_and_value() -> None:
    assert len({KEY.id, OTHER.id, ClaimKey("title", "1").id, ClaimKey("credit_code1", "").id}) == 4
    assert ClaimKey("credit_code", "1").id == KEY.id


def test_what_nobody_holds_may_be_taken() -> None:
    taken = (ClaimTaken(kind="credit_code", holder_id="me"),)
    assert claims(None).taken(KEY, OTHER) == {KEY.id: taken, OTHER.id: taken}


def test_what_one_holds_already_need_not_be_taken_again() -> None:
    assert claims("me").taken(KEY) == {}


def test_what_another_holds_is_refused_with_the_holder_named() -> None:
    with pytest.raises(Refusal, match="already belongs to other") as refusal:
        claims("other").taken(KEY)
    assert refusal.value.code == "credit_code.taken"


def test_only_what_one_holds_is_released() -> None:
    assert claims("me").released(KEY, OTHER) == {KEY.id: (ClaimReleased(),)}
    assert claims("other").released(KEY) == {}
    assert claims(None).released(KEY) == {}


@given(st.lists(st.sampled_from(["a", "b", None])))
def test_a_claim_belongs_to_whoever_took_it_last_unless_it_was_released(takers: list[str | None]) -> None:
    claim: Claim | None = None
    for taker in takers:
        fact: Fact = ClaimTaken(kind="k", holder_id=taker) if taker else ClaimReleased()
        claim = evolve(claim, fact)  # type: ignore[arg-type]  # one of the two facts of a claim
    assert claim == (Claim(takers[-1]) if takers else None)
