"""The share of notifications that could be sent as they are.

The reward of `push` adds facts up and lets a line that is too long lose something. A phone shows
what fits, and a customer reads what is left: a placeholder, a label, a star of markup, half a
sentence. One of them is enough.
"""

import re
from collections.abc import Mapping
from typing import Any

from stages.metrics.of_task import metric
from stages.rewards import push, wording

# Placeholders in brackets, markup, quotes around the whole, a label before it
UNSENDABLE = re.compile(r"[\[\]{}<>*_#`|~\\]|^[\"'“]|^\W*(?:push|notificação|mensagem|texto)\s*:")


def holds(row: Mapping[str, Any]) -> bool:
    """Whether an answer is one line within the limit, a sentence with all facts, and its own."""
    text, facts = row["text"].strip(), row["facts"]
    return (
        all(wording.stated(text, facts["required"]))
        and not wording.unsupported(text, facts)
        and len(text) <= facts["limit"]
        and len(text.splitlines()) == 1
        and wording.ends_as_sentence(text)
        and wording.own(text, row["input"], row["turns"]) == 1
        and not UNSENDABLE.search(text.casefold())
    )


PUSH_SENDABLE = metric(
    "notifications that can be sent",
    push.TASK,
    holds,
    "push_sendable|norm:nfkc+casefold+collapse|rule:1",
)
