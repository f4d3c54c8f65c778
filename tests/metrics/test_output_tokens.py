"""Tokens per answer as a table of cases."""

import pytest

from stages.metrics import METRICS
from stages.metrics.metric import score

# metric, what, tokens of each answer, mean
CASES = [
    ("output_tokens", "one answer", [12], 12.0),
    ("output_tokens", "the mean of several", [10, 20, 60], 30.0),
    ("output_tokens", "an empty answer counts", [0, 5], 2.5),
]


@pytest.mark.parametrize(
    ("name", "what", "tokens", "expected"), CASES, ids=[case[1] for case in CASES]
)
def test_output_tokens(name, what, tokens, expected, make_row):
    rows = [make_row("a b c", "", tokens_out=count) for count in tokens]
    assert score(METRICS[name], rows, {})["value"] == expected
