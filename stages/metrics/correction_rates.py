"""Too much and too little: answers that change what no reference does, and leave errors in."""

from collections.abc import Callable, Sequence
from functools import partial

from stages.metrics.metric import Metric, Row, quotient
from stages.metrics.references import EDITS, Edit, edits, references, words

Edits = frozenset[Edit]


def _statistics(
    rule: Callable[[Edits, list[Edits]], bool], rows: Sequence[Row]
) -> list[list[float] | None]:
    """Per row [1 if it is such an answer else 0, 1]."""
    found = []
    for row in rows:
        before = words(row["input"])
        made = edits(before, words(row["text"]))
        found.append([int(rule(made, [edits(before, words(t)) for t in references(row)])), 1])
    return found


def _over(made: Edits, wanted: list[Edits]) -> bool:
    """Whether some edit is in no reference."""
    return not made <= frozenset().union(*wanted)


def _under(made: Edits, wanted: list[Edits]) -> bool:
    """Whether of every reference some edit is missing. Of an input that is right, none is."""
    return not any(right <= made for right in wanted)


def _metric(name: str, label: str, rule: Callable[[Edits, list[Edits]], bool]) -> Metric:
    return Metric(
        label=label,
        direction="lower",
        unit="share 0-1",
        statistics=partial(_statistics, rule),
        combine=quotient,
        signature=lambda: f"{name}|unit:row|{EDITS}|rule:1",
        best=0.0,
    )


OVER_CORRECTION = _metric("over_correction", "over-corrected", _over)
UNDER_CORRECTION = _metric("under_correction", "under-corrected", _under)
