"""What a text in Portuguese states: facts that it must name, and the figures it holds."""

import re
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from itertools import takewhile
from typing import Any

from stages.rewards.extraction import normal

FIGURE = re.compile(r"[0-9]+(?:[.,][0-9]+)*")
THOUSANDS = re.compile(r"[0-9]{1,3}(?:\.[0-9]{3})+")
ENDS = ".!?…"
SENTENCE_END = re.compile(r"\w[)\"”’%]?[.!?…]+[)\"”’]?(?!\S)")
WORD = re.compile(r"\w+")
RUN = 3  # words in a row that stand in the material as well
COPIED = 0.6  # the share of such runs that costs nothing: names of products are runs too
OWN_WORDS = 2  # different words that the material does not have
LONGEST = 30  # digits and signs: what is longer is no figure that anybody states


def stated(text: str, required: Iterable[Sequence[str]]) -> list[bool]:
    """Whether each fact stands in the text in any of its variants, as whole words and figures."""
    read = normal(text)
    return [any(_holds(read, variant) for variant in variants) for variants in required]


def figures(text: str) -> list[str]:
    """The figures of a text in its order, written alike: `1.234,50` and `1234,5` are 1234.5.

    A comma is decimal, as in Portuguese; points are too, unless they part groups of three digits.
    """
    return [_figure(found[0]) for found in FIGURE.finditer(normal(text))]


def words(text: str) -> list[str]:
    """The words of a text in its order, figures among them, as they are compared."""
    return WORD.findall(normal(text))


def named(required: Iterable[Sequence[str]]) -> set[str]:
    """The figures that the required facts themselves hold."""
    return {figure for variants in required for variant in variants for figure in figures(variant)}


def unsupported(text: str, facts: Mapping[str, Any]) -> set[str]:
    """The figures of a text that neither the material nor a required fact holds."""
    known = {figure for held in facts["figures"] for figure in figures(held)}
    return set(figures(text)) - known - named(facts["required"])


def own(text: str, material: str, turns: Iterable[Mapping[str, str]]) -> float:
    """How far a text is more than what it was made from, 0 to 1.

    min(1, own words / 2) * min(1, (1 - copied) / 0.4): the words that the material does not have,
    and the share of the text's runs of three words that stand in what the turns ask.
    """
    said, given = words(text), words(material)
    known = {run for turn in turns for run in _runs(words(turn["content"]))}
    runs = _runs(said)
    copied = sum(run in known for run in runs) / max(1, len(runs))
    own_words = len(set(said) - set(given))
    return min(1.0, own_words / OWN_WORDS) * min(1.0, (1 - copied) / (1 - COPIED))


def ends_as_sentence(text: str) -> bool:
    """Whether a text comes to an end; a bracket, a quote or an emoji may stand behind it."""
    tail = takewhile(lambda c: not (c.isalnum() or c == "%"), reversed(text))
    return any(c in ENDS for c in tail)


def sentences(text: str) -> int:
    """How often a sentence ends in a text, before white space or at its end."""
    return len(SENTENCE_END.findall(text))


def _runs(said: Sequence[str]) -> list[tuple[str, ...]]:
    return list(zip(*(said[start:] for start in range(RUN)), strict=False))


def _holds(read: str, variant: str) -> bool:
    wanted = normal(variant)
    at = read.find(wanted) if wanted else -1
    while at >= 0:
        if _is_whole(read, at, at + len(wanted)):
            return True
        at = read.find(wanted, at + 1)
    return False


def _is_whole(read: str, start: int, end: int) -> bool:
    """Neither a part of a word nor of a figure: 12 is not in 120, 1.120, 12,5."""
    before, after = read[max(0, start - 2) : start], read[end : end + 2]
    if before[-1:].isalnum() and read[start].isalnum():
        return False
    if after[:1].isalnum() and read[end - 1].isalnum():
        return False
    parted = before[:1].isdigit() and before[1:] in (".", ",") and read[start].isdigit()
    goes_on = after[1:].isdigit() and after[:1] in (".", ",") and read[end - 1].isdigit()
    return not (parted or goes_on)


def _figure(written: str) -> str:
    if len(written) > LONGEST:
        return written
    whole, comma, decimals = written.rpartition(",")
    if not comma:
        whole, decimals = (written, "") if THOUSANDS.fullmatch(written) else _at_point(written)
    digits = re.sub("[.,]", "", whole)
    return f"{Decimal(f'{digits}.{decimals or 0}').normalize():f}"


def _at_point(written: str) -> tuple[str, str]:
    whole, point, decimals = written.rpartition(".")
    return (whole, decimals) if point else (written, "")
