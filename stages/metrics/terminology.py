"""The share of expected glossary terms that the answers translate in an accepted way.

A term is expected where it stands in the input and the reference itself holds an accepted variant:
if the reference's translator chose another word, the model can't be blamed for doing so. A term
counts once per row, however often it stands there.
"""

import hashlib
import json
import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from stages.metrics.glossary import fold, read_glossary
from stages.metrics.metric import Metric, Row, quotient, tally

# Characters of scripts that put no spaces between words, or glue particles on as Korean does.
# Beside them any place may be the edge of a word: "IPアドレス" holds "IP", "ghost" not "host".
# Thai to Myanmar, Khmer, kana, Han, Hangul, Han again.
UNSPACED = (
    r"\u0e00-\u109f\u1780-\u17ff\u3005-\u30ff\u31f0-\u31ff\u3400-\u4dbf\u4e00-\u9fff"
    r"\uac00-\ud7af\uf900-\ufaff\U00020000-\U000323af"
)
WORD = rf"[^\W{UNSPACED}]"
MASK = "\0"


@dataclass(frozen=True)
class Term:
    """A folded term and its accepted variants."""

    name: str
    variants: tuple[str, ...]

    def occurrence(self) -> re.Pattern[str]:
        """What finds it in an input."""
        return _whole_words((self.name,), plural="(?:s|es)?")

    def accepted(self) -> re.Pattern[str]:
        """What finds one of its variants in an answer."""
        return _whole_words(self.variants)


def _statistics(rows: Sequence[Row], glossary: str) -> list[list[float] | None]:
    """Per row [expected terms that the answer holds, expected terms]; None if none is expected."""
    terms = _terms(read_glossary(glossary))
    return [_row_statistics(row, terms) for row in rows]


def _row_statistics(row: Row, terms: list[Term]) -> list[float] | None:
    found = _expected(row, terms)
    return [sum(found.values()), len(found)] if found else None


def _expected(row: Row, terms: list[Term]) -> dict[str, bool]:
    """The terms that the reference translates, and whether the answer holds them as well."""
    reference, answer = fold(row["target"]), fold(row["text"])
    present = _occurring(fold(row["input"]), terms)
    expected = [term for term in present if term.accepted().search(reference)]
    return {term.name: bool(term.accepted().search(answer)) for term in expected}


def _parts(rows: Sequence[Row], glossary: str) -> dict[str, list[int]]:
    """Per term [rows whose answer holds it, rows that expect it]."""
    terms = _terms(read_glossary(glossary))
    return tally(item for row in rows for item in _expected(row, terms).items())


def _terms(glossary: dict[str, list[str]]) -> list[Term]:
    """The terms, longest first."""
    longest_first = sorted(glossary, key=lambda name: (-len(name), name))
    return [Term(name, tuple(glossary[name])) for name in longest_first]


@cache
def _whole_words(names: tuple[str, ...], plural: str = "") -> re.Pattern[str]:
    """Match any of the names, not inside a longer word.

    An edge only has to be free where the name's own outermost character belongs to a spaced script.
    Compiled once, and only for terms that occur: a pattern takes some ms.
    """
    choices = "|".join(re.escape(name) for name in names)
    starts_free = rf"(?:(?<!{WORD})|(?=[{UNSPACED}]))"
    ends_free = rf"(?:(?!{WORD})|(?<=[{UNSPACED}]))"
    return re.compile(f"{starts_free}(?:{choices}){plural}{ends_free}")


def _occurring(text: str, terms: list[Term]) -> list[Term]:
    """Return the terms that stand in a folded text; a longer one hides those inside it."""
    present = []
    for term in terms:
        if term.name not in text:  # far cheaper than the pattern, and true of nearly every term
            continue
        text, found = term.occurrence().subn(MASK, text)
        if found:
            present.append(term)
    return present


def _signature(glossary: str) -> str:
    terms = read_glossary(glossary)
    # Of the content rather than the bytes: line ends and blank lines don't change the score.
    content = json.dumps(terms, sort_keys=True, ensure_ascii=False).encode()
    digest = hashlib.sha256(content).hexdigest()[:12]
    return (
        f"terminology|terms:{len(terms)}|glossary:{digest}|match:words+plural"
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
