from dataclasses import replace
from math import inf, nan, sqrt

import pytest

from domain.matching.candidate import Candidate
from domain.matching.english import stems
from domain.matching.gloss import Gloss
from domain.matching.subject import Kind, Subject
from domain.matching.vocabulary import (
    ANSWERED_IN_TEXT,
    EVERYDAY,
    HALF_WAY,
    IN_HEADING,
    IN_TEXT,
    document,
    telling_among,
    wanted,
    words,
)
from domain.reference.een import ProfileType
from infra.gloss import CedictGloss

NEED = Subject("need", Kind.NEED, ("膜分离",), texts=("采用超滤膜。",), keywords=("反渗透", "RO"))


def offer(title: str, text: str = "") -> Candidate:
    return Candidate("TO", ProfileType.TO, title, text)


def value_of(weight: float) -> float:
    return weight / (weight + HALF_WAY)


def test_a_subjects_words_are_wanted_once_with_their_best_place(gloss: Gloss) -> None:
    found = {each.word: each for each in wanted(replace(NEED, texts=("反渗透与超滤",)), gloss)}
    assert found["反渗透"].emphasis == found["RO"].emphasis == IN_HEADING
    assert found["超滤"].emphasis == IN_TEXT
    assert stems("reverse osmosis") in found["反渗透"].phrases
    assert found["RO"].technical


def test_a_phrase_counts_only_inside_one_sentence() -> None:
    phrase = stems("reverse osmosis")
    in_title = document("Reverse osmosis", "").place_of(phrase)
    in_text = document("Plant", "Cheap. It uses osmosis in reverse.").place_of(phrase)
    assert in_title is not None
    assert in_text is not None
    assert (in_title.words_of(phrase), in_text.words_of(phrase)) == ("Reverse osmosis", "osmosis reverse")
    assert document("Plant", "Osmosis plant. A reverse gear.").place_of(phrase) is None
    assert document("Plant", "").place_of(phrase) is None


def test_a_phrase_tells_more_the_fewer_have_it() -> None:
    documents = [document(title, "") for title in ("membrane pump", "membrane", "membrane", "pump")]
    telling = telling_among(documents)
    assert telling(stems("gear")) == telling(stems("gear"))
    assert 0 < telling(stems("membrane")) < telling(stems("pump")) < 1
    assert telling_among([document("gear", "")])(stems("gear")) == 1
    assert telling_among([document("gear pump", "")])(stems("gear pump")) == pytest.approx(sqrt(2))
    assert telling_among([])(stems("gear")) not in (inf, nan)


def test_a_word_in_the_title_tells_more_than_one_below(gloss: Gloss) -> None:
    wants = wanted(Subject("need", Kind.NEED, ("反渗透",)), gloss)
    above, below = offer("Reverse osmosis"), offer("Plant", "It uses reverse osmosis")
    for candidate, weight in ((above, sqrt(2)), (below, sqrt(2) * ANSWERED_IN_TEXT)):
        telling = telling_among([document(candidate.title, candidate.text)])
        found = words(wants, candidate, telling)
        assert found is not None
        assert found.value == pytest.approx(value_of(weight))
        assert [theirs.lower() for _, theirs in found.words] == ["reverse osmosis"]


def test_a_long_text_is_less_telling(gloss: Gloss) -> None:
    wants = wanted(NEED, gloss)
    short = offer("Plant", "It uses reverse osmosis.")
    long = offer("Plant", "It uses reverse osmosis. " + "Gears turn wheels. " * 200)
    telling = telling_among([document(short.title, short.text), document(long.title, long.text)])
    one, other = words(wants, short, telling), words(wants, long, telling)
    assert one is not None
    assert other is not None
    assert one.value > 1.5 * other.value


def test_a_word_of_everyday_language_counts_half_and_is_no_evidence(gloss: Gloss) -> None:
    wants = wanted(Subject("need", Kind.NEED, ("雨伞",)), gloss)
    candidate = offer("Umbrella")
    found = words(wants, candidate, telling_among([document("Umbrella", "")]))
    assert found is not None
    assert found.value == pytest.approx(value_of(EVERYDAY))
    assert not found.evidence


def test_one_word_of_technology_alone_is_no_evidence_but_a_phrase_is(gloss: Gloss) -> None:
    one = words(wanted(NEED, gloss), offer("Membrane"), telling_among([document("Membrane", "")]))
    two = words(wanted(NEED, gloss), offer("Reverse osmosis"), telling_among([document("Reverse osmosis", "")]))
    assert one is not None
    assert two is not None
    assert not one.evidence
    assert two.evidence


def test_a_stem_answers_once(gloss: Gloss) -> None:
    wants = wanted(Subject("need", Kind.NEED, ("废水处理", "污水处理")), gloss)
    candidate = offer("Wastewater treatment")
    found = words(wants, candidate, telling_among([document(candidate.title, "")]))
    assert found is not None
    assert len(found.words) == 1


def test_words_that_every_profile_uses_are_not_wanted(gloss: Gloss) -> None:
    assert wanted(Subject("need", Kind.NEED, ("company technology solution",)), gloss) == ()


def test_nothing_in_common_gives_no_reason(gloss: CedictGloss) -> None:
    assert words(wanted(NEED, gloss), offer("Umbrella"), telling_among([])) is None
