"""What a language model says as judge: ratings by criteria, and wins against another arm.

The verdicts come from `judge@ARM`; here they are only averaged. A row's `judge` has one number per
figure, or None where there is no verdict or the question was not asked. Which rows are scored can,
unlike in most metrics, depend on the answer: a comparison takes a row that one side alone has
scored at its worst. The last five figures say how far the judge can be trusted.
"""

from collections.abc import Sequence
from functools import partial

from stages.metrics.metric import Metric, Row, quotient


def _statistics(figure: str, rows: Sequence[Row], scored_by: str) -> list[list[float] | None]:
    """Per row [figure, 1]."""
    found = [row["judge"][figure] for row in rows]
    return [None if value is None else [value, 1] for value in found]


def _signature(scored_by: str) -> str:
    """The signature that the judging recorded: model, its settings, wording, against whom."""
    return scored_by


SCORE, SHARE = "score 1-5", "share 0-1"
BOUNDS = {SCORE: (1, 5), SHARE: (0, 1)}


def _mean(figure: str, label: str, unit: str, direction: str = "higher") -> Metric:
    return Metric(
        label=f"judge: {label}",
        direction=direction,
        unit=unit,
        statistics=partial(_statistics, figure),
        combine=quotient,
        signature=_signature,
        scorer="judge",
        bounds=BOUNDS[unit],
    )


OVERALL = _mean("overall", "overall", SCORE)
CORRECTNESS = _mean("correctness", "correctness", SCORE)
INSTRUCTION_FOLLOWING = _mean("instruction_following", "instruction following", SCORE)
FORMAT = _mean("format", "format", SCORE)
CONCISION = _mean("concision", "concision", SCORE)
USEFULNESS = _mean("usefulness", "usefulness", SCORE)
HALLUCINATION_RISK = _mean("hallucination_risk", "hallucination risk", SCORE, "lower")
WIN_RATE = _mean("win", "win rate", SHARE)
# Of the judge and not of the arm: neither side is the arm's better one.
FIRST_RATE = _mean("first", "prefers what it sees first", SHARE, "none")
SWAP_CONSISTENCY = _mean("consistent", "same verdict in both orders", SHARE, "none")
REPEAT_STABILITY = _mean("repeat", "same rating when asked again", SHARE, "none")
COVERAGE = _mean("covered", "rows with all verdicts", SHARE, "none")

JUDGE: dict[str, Metric] = {
    "judge_overall": OVERALL,
    "judge_correctness": CORRECTNESS,
    "judge_instruction_following": INSTRUCTION_FOLLOWING,
    "judge_format": FORMAT,
    "judge_concision": CONCISION,
    "judge_usefulness": USEFULNESS,
    "judge_hallucination_risk": HALLUCINATION_RISK,
    "judge_win_rate": WIN_RATE,
    "judge_first_rate": FIRST_RATE,
    "judge_swap_consistency": SWAP_CONSISTENCY,
    "judge_repeat_stability": REPEAT_STABILITY,
    "judge_coverage": COVERAGE,
}
