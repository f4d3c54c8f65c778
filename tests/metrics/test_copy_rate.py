"""Answers that are the input again, as a table of cases."""

import pytest

from stages.metrics import METRICS
from stages.metrics.metric import score

# metric, what, answer, source, score
CASES = [
    ("copy_rate", "a copy", "It is new.", "It is new.", 1.0),
    ("copy_rate", "in capitals", "IT IS NEW.", "It is new.", 1.0),
    ("copy_rate", "without its full stop, spaces around", "  It  is new\n", "It is new .", 1.0),
    ("copy_rate", "a question's sign more", "How is it??", "How is it", 1.0),
    ("copy_rate", "curly quotes", "It’s new.", "It's new.", 1.0),
    ("copy_rate", "another order", "New it is.", "It is new.", 0.0),
    ("copy_rate", "a word more", "It is very new.", "It is new.", 0.0),
    ("copy_rate", "a copy behind a preamble", "Sure: It is new.", "It is new.", 0.0),
    ("copy_rate", "punctuation within", "It, is new.", "It is new.", 0.0),
    ("copy_rate", "silence", "", "It is new.", 0.0),
]


@pytest.mark.parametrize(
    ("name", "what", "text", "source", "expected"), CASES, ids=[c[1] for c in CASES]
)
def test_copy_rate(name, what, text, source, expected, make_row):
    row = make_row(text, "t", input=source)
    assert score(METRICS[name], [row], {})["value"] == expected
