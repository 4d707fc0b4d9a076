"""The page on clients: what it types works, what it shows are the examples, what they print is what is recorded."""

from __future__ import annotations

import re
from importlib.metadata import version
from pathlib import Path
from typing import Any

import pytest
from example_clients import CHECKING, EXAMPLES, GENERATING, SCHEMA, changed, copied, done
from guide_pages import Block, blocks
from guide_runs import ROOT, Checkout, Reading, Served
from packaging.requirements import Requirement

PAGE = blocks(ROOT / "docs" / "guide" / "clients.md")
SHOWN = [block for block in PAGE if block.word("of")]
PRINTED = re.compile(
    r"signed in as (?P<personId>\w+): (?P<roles>[A-Z_, ]+) at (?P<stationId>\w+)\n"
    r"(?P<count>\d+) open needs; the oldest is (?P<title>.+), of (?P<station>.+)\n"
    r"recorded (?P<id>\w+) at (?P<recorded>\d+), counted once\n"
    r"[^\n]+\n[^\n]+\n"
    r"followed it: need\.withdrawn at (?P<withdrawn>\d+)\n"
)
OPEN = """{ needs(filter: {stage: [PUBLISHED]}, orderBy: OLDEST, first: 1) {
    totalCount edges { node { title { text } station { name { text } } } } } }"""
HISTORY = "query ($id: ID!) { history(of: $id) { edges { node { topic position actor station } } } }"


@pytest.fixture
def clients(served: Served, tmp_path: Path) -> Checkout:
    """A checkout with the examples, in which `yizhan` and the data of the server lie where `scripts/start` has them."""
    checkout = Checkout(tmp_path / "checkout", served.checkout.data, served.checkout.address).prepare()
    copied(checkout.folder)
    (checkout.folder / "var").symlink_to(checkout.data)
    (checkout.folder / ".venv").mkdir()
    (checkout.folder / ".venv" / "bin").symlink_to(checkout.folder / "bin")
    return checkout


def test_what_the_page_on_clients_types_prints_what_it_says_and_what_is_recorded(
    served: Served, clients: Checkout
) -> None:
    reading = Reading(clients, served)
    visits: list[re.Match[str] | None] = []
    for block in PAGE:
        if block not in SHOWN:
            assert reading.read([block]) == []
            if block.language == "text":
                visits.append(PRINTED.fullmatch(reading.printed))
    assert len(visits) == 2
    for visit in visits:
        assert visit
        assert_recorded(served, visit.groupdict())


def assert_recorded(served: Served, told: dict[str, str]) -> None:
    """What a client told of its visit is what others find."""

    def ask(query: str, **variables: str) -> Any:
        return served.ask(query, "adviser", variables)["data"]

    me, needs = ask("{ me { personId stationId roles } }")["me"], ask(OPEN)["needs"]
    assert {**me, "roles": ", ".join(me["roles"])} == {name: told[name] for name in me}
    (oldest,) = [edge["node"] for edge in needs["edges"]]
    assert (oldest["title"]["text"], oldest["station"]["name"]["text"]) == (told["title"], told["station"])
    assert int(told["count"]) == needs["totalCount"] > 5, "there are several pages"
    events = [edge["node"] for edge in ask(HISTORY, id=told["id"])["history"]["edges"]]
    acting = {"actor": told["personId"], "station": told["stationId"]}
    assert events == [
        {"topic": "need.recorded", "position": int(told["recorded"]), **acting},
        {"topic": "need.withdrawn", "position": int(told["withdrawn"]), **acting},
    ]


@pytest.mark.parametrize("block", SHOWN, ids=lambda block: block.where)
def test_what_the_page_shows_of_a_file_stands_in_it(block: Block) -> None:
    file = ROOT / str(block.word("of"))
    assert file.is_relative_to(EXAMPLES)
    text = file.read_text(encoding="utf-8")
    assert f"\n{block.text}" in f"\n{text}"


@pytest.mark.parametrize("language", ["typescript", "python"])
def test_an_operation_that_asks_for_what_is_gone_is_refused_by_the_generator(language: str, tmp_path: Path) -> None:
    schema = changed(
        SCHEMA.read_text(encoding="utf-8"), "type Need implements Node", "stage: NeedStage!", "phase: NeedStage!"
    )
    said = done(GENERATING[language], copied(tmp_path, schema) / language)
    assert said.returncode != 0
    assert 'Cannot query field "stage" on type "Need"' in said.stdout.replace("'", '"')


@pytest.mark.parametrize(
    ("language", "complaints"),
    [
        ("typescript", [r"main\.ts.*first\.title.*possibly", r"(?s)main\.ts.*confirmed"]),
        ("python", [r'main\.py.*has no attribute "text"', r'main\.py.*"confirmed"']),
    ],
)
def test_what_a_program_takes_for_granted_and_the_schema_no_longer_gives_fails_its_check(
    language: str, complaints: list[str], tmp_path: Path
) -> None:
    schema = SCHEMA.read_text(encoding="utf-8")
    schema = changed(schema, "type Need implements Node", "title: Bilingual!", "title: Bilingual")
    schema = changed(schema, "input WithdrawNeedInput", "needId: ID!", "needId: ID!\n  confirmed: Boolean!")
    folder = copied(tmp_path, schema) / language
    assert done(GENERATING[language], folder).returncode == 0
    said = done(CHECKING[language], folder)
    assert said.returncode != 0
    assert [complaint for complaint in complaints if not re.search(complaint, said.stdout)] == [], said.stdout


def test_no_type_is_given_up_in_the_example() -> None:
    sources = [*(EXAMPLES / "typescript" / "src").glob("*.ts"), *(EXAMPLES / "python").glob("*.py")]
    assert len(sources) == 4
    given_up = re.compile(r"\bany\b|\bAny\b|@ts-|as unknown|type: ignore")
    assert [file.name for file in sources if given_up.search(file.read_text(encoding="utf-8"))] == []


def test_the_libraries_that_the_example_asks_for_are_those_it_is_tested_with() -> None:
    asked = (EXAMPLES / "python" / "requirements.txt").read_text(encoding="utf-8").splitlines()
    wanted = [Requirement(line) for line in asked]
    assert [str(each) for each in wanted if not each.specifier.contains(version(each.name))] == []
