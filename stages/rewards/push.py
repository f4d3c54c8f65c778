"""The reward of `push`: one short line that tells a customer of an offer."""

from collections.abc import Mapping, Sequence
from typing import Any

from stages.rewards.wording import own, stated, unsupported

TASK = "push"


def reward(
    completions: Sequence[str],
    *,
    category: Sequence[str],
    facts: Sequence[Mapping[str, Any]],
    input: Sequence[str],
    turns: Sequence[Sequence[Mapping[str, str]]],
    **_: Any,
) -> list[float | None]:
    """stated * fits / lines * supported * own.

    stated: the share of the required facts that the answer states.
    fits: 1 up to the limit of characters, falling to 0 at twice as many.
    lines: those that are not blank.
    supported: 1 / (1 + figures that the material does not hold).
    own: how far it is more than what it was made from; see wording.own.
    """
    rows = zip(completions, category, facts, input, turns, strict=True)
    return [_score(text, *given) if task == TASK else None for text, task, *given in rows]


def _score(
    text: str, facts: Mapping[str, Any], material: str, turns: Sequence[Mapping[str, str]]
) -> float:
    found = stated(text, facts["required"])
    share = sum(found) / len(found)
    fits = min(1.0, max(0.0, 2 - len(text.strip()) / facts["limit"]))
    lines = sum(bool(line.strip()) for line in text.splitlines())
    supported = 1 / (1 + len(unsupported(text, facts)))
    return share * fits / max(1, lines) * supported * own(text, material, turns)
