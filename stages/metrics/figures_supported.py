"""The share of insights that can be relied on: every fact stated, and no figure out of thin air.

The reward of `insights` adds facts up and takes something off for each invented figure. Whoever
reads one wrong number stops to trust the others. Silence invents nothing and states nothing: 0. A
list of all that the material holds says nothing either, nor does a finding without what follows
from it: two sentences are asked for.
"""

from collections.abc import Mapping
from typing import Any

from stages.metrics.of_task import metric
from stages.rewards import insights, wording

SENTENCES = 2  # what is the case, and what follows from it


def holds(row: Mapping[str, Any]) -> bool:
    """Whether an answer states all facts in its own words, briefly, and no invented figure."""
    text, required = row["text"], row["facts"]["required"]
    return (
        all(wording.stated(text, required))
        and not wording.unsupported(text, row["facts"])
        and insights.chosen(text, required) == 1
        and wording.own(text, row["input"], row["turns"]) == 1
        and len(wording.words(text)) <= insights.WORDS
        and wording.sentences(text) >= SENTENCES
        and wording.ends_as_sentence(text)
    )


FIGURES_SUPPORTED = metric(
    "insights with all facts and no other figure",
    insights.TASK,
    holds,
    f"figures_supported|words:{insights.WORDS}|sentences:{SENTENCES}|norm:nfkc+casefold+collapse|rule:1",
)
