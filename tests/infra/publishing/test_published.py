"""What may leave the network: decided for every fact, and nothing that is not named goes out."""

from __future__ import annotations

import pytest

from domain.kernel.facts import Fact, Value
from domain.kernel.fields import Line, PersonalText, Sealing, text_fields
from domain.kernel.ids import Ref, derived_id
from domain.references import PersonId, StationId
from domain.registry import registry
from domain.values import Contact
from infra.publishing.published import RULES, Kept, Out, rule_of
from infra.publishing.shapes import Shape, shapes


class Place(Value):
    street: Line
    floor: Line | None = None
    contact: Contact | None = None


class HouseBuilt(Fact, topic="house.built"):
    """A house stands."""

    station_id: StationId
    person_id: PersonId
    owner: PersonalText | None = None
    place: Place


class HouseShown(Fact, topic="house.shown"):
    """Everybody may look at it."""

    words: Line


PERSON = derived_id("person", "lin")
BUILT = HouseBuilt(
    station_id=derived_id("station", "a"),
    person_id=PERSON,
    owner="林",
    place=Place(street="解放路", floor="三", contact=Contact(person_id=PERSON, name="李敏华", phone="13912345678")),
)


def house(rule: Out, fact: type[Fact] = HouseBuilt) -> Shape:
    return Shape(fact, rule, (HouseBuilt, HouseShown))


def test_every_fact_is_decided_upon_and_no_other() -> None:
    assert set(RULES) == set(registry().facts), "infra/publishing/published.py says of each fact whether it goes out"


def test_a_fact_that_is_not_named_does_not_go_out_nor_does_the_next_version_of_one_that_is() -> None:
    assert rule_of("house.built.v1") is None
    assert isinstance(rule_of("need.published.v1"), Out)
    assert rule_of("need.published.v2") is None


def test_what_stays_inside_says_why() -> None:
    kept = [rule for rule in RULES.values() if isinstance(rule, Kept)]
    assert kept
    assert all(rule.because.endswith(".") for rule in kept)


def test_every_field_that_a_rule_names_is_there() -> None:
    for shape in shapes().values():
        assert {*shape.rule.fields, *shape.rule.carries} == set(shape.model().model_fields)
        for path in shape.rule.but:
            first, _, rest = path.partition(".")
            kept = shape.fact.model_fields[first].annotation
            assert kept is not None
            assert rest in kept.model_fields
            narrowed = shape.model().model_fields[first].annotation
            assert narrowed is not None
            assert rest not in narrowed.model_fields


def test_facts_about_persons_stay_inside() -> None:
    about = {name for name, fact in registry().facts.items() if "person_id" in fact.model_fields}
    assert about
    assert about & shapes().keys() == set()


def test_no_field_that_goes_out_may_hold_a_sealed_text_or_the_id_of_what_the_public_may_not_see() -> None:
    decisions = [(name, field) for name, shape in shapes().items() for field in text_fields(shape.model())]
    assert [(name, field.path) for name, field in decisions if isinstance(field.decision, Sealing | None)] == []
    pointed_to = {(name, field.decision.prefix) for name, field in decisions if isinstance(field.decision, Ref)}
    assert pointed_to - {(name, "station") for name in shapes()} == {
        ("profile.imported.v1", "partner"),
        ("profile.published.v1", "need"),
        ("profile.published.v1", "achievement"),
    }


def test_sealed_texts_stay_inside_whatever_the_rule_says() -> None:
    shape = house(Out(("station_id", "owner", "place")))
    data = shape.data(BUILT, {})
    assert data == {
        "station_id": BUILT.station_id,
        "place": {"street": "解放路", "floor": "三", "contact": {"person_id": PERSON}},
    }
    assert shape.model().model_validate(data)


def test_a_field_inside_another_is_kept_where_the_rule_says_so() -> None:
    shape = house(Out(("place",), but=("place.contact", "place.floor")))
    data = shape.data(BUILT, {})
    assert data == {"place": {"street": "解放路"}}
    assert shape.model().model_validate(data)
    assert "Contact" not in shape.model().model_json_schema()["$defs"]


def test_what_is_carried_comes_from_the_latest_earlier_fact_and_is_as_narrow() -> None:
    shape = house(Out(("words",), carries=("place",), but=("place.contact",)), HouseShown)
    shown = HouseShown(words="来看")
    assert shape.data(shown, {"place": BUILT}) == {"words": "来看", "place": {"street": "解放路", "floor": "三"}}
    assert shape.data(shown, {}) == {"words": "来看"}


def test_a_rule_that_names_what_there_is_not_is_an_error() -> None:
    with pytest.raises(LookupError, match=r"house\.built\.v1 has no field garden"):
        house(Out(("garden",))).model()
    with pytest.raises(LookupError, match="has the field garden"):
        house(Out(carries=("garden",))).model()
    with pytest.raises(TypeError, match="has no fields of which name could be one"):
        house(Out(("words",), but=("words.name",)), HouseShown).model()
