"""Read a glossary: which translations of a term are accepted.

A UTF-8 TSV file. Header `term<TAB>accepted`, then `term<TAB>variant|variant|...`, one line a term.
"""

import codecs
import unicodedata
from pathlib import Path

HEADER = ["term", "accepted"]
SHAPE = "write term<TAB>variant|variant"


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
