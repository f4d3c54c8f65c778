"""The share of reviews that became the right record: strict JSON alone, every field of it right.

The reward of `extraction` is content with less: it adds fields up and forgives prose and decimal
commas. What reads the answers in a shop forgives nothing.
"""

from collections.abc import Mapping
from typing import Any

from stages.metrics.json_answers import parsed
from stages.metrics.of_task import metric
from stages.rewards.extraction import TASK, agree


def holds(row: Mapping[str, Any]) -> bool:
    """Whether the whole answer is the row's record, the same keys with the same values."""
    found, record = parsed(row["text"]), row["facts"]["record"]
    if found is None or not isinstance(found[0], dict) or found[0].keys() != record.keys():
        return False
    return all(agree(found[0][key], value) == 1 for key, value in record.items())


RECORD_EXACT = metric(
    "records right in every field",
    TASK,
    holds,
    "record_exact|json:rfc8259+unique-keys|norm:nfkc+casefold+collapse|rule:1",
)
