"""The share of the known errors that the answer puts right, by type; rows without any are unscored.

An error is mended if, at its place, the answer makes the edits that some reference makes there, and
no other. Needs rows that say where their errors are (stages/sources/corrections.py).
"""

from collections.abc import Iterator, Sequence

from stages.metrics.metric import Metric, Row, quotient, tally
from stages.metrics.references import EDITS, Edit, edits, references, words


def _statistics(rows: Sequence[Row]) -> list[list[float] | None]:
    """Per row [errors mended, errors]; None where none is known."""
    found = [[mended for _, mended in _judged(row)] for row in rows]
    return [[sum(row), len(row)] if row else None for row in found]


def _parts(rows: Sequence[Row]) -> dict[str, list[int]]:
    return tally(part for row in rows for part in _judged(row))


def _judged(row: Row) -> Iterator[tuple[str, bool]]:
    """Each error's type, and whether it is mended."""
    known = row.get("errors") or []
    before = words(row["input"]) if known else ()
    made = edits(before, words(row["text"])) if known else frozenset()
    wanted = [edits(before, words(text)) for text in references(row)] if known else []
    for error, start, end in _places(row, known):
        there = _within(made, start, end)
        yield error["type"], any(there == _within(right, start, end) for right in wanted)


def _places(row: Row, known: Sequence[dict]) -> Iterator[tuple[dict, int, int]]:
    """Each error with its first word and the one after its last, counted in the input."""
    tokens, shift = row["input"].split(" "), 0
    for error in known:
        wrong, right = error["wrong"].split(" "), error["right"].split(" ")
        start = error["at"] + shift
        shift += len(wrong) - len(right)
        counted = [len(words(" ".join(tokens[:to]))) for to in (start, start + len(wrong))]
        yield error, *counted


def _within(made: frozenset[Edit], start: int, end: int) -> set[Edit]:
    """What is put in right before or behind the place belongs to it too."""
    return {edit for edit in made if start <= edit[0] and edit[1] <= end}


ERRORS_MENDED = Metric(
    label="errors mended",
    direction="higher",
    unit="share 0-1",
    statistics=_statistics,
    combine=quotient,
    signature=lambda: f"errors_mended|{EDITS}|rule:1",
    best=1.0,
    parts=_parts,
)
