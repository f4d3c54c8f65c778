"""GLEU for correction: n-grams shared with a reference, less those that should have been changed.

Source: Napoles et al. 2015, with the update of 2016, as JFLEG's own script computes it: words
between spaces, orders 1-4, case kept, no smoothing. From the n-grams that answer and reference
share, those are taken off that the answer has from the source and the reference has not at all;
per row and order never below 0. (nltk's GLEU is another metric.)

Several references: the script draws one a row, 500 times, and gives the mean of 500 corpus scores.
Here each row counts with the mean of its statistics over its references, which is what those draws
have as their mean: deterministic, and additive. With one reference the two are equal; with more
they differ a little, since a quotient's mean is not the quotient of the means: by 0.2 points on 50
rows of noise, 0.04 on 750.
"""

from collections import Counter
from collections.abc import Sequence

import numpy as np

from stages.metrics.metric import Metric, Row
from stages.metrics.references import references

ORDERS = (1, 2, 3, 4)
Grams = list[Counter]


def _statistics(rows: Sequence[Row]) -> list[list[float] | None]:
    """Per row [words of the answer, words of the reference, then per order matches, n-grams]."""
    return [_row(row) for row in rows]


def _row(row: Row) -> list[float]:
    answer, source = row["text"].split(), row["input"].split()
    said, before = _grams(answer), _grams(source)
    against = [text.split() for text in references(row)]
    matches = [_matches(said, before, _grams(right)) for right in against]
    found = [float(len(answer)), sum(map(len, against)) / len(against)]
    for n in ORDERS:
        mean = sum(counts[n - 1] for counts in matches) / len(matches)
        found += [mean, float(max(len(answer) + 1 - n, 0))]
    return found


def _grams(words: Sequence[str]) -> Grams:
    return [Counter(zip(*(words[at:] for at in range(n)), strict=False)) for n in ORDERS]


def _matches(answer: Grams, source: Grams, reference: Grams) -> list[int]:
    """By order: n-grams that are right, less those that were to be changed and were not."""
    found = []
    for said, before, right in zip(answer, source, reference, strict=True):
        shared = sum(min(count, right[gram]) for gram, count in said.items())
        kept = sum(min(count, before[gram]) for gram, count in said.items() if gram not in right)
        found.append(max(shared - kept, 0))
    return found


def _combine(sums: np.ndarray) -> np.ndarray:
    """Sums, shape (..., 10), to GLEU in points, shape (...).

    0 where an order has no match, as the script has it; NaN without any reference's word.
    """
    sums = np.asarray(sums, dtype=float)
    answer, reference = sums[..., 0], sums[..., 1]
    matches, grams = sums[..., 2::2], sums[..., 3::2]
    whole = (matches > 0).all(axis=-1) & (grams > 0).all(axis=-1) & (answer > 0)
    some = whole[..., None]
    precisions = np.divide(matches, grams, out=np.ones_like(matches), where=some)
    brevity = 1 - np.divide(reference, answer, out=np.ones_like(answer), where=whole)
    points = 100 * np.exp(np.minimum(0, brevity) + np.log(precisions).mean(axis=-1))
    return np.where(reference > 0, np.where(whole, points, 0.0), np.nan)


GLEU = Metric(
    label="GLEU",
    direction="higher",
    unit="points 0-100",
    statistics=_statistics,
    combine=_combine,
    signature=lambda: (
        "gleu:2016|nrefs:any,mean|orders:1-4|smooth:none|case:mixed|tok:spaces|rule:1"
    ),
)
