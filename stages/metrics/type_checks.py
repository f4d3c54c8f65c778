"""The share of answers that are the declaration asked for, and right in their types.

An answer must fulfil `declares`, and the compiler must find no error in it but those that are
forgiven, since they say no more than that a name from elsewhere is unknown
(stages/typescript/compiler.py). Without `declares` any sound line of code would do; with it, a stub
of the right name still does.

A row whose own reference the compiler finds fault with is unscored: out of its package it can't be
judged. Where node or the compiler is lacking all rows are, and the score says why.
"""

from collections.abc import Sequence

from stages.metrics.declares import answered, asked
from stages.metrics.metric import Metric, Row, quotient
from stages.metrics.parses import grammar
from stages.typescript import compiler
from stages.typescript.syntax import piece


def _statistics(rows: Sequence[Row]) -> list[list[float] | None]:
    """Per row [1 if its answer is right in its types else 0, 1]; None where that can't be said."""
    if compiler.lacking():
        return [None] * len(rows)
    wanted = [asked(row) for row in rows]
    found = [one and answered(row, one) for row, one in zip(rows, wanted, strict=True)]
    pieces = [one for one in found if one]
    references = [piece(row["target"]) for row, one in zip(rows, wanted, strict=True) if one]
    said = iter(compiler.errors([*references, *pieces]))
    sound = [one is not None and next(said) == set() for one in wanted]
    right = [one is not None and next(said) == set() for one in found]
    return [[int(r), 1] if fair else None for fair, r in zip(sound, right, strict=True)]


def _signature() -> str:
    forgiven = f"forgiven:{len(compiler.FORGIVEN)} codes"
    return f"type_checks|tsc:{compiler.VERSION}|strict|{forgiven}|{grammar()}|declares:1|rule:1"


TYPE_CHECKS = Metric(
    label="declares it, right in types",
    direction="higher",
    unit="share 0-1",
    statistics=_statistics,
    combine=quotient,
    signature=_signature,
    lacking=compiler.lacking,
    bounds=(0.0, 1.0),
    best=1.0,
)
