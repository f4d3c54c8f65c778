"""The length of answers in words."""

import pytest

from stages.metrics import METRICS
from stages.metrics.metric import score

# metric, what, answer, source, references, score
CASES = [
    ("words", "three", "one two  three.", "q", ["a"], 3.0),
    ("words", "none", "", "q", ["a"], 0.0),
    ("words", "two lines", "a\nb c", "q", ["a"], 3.0),
]


@pytest.mark.parametrize(
    ("name", "what", "text", "source", "references", "expected"), CASES, ids=[c[1] for c in CASES]
)
def test_words(name, what, text, source, references, expected, make_row):
    row = make_row(text, references[0], input=source, references=references)
    assert score(METRICS[name], [row], {})["value"] == expected
