"""What a text states, and which figures it holds."""

import pytest

from stages.rewards.wording import ends_as_sentence, figures, own, sentences, stated, unsupported

STATED = [
    ("a word", "A entrega atrasou.", "entrega", True),
    ("in capitals", "ENTREGA!", "entrega", True),
    ("in wide letters", "\uff25ntrega", "entrega", True),
    ("a part of a word", "Entregamos já.", "entrega", False),
    ("a figure", "São 12.", "12", True),
    ("at the end of a sentence, and of a part", "Foram 12, e só.", "12", True),
    ("a part of a figure", "São 120.", "12", False),
    ("a part of a decimal", "São 12,5.", "12", False),
    ("a part of thousands", "São 1.12.", "12", False),
    ("a percentage", "Só 20%!", "20%", True),
    ("a part of a percentage", "Só 120%!", "20%", False),
    ("two words over a line", "cafeteira\n Aroma", "Cafeteira Aroma", True),
    ("first a part, then the whole", "entregamos a entrega", "entrega", True),
    ("nothing", "", "entrega", False),
]
FIGURES = [
    ("1.234,50 e 1234,5", ["1234.5", "1234.5"]),
    ("1.234.567", ["1234567"]),
    ("4.5 e 4,50%", ["4.5", "4.5"]),
    ("12.", ["12"]),
    ("R$ 10,00; 007", ["10", "7"]),
    ("23/07, às 8h", ["23", "7", "8"]),
    ("0 e 0,0", ["0", "0"]),
    ("sem números", []),
    ("100", ["100"]),
]


@pytest.mark.parametrize(("what", "text", "fact", "found"), STATED, ids=[c[0] for c in STATED])
def test_a_fact_is_stated_as_a_whole(what, text, fact, found):
    assert stated(text, [[fact], ["x", fact]]) == [found, found]


@pytest.mark.parametrize(("text", "found"), FIGURES)
def test_figures_are_written_alike(text, found):
    assert figures(text) == found


def test_a_figure_is_supported_by_the_material_or_by_a_fact():
    facts = {"figures": ["1.200", "4,5"], "required": [["20%", "20 %"]]}
    assert unsupported("1200, 4.50, 20 e 7", facts) == {"7"}


@pytest.mark.parametrize(
    ("text", "ends", "count"),
    [
        ("Vale rever.", True, 1),
        ("Sim! (Veja.) 🎉", True, 2),
        ("São 3,5. E 1.200 casos.", True, 2),
        ("Vale rever", False, 0),
        ("Vale. Rever 20%", False, 1),
        ("." * 9999, True, 0),
        ("", False, 0),
    ],
)
def test_sentences_end(text, ends, count):
    assert (ends_as_sentence(text), sentences(text)) == (ends, count)


def test_own_words_are_more_than_a_copy():
    material = "Para Ana Souza: guia Passeio com 5% até domingo"
    turns = [{"role": "user", "content": f"Escreva uma notificação curta.\n\n{material}"}]
    assert own("Ganhe 5% na guia Passeio, Ana! Termina em domingo.", material, turns) == 1
    assert own(material, material, turns) == 0
    assert own(turns[0]["content"], material, turns) == 0
    assert own("Ana guia Passeio 5%", material, turns) == 0
    assert 0 < own(f"Olá, tudo bem? {material}", material, turns) < 1
    assert own("", material, turns) == 0
