"""Who worked with whom, counted between groups."""

from __future__ import annotations

from collections import Counter
from itertools import product

from hypothesis import given
from hypothesis import strategies as st

from projections.collaboration import Doing, Together, collaboration

GROUPS = st.lists(st.sampled_from(["浙江", "陕西", "NL"]), min_size=1, max_size=3).map(tuple)
TOGETHER = st.lists(
    st.builds(
        Together,
        doing=st.sampled_from(Doing),
        id=st.sampled_from(["a", "b", "c", "d"]),
        asking=GROUPS,
        answering=GROUPS,
        need_id=st.none() | st.sampled_from(["n1", "n2"]),
        amount_minor=st.none() | st.integers(0, 10**12),
        currency=st.sampled_from(["CNY", "EUR"]),
    ),
    max_size=12,
)


def test_every_cell_names_what_is_behind_it() -> None:
    done = [
        Together(Doing.MATCH, "m1", ("浙江",), ("NL",), need_id="n1"),
        Together(Doing.COOPERATION, "c1", ("浙江",), ("陕西",), need_id="n1"),
        Together(Doing.DEAL, "d1", ("浙江",), ("NL",), need_id="n2", amount_minor=30_000_000, currency="CNY"),
        Together(Doing.DEAL, "d2", ("浙江",), ("NL",), amount_minor=5, currency="EUR"),
    ]
    abroad, home = collaboration(done)
    assert (abroad.asking, abroad.answering) == ("浙江", "NL")
    assert (abroad.needs, abroad.matches, abroad.cooperations, abroad.deals) == (
        {"n1", "n2"},
        {"m1"},
        set(),
        {"d1", "d2"},
    )
    assert abroad.amounts == {"CNY": 30_000_000, "EUR": 5}
    assert (home.answering, home.needs, home.cooperations) == ("陕西", {"n1"}, {"c1"})


def test_a_deal_without_an_amount_adds_none() -> None:
    (cell,) = collaboration([Together(Doing.DEAL, "d", ("浙江",), ("浙江",))])
    assert (cell.deals, dict(cell.amounts)) == ({"d"}, {})


@given(TOGETHER)
def test_what_belongs_to_several_groups_counts_in_each_pair_of_them_once(done: list[Together]) -> None:
    amounts: Counter[tuple[str, str, str]] = Counter()
    ids: dict[tuple[str, str], set[tuple[Doing, str]]] = {}
    for each in done:
        for pair in set(product(each.asking, each.answering)):
            ids.setdefault(pair, set()).add((each.doing, each.id))
            amounts[*pair, each.currency or ""] += each.amount_minor or 0
    cells = collaboration(done)
    assert [(cell.asking, cell.answering) for cell in cells] == sorted(ids)
    for cell in cells:
        found = {Doing.MATCH: cell.matches, Doing.COOPERATION: cell.cooperations, Doing.DEAL: cell.deals}
        assert {(doing, id) for doing, of in found.items() for id in of} == ids[cell.asking, cell.answering]
        for currency, amount in cell.amounts.items():
            assert amount == amounts[cell.asking, cell.answering, currency]
