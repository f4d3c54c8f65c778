"""The reward of `extraction`: a review becomes a JSON object, held against the true record."""

import unicodedata
from collections.abc import Mapping, Sequence
from typing import Any, Literal

from stages.rewards.parsing import PARSERS, beside

TASK = "extraction"


def reward(
    completions: Sequence[str],
    *,
    category: Sequence[str],
    facts: Sequence[Mapping[str, Any]],
    parser: Literal["tolerant", "strict_braces"] = "tolerant",
    **_: Any,
) -> list[float | None]:
    """agreement * known * alone, or 0 where `parser` finds no object.

    agreement: the mean over the record's fields. Texts agree as a whole or not at all (apart from
        case, width and white space); a number by 1 - |difference| / 2, at least 0; another type,
        a list of all choices for example, never.
    known: the record's fields / (those and the keys that it does not have).
    alone: the share of the answer's visible characters that belong to the object; the fence that
        it may stand in is left out.
    """
    rows = zip(completions, category, facts, strict=True)
    return [_score(text, of["record"], parser) if task == TASK else None for text, task, of in rows]


def _score(text: str, record: Mapping[str, Any], parser: str) -> float:
    found = PARSERS[parser](text)
    if found is None:
        return 0.0
    agreement = sum(agree(found.get(key), value) for key, value in record.items()) / len(record)
    known = len(record) / (len(record) + len(found.keys() - record.keys()))
    return agreement * known * _alone(text)


def agree(found: Any, true: Any) -> float:
    """How far a value agrees with the true one, 0 to 1."""
    if isinstance(true, str):
        return float(isinstance(found, str) and normal(found) == normal(true))
    if isinstance(found, bool) or not isinstance(found, int | float):
        return 0.0
    # Compared before it is taken away: a number may be too large for that, or none at all
    return 1 - abs(found - true) / 2 if true - 2 < found < true + 2 else 0.0


def normal(text: str) -> str:
    """What texts are compared by: width, case and white space left out."""
    return " ".join(unicodedata.normalize("NFKC", text).casefold().split())


def _alone(text: str) -> float:
    whole, around = (len("".join(part.split())) for part in (text, beside(text)))
    return 1 - around / whole if whole else 0.0
