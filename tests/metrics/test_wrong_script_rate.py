"""Answers in the wrong script, as a table of cases."""

import pytest

from stages.metrics import METRICS
from stages.metrics.metric import score
from stages.metrics.wrong_script_rate import SCRIPTS

# metric, what, script, [(answer, reference)], share, unscored rows
CASES = [
    ("wrong_script_rate", "hiragana", "japanese", [("はい", "はい")], 0.0, 0),
    ("wrong_script_rate", "katakana", "japanese", [("キー", "鍵")], 0.0, 0),
    ("wrong_script_rate", "half-width katakana", "japanese", [("ｷ", "鍵")], 0.0, 0),
    ("wrong_script_rate", "kanji", "japanese", [("鍵", "キー")], 0.0, 0),
    ("wrong_script_rate", "a rare kanji", "japanese", [("𠮷", "よし")], 0.0, 0),
    ("wrong_script_rate", "English", "japanese", [("Yes", "はい")], 1.0, 0),
    ("wrong_script_rate", "one character is enough", "japanese", [("Yes はい", "はい")], 0.0, 0),
    ("wrong_script_rate", "Japanese marks alone", "japanese", [("「・」。", "はい")], 1.0, 0),
    ("wrong_script_rate", "full-width Latin", "japanese", [("ＯＫ", "はい")], 1.0, 0),
    ("wrong_script_rate", "Hangul", "japanese", [("네", "はい")], 1.0, 0),
    ("wrong_script_rate", "empty answer", "japanese", [("", "はい")], 1.0, 0),
    ("wrong_script_rate", "reference without it", "japanese", [("はい", "OK")], None, 1),
    (
        "wrong_script_rate",
        "one of two, beside one unscored",
        "japanese",
        [("Yes", "はい"), ("いいえ", "いいえ"), ("OK", "OK")],
        0.5,
        1,
    ),
    ("wrong_script_rate", "Latin", "latin", [("はい", "Yes"), ("ja", "Yes")], 0.5, 0),
    ("wrong_script_rate", "Latin with accents", "latin", [("Ťé", "Yes"), ("×÷", "é")], 0.5, 0),
    ("wrong_script_rate", "digits are no script", "latin", [("100", "Yes")], 1.0, 0),
    ("wrong_script_rate", "Cyrillic", "cyrillic", [("да", "Да"), ("da", "Ёж")], 0.5, 0),
]


@pytest.mark.parametrize(
    ("name", "what", "script", "texts", "expected", "unscored"),
    CASES,
    ids=[case[1] for case in CASES],
)
def test_wrong_script_rate(name, what, script, texts, expected, unscored, make_row):
    rows = [make_row(*texts_of_row) for texts_of_row in texts]
    found = score(METRICS[name], rows, {"script": script})
    assert found["value"] == expected
    assert (found["n"], found["unscored"]) == (len(rows) - unscored, unscored)


@pytest.mark.parametrize("script", SCRIPTS)
def test_every_script_is_in_the_table(script):
    assert script in {case[2] for case in CASES}


@pytest.mark.parametrize("call", ["statistics", "signature"])
def test_unknown_script(call, make_row):
    metric = METRICS["wrong_script_rate"]
    arguments = [[make_row("a", "a")]] if call == "statistics" else []
    with pytest.raises(ValueError, match="'klingon'; choose cyrillic, japanese or latin") as error:
        getattr(metric, call)(*arguments, script="klingon")
    assert "\n" not in str(error.value)


def test_signature_names_the_script():
    assert "script:latin" in METRICS["wrong_script_rate"].signature(script="latin")
