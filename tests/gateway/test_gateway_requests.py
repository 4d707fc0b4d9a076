"""Requests: tokens, positions, origins, and what an answer may say of the inside."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

import pytest
from asking import Asking
from small_network import SmallNetwork

from domain.kernel.commands import Command
from domain.kernel.context import Context
from domain.kernel.outcomes import ContendedError, Outcome, UnavailableError
from gateway.server import READY_LAG, application
from infra.following import Following
from infra.graphdb.engines.neo4j import Neo4jEngine
from infra.graphdb.generations import Generations
from infra.graphdb.keeper import Keeper
from infra.graphdb.reader import GraphReader
from infra.graphdb.shown import Shown
from infra.identity.tokens import signing_key
from infra.server import Running
from infra.settings import Settings

QUERY = {"query": "{ needs { totalCount } }"}


def test_every_answer_says_which_position_it_shows(asking: Asking, made: SmallNetwork) -> None:
    answer = asking.post("{ standing { position head lag lagSeconds } }").json()
    head = made.log.head()
    assert answer["data"]["standing"] == {"position": head, "head": head, "lag": 0, "lagSeconds": 0}
    assert answer["extensions"] == {"position": head}
    assert "extensions" not in asking.post("{ __typename }").json()


@contextmanager
def impatient(system: Running, asking: Asking, seconds: float) -> Iterator[Asking]:
    """The same gateway, which waits this long at most."""
    yield replace(asking, gateway=application(replace(system.services, patience=seconds)))


def test_a_read_that_asks_for_a_position_far_ahead_learns_how_far_the_graph_is(
    system: Running, asking: Asking, made: SmallNetwork
) -> None:
    asking.data("{ standing { lag } }")
    with impatient(system, asking, 0.05) as hasty:
        response = hasty.post("{ __typename }", headers={"Yizhan-At-Least": "999999999"})
    head = made.log.head()
    assert response.status_code == 504
    (error,) = response.json()["errors"]
    assert error["extensions"] == {"code": "NOT_YET", "position": head}
    assert error["message"] == f"the graph is at {head} and did not reach 999999999 in 0.05 s"


@pytest.mark.parametrize("wanted", ["", "-1", "1.5", "x", "٣", "+1", "1e3", "9" * 5000, "1 2"])
def test_a_position_that_is_none_is_bad_input(asking: Asking, wanted: str) -> None:
    response = asking.http("POST", "/graphql", json=QUERY, headers={"Yizhan-At-Least": wanted.encode()})
    assert (response.status_code, response.json()["errors"][0]["extensions"]["code"]) == (400, "BAD_INPUT")


def test_a_read_waits_for_the_projector_and_then_shows_what_was_done(
    system: Running, asking: Asking, made: SmallNetwork, loop: asyncio.Runner
) -> None:
    progress = system.services.progress
    assert loop.run(progress.wait_for(made.log.head(), 10)) >= made.log.head()
    assert progress.lag() == 0


def test_a_mutation_whose_record_the_graph_does_not_show_in_time_says_so_and_stands(
    system: Running, asking: Asking, made: SmallNetwork
) -> None:
    with system.engine.driver() as driver:
        resting = Keeper(Generations(system.engine, driver, system.generations.projection), made.log)
        services = replace(system.services, progress=Following(resting), patience=0.05)
        slow = replace(asking, gateway=application(services))
        query = 'mutation { checkNeed(input: {requestId: "slow", needId: "%s"}) { position changed need { id } } }'
        response = slow.post(query % made["written"], "adviser", headers={"Yizhan-At-Least": "0"}).json()
        assert slow.http("GET", "/readyz").json() == {"ready": False, "lag": made.log.head(), "stopped": None}
    outcome = response["data"]["checkNeed"]
    assert (outcome["changed"], outcome["need"], outcome["position"]) == (True, None, made.log.head())
    assert [error["extensions"]["code"] for error in response["errors"]] == ["NOT_YET"]


def test_a_graph_that_is_far_behind_or_has_stopped_or_is_not_there_yet_is_not_ready(
    system: Running, asking: Asking, made: SmallNetwork
) -> None:
    @dataclass(frozen=True)
    class Standing:
        behind: int
        reason: str | None
        there: bool = True

        def position(self) -> int:
            return 0

        def lag(self) -> int:
            return self.behind

        def stopped(self) -> str | None:
            return self.reason

        def ready(self) -> bool:
            return self.there

        async def waiting(self) -> float:
            return 0.0

        async def wait_for(self, position: int, seconds: float) -> int:
            return 0

    for standing in (
        Standing(READY_LAG + 1, None),
        Standing(1, "a fact that it cannot apply"),
        Standing(1, None, there=False),
    ):
        there = replace(asking, gateway=application(replace(system.services, progress=standing)))
        response = there.http("GET", "/readyz")
        said = {"ready": False, "lag": standing.behind, "stopped": standing.reason}
        assert (response.status_code, response.json()) == (503, said)


@pytest.mark.parametrize("type", ["multipart/form-data; boundary=x", "application/x-www-form-urlencoded", "text/plain"])
def test_a_form_cannot_be_made_to_ask(asking: Asking, type: str) -> None:
    body = '--x\r\nContent-Disposition: form-data; name="operations"\r\n\r\n{"query": "{ __typename }"}\r\n--x--'
    response = asking.http("POST", "/graphql", content=body, headers={"Content-Type": type})
    assert response.status_code == 415
    assert response.json()["errors"][0]["extensions"]["code"] == "BAD_REQUEST"


@pytest.mark.parametrize(("trouble", "code"), [(ContendedError, "CONTENDED"), (UnavailableError, "UNAVAILABLE")])
def test_a_command_that_met_others_or_no_log_may_be_sent_again(
    system: Running, asking: Asking, made: SmallNetwork, trouble: type[Exception], code: str
) -> None:
    class Troubled:
        async def perform_async(self, command: Command, context: Context) -> Outcome:
            raise trouble("nothing was recorded; send the request again")

    there = replace(asking, gateway=application(replace(system.services, desk=Troubled())))
    query = f'mutation {{ solveNeed(input: {{requestId: "c", needId: "{made["dyeing"]}"}}) {{ position }} }}'
    error = there.post(query, "adviser").json()["errors"][0]
    assert (error["extensions"]["code"], error["message"]) == (
        code,
        "nothing was recorded; send the request again",
    )


def test_machines_learn_whether_it_lives_and_is_ready(asking: Asking) -> None:
    asking.data("{ standing { lag } }")
    assert asking.http("GET", "/healthz").json() == {"healthy": True}
    assert asking.http("GET", "/readyz").json() == {"ready": True, "lag": 0, "stopped": None}


def test_a_browser_may_ask_from_an_allowed_origin_only(asking: Asking) -> None:
    preflight = {"Access-Control-Request-Method": "POST", "Access-Control-Request-Headers": "authorization"}
    allowed, foreign = {"Origin": "https://portal.example"}, {"Origin": "https://evil.example"}
    answer = asking.http("OPTIONS", "/graphql", headers={**allowed, **preflight})
    assert (answer.status_code, answer.headers["Access-Control-Allow-Origin"]) == (200, "https://portal.example")
    for header in ("authorization", "content-type", "yizhan-at-least", "yizhan-station"):
        assert header in answer.headers["Access-Control-Allow-Headers"].lower()
    refused = asking.http("OPTIONS", "/graphql", headers={**foreign, **preflight})
    assert refused.status_code == 400
    assert "Access-Control-Allow-Origin" not in refused.headers
    for headers, shown in ((allowed, True), (foreign, False)):
        for more in ({}, {"Authorization": "Basic x"}):
            answer = asking.http("POST", "/graphql", json=QUERY, headers={**headers, **more})
            assert ("Access-Control-Allow-Origin" in answer.headers) is shown
            assert answer.headers["Access-Control-Expose-Headers"] == "Retry-After"


def test_the_front_page_names_no_other_host(asking: Asking) -> None:
    answer = asking.http("GET", "/")
    assert answer.status_code == 200
    assert "default-src 'self'" in answer.headers["Content-Security-Policy"]
    assert not re.findall(r"https?:|//[a-z]", answer.text)
    query = re.search(r"<textarea[^>]*>(.*?)</textarea>", answer.text, re.DOTALL)
    assert query is not None
    assert asking.data(query[1])["stations"]["totalCount"] > 0


@pytest.mark.parametrize(
    ("sent", "status"),
    [
        ({"content": b"{"}, 400),
        ({"content": b""}, 400),
        ({"json": []}, 400),
        ({"json": {}}, 400),
        ({"json": {"query": 5}}, 400),
        ({"json": {"query": ""}}, 400),
        ({"json": {"query": "{ needs { totalCount } }", "variables": []}}, 400),
        ({"json": {"query": "{ needs { totalCount } }", "operationName": 5}}, 400),
        ({"data": {"query": "{ needs { totalCount } }"}}, 415),
    ],
)
def test_a_request_that_is_none_is_refused_without_a_word_of_the_inside(
    asking: Asking, sent: dict[str, object], status: int
) -> None:
    headers = {} if "data" in sent else {"Content-Type": "application/json"}
    response = asking.http("POST", "/graphql", headers=headers, **sent)
    assert response.status_code in {status, 400}, response.text
    assert "Traceback" not in response.text


@pytest.mark.parametrize(
    "query",
    [
        "{",
        "{ nothing }",
        "query($x: Nothing) { needs { totalCount } }",
        "{ needs(first: 2.5) { totalCount } }",
        '{ needs(filter: { stage: ["published"] }) { totalCount } }',
        "query a { needs { totalCount } } query b { needs { totalCount } }",
        '{ counterparts(of: "x", on: "yesterday") { totalCount } }',
        '{ history(of: "x", asOf: -1) { edges { cursor } } }',
        '{ history(of: "x", asOf: "1") { edges { cursor } } }',
        f'{{ history(of: "x", asOf: {"9" * 5000}) {{ edges {{ cursor }} }} }}',
        '{ needs(filter: { publishedSince: "now" }) { totalCount } }',
        "subscription { needs { totalCount } }",
    ],
)
def test_a_document_that_does_not_fit_is_a_bad_request(asking: Asking, query: str) -> None:
    assert asking.error(query)["code"] == "BAD_REQUEST"


def test_what_is_not_there_is_not_found(asking: Asking) -> None:
    assert asking.http("GET", "/nothing").status_code == 404


def test_an_error_of_the_inside_is_shown_as_its_id_only(
    system: Running, asking: Asking, loop: asyncio.Runner, capsys: pytest.CaptureFixture[str]
) -> None:
    elsewhere = replace(system.keeper.shown().generation, database="secret_name")
    reader = GraphReader(system.engine, lambda: Shown(elsewhere))
    broken = replace(asking, gateway=application(replace(system.services, graph=reader)))
    response = broken.post("{ needs { totalCount } }")
    (error,) = response.json()["errors"]
    assert error["extensions"]["code"] == "INTERNAL"
    assert error["extensions"]["errorId"] in error["message"]
    assert set(error) == {"message", "locations", "path", "extensions"}
    consistent = broken.post("{ needs { totalCount } }", headers={"Yizhan-Consistent": "true"})
    assert (consistent.status_code, consistent.json()["errors"][0]["extensions"]["code"]) == (500, "INTERNAL")
    for word in ("bolt", "secret", "tatement", "neo4j", "Traceback", "127.0.0.1", "MATCH"):
        assert word not in response.text + consistent.text
    printed = capsys.readouterr()
    assert error["extensions"]["errorId"] in printed.out + printed.err
    loop.run(reader.close())


def test_a_graph_that_does_not_answer_is_said_to_be_unavailable(
    system: Running, asking: Asking, loop: asyncio.Runner
) -> None:
    reader = GraphReader(Neo4jEngine("bolt://127.0.0.1:1", "secret", "secret"), system.keeper.shown)
    apart = replace(asking, gateway=application(replace(system.services, graph=reader)))
    for headers, status in (({}, 200), ({"Yizhan-Consistent": "true"}, 503)):
        response = apart.post("{ needs { totalCount } }", headers=headers)
        (error,) = response.json()["errors"]
        assert (response.status_code, error["extensions"]["code"]) == (status, "UNAVAILABLE")
        assert "127.0.0.1" not in response.text
    loop.run(reader.close())


def test_the_language_is_the_one_that_the_reader_prefers(asking: Asking, made: SmallNetwork) -> None:
    query = f'{{ station(id: "{made["shaoxing"]}") {{ name {{ text en: text(lang: "en") zh: text(lang: "zh") }} }} }}'
    zh, en = "shaoxing站", "Shaoxing station"
    for header, text in (("en-GB,en;q=0.9", en), ("zh-CN", zh), ("fr", zh), ("", zh)):
        name = asking.post(query, headers={"Accept-Language": header}).json()["data"]["station"]["name"]
        assert name == {"text": text, "en": en, "zh": zh}
    only_english = f'{{ partner(id: "{made["agency"]}") {{ name {{ text zh en }} }} }}'
    assert asking.data(only_english)["partner"]["name"] == {"text": "Dutch Agency", "zh": None, "en": "Dutch Agency"}


def test_the_issuers_key_is_made_once_and_read_by_its_owner_only(settings: Settings, asking: Asking) -> None:
    path: Path = settings.data / "issuer.pem"
    assert path.stat().st_mode & 0o077 == 0
    assert signing_key(path).as_dict() == asking.key.as_dict()
