"""chrF, and chrF++ which adds words and pairs of words.

Source: Popović 2015 and 2017, as sacreBLEU computes them: character orders 1-6, beta 2, no spaces,
case kept, one reference. On Japanese, chrF++ takes a whole clause for a word: trust chrF there.
"""

from collections.abc import Sequence
from functools import partial

import numpy as np

from stages.metrics.metric import Metric, Row

BETA = 2


def _statistics(word_order: int, rows: Sequence[Row]) -> list[list[float] | None]:
    """Per row and order [n-grams of the answer, n-grams of the reference, matches].

    Shape (rows, 18) for chrF and (rows, 24) for chrF++: characters 1-6, then words 1-2.
    """
    # The public corpus_score keeps these counts to itself; sacreBLEU's own significance tests call
    # this method too. The tests beside this module would notice if it changed.
    answers, references = [row["text"] for row in rows], [row["target"] for row in rows]
    return _sacrebleu(word_order)._extract_corpus_statistics(answers, [references])


def _combine(sums: np.ndarray) -> np.ndarray:
    """Sums, shape (..., 3 x orders), to chrF in points, shape (...).

    Precision and recall are averaged over the orders that both sides have. 0 if the answers are
    empty; NaN without references, where sacreBLEU says 0.
    """
    sums = np.asarray(sums, dtype=float)
    answer, reference, match = sums[..., 0::3], sums[..., 1::3], sums[..., 2::3]
    shared = (answer > 0) & (reference > 0)
    orders = np.maximum(shared.sum(axis=-1), 1)
    precision, recall = (
        np.divide(match, side, out=np.zeros_like(match), where=shared).sum(axis=-1) / orders
        for side in (answer, reference)
    )
    weighted = BETA**2 * precision + recall
    points = np.divide(
        100 * (1 + BETA**2) * precision * recall,
        weighted,
        out=np.zeros_like(weighted),
        where=weighted > 0,
    )
    return np.where(reference[..., 0] > 0, points, np.nan)


def _signature(word_order: int) -> str:
    chrf = _sacrebleu(word_order)
    chrf.corpus_score([""], [[""]])  # it only knows how many references there are once it has seen
    return str(chrf.get_signature())


def _sacrebleu(word_order: int):
    from sacrebleu.metrics import CHRF as SacrebleuCHRF  # 0.1 s

    return SacrebleuCHRF(word_order=word_order, beta=BETA)


CHRF = Metric(
    label="chrF",
    direction="higher",
    unit="points 0-100",
    statistics=partial(_statistics, 0),
    combine=_combine,
    signature=partial(_signature, 0),
    best=100.0,
)

CHRF_PP = Metric(
    label="chrF++",
    direction="higher",
    unit="points 0-100",
    statistics=partial(_statistics, 2),
    combine=_combine,
    signature=partial(_signature, 2),
    best=100.0,
)
