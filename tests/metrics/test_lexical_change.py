"""How many of an answer's words are new, as a table of cases."""

import pytest

from stages.metrics import METRICS
from stages.metrics.metric import score

# metric, what, answer, source, score
CASES = [
    ("lexical_change", "a copy", "Rome beat Athens .", "Rome beat Athens.", 0.0),
    ("lexical_change", "case", "rome BEAT athens", "Rome beat Athens.", 0.0),
    ("lexical_change", "another order, as in PAWS", "Athens beat Rome.", "Rome beat Athens.", 0.0),
    ("lexical_change", "one word of three", "Rome defeated Athens.", "Rome beat Athens.", 1 / 3),
    ("lexical_change", "a word twice", "Rome beat Rome.", "Rome beat Athens.", 1 / 3),
    ("lexical_change", "words left out", "Rome beat.", "Rome beat Athens.", 0.0),
    ("lexical_change", "prose about something else", "I like tea!", "Rome beat Athens.", 1.0),
    ("lexical_change", "silence", "", "Rome beat Athens.", 0.0),
    ("lexical_change", "signs alone", "?!", "Rome beat Athens.", 0.0),
]


@pytest.mark.parametrize(
    ("name", "what", "text", "source", "expected"), CASES, ids=[c[1] for c in CASES]
)
def test_lexical_change(name, what, text, source, expected, make_row):
    row = make_row(text, "t", input=source)
    assert score(METRICS[name], [row], {})["value"] == pytest.approx(expected)


def test_mean_is_over_rows_not_words(make_row):
    rows = [make_row("a a a a", "t", input="a a a a"), make_row("b", "t", input="a")]
    assert score(METRICS["lexical_change"], rows, {})["value"] == 0.5
