"""The share of answers that are the declaration that was asked for, by its name.

An answer must be TypeScript as `parses` has it and declare what the reference declares first, with
a body that does something where the reference has one: an empty function of the right name is no
answer. What the body does is not asked, so that `NAME() { return 1; }` is one: whoever knows the
rule can win it, and it's no more than a guard where answers are chosen or trained by it. A method
may come within a class of its own.

A row whose reference declares nothing is unscored.
"""

from collections.abc import Sequence

from stages.constraints.code import block
from stages.metrics.metric import Metric, Row, quotient
from stages.metrics.parses import grammar
from stages.typescript.syntax import Declaration, Piece, piece


def asked(row: Row) -> Declaration | None:
    """What a row asks for; None where its reference isn't code or declares nothing."""
    reference = piece(row["target"])
    return reference.declarations[0] if reference and reference.declarations else None


def answered(row: Row, wanted: Declaration) -> Piece | None:
    """A row's answer, if it declares what is wanted."""
    found = piece(block(row["text"]))
    if found is None:
        return None
    fits = any(
        one.name == wanted.name and one.has_body >= wanted.has_body for one in found.declarations
    )
    return found if fits else None


def _statistics(rows: Sequence[Row]) -> list[list[float] | None]:
    """Per row [1 if its answer declares what is asked else 0, 1]; None where nothing is."""
    return [
        None if (wanted := asked(row)) is None else [int(answered(row, wanted) is not None), 1]
        for row in rows
    ]


DECLARES = Metric(
    label="declares what was asked for",
    direction="higher",
    unit="share 0-1",
    statistics=_statistics,
    combine=quotient,
    signature=lambda: f"declares|{grammar()}|code:first fence or all|name:first|body:some|rule:1",
    bounds=(0.0, 1.0),
    best=1.0,
)
