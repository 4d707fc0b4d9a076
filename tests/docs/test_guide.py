"""The guide does what it says: its commands run, its questions are answered as shown, its links lead somewhere."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from guide_pages import blocks, links, tables
from guide_runs import ROOT, Checkout, Reading, Served

from gateway import tracing
from gateway.over_http import GRAPHQL
from infra.cli.main import COMMANDS
from infra.imports.reading import read_file
from infra.imports.records import Kind
from infra.servers.kafka import Broker

GUIDE = ROOT / "docs" / "guide"
PAGES = [ROOT / "README.md", ROOT / "CHANGELOG.md", *sorted((ROOT / "docs").rglob("*.md"))]


def test_what_the_page_on_starting_says_is_so(served: Served) -> None:
    assert Reading(served.checkout, served).read(blocks(GUIDE / "start.md")) == []


def test_every_question_on_the_page_on_asking_is_answered_as_it_says(served: Served) -> None:
    assert Reading(served.checkout, served).read(blocks(GUIDE / "ask.md")) == []


def test_what_the_page_on_importing_says_is_so(checkout: Checkout) -> None:
    assert Reading(checkout).read(blocks(GUIDE / "import.md")) == []


def test_what_the_page_on_exchange_says_is_so(checkout: Checkout) -> None:
    assert Reading(checkout).read(blocks(GUIDE / "exchange.md")) == []
    exported = [read_file(checkout.folder / name) for name in ("ours.xml", "ours.json")]
    assert [each.kind for each in exported] == [Kind.POD_XML, Kind.B2B_JSON]
    assert {flaw.code for each in exported for flaw in each.quarantined} <= {"reference.missing"}


def test_what_the_page_on_networks_says_is_so(kafka: Broker, tmp_path: Path) -> None:
    checkout = Checkout(tmp_path / "checkout", tmp_path / "data", kafka=kafka.bootstrap).prepare()
    assert Reading(checkout).read(blocks(GUIDE / "network.md")) == []


def test_what_the_page_on_watching_says_is_so(checkout: Checkout) -> None:
    assert Reading(checkout).read(blocks(GUIDE / "watching.md")) == []


def test_the_page_on_watching_lists_every_step_that_is_told() -> None:
    listed = {name for row in tables(GUIDE / "watching.md")["span", "what it is"] for name in row[0].split(", ")}
    steps = {value for name, value in vars(tracing).items() if name.isupper() and isinstance(value, str)}
    assert steps
    assert steps <= listed


def test_the_slice_on_the_page_on_slices_works_in_a_copy_of_the_code(code: Checkout) -> None:
    page = blocks(GUIDE / "slice.md")
    assert Reading(code).read(page) == []
    written = " ".join(sorted({block.file for block in page if block.file}))
    code.run(f"ruff check {written}; ruff format --check {written}")


def test_every_question_is_followed_by_its_answer() -> None:
    found = blocks(GUIDE / "ask.md")
    asked = [number for number, block in enumerate(found) if block.language == "graphql"]
    assert asked
    assert [found[number].where for number in asked if found[number + 1].language != "json"] == []


def test_the_data_folder_holds_what_the_page_on_starting_lists(served: Served) -> None:
    there = {path.name for path in served.checkout.data.iterdir()}
    listed = {row[0] for row in tables(GUIDE / "start.md")["what", "what it is"]}
    assert {name for name in there if not name.endswith(("-wal", "-shm"))} == listed


def test_the_readme_lists_the_commands_that_there_are() -> None:
    listed = tables(ROOT / "README.md")["command", "what it does"]
    assert {row[0].split()[1] for row in listed} == COMMANDS.keys()


def test_the_page_on_asking_lists_every_code_that_an_error_may_have() -> None:
    sources = "".join(path.read_text(encoding="utf-8") for path in (ROOT / "graphql" / "gateway").rglob("*.py"))
    listed = {row[0] for row in tables(GUIDE / "ask.md")["code", "meaning", "HTTP status"]}
    assert {code for code in listed if f'"{code}"' not in sources} == set()
    assert set(codes()) <= listed


CODED = ("GatewayError", "TurnedAwayError")
"""Errors whose first argument is their code."""


def codes() -> Iterator[str]:
    """The codes with which the gateway refuses, from its source."""
    for path in (ROOT / "graphql" / "gateway").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            match node:
                case ast.Call(func=ast.Name(id=name), args=[ast.Constant(value=str(code)), *_]) if name in CODED:
                    yield code
                case ast.Dict(keys=keys, values=values):
                    pairs = zip(keys, values, strict=True)
                    named = (value for key, value in pairs if isinstance(key, ast.Constant) and key.value == "code")
                    yield from (str(each.value) for each in named if isinstance(each, ast.Constant))


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_every_link_of_a_page_leads_to_a_file(page: Path) -> None:
    targets = [link.partition("#")[0] for link in links(page) if "://" not in link]
    assert [target for target in targets if target and not (page.parent / target).exists()] == []


@pytest.mark.parametrize(
    ("code", "status", "query", "headers"),
    [
        ("BAD_REQUEST", 400, "{ needs { name } }", {}),
        ("BAD_REQUEST", 400, "{ needs", {}),
        ("BAD_REQUEST", 200, "{ needs", {"Accept": "application/json"}),
        ("TOO_MUCH", 400, f"{{ {'__typename ' * 1_001} }}", {}),
        ("BAD_INPUT", 200, "{ needs(first: 0) { totalCount } }", {}),
        ("BAD_INPUT", 400, "{ standing { lag } }", {"Yizhan-At-Least": "soon"}),
        ("UNAUTHENTICATED", 401, "{ standing { lag } }", {"Authorization": "Bearer nonsense"}),
        ("UNAUTHENTICATED", 200, 'mutation { checkNeed(input: {requestId: "a", needId: "b"}) { id } }', {}),
        ("FORBIDDEN", 200, "{ collaboration(by: REGION) { needs } }", {}),
        ("NOT_FOUND", 200, '{ counterparts(of: "need_01h455vb4pex5vsknk084sn02q") { totalCount } }', {}),
    ],
)
def test_an_error_has_the_status_that_the_page_on_asking_lists(
    served: Served, code: str, status: int, query: str, headers: dict[str, str]
) -> None:
    rows = tables(GUIDE / "ask.md")["code", "meaning", "HTTP status"]
    sent = {"Accept": GRAPHQL, **headers}
    answer = httpx.post(f"{served.checkout.address}/graphql", json={"query": query}, headers=sent)
    assert (answer.status_code, answer.json()["errors"][0]["extensions"]["code"]) == (status, code)
    assert str(status) in next(row[2] for row in rows if row[0] == code).split(", ")
