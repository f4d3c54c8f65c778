"""Read a glossary, which translations of a term are accepted, and find its terms in texts.

A UTF-8 TSV file. Header `term<TAB>accepted`, then `term<TAB>variant|variant|...`, one line a term.
"""

import codecs
import re
import unicodedata
from dataclasses import dataclass
from functools import cache
from pathlib import Path

HEADER = ["term", "accepted"]
SHAPE = "write term<TAB>variant|variant"
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


def fold(text: str) -> str:
    """Make texts comparable: width (NFKC), case and runs of white space are evened out."""
    return " ".join(unicodedata.normalize("NFKC", text).casefold().split())


def read_glossary(path: str) -> dict[str, list[str]]:
    """Map each folded term to its folded accepted variants, in the file's order.

    Raises FileNotFoundError, or ValueError "file:line: what; what to do".
    """
    if not Path(path).is_file():
        raise FileNotFoundError(f"{path}: no such glossary; set 'glossary' to a TSV file")
    terms: dict[str, list[str]] = {}
    first_seen: dict[str, int] = {}
    lines = _cells(path)
    if not lines or lines[0][1] != HEADER:
        raise ValueError(f"{path}:1: no header; start the file with term<TAB>accepted")
    for number, cells in lines[1:]:
        term, variants = _entry(cells, f"{path}:{number}")
        if term in terms:
            raise ValueError(
                f"{path}:{number}: duplicate term {term!r}, first on line {first_seen[term]}; "
                "put all its variants on one line"
            )
        terms[term], first_seen[term] = variants, number
    if not terms:
        raise ValueError(f"{path}:1: no terms below the header; {SHAPE}")
    return terms


def spellings(path: str) -> dict[str, tuple[str, str]]:
    """Map each folded term to itself and its first accepted variant, both as the file has them."""
    read_glossary(path)  # says what is wrong with the file
    entries = [cells for _, cells in _cells(path)[1:]]
    return {fold(term): (term, accepted.split("|")[0].strip()) for term, accepted in entries}


def _cells(path: str) -> list[tuple[int, list[str]]]:
    """Split the file into (line number, cells), without blank lines."""
    # Line by line, so that an encoding error can say where it is. Excel puts a byte-order mark.
    lines = []
    content = Path(path).read_bytes().removeprefix(codecs.BOM_UTF8)
    for number, raw in enumerate(content.splitlines(), start=1):
        try:
            line = raw.decode("utf-8")
        except UnicodeDecodeError:
            raise ValueError(f"{path}:{number}: not UTF-8; save the file as UTF-8") from None
        if line.strip():
            lines.append((number, [cell.strip() for cell in line.split("\t")]))
    return lines


def _entry(cells: list[str], place: str) -> tuple[str, list[str]]:
    if len(cells) != len(HEADER):
        raise ValueError(f"{place}: {len(cells)} columns instead of 2; {SHAPE}")
    term, variants = fold(cells[0]), [fold(variant) for variant in cells[1].split("|")]
    if not term:
        raise ValueError(f"{place}: empty term; {SHAPE}")
    if not all(variants):
        raise ValueError(f"{place}: empty variant for {cells[0]!r}; {SHAPE}")
    return term, variants


def terms(glossary: dict[str, list[str]]) -> list[Term]:
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


def occurring(text: str, known: list[Term]) -> list[Term]:
    """Return the terms that stand in a folded text; a longer one hides those inside it."""
    present = []
    for term in known:
        if term.name not in text:  # far cheaper than the pattern, and true of nearly every term
            continue
        text, found = term.occurrence().subn(MASK, text)
        if found:
            present.append(term)
    return present
