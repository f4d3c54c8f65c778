"""The share of notifications that could be sent as they are.

The reward of `push` adds facts up and lets a line that is too long lose something. A phone shows
what fits, and a customer reads what is left: a placeholder, a label, a star of markup, half a
sentence. One of them is enough.

Rule 2: the discount must be said to be one, and nothing twice. By rule 1 a model trained by the
reward passed with facts strung together, `Tatiana, seu guia Passeio no 21/10 é 60% de 60%.`
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from stages.metrics.of_task import metric
from stages.rewards import push, wording
from stages.rewards.extraction import normal

# Placeholders in brackets, markup, quotes around the whole, a label before it
UNSENDABLE = re.compile(r"[\[\]{}<>*_#`|~\\]|^[\"'“]|^\W*(?:push|notificação|mensagem|texto)\s*:")
# What makes a discount of a figure, behind it or before it
NOUN = "desconto|abatimento|redução|economia"
BEHIND = rf"(?:de (?:{NOUN})|off|a menos|menos|mais barat[oa]|n[oa]s?|para)\b"
BEFORE = r"\b(?:cupom de|desconto:?(?: de)?|baixou|caiu|economize|ganhe|menos|reduz\w+ em)"
OFFER = re.compile(rf"(?:%|por cento)\s*{BEHIND}|{BEFORE}\s*[0-9]+ ?%")


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
        and bool(OFFER.search(normal(text)))
        and said_once(text, facts["required"])
    )


def said_once(text: str, required: Iterable[Sequence[str]]) -> bool:
    """Whether no fact stands in a text twice, whatever its variants."""
    read = normal(text)
    return all(sum(read.count(normal(one)) for one in variants) <= 1 for variants in required)


PUSH_SENDABLE = metric(
    "notifications that can be sent",
    push.TASK,
    holds,
    "push_sendable|norm:nfkc+casefold+collapse|rule:2",
)
