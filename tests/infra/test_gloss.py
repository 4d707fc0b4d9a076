import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

import pytest

import infra.gloss
from domain.matching.gloss import Gloss, Term
from infra.gloss import CedictGloss, Lexicon, read_lexicon


@pytest.fixture(scope="module")
def gloss() -> CedictGloss:
    return CedictGloss()


def words(gloss: Gloss, text: str) -> list[str]:
    return [term.word for term in gloss.terms(text)]


def test_a_technical_term_has_the_alternatives_of_our_glossary(gloss: CedictGloss) -> None:
    (term,) = gloss.terms("渗滤液")
    assert term == Term("渗滤液", ("leachate",), technical=True)


@pytest.mark.parametrize(
    ("term", "english"),
    [
        ("热泵", "heat pump"),
        ("激光熔覆", "laser cladding"),
        ("电解槽", "electrolyser"),
        ("纳滤", "nanofiltration"),
        ("仪表", "instrument"),
        ("贵金属", "precious metal"),
        ("磁控溅射", "magnetron sputtering"),
        ("谐波减速器", "harmonic drive"),
        ("协作机器人", "collaborative robot"),
        ("光纤光栅", "fibre Bragg grating"),
        ("绝缘栅双极晶体管", "insulated gate bipolar transistor"),
        ("光刻胶", "photoresist"),
        ("联邦学习", "federated learning"),
        ("入侵检测", "intrusion detection"),
        ("高熵合金", "high entropy alloy"),
        ("聚醚醚酮", "polyether ether ketone"),
        ("分子筛", "molecular sieve"),
        ("精馏", "distillation"),
        ("磷酸铁锂", "lithium iron phosphate"),
        ("海上风电", "offshore wind"),
        ("厌氧氨氧化", "anaerobic ammonium oxidation"),
        ("直接空气捕集", "direct air capture"),
        ("单克隆抗体", "monoclonal antibody"),
        ("即时检测", "point-of-care testing"),
        ("气调包装", "modified atmosphere packaging"),
        ("水肥一体化", "fertigation"),
        ("循环水养殖", "recirculating aquaculture system"),
        ("兽用疫苗", "veterinary vaccine"),
        ("静电纺丝", "electrospinning"),
        ("丝网印刷", "screen printing"),
        ("盾构机", "tunnel boring machine"),
        ("受电弓", "pantograph"),
        ("压载水处理", "ballast water treatment"),
        ("湿法冶金", "hydrometallurgy"),
        ("灭火剂", "fire extinguishing agent"),
        ("中试", "pilot scale"),
        ("良率", "yield"),
        ("盐雾试验", "salt spray test"),
    ],
)
def test_terms_of_every_field_have_their_usual_english_first(gloss: CedictGloss, term: str, english: str) -> None:
    whole, *parts = gloss.terms(term)
    assert (whole.word, whole.english[0], whole.technical) == (term, english, True)
    assert all(part.word in term and part.technical for part in parts)


def test_another_word_has_those_of_the_dictionary_without_its_notes(gloss: CedictGloss) -> None:
    (term,) = gloss.terms("车身")
    assert not term.technical
    assert "body of a vehicle" in term.english
    assert all("(" not in english and "CL:" not in english for english in term.english)


def test_a_sentence_is_cut_into_the_longest_terms_with_their_parts(gloss: CedictGloss) -> None:
    assert words(gloss, "印染废水深度脱色") == ["印染废水", "印染", "废水", "深度", "脱色"]
    assert words(gloss, "石墨烯改性锂离子电池负极") == ["石墨烯", "改性", "锂离子电池", "电池", "负极"]


def test_a_short_term_is_one_inside_a_longer_one_too(gloss: CedictGloss) -> None:
    assert words(gloss, "石墨烯涂料") == ["石墨烯涂料", "石墨烯", "涂料"]
    assert words(gloss, "透水混凝土") == ["透水混凝土", "混凝土"]


def test_numbers_and_words_of_every_need_say_nothing(gloss: CedictGloss) -> None:
    assert words(gloss, "希望提高性能，误差不超过百分之五，四十八小时") == ["误差"]


def test_a_word_that_neither_knows_is_left_out(gloss: CedictGloss) -> None:
    assert words(gloss, "鑫") == []
    assert words(gloss, "") == []
    assert words(gloss, "，。！") == []


def test_a_word_whose_senses_are_all_notes_is_left_out(gloss: CedictGloss) -> None:
    assert words(gloss, "这边儿") == []


def test_latin_words_stand_for_themselves(gloss: CedictGloss) -> None:
    terms = gloss.terms("COD 低于五十 with a membrane ribbon for 3")
    assert [(term.word, term.technical) for term in terms] == [("COD", True), ("membrane", True), ("ribbon", False)]


def test_a_text_is_read_once_and_kept(gloss: CedictGloss) -> None:
    assert gloss.terms("激光焊接") is gloss.terms("激光焊接")


def test_many_threads_read_the_dictionaries_once(monkeypatch: pytest.MonkeyPatch) -> None:
    readings: list[Lexicon] = []

    def reading() -> Lexicon:
        readings.append(read_lexicon())
        return readings[-1]

    monkeypatch.setattr(infra.gloss, "read_lexicon", reading)
    fresh = CedictGloss()
    texts = [f"激光焊接 {number}" for number in range(32)]
    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(fresh.terms, texts))
    assert len(readings) == 1
    assert all(terms[0].word == "激光焊接" for terms in found)


def test_loading_is_lazy_and_warns_of_nothing() -> None:
    program = (
        "import sys, infra.gloss; gloss = infra.gloss.CedictGloss(); assert 'jieba' not in sys.modules; "
        "print(gloss.terms('废水')[0].english[0])"
    )
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", program], capture_output=True, text=True, check=True, timeout=60
    )
    assert done.stdout == "wastewater\n"
    assert done.stderr == ""
