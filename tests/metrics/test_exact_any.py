"""Equality with any reference as a table of cases."""

import pytest

from stages.metrics import METRICS
from stages.metrics.metric import score

# metric, what, answer, source, references, score
CASES = [
    ("exact_any", "the first", "a b c .", "q", ["a b c .", "a x c ."], 1.0),
    ("exact_any", "the second, punctuation not apart", "a x c.", "q", ["a b c .", "a x c ."], 1.0),
    ("exact_any", "case is kept", "A b c .", "q", ["a b c .", "a x c ."], 0.0),
    ("exact_any", "a word more", "a b b c .", "q", ["a b c .", "a x c ."], 0.0),
    ("exact_any", "a second line", "a b c .\n", "q", ["a b c .", "a x c ."], 1.0),
    ("exact_any", "silence", "", "q", ["a b c .", "a x c ."], 0.0),
]


@pytest.mark.parametrize(
    ("name", "what", "text", "source", "references", "expected"), CASES, ids=[c[1] for c in CASES]
)
def test_exact_any(name, what, text, source, references, expected, make_row):
    row = make_row(text, references[0], input=source, references=references)
    assert score(METRICS[name], [row], {})["value"] == expected


def test_without_references_the_target_counts(make_row):
    rows = [make_row("a", "a"), make_row("b", "a")]
    assert score(METRICS["exact_any"], rows, {})["value"] == 0.5
