"""Every topic and version that was ever stored is read, by this release and every later one."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import golden
import orjson
import pytest

from domain.kernel.facts import Fact, sealed_fields
from domain.kernel.fields import Line, PersonalText, Sealed
from domain.references import PersonId
from domain.registry import registry
from infra.keys import KeyStore
from infra.mapper import FactMapper
from infra.vault import Vault

SAMPLES = [
    (path.stem, number, sample)
    for path in sorted(golden.FOLDER.glob("*.json"))
    for number, sample in enumerate(orjson.loads(path.read_bytes()))
]


class Example(Fact, topic="example.given"):
    """A fact that has no sample yet."""

    person_id: PersonId
    name: PersonalText | None = None
    words: tuple[Line, ...] = ()


@pytest.fixture(scope="module")
def mapper(tmp_path_factory: pytest.TempPathFactory) -> Iterator[FactMapper]:
    keys = KeyStore(tmp_path_factory.mktemp("keys") / "keys.db", bytes(32))
    yield FactMapper(registry(), Vault(keys))
    keys.close()


def test_every_topic_and_version_has_a_sample() -> None:
    assert golden.missing() == [], "see tests/golden/README.md"


def test_no_sample_was_taken_away_with_its_fact() -> None:
    upcast = {topic for each in registry().slices.values() for topic in each.upcasters}
    known = {*registry().facts, *upcast}
    assert {topic for topic, _, _ in SAMPLES} == known


@pytest.mark.parametrize(
    ("topic", "number", "sample"), SAMPLES, ids=[f"{topic}-{number}" for topic, number, _ in SAMPLES]
)
def test_what_was_stored_once_is_read_as_it_was_meant(
    mapper: FactMapper, topic: str, number: int, sample: dict[str, Any]
) -> None:
    fact = mapper.to_fact(topic, orjson.dumps(sample["stored"]))
    assert fact.model_dump(mode="json") == sample["read"]
    assert topic.rpartition(".v")[0] == fact.TOPIC
    for path, _ in sealed_fields(type(fact)):
        value: Any = fact
        for step in path:
            value = getattr(value, step, None)
        assert value is None or isinstance(value, Sealed)


@pytest.mark.parametrize(
    ("topic", "sample"),
    [(topic, sample) for topic, _, sample in SAMPLES if topic in registry().facts],
    ids=[f"{topic}-{number}" for topic, number, _ in SAMPLES if topic in registry().facts],
)
def test_what_is_stored_today_looks_as_it_did(topic: str, sample: dict[str, Any]) -> None:
    fact = registry().facts[topic].model_validate(sample["stored"])
    stored = fact.model_dump(mode="json", exclude_none=True)
    assert {name: stored[name] for name in sample["stored"]} == sample["stored"]


def test_a_new_fact_gets_a_full_sample_and_a_bare_one(tmp_path: Path) -> None:
    path = golden.write(Example, tmp_path)
    full, bare = orjson.loads(path.read_bytes())
    assert path.name == "example.given.v1.json"
    assert full["stored"].keys() == {"person_id", "name", "words"}
    assert full["stored"]["name"].startswith("sealed:1:example.given:name:person_")
    assert bare["stored"].keys() == {"person_id", "words"}
    assert bare["read"]["name"] is None


def test_a_sample_is_never_written_over(tmp_path: Path) -> None:
    path = golden.write(Example, tmp_path)
    before = path.read_bytes()
    with pytest.raises(FileExistsError):
        golden.write(Example, tmp_path)
    assert path.read_bytes() == before
