"""Edits of the answer beside those of the reference that fits it best: precision, recall, F0.5.

F0.5 is what the shared tasks of correction rank by: a wrong edit costs twice what a missed one
does. The best reference is chosen row by row (by F0.5, then by the fewest differences), so that
rows add up; the M2 scorer and ERRANT choose with all earlier rows in mind. As with these, an
answer without edits has precision 1 and, where there was something to correct, F0.5 0: copying the
input cannot win it. A single row without anything to correct has 1 or 0, kept or not. Over several
of them, where these say 1 for no edit at all and 0 for a single one, there is no score: use
`clean_kept`.
"""

from collections.abc import Sequence
from functools import partial

import numpy as np

from stages.metrics.metric import Metric, Row
from stages.metrics.references import EDITS, Edit, edits, references, words

BETA = 0.5


def _statistics(rows: Sequence[Row]) -> list[list[float] | None]:
    """Per row [edits that are right, that are wrong, that are missed, is there any to make, 1]."""
    return [_of_row(row) for row in rows]


def _of_row(row: Row) -> list[float]:
    before = words(row["input"])
    made = edits(before, words(row["text"]))
    wanted = [edits(before, words(text)) for text in references(row)]
    found = [_against(made, reference) for reference in wanted]
    best = max(found, key=lambda counts: (_f(*counts, BETA), -counts[1] - counts[2]))
    # By the references alone: no answer decides over which rows there is a score
    return [*best, float(any(wanted)), 1]


def _against(made: frozenset[Edit], wanted: frozenset[Edit]) -> tuple[int, int, int]:
    right = len(made & wanted)
    return right, len(made) - right, len(wanted) - right


def _f(right: int, wrong: int, missed: int, beta: float) -> float:
    possible = (1 + beta**2) * right + beta**2 * missed + wrong
    return (1 + beta**2) * right / possible if possible else 1.0


def _combine(wrong: float, missed: float, sums: np.ndarray) -> np.ndarray:
    """Sums, shape (..., 5), to right / (right + what counts against it), shape (...); 1 for 0/0.

    NaN where none of several rows has anything to correct.
    """
    sums = np.asarray(sums, dtype=float)
    right = sums[..., 0]
    possible = right + wrong * sums[..., 1] + missed * sums[..., 2]
    share = np.divide(right, possible, out=np.ones_like(right), where=possible > 0)
    return np.where((sums[..., 3] > 0) | (sums[..., 4] == 1), share, np.nan)


def _metric(name: str, label: str, wrong: float, missed: float) -> Metric:
    return Metric(
        label=label,
        direction="higher",
        unit="share 0-1",
        statistics=_statistics,
        combine=partial(_combine, wrong, missed),
        signature=lambda: f"{name}|best:row|{EDITS}|rule:2",
        best=1.0,
    )


# F of beta is right / (right + (wrong + beta² missed) / (1 + beta²))
EDITS_F05 = _metric("edits_f05", "edits F0.5", 1 / (1 + BETA**2), BETA**2 / (1 + BETA**2))
EDITS_PRECISION = _metric("edits_precision", "edits precision", 1.0, 0.0)
EDITS_RECALL = _metric("edits_recall", "edits recall", 0.0, 1.0)
