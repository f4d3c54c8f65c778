"""The browser of rows: dev rows with all answers to them, as data that a page carries along."""

import json
from collections.abc import Mapping
from typing import Any

from markupsafe import Markup

from stages import records
from stages.metrics import METRICS
from stages.reporting import verdict
from stages.reporting.gains import gains, row_scores
from stages.reporting.tables import digits

# Bytes of all rows on a page, which is to stay below 2 MB.
ROOM = 1_200_000
# Characters of a text; more is no answer that a person reads.
LONGEST = 20_000
# Of a score and a gain. What rounds to no gain at all is a tie.
PLACES = 4
# `<`, `>` and `&` would end the element or begin another; the rest ends a line in some parsers.
UNSAFE = {ord(mark): f"\\u{ord(mark):04x}" for mark in "<>&\u2028\u2029"}


def browser(
    plan: dict[str, Any],
    arms: dict[str, Any],
    compared: dict[str, Any],
    promotion: dict[str, Any],
    shown: list[dict[str, Any]],
    total: int,
) -> dict[str, Any] | None:
    """What rows.js reads: the rows, and what there is to know about arms and headline metric.

    `shown` are the rows that the study publishes (see shown.answered), out of `total`; of those as
    many as fit, by the hash of their ids. None where no row may be shown.
    """
    if not shown:
        return None
    metric = METRICS[plan["headline"]]
    against = {name: found["against"] for name, found in compared["arms"].items() if name in arms}
    scores = {name: row_scores(plan["study"], plan["headline"], name) for name in arms}
    gained = {
        name: gains(plan["headline"], scores[name], scores[base])
        for name, base in against.items()
        if base in scores
    }
    rows = fitting([row_of(row, scores, gained) for row in shown])
    return {
        "total": total,
        "sampled": len(rows) < len(shown),
        "metric": {"label": metric.label, "digits": digits(metric.unit)},
        # What a row did whose score rose or fell
        "outcomes": ("rose", "fell") if metric.direction == "none" else ("won", "lost"),
        "slice_by": (plan["slice_by"] or "").replace("_", " "),
        "arms": [
            {
                "name": name,
                "title": arm["title"],
                "against": against[name] if name in gained else None,
            }
            for name, arm in arms.items()
        ],
        "chosen": verdict.spoken_of(plan, compared, promotion) or next(iter(arms)),
        "rows": rows,
    }


def row_of(
    row: dict[str, Any],
    scores: Mapping[str, Mapping[str, float]],
    gained: Mapping[str, Mapping[str, float]],
) -> dict[str, Any]:
    """One row; what it does not have (slice, origin, training row, score, gain) is left out."""
    id_, nearest = row["id"], row["nearest"]
    answers = {
        name: {
            "text": cut(answer["text"]),
            **({"hit_limit": True} if answer["hit_limit"] else {}),
            **rounded("score", scores[name].get(id_)),
            **rounded("gain", gained.get(name, {}).get(id_)),
        }
        for name, answer in row["answers"].items()
    }
    found = {
        "id": id_,
        "slice": row["slice"],
        # A text that several places hold names them all; see sources/catalogs.py.
        "origins": row["origin"].split("+") if row.get("origin") else None,
        "input": cut(row["input"]),
        "reference": cut(row["target"]),
        "answers": answers,
        "nearest": nearest
        and {
            "text": cut(nearest["text"]),
            "from": nearest["from"],
            "similarity": round(nearest["similarity"], 2),
        },
    }
    return {key: value for key, value in found.items() if value is not None}


def rounded(name: str, value: float | None) -> dict[str, float]:
    # Adding 0.0 makes a negative zero a plain one.
    return {} if value is None else {name: round(value, PLACES) + 0.0}


def cut(text: str) -> str:
    """A text as long as a page takes, which says what it lacks."""
    left = len(text) - LONGEST
    return text if left <= 0 else f"{text[:LONGEST]}… [{left:,} more characters are not shown]"


def fitting(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """As many rows as there is room for, in their order: those whose ids' hashes come first.

    Which ones does not depend on what they hold, but for the last: the first that does not fit.
    """
    room, taken = ROOM, set()
    for row in sorted(rows, key=lambda row: records.digest(row["id"])):
        room -= len(embedded(row).encode()) + 1
        if room < 0:
            break
        taken.add(row["id"])
    return [row for row in rows if row["id"] in taken]


def embedded(value: Any) -> Markup:
    """JSON inside a script element of a page: the same value to JSON.parse, no markup to HTML."""
    text = json.dumps(value, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
    return Markup(text.translate(UNSAFE))
