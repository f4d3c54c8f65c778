"""Some corrections in full: each arm's answer beside its input, labelled by the metrics' figures.

For studies that score too much and too little of a correction. Which rows these are does not
depend on any answer.
"""

from collections.abc import Iterable, Mapping
from typing import Any

from stages import paths, records
from stages.metrics import METRICS
from stages.metrics.references import references, words
from stages.reporting.bases import by_base
from stages.reporting.tables import number
from stages.reporting.word_marks import LONGEST, Parts, marks

MOST = 6
RATES = ("over_correction", "under_correction")
# Metrics whose statistics begin with the edits that are right, wrong and missed.
COUNTED = ("edits_f05", "edits_precision", "edits_recall")
Statistics = Mapping[str, Any]


def corrections(
    plan: Mapping[str, Any], arms: Mapping[str, Any], shown: list[dict[str, Any]]
) -> dict[str, Any] | None:
    """The samples and how they were picked; None where no correction is scored or may be shown."""
    if not shown or not set(RATES) & set(plan["metrics"]):
        return None
    scored = {
        arm: {row["id"]: row for row in records.read(paths.row_statistics(plan["study"], arm))}
        for arm in arms
    }
    groups = by_base(arms, arms)
    picked = pick(shown)
    return {
        "rule": rule(plan["slice_by"], len(picked)),
        "counted": bool(set(COUNTED) & set(plan["metrics"])),
        "samples": [sample(row, groups, scored) for row in picked],
    }


def pick(rows: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    """The first row of each slice by the hash of its id, of as many slices as there is room for."""
    found: dict[str, dict[str, Any]] = {}
    for row in sorted(rows, key=lambda row: records.digest(row["id"])):
        found.setdefault(row["id"] if row["slice"] is None else row["slice"], row)
    return list(found.values())[:MOST]


def rule(slice_by: str | None, count: int) -> str:
    """How the rows were picked, in words."""
    first = f"the first one of each {slice_by.replace('_', ' ')}" if slice_by else "the first ones"
    return (
        f"Dev rows in the order of the SHA-256 of their ids, {first}, {MOST} at most: "
        f"{count} here. No answer and no score had a say."
    )


def sample(
    row: dict[str, Any],
    groups: Mapping[str, list[str]],
    scored: Mapping[str, Mapping[str, Statistics]],
) -> dict[str, Any]:
    """One row with what every arm made of it."""
    found = {
        base: [
            {"arm": arm, **judged(row, row["answers"][arm], scored[arm].get(row["id"], {}))}
            for arm in own
        ]
        for base, own in groups.items()
    }
    return {
        **{key: row[key] for key in ("id", "slice", "input")},
        "references": references(row),
        "groups": found,
    }


def judged(
    row: Mapping[str, Any], answer: Mapping[str, Any], statistics: Statistics
) -> dict[str, Any]:
    """An answer, marked where it differs from its input, and its labels."""
    text = answer["text"]
    parts: Parts | None = marks(row["input"], text)
    shown = text if len(text) <= LONGEST else f"{text[:LONGEST]}…"
    return {
        "text": shown,
        "parts": parts or [("same", shown)],
        "marked": parts is not None,
        "labels": labels(row, answer, statistics),
    }


def labels(row: Mapping[str, Any], answer: Mapping[str, Any], statistics: Statistics) -> list[str]:
    """What the metrics found: `statistics` are theirs, of this row; those not asked say nothing."""
    text = answer["text"]
    counts = next((statistics[name] for name in COUNTED if statistics.get(name)), None)
    _, wrong, missed = counts[:3] if counts else (None, None, None)
    exact = counted(statistics, "exact_any")
    said = {
        "equals a reference": exact,
        "acceptable": counted(statistics, "acceptable") and not exact,
        "unchanged": words(text) == words(row["input"]),
        over(wrong): counted(statistics, "over_correction"),
        under(missed): counted(statistics, "under_correction"),
        verbose(row, text): counted(statistics, "verbose_rate"),
        "cut at the limit": answer["hit_limit"],
    }
    return [label for label, holds in said.items() if holds]


def counted(statistics: Statistics, metric: str) -> bool:
    """Whether a metric that counts rows has counted this one."""
    return bool(statistics.get(metric) and statistics[metric][0])


def over(wrong: int | None) -> str:
    """That it changes too much, and by how many edits where a metric has counted them."""
    return "over-corrects" if wrong is None else f"over-corrects by {edits(wrong)}"


def under(missed: int | None) -> str:
    return "misses edits" if missed is None else f"misses {edits(missed)}"


def edits(count: int) -> str:
    return f"{number(count, 0)} {'edit' if count == 1 else 'edits'}"


def verbose(row: Mapping[str, Any], text: str) -> str:
    """How many times the words of the longest reference the answer has."""
    right = references(row)
    lengths = METRICS["words"].statistics([{"text": said} for said in (text, *right)])
    own, *others = [length[0] for length in lengths if length]
    longest = "the reference" if len(right) == 1 else "the longest reference"
    return f"verbose ({number(own / max(1, *others), 1)} times {longest})"
