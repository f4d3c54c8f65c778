"""The reward of `insights`: what figures of the shop say, in few words."""

from collections.abc import Mapping, Sequence
from typing import Any

from stages.rewards.wording import figures, named, stated, unsupported

TASK = "insights"
WORDS = 60  # as long as an answer may be without losing
SPARE = 2  # figures that an answer may state beside those that it must


def reward(
    completions: Sequence[str],
    *,
    category: Sequence[str],
    facts: Sequence[Mapping[str, Any]],
    **_: Any,
) -> list[float | None]:
    """stated * brief * supported * chosen.

    stated: the share of the required facts that the answer states.
    brief: 1 up to 60 words, falling to 0 at 120.
    supported: 1 / (1 + figures that the material does not hold).
    chosen: 1 up to two different figures more than the facts need, then (needed + 2) / figures, so
        that listing the material's figures, among them the right ones, does not pay.
    """
    rows = zip(completions, category, facts, strict=True)
    return [_score(text, of) if task == TASK else None for text, task, of in rows]


def _score(text: str, facts: Mapping[str, Any]) -> float:
    found = stated(text, facts["required"])
    share = sum(found) / len(found)
    brief = min(1.0, max(0.0, 2 - len(text.split()) / WORDS))
    supported = 1 / (1 + len(unsupported(text, facts)))
    return share * brief * supported * _chosen(text, facts["required"])


def _chosen(text: str, required: Sequence[Sequence[str]]) -> float:
    allowed = sum(bool(named([variants])) for variants in required) + SPARE
    return min(1.0, allowed / max(1, len(set(figures(text)))))
