"""What a base and its tuned model would say next, side by side, as tables.

Pure: token ids and log-probabilities go in, of shape (positions, vocabulary), natural logarithms;
those of one text read once by either model, as stages/measure_drift.py reads it. Position 0 is the
first token of the answer. Divergences have the drift's direction and unit: KL(base || tuned), nats.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

import numpy as np

SHOWN = 10
DIGITS = 6
# A token is code's if it is this many times as frequent there as in prose, and not a rarity there.
TIMES, LEAST = 4.0, 5


def code_tokens(
    code: Iterable[Sequence[int]],
    prose: Iterable[Sequence[int]],
    times: float = TIMES,
    least: int = LEAST,
) -> frozenset[int]:
    """The tokens that mark code: measured on texts of both kinds, and no list by hand.

    A token's share of all tokens in code is at least `times` that in prose, each counted once more
    than it was seen there, and it stands in code at least `least` times.
    """
    in_code, in_prose = (Counter(id for ids in texts for id in ids) for texts in (code, prose))
    # One more of every token that either has, else what prose lacks would be infinitely rarer.
    kinds = len(in_code.keys() | in_prose.keys())
    all_code, all_prose = in_code.total() + kinds, in_prose.total() + kinds
    return frozenset(
        token
        for token, count in in_code.items()
        if count >= least and (count + 1) / all_code >= times * (in_prose[token] + 1) / all_prose
    )


def side_by_side(
    reference: Sequence[int],
    base: np.ndarray,
    tuned: np.ndarray,
    code: frozenset[int],
    decode: Callable[[int], str],
    shown: int = SHOWN,
) -> list[dict[str, Any]]:
    """One entry per position of the reference answer.

    Each has the `reference` token, `kl`, and for `base` and `tuned` the `shown` most likely
    `tokens` with their `p`, the `entropy` in nats, the share of probability on `code` tokens
    (`code_share`), and of the reference's token `reference_p` and `reference_rank` (1 is the most
    likely). Raises ValueError where the shapes do not fit.
    """
    if base.shape != tuned.shape or base.ndim != 2 or len(base) != len(reference):
        raise ValueError(
            f"{len(reference)} tokens, base {base.shape}, tuned {tuned.shape}: "
            "expected (tokens, vocabulary) twice"
        )
    marks = np.zeros(base.shape[1], dtype=bool)
    marks[[token for token in code if token < len(marks)]] = True
    return [
        {
            "reference": decode(token),
            "kl": _rounded(divergence(old, new)),
            "base": _said(token, old, marks, decode, shown),
            "tuned": _said(token, new, marks, decode, shown),
        }
        for token, old, new in zip(reference, base, tuned, strict=True)
    ]


def _said(
    token: int, logs: np.ndarray, marks: np.ndarray, decode: Callable[[int], str], shown: int
) -> dict[str, Any]:
    logs = logs.astype(np.float64)
    p = np.exp(logs)
    shown = min(shown, len(p))
    # Of equally likely ones the lower id, so that a table is the same on every run.
    among = np.flatnonzero(p >= np.partition(p, -shown)[-shown])
    first = among[np.lexsort((among, -p[among]))][:shown]
    return {
        "tokens": [{"token": decode(int(i)), "p": _rounded(p[i])} for i in first],
        "entropy": _rounded(entropy(logs)),
        "code_share": _rounded(p[marks].sum()),
        "reference_p": _rounded(p[token]),
        "reference_rank": int((p > p[token]).sum()) + 1,
    }


def entropy(logs: np.ndarray) -> float:
    """Of one distribution, in nats; an impossible token adds nothing."""
    possible = logs[logs > -np.inf]
    return max(0.0, -float(np.sum(np.exp(possible) * possible)))


def divergence(old: np.ndarray, new: np.ndarray) -> float:
    """KL(old || new) of one position in nats; not below 0, whatever rounding says."""
    possible = old > -np.inf
    old, new = old[possible].astype(np.float64), new[possible].astype(np.float64)
    return max(0.0, float(np.sum(np.exp(old) * (old - new))))


def summary(positions: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """The figures of the first position, and their means along the reference.

    Of base and tuned `entropy`, `code_share`, and p and rank of the reference's token; `kl`; and
    `overlap`: how many of the most likely tokens both have, as a share.
    Raises ValueError for a text without positions.
    """
    if not positions:
        raise ValueError("a text without positions has no next tokens")
    entries = [_figures(position) for position in positions]
    mean = {
        name: _rounded(float(np.mean([entry[name] for entry in entries]))) for name in entries[0]
    }
    return {"first": entries[0], "mean": mean, "positions": len(entries)}


def _figures(position: Mapping[str, Any]) -> dict[str, float]:
    tops = [{one["token"] for one in position[of]["tokens"]} for of in ("base", "tuned")]
    figures = {
        f"{name}_{of}": position[of][name]
        for name in ("entropy", "code_share", "reference_p", "reference_rank")
        for of in ("base", "tuned")
    }
    shared = len(tops[0] & tops[1]) / max(1, *map(len, tops))
    return figures | {"kl": position["kl"], "overlap": _rounded(shared)}


def along(positions: Sequence[Mapping[str, Any]]) -> dict[str, list[float]]:
    """The same figures of each position in their order, tables apart."""
    entries = [_figures(position) for position in positions]
    return {name: [entry[name] for entry in entries] for name in entries[0]} if entries else {}


def share(texts: Iterable[Sequence[int]], code: frozenset[int]) -> float:
    """How many of all tokens in some texts are code's, 0 to 1; 0 of none."""
    marked = [token in code for ids in texts for token in ids]
    return _rounded(sum(marked) / max(1, len(marked)))


def _rounded(value: float) -> float:
    return round(float(value), DIGITS)
