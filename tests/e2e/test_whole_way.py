"""The whole way, as a person types it: install, import files, serve, sign in, ask for counterparts over HTTP."""

from __future__ import annotations

import json
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest

DATA = Path(__file__).parents[1] / "data"
YIZHAN = (sys.executable, "-c", "from infra.cli import main; main()")
COUNTERPARTS = """
query ($of: ID!) {
  counterparts(of: $of, first: 3) {
    edges { node {
      score
      profile { reference }
      contact { name { en } contact { name } }
      reasons { rule contribution text { zh en } words { ours theirs } }
    } }
  }
}
"""


@dataclass(frozen=True)
class Installation:
    """A running server, a token for its administrator, and the ids of what was imported, by reference."""

    folder: Path
    url: str
    token: str
    ids: dict[str, str]

    def ask(self, query: str, at_least: int = 0, **variables: Any) -> Any:
        headers = {"Authorization": f"Bearer {self.token}", "Yizhan-At-Least": str(at_least)}
        answer = httpx.post(
            f"{self.url}/graphql", json={"query": query, "variables": variables}, headers=headers, timeout=30
        )
        assert answer.status_code == 200, answer.text
        return answer.json()["data"]

    def counterparts(self, reference: str) -> list[dict[str, Any]]:
        found = self.ask(COUNTERPARTS, of=self.ids[reference])
        return [edge["node"] for edge in found["counterparts"]["edges"]]


def yizhan(*arguments: object, code: int = 0) -> str:
    """What a command prints; it must end with this exit code."""
    ran = subprocess.run([*YIZHAN, *map(str, arguments)], capture_output=True, text=True, timeout=120, check=False)
    assert ran.returncode == code, ran.stderr
    return ran.stdout


@pytest.fixture(scope="module")
def installation(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installation]:
    folder = tmp_path_factory.mktemp("installation") / "data"
    yizhan("install", "--data", folder, "--station", "国家站点", "--region", "110108", "--administrator", "王某")
    files = [DATA / name for name in ("needs.csv", "achievements.csv", "pod-open-profiles.xml", "profile-page.json")]
    report = json.loads(yizhan("import", "--data", folder, "--station", "国家站点", "--json", *files))
    ids = {line["reference"]: line["id"] for file in report["files"] for line in file["records"]}
    server = subprocess.Popen(
        [*YIZHAN, "serve", "--data", str(folder), "--port", "0"], stdout=subprocess.PIPE, text=True
    )
    try:
        assert server.stdout is not None
        found = re.match(r"(http://\S+)/ ", server.stdout.readline())
        assert found is not None
        yield Installation(folder, found[1], yizhan("token", "--data", folder, "--as", "administrator").strip(), ids)
    finally:
        server.send_signal(signal.SIGTERM)
        assert server.wait(timeout=30) == 0
        assert server.stdout is not None
        server.stdout.close()


def test_a_need_finds_the_technology_offer_that_answers_it_with_reasons_in_both_languages(
    installation: Installation,
) -> None:
    best = installation.counterparts("XQ-2026-001")[0]
    assert best["profile"]["reference"] == "TONL20260903002"
    assert best["score"] == pytest.approx(sum(reason["contribution"] for reason in best["reasons"]))
    words = next(reason for reason in best["reasons"] if reason["rule"] == "WORDS")
    assert {"ours": "脱色", "theirs": "removes colour"} in words["words"]
    assert "脱色" in words["text"]["zh"]
    assert words["text"]["en"].startswith("Words that both have")


def test_an_achievement_finds_the_technology_request_that_asks_for_it(installation: Installation) -> None:
    assert installation.counterparts("610202600012")[0]["profile"]["reference"] == "TRES20260815007"


def test_a_request_is_no_answer_to_a_need(installation: Installation) -> None:
    assert installation.counterparts("XQ-2026-003") == []


def test_the_adviser_abroad_is_named_to_the_station_that_works_with_the_contact_point(
    installation: Installation,
) -> None:
    contact = installation.counterparts("XQ-2026-001")[0]["contact"]
    assert contact == {"name": {"en": "Example Chamber of Commerce"}, "contact": {"name": "Alex Example"}}


def test_a_station_s_action_is_seen_in_the_graph_and_in_the_history(installation: Installation) -> None:
    need = installation.ids["XQ-2026-002"]
    for number, mutation in enumerate(("checkNeed", "publishNeed")):
        text = (
            f"mutation ($need: ID!, $request: ID!) "
            f"{{ {mutation}(input: {{needId: $need, requestId: $request}}) {{ need {{ stage }} }} }}"
        )
        done = installation.ask(text, need=need, request=f"walk {number}")
    assert done["publishNeed"]["need"] == {"stage": "PUBLISHED"}
    history = installation.ask(
        "query ($need: ID!) { history(of: $need) { edges { node { topic command actor station } } } }", need=need
    )
    events = [edge["node"] for edge in history["history"]["edges"]]
    assert [event["topic"] for event in events] == ["need.recorded", "need.checked", "need.published"]
    assert len({(event["actor"], event["station"]) for event in events}) == 1


def test_what_is_not_published_is_nobody_s_business_outside(installation: Installation) -> None:
    query = "query ($id: ID!) { need(id: $id) { id } node(id: $id) { id } }"
    asked = {"query": query, "variables": {"id": installation.ids["XQ-2026-003"]}}
    answer = httpx.post(f"{installation.url}/graphql", json=asked, timeout=30)
    assert answer.json()["data"] == {"need": None, "node": None}


def test_importing_while_the_server_runs_reaches_its_graph(installation: Installation, tmp_path: Path) -> None:
    file = tmp_path / "more.csv"
    file.write_text("来源编号,技术需求名称,技术需求单位\nXQ-2026-009,激光熔覆修复辊道,某钢铁公司\n", encoding="utf-8")
    report = json.loads(yizhan("import", "--data", installation.folder, "--json", file))
    (need,) = (line["id"] for line in report["files"][0]["records"])
    head = installation.ask("{ standing { head } }")["standing"]["head"]
    found = installation.ask("query ($id: ID!) { need(id: $id) { title { zh } } }", head, id=need)
    assert found["need"] == {"title": {"zh": "激光熔覆修复辊道"}}
