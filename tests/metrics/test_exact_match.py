"""Exact match as a table of cases."""

import pytest

from stages.metrics import METRICS
from stages.metrics.metric import score

# metric, what, [(answer, reference)], share
CASES = [
    ("exact_match", "the same", [("はい", "はい")], 1.0),
    ("exact_match", "another word", [("はい", "いいえ")], 0.0),
    ("exact_match", "width", [("ＡＢＣ　ｶﾅ", "ABC カナ")], 1.0),
    ("exact_match", "a composed and a decomposed letter", [("が", "か\u3099")], 1.0),
    ("exact_match", "white space around", [("\n はい\t", "はい")], 1.0),
    ("exact_match", "runs of white space", [("two \n\n words", "two words")], 1.0),
    ("exact_match", "a space that isn't there", [("two words", "twowords")], 0.0),
    ("exact_match", "case is kept", [("Yes", "yes")], 0.0),
    ("exact_match", "a full stop counts", [("はい。", "はい")], 0.0),
    ("exact_match", "empty answer", [("", "はい")], 0.0),
    ("exact_match", "both empty", [(" ", "")], 1.0),
    ("exact_match", "one of four", [("a", "a"), ("b", "a"), ("", "a"), ("c", "a")], 0.25),
]


@pytest.mark.parametrize(
    ("name", "what", "texts", "expected"), CASES, ids=[case[1] for case in CASES]
)
def test_exact_match(name, what, texts, expected, make_row):
    found = score(METRICS[name], [make_row(*texts_of_row) for texts_of_row in texts], {})
    assert found["value"] == expected
