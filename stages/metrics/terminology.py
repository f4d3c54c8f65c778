"""The share of expected glossary terms that the answers translate in an accepted way.

A term is expected where it stands in the input and the reference itself holds an accepted variant:
if the reference's translator chose another word, the model can't be blamed for doing so. A term
counts once per row, however often it stands there.
"""

import hashlib
import json
import unicodedata
from collections.abc import Sequence

from stages.metrics.glossary import Term, fold, occurring, read_glossary, terms
from stages.metrics.metric import Metric, Row, quotient, tally


def _statistics(rows: Sequence[Row], glossary: str) -> list[list[float] | None]:
    """Per row [expected terms that the answer holds, expected terms]; None if none is expected."""
    known = terms(read_glossary(glossary))
    return [_row_statistics(row, known) for row in rows]


def _row_statistics(row: Row, known: list[Term]) -> list[float] | None:
    found = _expected(row, known)
    return [sum(found.values()), len(found)] if found else None


def _expected(row: Row, known: list[Term]) -> dict[str, bool]:
    """The terms that the reference translates, and whether the answer holds them as well."""
    reference, answer = fold(row["target"]), fold(row["text"])
    present = occurring(fold(row["input"]), known)
    expected = [term for term in present if term.accepted().search(reference)]
    return {term.name: bool(term.accepted().search(answer)) for term in expected}


def _parts(rows: Sequence[Row], glossary: str) -> dict[str, list[int]]:
    """Per term [rows whose answer holds it, rows that expect it]."""
    known = terms(read_glossary(glossary))
    return tally(item for row in rows for item in _expected(row, known).items())


def _signature(glossary: str) -> str:
    entries = read_glossary(glossary)
    # Of the content rather than the bytes: line ends and blank lines don't change the score.
    content = json.dumps(entries, sort_keys=True, ensure_ascii=False).encode()
    digest = hashlib.sha256(content).hexdigest()[:12]
    return (
        f"terminology|terms:{len(entries)}|glossary:{digest}|match:words+plural"
        f"|norm:nfkc+casefold+collapse|unicode:{unicodedata.unidata_version}|rule:1"
    )


TERMINOLOGY = Metric(
    label="terminology",
    direction="higher",
    unit="share 0-1",
    statistics=_statistics,
    combine=quotient,
    signature=_signature,
    best=1.0,
    parts=_parts,
)
