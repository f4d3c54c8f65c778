"""Repeated 4-grams as a table of cases."""

import pytest

from stages.metrics import METRICS
from stages.metrics.metric import score

# metric, what, answer, [4-grams that stood earlier, 4-grams]
CASES = [
    ("repetition_rate", "nothing repeated", "one two three four five", [0, 2]),
    ("repetition_rate", "an empty answer", "", [0, 0]),
    ("repetition_rate", "three words", "no no no", [0, 0]),
    ("repetition_rate", "four words", "no no no no", [0, 1]),
    ("repetition_rate", "one word on and on", "no " * 10, [6, 7]),
    ("repetition_rate", "a sentence twice", "it is so now it is so now", [1, 5]),
    ("repetition_rate", "a loop of two words", "a b a b a b", [1, 3]),
    ("repetition_rate", "words repeated, not 4-grams", "a b c a b c", [0, 3]),
    ("repetition_rate", "over a line break", "a b\nc d a\n\nb c d", [1, 5]),
    ("repetition_rate", "case counts", "a b c d A b c d", [0, 5]),
    ("repetition_rate", "so does punctuation", "a b c d. a b c d", [0, 5]),
]


@pytest.mark.parametrize(
    ("name", "what", "text", "expected"), CASES, ids=[case[1] for case in CASES]
)
def test_repetition_rate(name, what, text, expected, make_row):
    assert METRICS[name].statistics([make_row(text, "")]) == [expected]


def test_score_counts_4_grams_rather_than_rows(make_row):
    rows = [make_row(text, "") for text in ("no " * 10, "one two three four", "short")]
    found = score(METRICS["repetition_rate"], rows, {})
    assert (found["value"], found["n"], found["unscored"]) == (6 / 8, 3, 0)


def test_answers_too_short_to_repeat_are_no_score(make_row):
    found = score(METRICS["repetition_rate"], [make_row("a b c", "")], {})
    assert (found["value"], found["n"]) == (None, 1)
    assert found["reason"] == "nothing to divide by in the 1 scored rows"
