"""The share of insights that can be relied on: every fact stated, and no figure out of thin air.

The reward of `insights` adds facts up and takes something off for each invented figure. Whoever
reads one wrong number stops to trust the others. Silence invents nothing and states nothing: 0.
"""

from collections.abc import Mapping
from typing import Any

from stages.metrics.of_task import metric
from stages.rewards import insights, wording


def holds(row: Mapping[str, Any]) -> bool:
    """Whether an answer states all facts in at most 60 words, and no figure but the material's."""
    text, facts = row["text"], row["facts"]
    return (
        all(wording.stated(text, facts["required"]))
        and not wording.unsupported(text, facts)
        and len(text.split()) <= insights.WORDS
        and wording.ends_as_sentence(text)
    )


FIGURES_SUPPORTED = metric(
    "insights with all facts and no other figure",
    insights.TASK,
    holds,
    "figures_supported|words:60|norm:nfkc+casefold+collapse|rule:1",
)
