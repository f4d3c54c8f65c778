"""BLEU over characters, and over MeCab's words for Japanese.

Source: Papineni et al. 2002, as sacreBLEU computes it (Post 2018): orders 1-4, exponential
smoothing, case kept, one reference. The default 13a tokenizer can't split Japanese, so it isn't
offered here.
"""

import re
from collections.abc import Sequence
from functools import partial

import numpy as np

from stages.metrics.metric import Metric, Row

ORDERS = 4

# MeCab reads a C string: it stops at a NUL and refuses half a surrogate pair.
UNREADABLE = re.compile("[\0\ud800-\udfff]")


def _statistics(tokenizer: str, rows: Sequence[Row]) -> list[list[float] | None]:
    """Per row [length, reference length, correct 1-4, total 1-4], in tokens and n-grams."""
    bleu = _sacrebleu(tokenizer)
    vectors: list[list[float] | None] = []
    for row in rows:
        answer, reference = (UNREADABLE.sub("\ufffd", row[key]) for key in ("text", "target"))
        found = bleu.corpus_score([answer], [[reference]])
        vectors.append([found.sys_len, found.ref_len, *found.counts, *found.totals])
    return vectors


def _combine(sums: np.ndarray) -> np.ndarray:
    """Sums, shape (..., 10), to BLEU in points, shape (...).

    0 without any 4-gram in the answers (nothing is smoothed there), as sacreBLEU has it: rows of
    under four tokens only count beside longer ones. NaN without references, where sacreBLEU says 0.
    """
    sums = np.asarray(sums, dtype=float)
    length, reference_length = sums[..., 0], sums[..., 1]
    correct, total = sums[..., 2 : 2 + ORDERS], sums[..., 2 + ORDERS :]

    # Each order without a match counts as half, a quarter, ... of one match.
    missed = (correct == 0) & (total > 0)
    counted = np.where(missed, 0.5 ** np.cumsum(missed, axis=-1), correct)
    precision = np.divide(counted, total, out=np.ones_like(total), where=total > 0)
    points = 100 * np.exp(np.log(np.where(precision > 0, precision, 1)).mean(axis=-1))

    shortfall = np.divide(
        reference_length, length, out=np.full(length.shape, np.inf), where=length > 0
    )
    points = points * np.exp(np.minimum(0, 1 - shortfall))
    possible = (total > 0).all(axis=-1) & (correct > 0).any(axis=-1)
    return np.where(reference_length > 0, np.where(possible, points, 0.0), np.nan)


def _signature(tokenizer: str) -> str:
    bleu = _sacrebleu(tokenizer)
    bleu.corpus_score([""], [[""]])  # it only knows how many references there are once it has seen
    return str(bleu.get_signature())


def _sacrebleu(tokenizer: str):
    from sacrebleu.metrics import BLEU  # 0.1 s, and MeCab's dictionary on top

    return BLEU(tokenize=tokenizer)


BLEU_CHAR = Metric(
    label="BLEU (char)",
    direction="higher",
    unit="points 0-100",
    statistics=partial(_statistics, "char"),
    combine=_combine,
    signature=partial(_signature, "char"),
    best=100.0,
)

BLEU_JA_MECAB = Metric(
    label="BLEU (ja-mecab)",
    direction="higher",
    unit="points 0-100",
    statistics=partial(_statistics, "ja-mecab"),
    combine=_combine,
    signature=partial(_signature, "ja-mecab"),
    best=100.0,
)
