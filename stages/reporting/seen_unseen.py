"""What base and tuned answer to rows seen in training and to others, and how far apart that is.

Each text was answered with the adapter off and on, by stages/next_tokens.py.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from stages.metrics import METRICS
from stages.metrics.metric import Metric
from stages.reporting.tables import digits, number, signed
from stages.reporting.unpaired import Found, differences, less, scores
from stages.verdicts.resampling import SEED

OF = ("base", "tuned")
MOVED = "tuned − base"
SAMPLES = 3  # rows of either side that are shown
SEEN = {True: "seen in training", False: "not seen in training"}
HEADS = ["seen", "unseen", "seen − unseen"]
Rows = Sequence[Mapping[str, Any]]


def table(metrics: Mapping[str, Mapping[str, Any]], rows: Rows) -> dict[str, Any]:
    """Scores of drawn rows, seen beside unseen; `metrics` has options by name."""
    sides = sides_of(rows)
    lines = [line for name, options in metrics.items() for line in compared(name, options, sides)]
    return {
        "caption": f"Answers to {len(sides[0])} train rows (seen) and {len(sides[1])} dev rows "
        "(unseen), scored",
        "heads": HEADS,
        "rows": lines,
    }


def compared(name: str, options: Mapping[str, Any], sides: Sequence[Rows]) -> list[Any]:
    """A metric's lines: base, tuned and the way between; none where a side has no score."""
    metric = METRICS[name]
    found = [scored(metric, options, rows, SEED + at) for at, rows in enumerate(sides)]
    if not all(found):
        return []
    apart = differences(*found)
    places = digits(metric.unit)
    return [
        (f"{metric.label}: {of}", cells(found, apart, of, places, sign=of == MOVED)) for of in apart
    ]


def sides_of(rows: Rows) -> list[Rows]:
    """The seen rows and the others."""
    return [[row for row in rows if row["seen"] is seen] for seen in SEEN]


def cells(
    found: Sequence[Found], apart: Found, name: str, places: int, sign: bool = False
) -> list[str]:
    """A figure of the seen rows, of the others, and what is between; the latter has a sign."""
    own = [with_interval(one[name], places, sign) for one in found]
    return [*own, with_interval(apart[name], places, sign=True)]


def scored(metric: Metric, options: Mapping[str, Any], rows: Rows, seed: int) -> Found:
    """Scores of base and tuned, and of tuned less base, over the same draws of the same rows."""
    vectors = {
        of: metric.statistics([{**row["example"], **row["answers"][of]} for row in rows], **options)
        for of in OF
    }
    found = scores(metric, vectors, [row["example"]["group"] for row in rows], seed)
    return {**found, MOVED: less(found["tuned"], found["base"])} if found else {}


def with_interval(found: Mapping[str, Any], places: int, sign: bool = False) -> str:
    """A score, or with `sign` a difference, and its 95 % interval in brackets."""
    shown = signed if sign else number
    if found["low"] is None:
        return f"{shown(found['value'], places)} [no interval]"
    value, low, high = (shown(found[key], places) for key in ("value", "low", "high"))
    return f"{value} [{low}, {high}]"


def samples(rows: Rows, publish: str) -> list[dict[str, Any]]:
    """All listed prompts and the first drawn rows of either side, each with both answers.

    Rows were drawn by a seed, so the first ones are no choice. A study that does not publish all
    its rows shows none of them.
    """
    listed = [row for row in rows if row["listed"]]
    drawn = [row for row in rows if not row["listed"]] if publish == "all" else []
    first = [row for seen in SEEN for row in [r for r in drawn if r["seen"] is seen][:SAMPLES]]
    return [sample(row) for row in listed + first]


def sample(row: Mapping[str, Any]) -> dict[str, Any]:
    said = {of: row["answers"][of] for of in OF}
    return {
        "id": row["id"],
        "seen": SEEN[row["seen"]],
        "input": row["example"]["input"],
        "reference": row["example"]["target"],
        "answers": {of: one["text"] for of, one in said.items()},
        "cut": [of for of, one in said.items() if one["hit_limit"]],
    }
