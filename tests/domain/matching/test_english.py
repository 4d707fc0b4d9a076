import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.matching.english import sentences, stem, stems, telling, tokens


@pytest.mark.parametrize(
    "forms",
    [
        "dye dyes dyeing",
        "remove removes removed removing removal",
        "colour colours color coloured",
        "oxidise oxidised oxidises oxidizing oxidation oxidative",
        "detect detects detecting detection",
        "measure measuring measurement",
        "battery batteries",
        "membrane membranes",
        "mill mills milling milled",
        "encapsulate encapsulated encapsulation",
        "cut cutting",
        "fibre fibers",
        "analyse analyzes",
        "press presses pressing",
        "switch switches",
        "gas gases",
        "moulding mold",
        "optic optical optically",
    ],
)
def test_the_forms_of_a_word_meet(forms: str) -> None:
    assert len({stem(form) for form in forms.split()}) == 1


@pytest.mark.parametrize(
    "pair", ["metal metre", "sensor sense", "cement cemetery", "laser lase", "feed fee", "virus vir"]
)
def test_other_words_stay_apart(pair: str) -> None:
    one, other = pair.split()
    assert stem(one) != stem(other)


@given(st.text("abcdefghijklmnopqrstuvwxyzABC0123456789", min_size=2, max_size=20))
def test_a_stem_is_never_empty(word: str) -> None:
    assert stem(word)


def test_grammar_numbers_and_letters_are_no_words() -> None:
    assert tokens("The 2 mills of A. and CO2, 3D or 100") == ("mills", "CO2", "3D")
    assert stems("Dyes and the dye") == {"dye"}


def test_words_of_every_profile_tell_something_only_in_company() -> None:
    assert not telling(("supply", "Company"))
    assert telling(("supply", "chain"))
    assert not telling(())


def test_sentences_end_at_stops_and_lines_not_inside_numbers() -> None:
    assert sentences("Uses 4.5 kWh. No sludge!\nSmall; cheap\n") == [
        "Uses 4.5 kWh",
        "No sludge",
        "Small",
        "cheap\n"[:5],
    ]
