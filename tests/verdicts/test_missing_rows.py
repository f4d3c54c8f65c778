"""Rows that one arm alone has scored, as a judge leaves them: taken at their worst."""

import random

import pytest

from stages.metrics.metric import Metric, quotient
from stages.verdicts.comparison import HELPED, NOT_SHOWN, Pairing, compare, settle

METRICS = {
    "judge": Metric(
        "judge", "higher", "score 1-5", lambda r: [], quotient, lambda: "", bounds=(1, 5)
    ),
    "open": Metric("open", "higher", "score 1-5", lambda r: [], quotient, lambda: ""),
}


def contest(gain, lost, name="judge", n=150):
    """An arm that rates `gain` better than its base on average, its first `lost` rows missing."""
    rng = random.Random(7)
    base = [rng.choice([1, 2, 3, 3, 4]) for _ in range(n)]
    arm = [score + (rng.random() < gain) for score in base]
    rows = {
        side: [{"id": str(i), "group": str(i), name: [v, 1]} for i, v in enumerate(values)]
        for side, values in (("base", base), ("arm", arm))
    }
    for row in rows["arm"][:lost]:
        row[name] = None
    pairing = Pairing("arm", "base", name)
    return settle(compare(rows, [pairing], METRICS, 2000), METRICS)[pairing]


@pytest.mark.parametrize(
    ("gain", "lost", "verdict"),
    [
        (0.5, 0, HELPED),
        (0.5, 3, HELPED),
        (0.5, 30, NOT_SHOWN),
        (0.1, 0, HELPED),
        (0.1, 3, NOT_SHOWN),
    ],
)
def test_a_verdict_stands_only_if_the_missing_rows_could_not_undo_it(gain, lost, verdict):
    found = contest(gain, lost)
    assert (found["verdict"], found["unpaired"]) == (verdict, lost)


def test_the_interval_holds_what_the_missing_rows_could_have_been():
    whole, cut = contest(0.5, 0), contest(0.5, 4)
    assert cut["low"] < whole["low"] - 4 / 150 * 3 and cut["high"] > whole["high"] + 4 / 150 * 3
    assert cut["p"] >= whole["p"]


def test_a_score_without_bounds_stays_incomplete():
    found = contest(0.5, 1, "open")
    assert found["verdict"] == NOT_SHOWN
    assert found["reason"] == "incomplete: 1 rows are scored for one of the two only"
