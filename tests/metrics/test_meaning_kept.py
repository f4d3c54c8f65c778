"""Which words of content an answer keeps, as a table of cases; and what answers for nothing get."""

import pytest

from stages.floors import FLOORS
from stages.metrics import METRICS
from stages.metrics.metric import score

SOURCE = "In 1915 the painter moved to Paris, and did not return."
TARGET = "The painter went to Paris in 1915 and did not come back."
# metric, what, answer, source, target, score
CASES = [
    ("meaning_kept", "the target", TARGET, SOURCE, TARGET, 1.0),
    ("meaning_kept", "a copy", SOURCE, SOURCE, TARGET, 1.0),
    ("meaning_kept", "words of its own, case folded", "PAINTER not: paris 1915", SOURCE, TARGET, 1),
    ("meaning_kept", "another year", TARGET.replace("1915", "1951"), SOURCE, TARGET, 0.75),
    ("meaning_kept", "a not lost", TARGET.replace("not ", ""), SOURCE, TARGET, 0.75),
    ("meaning_kept", "empty words count nowhere", "In the and did to", SOURCE, TARGET, 0.0),
    ("meaning_kept", "another form", "painters not Paris 1915", SOURCE, TARGET, 0.75),
    ("meaning_kept", "a word once of twice", "tea", "Tea or tea?", "Tea and tea.", 0.5),
    ("meaning_kept", "silence", "", SOURCE, TARGET, 0.0),
    # What it can't see
    ("meaning_kept", "a not put in", "Rome did not win.", "Rome did win.", "A win for Rome.", 1.0),
    (
        "meaning_kept",
        "another order, as in PAWS",
        "Athens beat Rome.",
        "Rome beat Athens.",
        "Athens: Rome beat it.",
        1.0,
    ),
]
ROWS = [
    {"id": f"{n}", "input": f"{name} was born in {n}.", "target": f"In {n}, {name} was born."}
    for n, name in enumerate(["Ada Byron", "Alan Turing", "Grace Hopper", "Kurt Hahn"], start=1815)
]
# floor: copy_rate, lexical_change, meaning_kept over such rows
REACHED = {
    "empty": (0, 0, 0),
    "copy": (1, 0, 1),
    "constant": (0, 3 / 6, 1 / 4),
    "nearest": (0, 3 / 6, 1 / 4),
    "reference": (0, 0, 1),
}


@pytest.mark.parametrize(
    ("name", "what", "text", "source", "target", "expected"), CASES, ids=[c[1] for c in CASES]
)
def test_meaning_kept(name, what, text, source, target, expected, make_row):
    row = make_row(text, target, input=source)
    assert score(METRICS[name], [row], {})["value"] == expected


def test_row_whose_input_and_target_share_nothing_is_unscored(make_row):
    rows = [make_row(text, "Ciao!", input="Hi.") for text in ("Ciao!", "")]
    assert METRICS["meaning_kept"].statistics(rows) == [None, None]


@pytest.mark.parametrize("floor", REACHED)
def test_what_floors_reach_beside_the_other_two(floor, make_row):
    """None of the three is a goal: a copy has all the meaning, silence is never a copy."""
    said = FLOORS[floor](ROWS[:2], ROWS[2:])
    rows = [
        make_row(a["text"], row["target"], input=row["input"])
        for a, row in zip(said, ROWS, strict=False)
    ]
    names = ("copy_rate", "lexical_change", "meaning_kept")
    found = [score(METRICS[name], rows, {})["value"] for name in names]
    assert found == pytest.approx(REACHED[floor])
