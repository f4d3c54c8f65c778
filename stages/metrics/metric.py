"""What a metric is: statistics per row that add up, and how their sums become a score.

Because the statistics add up, a bootstrap resamples rows by summing vectors and never reads a text
again (the split that sacreBLEU uses for its significance tests).
"""

import inspect
import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Literal, TypedDict

import numpy as np

# A share's spread follows from its value, which detectable effects and thresholds make use of.
SHARE = "share 0-1"
Unit = Literal[
    "points 0-100",
    "share 0-1",
    "score 1-5",
    "score, about 0-1",
    "ratio",
    "tokens",
    "words",
    "nats per token",
]


class Row(TypedDict):
    """One prediction beside its reference."""

    id: str
    input: str
    target: str  # the reference
    text: str  # the model's answer
    tokens_in: int | None  # None where no model wrote the answer
    tokens_out: int | None
    hit_limit: bool  # the answer was cut off by the token limit


@dataclass(frozen=True)
class Metric:
    """One way to score answers.

    statistics(rows, **options): one vector of length k per row, or None where the row is unscored.
        Whether a row is None may depend on its input and reference but never on the answer:
        otherwise two arms would be compared on different rows.
    combine(sums): sums of those vectors, shape (..., k), to scores, shape (...). NaN where there is
        nothing to divide by.
    parts(rows, **options): what the score is made of, by name (terms, kinds of constraints):
        [achieved, possible] over all rows. None where it has no such parts.
    lacking(): why no row can be scored on this machine, on one line; None where they can.
    signature(**options): everything that decides the number, in sacreBLEU's key:value|key:value.
    """

    label: str  # as tables show it: "BLEU (char)"
    direction: Literal["higher", "lower", "none"]  # which side is the better one
    unit: Unit
    statistics: Callable[..., list[list[float] | None]]
    combine: Callable[[np.ndarray], np.ndarray]
    signature: Callable[..., str]
    scorer: str = ""  # what scores the rows beforehand, in a stage of its own: scorers.py
    # Where the score is the mean of rows and a row may lack one: what a row's score lies between
    bounds: tuple[float, float] | None = None
    # What the reference itself scores, given as the answer; None where no score is the best one
    best: float | None = None
    parts: Callable[..., dict[str, list[int]]] | None = None
    lacking: Callable[[], str | None] = lambda: None


def score(metric: Metric, rows: Sequence[Row], options: dict[str, Any]) -> dict[str, Any]:
    """Score the rows as one corpus; strict JSON, so an undefined value is None with a reason.

    Raises ValueError or FileNotFoundError for options that the metric can't use.
    """
    check_options(metric, options)
    return summarize(metric, metric.statistics(rows, **options), options)


def summarize(
    metric: Metric, vectors: Sequence[list[float] | None], options: dict[str, Any]
) -> dict[str, Any]:
    """Score a corpus out of its rows' statistics; see `score`."""
    scored = [vector for vector in vectors if vector is not None]
    value = float(metric.combine(np.sum(scored, axis=0, dtype=float))) if scored else math.nan
    defined = math.isfinite(value)
    return {
        "label": metric.label,
        "direction": metric.direction,
        "unit": metric.unit,
        "value": value if defined else None,
        "reason": None if defined else _why_undefined(metric, len(vectors), len(scored)),
        "n": len(scored),
        "unscored": len(vectors) - len(scored),
        "signature": metric.signature(**options),
    }


def check_options(metric: Metric, options: dict[str, Any]) -> None:
    """Raise ValueError for an option that the metric doesn't have, or one that it needs."""
    needed = options_of(metric)
    known = ", ".join(needed) or "none"
    for name in options:
        if name not in needed:
            raise ValueError(f"{metric.label}: unknown option {name!r}; known: {known}")
    for name in needed:
        if needed[name] and name not in options:
            raise ValueError(f"{metric.label}: option {name!r} is missing; set it")


def options_of(metric: Metric) -> dict[str, bool]:
    """A metric's options, the parameters of its `statistics` after the rows: is each needed?"""
    parameters = list(inspect.signature(metric.statistics).parameters.values())[1:]
    return {parameter.name: parameter.default is parameter.empty for parameter in parameters}


def quotient(sums: np.ndarray) -> np.ndarray:
    """Combine [numerator, denominator], shape (..., 2), into their quotient, shape (...)."""
    sums = np.asarray(sums, dtype=float)
    top, bottom = sums[..., 0], sums[..., 1]
    return np.divide(top, bottom, out=np.full(bottom.shape, np.nan), where=bottom > 0)


def tally(found: Iterable[tuple[str, bool]]) -> dict[str, list[int]]:
    """Count parts of a score by name: [how often achieved, how often possible]."""
    counted: dict[str, list[int]] = {}
    for name, achieved in found:
        count = counted.setdefault(name, [0, 0])
        count[0] += achieved
        count[1] += 1
    return counted


def _why_undefined(metric: Metric, rows: int, scored: int) -> str:
    if rows == 0:
        return "there are no rows"
    if scored == 0 and (lacking := metric.lacking()):
        return lacking
    if scored == 0:
        return f"none of the {rows} rows can be scored by this metric"
    return f"nothing to divide by in the {scored} scored rows"
