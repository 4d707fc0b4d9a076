"""Matching, judged: how well the ranking finds the EEN profiles that a person found relevant to a Chinese text.

The set in matching/ was written by hand, and before anything was run on it; a set of the same form is read from
another folder. Each query meets the profiles that pass the hard filter on the set's day: a type that answers it, not
expired, from a country that looks for partners in China. The project's ranking, with the gloss that it ships with, puts
them in order. nDCG@10 has the gain 2^grade - 1; what nobody judged counts as not relevant.

Below the ranking as it is: each rule left out in turn (its weight 0, the others as they are), and words alone. A rule
that the set gives nothing to read changes nothing: no market keywords, no preferred countries. A dash stands where
nothing was suggested for any query. Milliseconds are those of one query: filter, gloss of its text and ranking. The
gloss keeps no texts; what the profiles say was read before.

Run: python benchmarks/matching.py [--data DIR] [--day YYYY-MM-DD] [--quick] [--json FILE]
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from statistics import fmean

from matching_metrics import ndcg, recall, reciprocal_rank
from matching_set import JudgedSet, Query, Unreadable, read_set
from measuring import Results, finish, quantile

from domain.matching.eligibility import eligible
from domain.matching.gloss import Gloss
from domain.matching.ranking import rank
from domain.matching.subject import Kind
from domain.matching.weights import WEIGHTS, Rule, Weights
from infra.gloss import CedictGloss

DATA = Path(__file__).parent / "matching"
WORDS_ALONE = Weights(words=WEIGHTS.words, technology=0, markets=0, stage=0, country=0)
BARS: Mapping[Kind, float] = {Kind.NEED: 0.60, Kind.ACHIEVEMENT: 0.70}
PLURAL: Mapping[Kind, str] = {Kind.NEED: "needs", Kind.ACHIEVEMENT: "achievements"}
FEW = 8
"""Queries of each kind in a quick run."""


@dataclass(frozen=True, slots=True)
class Ranked:
    """A query's ranking, as ids of profiles, and the seconds that it took."""

    query: Query
    ranking: Sequence[str]
    seconds: float


def ranked(judged: JudgedSet, queries: Sequence[Query], day: date, gloss: Gloss, weights: Weights) -> list[Ranked]:
    """The rankings of these queries on a day."""
    candidates = [profile.candidate for profile in judged.profiles.values()]
    found = []
    for query in queries:
        subject = query.subject
        began = time.perf_counter()
        pool = [candidate for candidate in candidates if eligible(subject, candidate, day)]
        ranking = [suggestion.id for suggestion in rank(subject, pool, gloss, weights)]
        found.append(Ranked(query, ranking, time.perf_counter() - began))
    return found


def figures(judged: JudgedSet, found: Sequence[Ranked]) -> dict[str, float]:
    """Means over the queries, and quantiles of what they took."""
    grades = [judged.grades[each.query.id] for each in found]
    rankings = [each.ranking for each in found]
    return {
        "nDCG@10": fmean(map(ndcg, rankings, grades)),
        "recall@10": fmean(map(recall, rankings, grades)),
        "MRR": fmean(map(reciprocal_rank, rankings, grades)),
        "p50_ms": 1_000 * quantile([each.seconds for each in found], 0.50),
        "p99_ms": 1_000 * quantile([each.seconds for each in found], 0.99),
    }


def asked(judged: JudgedSet, kind: Kind, *, quick: bool) -> list[Query]:
    """The queries of a kind: all, or few that lie apart from each other."""
    queries = [query for query in judged.queries.values() if query.kind is kind]
    return queries[:: max(1, len(queries) // FEW)] if quick else queries


def measured(judged: JudgedSet, day: date, *, quick: bool) -> Results:
    """The table: each kind of query with each way of weighing."""
    gloss = CedictGloss(texts_kept=0)
    kinds = {kind: queries for kind in BARS if len(queries := asked(judged, kind, quick=quick)) > 1}
    for queries in kinds.values():
        ranked(judged, queries, day, gloss, WEIGHTS)
    counts = " and ".join(f"{len(queries)} {PLURAL[kind]}" for kind, queries in kinds.items())
    results = Results(f"{counts} among {len(judged.profiles)} profiles on {day}")
    ways = {"all rules": WEIGHTS}
    ways |= {f"without {rule}": replace(WEIGHTS, **{rule.value: 0.0}) for rule in Rule}
    ways |= {"words alone": WORDS_ALONE}
    for way, weights in ways.items():
        for kind, queries in kinds.items():
            found = ranked(judged, queries, day, gloss, weights)
            row = figures(judged, found)
            silent = not any(each.ranking for each in found)
            shown = {name: "-" if silent and not figure else figure for name, figure in row.items()}
            results.row(ranking=way, of=PLURAL[kind], **shown)
            if weights is WEIGHTS:
                results.bar(f"nDCG@10 of {PLURAL[kind]}", row["nDCG@10"], BARS[kind])
    return results


def chosen_options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, default=DATA, metavar="DIR", help="a set of the same form")
    parser.add_argument("--day", type=date.fromisoformat, metavar="YYYY-MM-DD", help="in place of the set's own day")
    parser.add_argument("--quick", action="store_true", help="a small run that shows that it works; no figure to quote")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the results here as well")
    return parser.parse_args()


def main() -> None:
    chosen = chosen_options()
    try:
        judged = read_set(chosen.data)
        day = chosen.day or judged.day
        if day is None:
            raise Unreadable('set.json: not there; {"day": "YYYY-MM-DD"} is accepted, or the option --day')
    except Unreadable as cause:
        raise SystemExit(f"{chosen.data}: {cause}") from cause
    finish(measured(judged, day, quick=chosen.quick), chosen)


if __name__ == "__main__":
    main()
