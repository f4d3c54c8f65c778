"""Of the names, numbers and words of content that input and target share, the part in the answer.

What a person who paraphrased the sentence kept is what a paraphrase must not lose; a word that the
target replaces may be replaced here too. Case is folded, forms are not: `walks` is not `walked`. A
row whose input and target share nothing is unscored.

Without a model this sees no more than words. It can't see their order, so that "Rome beat Athens"
keeps "Athens beat Rome": PAWS's false pairs have all words in common by construction, and all have
1. It sees a `not` that was lost, and none that was put in, nor anything else that was added. A copy
has 1 and so has an answer of every word there is; silence has 0, a constant and the nearest
training row next to nothing. So it is a guard against answers about something else, beside
`copy_rate` and a metric that counts what is too much. Whether the meaning is the same takes a model
that reads both sentences: a judge, or one of entailment, at full scale.
"""

from collections import Counter
from collections.abc import Sequence

from stages.metrics.metric import Metric, Row, quotient
from stages.metrics.references import SIGNATURE, folded

# Words that a paraphrase exchanges freely. Negations are not among them
EMPTY_WORDS = """
a about after again all also am an and any are as at be because been before being both but by
ca can could did do does doing for from had has have having he her here hers him his how i if
in into is it its just let 'll 'm may me might more most must my of off on once one only or
other our ours out over own 'd 're 's same shall she should so some such than that the their
theirs them then there these they this those through to too under until up upon us 've very
was we were what when where which while who whom whose why will with would you your yours
"""
EMPTY = frozenset(EMPTY_WORDS.split())


def _statistics(rows: Sequence[Row]) -> list[list[float] | None]:
    """Per row [shared words that the answer has, shared words]; None where none are shared."""
    return [_row(row) for row in rows]


def _row(row: Row) -> list[float] | None:
    shared = _content(row["input"]) & _content(row["target"])
    if not shared:
        return None
    return [(shared & _content(row["text"])).total(), shared.total()]


def _content(text: str) -> Counter[str]:
    return Counter({word: n for word, n in folded(text).items() if word not in EMPTY})


MEANING_KEPT = Metric(
    label="words of content kept",
    direction="higher",
    unit="share 0-1",
    statistics=_statistics,
    combine=quotient,
    signature=lambda: f"meaning_kept|case:folded|stop:list1|{SIGNATURE}|rule:1",
    best=1.0,
)
