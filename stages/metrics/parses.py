"""The share of answers that are TypeScript by its grammar.

The code is an answer's first fenced block, or the whole answer where it has none. It may be a
module or a member of a class. What counts as code at all is said in stages/typescript/syntax.py:
prose and silence don't. Whether it is the code that was asked for is not asked, so any code will
do, the same one every time too: a guard and no aim (`declares` and `type_checks` ask for more).

A row whose reference isn't code by itself is unscored.
"""

from collections.abc import Sequence

from stages.constraints.code import block
from stages.metrics.metric import Metric, Row, quotient
from stages.typescript.syntax import piece


def _statistics(rows: Sequence[Row]) -> list[list[float] | None]:
    """Per row [1 if its answer parses else 0, 1]; None where the reference doesn't."""
    return [
        [int(piece(block(row["text"])) is not None), 1] if piece(row["target"]) else None
        for row in rows
    ]


def grammar() -> str:
    """The parser, for a signature."""
    from importlib.metadata import version

    names = ("tree-sitter", "tree-sitter-typescript")
    return "|".join(f"{name}:{version(name)}" for name in names)


PARSES = Metric(
    label="parses as TypeScript",
    direction="higher",
    unit="share 0-1",
    statistics=_statistics,
    combine=quotient,
    signature=lambda: f"parses|{grammar()}|code:first fence or all|rule:1",
    bounds=(0.0, 1.0),
    best=1.0,
)
