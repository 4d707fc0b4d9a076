"""Whatever schemathesis makes of the schema is answered by the running server, with all of its limits, without a 5xx.

schemathesis reads the schema by introspection, over HTTP, and makes documents for each query and each mutation; they
are asked by the public and by people in several roles, so that mutations take effect, too. An answer is one of a server
error if its status says so, or if it holds an error of the inside, which is the server's fault whatever the status.

Run: python benchmarks/robustness.py [--quick] [--json FILE]
"""

from __future__ import annotations

import sys
import tempfile
import time
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import requests
import schemathesis
from chance.served import served
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st
from hypothesis_graphql import nodes
from measuring import Results, finish, options
from schemathesis.core.result import Ok
from schemathesis.graphql import scalar

EXAMPLES, QUICK = 50, 5
"""Documents for each query and each mutation."""
SEED = 1


class ServerError(Exception):
    """The server says that it is at fault."""


@dataclass
class Asked:
    """What was asked, and which statuses and codes of errors came of it."""

    session: requests.Session
    tokens: dict[str, str | None]
    statuses: Counter[int] = field(default_factory=Counter)
    codes: Counter[str] = field(default_factory=Counter)

    def ask(self, case: Any, who: str) -> None:
        """Ask, and look at the answer. Raises ServerError."""
        token = self.tokens[who]
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        answer = case.call(session=self.session, headers=headers)
        codes = [error["extensions"]["code"] for error in answer.json().get("errors", ())]
        self.statuses[answer.status_code] += 1
        self.codes.update(codes)
        if answer.status_code >= 500 or "INTERNAL" in codes:
            raise ServerError(f"{answer.status_code} to {who}: {answer.text}\n{case.body}")


def scalars() -> None:
    """Tell schemathesis what the scalars are that GraphQL does not bring along."""
    scalar("Position", st.integers(0, 2**40).map(nodes.Int))
    scalar("Amount", st.decimals(-(10**9), 10**9, places=2).map(lambda amount: nodes.String(str(amount))))
    scalar("Date", st.dates().map(lambda day: nodes.String(day.isoformat())))
    scalar("DateTime", st.datetimes().map(lambda moment: nodes.String(moment.isoformat())))


def operation_of(found: Any) -> Any:
    """A query or a mutation, which schemathesis reads from the schema if that is one."""
    assert isinstance(found, Ok), found
    return found.ok()


def found_in(operation: Any, asked: Asked, examples: int) -> ServerError | None:
    """Ask so many documents of one query or mutation; the smallest that the server fails at, if there is one."""

    @seed(SEED)
    @settings(
        max_examples=examples,
        deadline=None,
        database=None,
        phases=(Phase.generate, Phase.shrink),
        suppress_health_check=list(HealthCheck),
    )
    @given(case=operation.as_strategy(), who=st.sampled_from(sorted(asked.tokens)))
    def ask(case: Any, who: str) -> None:
        asked.ask(case, who)

    try:
        ask()
    except ServerError as error:
        return error
    return None


def main() -> None:
    chosen = options(__doc__)
    scalars()
    failures: list[str] = []
    with (
        tempfile.TemporaryDirectory(prefix="robustness-") as folder,
        served(Path(folder), quick=chosen.quick) as (server, tokens),
        requests.Session() as session,
    ):
        session.trust_env = False
        asked = Asked(session, tokens)
        schema = schemathesis.graphql.from_url(f"{server.url}/graphql")
        operations = list(map(operation_of, schema.get_all_operations()))
        began = time.perf_counter()
        for number, operation in enumerate(operations, start=1):
            error = found_in(operation, asked, QUICK if chosen.quick else EXAMPLES)
            if error is not None:
                failures.append(f"{operation.label}: {error}")
            if sys.stderr.isatty():
                print(f"\r{number} of {len(operations)} queries and mutations", end="", file=sys.stderr)
        seconds = time.perf_counter() - began
    for each in failures:
        print(each, file=sys.stderr)
    results = Results(f"{sum(asked.statuses.values()):,} documents by schemathesis in {seconds:,.0f} s")
    results.row(what="queries and mutations", figure=f"{len(operations)}")
    for status, count in sorted(asked.statuses.items()):
        results.row(what=f"status {status}", figure=f"{count:,}")
    for code, count in sorted(asked.codes.items()):
        results.row(what=f"errors {code}", figure=f"{count:,}")
    results.bar("queries and mutations at which the server fails", len(failures), 0, at_most=True)
    if failures:
        results.print()
        raise SystemExit(1)
    finish(results, chosen)


if __name__ == "__main__":
    main()
