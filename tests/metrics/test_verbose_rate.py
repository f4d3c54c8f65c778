"""Answers that say more than the correction, as a table of cases."""

import pytest

from stages.metrics import METRICS
from stages.metrics.metric import score

# metric, what, answer, source, references, score
CASES = [
    ("verbose_rate", "the reference", "It is new.", "It are new.", ["It is new."], 0.0),
    ("verbose_rate", "a copy", "It are new.", "It are new.", ["It is new."], 0.0),
    ("verbose_rate", "silence", "", "It are new.", ["It is new."], 0.0),
    ("verbose_rate", "half as long again", "a b c", "a", ["a b"], 0.0),
    ("verbose_rate", "longer than that", "a b c d", "a", ["a b"], 1.0),
    ("verbose_rate", "long beside the longest", "a b c d", "a", ["a b", "a b c"], 0.0),
    (
        "verbose_rate",
        "The corrected sentence is: It is new.",
        "The corrected sentence is: It is new.",
        "It are new and it are here now.",
        ["It is new and it is here now."],
        1.0,
    ),
    (
        "verbose_rate",
        "Here is the sentence: It is new.",
        "Here is the sentence: It is new.",
        "It are new and it are here now.",
        ["It is new and it is here now."],
        1.0,
    ),
    (
        "verbose_rate",
        "Here's it: It is new.",
        "Here's it: It is new.",
        "It are new and it are here now.",
        ["It is new and it is here now."],
        1.0,
    ),
    (
        "verbose_rate",
        "Corrected sentence: It is new.",
        "Corrected sentence: It is new.",
        "It are new and it are here now.",
        ["It is new and it is here now."],
        1.0,
    ),
    (
        "verbose_rate",
        "Correction: It is new.",
        "Correction: It is new.",
        "It are new and it are here now.",
        ["It is new and it is here now."],
        1.0,
    ),
    (
        "verbose_rate",
        "Sure, it is new.",
        "Sure, it is new.",
        "It are new and it are here now.",
        ["It is new and it is here now."],
        1.0,
    ),
    (
        "verbose_rate",
        "Sure! It is new.",
        "Sure! It is new.",
        "It are new and it are here now.",
        ["It is new and it is here now."],
        1.0,
    ),
    (
        "verbose_rate",
        "I corrected it: It is new.",
        "I corrected it: It is new.",
        "It are new and it are here now.",
        ["It is new and it is here now."],
        1.0,
    ),
    (
        "verbose_rate",
        "It is new.\n\nIt was an error.",
        "It is new.\n\nIt was an error.",
        "It are new and it are here now.",
        ["It is new and it is here now."],
        1.0,
    ),
    (
        "verbose_rate",
        '"It is new and it is here now."',
        '"It is new and it is here now."',
        "It are new and it are here now.",
        ["It is new and it is here now."],
        1.0,
    ),
    (
        "verbose_rate",
        "“It is new and it is here now.”",
        "“It is new and it is here now.”",
        "It are new and it are here now.",
        ["It is new and it is here now."],
        1.0,
    ),
    (
        "verbose_rate",
        "The correct version is unknown.",
        "The correct version is unknown.",
        "q",
        ["The correct version is unknown."],
        0.0,
    ),
    ("verbose_rate", "Surely it is new.", "Surely it is new.", "q", ["Surely it is new."], 0.0),
    ("verbose_rate", '"It is new."', '"It is new."', "q", ['"It is new."'], 0.0),
    ("verbose_rate", "Here it is, new.", "Here it is, new.", "q", ["Here it is, new."], 0.0),
    (
        "verbose_rate",
        "no preamble",
        "The sentence was long, and here is why it was so.",
        "q",
        ["The sentence was long, and here is why."],
        0.0,
    ),
]


@pytest.mark.parametrize(
    ("name", "what", "text", "source", "references", "expected"), CASES, ids=[c[1] for c in CASES]
)
def test_verbose_rate(name, what, text, source, references, expected, make_row):
    row = make_row(text, references[0], input=source, references=references)
    assert score(METRICS[name], [row], {})["value"] == expected
