"""A judge's figures per row become means; tests/judging has where they come from."""

import pytest

from stages.judging.prompts import CRITERIA
from stages.metrics.judge import JUDGE
from stages.metrics.metric import score

FIGURES = {
    "judge_overall": "overall",
    **{f"judge_{name}": name for name in CRITERIA},
    "judge_win_rate": "win",
    "judge_first_rate": "first",
    "judge_swap_consistency": "consistent",
    "judge_repeat_stability": "repeat",
    "judge_coverage": "covered",
}
# metric, what, its figure per row, the corpus's score, unscored rows
CASES = [
    *[(name, "the mean", [1.0, 4.0], 2.5, 0) for name in FIGURES],
    ("judge_overall", "unscored is not zero", [3.0, None, 4.0], 3.5, 1),
    ("judge_overall", "no row is scored", [None, None], None, 2),
    ("judge_hallucination_risk", "as it was given, not turned round", [5, 5, 2], 4.0, 0),
    ("judge_win_rate", "a win, a tie, a loss", [1.0, 0.5, 0.0], 0.5, 0),
    ("judge_win_rate", "a loss is a score", [0.0, None], 0.0, 1),
    ("judge_repeat_stability", "only some rows are asked again", [None, 1.0, None, 0.0], 0.5, 2),
    ("judge_coverage", "every row counts", [1.0, 1.0, 0.0, 0.0], 0.5, 0),
]


@pytest.mark.parametrize(
    ("name", "what", "figures", "expected", "unscored"),
    CASES,
    ids=[f"{case[0]}: {case[1]}" for case in CASES],
)
def test_judge(name, what, figures, expected, unscored, make_row):
    others = dict.fromkeys(FIGURES.values(), 9.0)
    rows = [make_row("a", "b", judge={**others, FIGURES[name]: value}) for value in figures]
    found = score(JUDGE[name], rows, {"scored_by": "judge|x"})
    assert (found["value"], found["unscored"]) == (expected, unscored)
    assert found["n"] == len(rows) - unscored
    assert found["signature"] == "judge|x"


def test_only_risk_is_better_when_low():
    lower = {name for name, metric in JUDGE.items() if metric.direction == "lower"}
    assert lower == {"judge_hallucination_risk"}


def test_there_is_a_metric_per_figure():
    assert set(JUDGE) == set(FIGURES)
    assert {metric.scorer for metric in JUDGE.values()} == {"judge"}
