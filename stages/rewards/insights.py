"""The reward of `insights`: what figures of the shop say, in few words."""

from collections.abc import Mapping, Sequence
from typing import Any

from stages.rewards.wording import figures, named, own, stated, unsupported, words
from stages.shop.catalogue import COMPLAINTS

TASK = "insights"
WORDS = 60  # as long as an answer may be without losing
SPARE = 2  # figures that an answer may state beside those that it must


def reward(
    completions: Sequence[str],
    *,
    category: Sequence[str],
    facts: Sequence[Mapping[str, Any]],
    input: Sequence[str],
    turns: Sequence[Sequence[Mapping[str, str]]],
    **_: Any,
) -> list[float | None]:
    """stated * brief * supported * chosen * own.

    stated: the share of the required facts that the answer states.
    brief: 1 up to 60 words, falling to 0 at 120.
    supported: 1 / (1 + figures that the material does not hold).
    chosen: min(1, (figures that the facts need + 2) / figures) / (1 + kinds of complaint that are
        not the main one), so that listing everything, the right thing among it, does not pay.
    own: how far it is more than what it was made from; see wording.own.
    """
    rows = zip(completions, category, facts, input, turns, strict=True)
    return [_score(text, *given) if task == TASK else None for text, task, *given in rows]


def _score(
    text: str, facts: Mapping[str, Any], material: str, turns: Sequence[Mapping[str, str]]
) -> float:
    found = stated(text, facts["required"])
    share = sum(found) / len(found)
    brief = min(1.0, max(0.0, 2 - len(words(text)) / WORDS))
    supported = 1 / (1 + len(unsupported(text, facts)))
    listed = chosen(text, facts["required"])
    return share * brief * supported * listed * own(text, material, turns)


def chosen(text: str, required: Sequence[Sequence[str]]) -> float:
    """How far an answer says the one thing that it is asked for, and not all that there is."""
    allowed = sum(bool(named([variants])) for variants in required) + SPARE
    main = {variant for variants in required for variant in variants}
    others = sum(stated(text, [[kind] for kind in COMPLAINTS if kind not in main]))
    return min(1.0, allowed / max(1, len(set(figures(text))))) / (1 + others)
