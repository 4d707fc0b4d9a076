from dataclasses import replace
from math import inf, log, nan

import pytest

from domain.matching.candidate import Candidate
from domain.matching.english import stem, stems
from domain.matching.gloss import Gloss
from domain.matching.subject import Kind, Subject
from domain.matching.vocabulary import HALF_WAY, IN_HEADING, IN_TEXT, OTHERS, Texts, Wanted, document, wanted, words
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


def test_what_a_profile_has_of_a_phrase_is_shown_from_the_sentence_that_has_most_of_it() -> None:
    phrase = stems("reverse osmosis")
    places = [
        document(title, text).place_of(phrase)
        for title, text in (
            ("Reverse osmosis", ""),
            ("Plant", "Cheap. It uses osmosis in reverse."),
            ("Plant", "A reverse gear. Osmosis in reverse order."),
        )
    ]
    assert [place.words_of(phrase) for place in places] == ["Reverse osmosis", "osmosis reverse", "Osmosis reverse"]


def test_a_word_tells_by_bm25_with_so_many_others_that_do_not_have_it() -> None:
    documents = [document(title, "") for title in ("membrane pump pump", "membrane", "membrane", "pump")]
    texts = Texts(documents)
    rare = log(1 + (OTHERS + 4 - 2 + 0.5) / 2.5)
    expected = rare * 2 * 2.2 / (2 + 1.2 * (0.25 + 0.75 * 3 / 1.5))
    assert texts.tells(stem("pump"), documents[0]) == pytest.approx(expected)
    assert texts.tells(stem("membrane"), documents[3]) == 0
    assert texts.tells(stem("membrane"), documents[1]) < texts.tells(stem("pump"), documents[3])
    assert Texts([]).tells(stem("gear"), document("gear", "")) not in (inf, nan)


def test_the_best_sense_of_a_word_counts_and_half_a_phrase_is_a_quarter_of_it() -> None:
    sought = Wanted("膜", (stems("reverse osmosis"), stems("membrane")), IN_TEXT, technical=True)
    for title, weight in (("Reverse osmosis", 2), ("Membrane", 1), ("Osmosis", 0.25), ("Membrane osmosis", 1)):
        profile = document(title, "")
        texts = Texts([profile])
        found = words([sought], offer(title), texts)
        assert found is not None
        told = texts.tells(stem(title.split()[0]), profile)
        assert found.value == pytest.approx(value_of(IN_TEXT * weight * told))


def test_a_long_text_is_less_telling(gloss: Gloss) -> None:
    wants = wanted(NEED, gloss)
    short = offer("Plant", "It uses reverse osmosis.")
    long = offer("Plant", "It uses reverse osmosis. " + "Gears turn wheels. " * 200)
    texts = Texts([document(short.title, short.text), document(long.title, long.text)])
    one, other = words(wants, short, texts), words(wants, long, texts)
    assert one is not None
    assert other is not None
    assert one.value > 1.5 * other.value


def test_a_word_of_everyday_language_is_no_evidence(gloss: Gloss) -> None:
    wants = wanted(Subject("need", Kind.NEED, ("雨伞",)), gloss)
    found = words(wants, offer("Umbrella"), Texts([document("Umbrella", "")]))
    assert found is not None
    assert not found.evidence


def test_one_word_of_technology_alone_is_no_evidence_but_a_phrase_is(gloss: Gloss) -> None:
    one = words(wanted(NEED, gloss), offer("Membrane"), Texts([document("Membrane", "")]))
    two = words(wanted(NEED, gloss), offer("Reverse osmosis"), Texts([document("Reverse osmosis", "")]))
    assert one is not None
    assert two is not None
    assert not one.evidence
    assert two.evidence


def test_a_stem_answers_once(gloss: Gloss) -> None:
    wants = wanted(Subject("need", Kind.NEED, ("废水处理", "污水处理")), gloss)
    candidate = offer("Wastewater treatment")
    found = words(wants, candidate, Texts([document(candidate.title, "")]))
    assert found is not None
    assert len(found.words) == 1


def test_words_that_every_profile_uses_are_not_wanted(gloss: Gloss) -> None:
    assert wanted(Subject("need", Kind.NEED, ("company technology solution",)), gloss) == ()


def test_nothing_in_common_gives_no_reason(gloss: CedictGloss) -> None:
    assert words(wanted(NEED, gloss), offer("Umbrella"), Texts([])) is None
