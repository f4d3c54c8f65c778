"""The manual-review sheet: the rows in which an arm won, lost or changed most against its base."""

import csv
import difflib
import io
from typing import Any

from stages import paths, records
from stages.metrics import METRICS
from stages.reporting.gains import KINDS, gains, row_scores

PER_KIND = 10
# A score that moved by less than this share of the strongest move has not really changed.
CALM = 0.1
# Longer answers are compared on their beginning: the comparison is quadratic.
COMPARED = 400
COLUMNS = ("kind", "change", "id", "input", "reference", "base", "arm", "judgement", "note")
# A spreadsheet would run a cell that begins with one of these, in Japanese also a wide one.
FORMULA = tuple("=+-@\t\r\n＝＋－＠")


def review(
    study: str, metric: str, arm: str, base: str, examples: list[dict[str, Any]]
) -> list[dict[str, Any]]:
    """Up to 30 rows: strongest wins and losses by the metric, and changes that it does not see.

    Where neither side of the metric is the better one, rises and falls instead.
    """
    gain = gains(metric, *(row_scores(study, metric, name) for name in (arm, base)))
    texts = {
        name: {row["id"]: row["text"] for row in records.read(paths.kept(study, name, "dev.jsonl"))}
        for name in (arm, base)
    }
    by_id = {example["id"]: example for example in examples}
    return [
        {
            "kind": kind,
            "change": round(gain[row], 4),
            "id": row,
            "input": by_id[row]["input"],
            "reference": by_id[row]["target"],
            "base": texts[base][row],
            "arm": texts[arm][row],
        }
        for kind, rows in _picked(gain, texts[arm], texts[base], METRICS[metric].direction).items()
        for row in rows
    ]


def _picked(
    gain: dict[str, float], ours: dict[str, str], theirs: dict[str, str], direction: str
) -> dict[str, list[str]]:
    """Row ids by kind, no row twice."""
    # Equals by a hash: an id can begin with what its row is about, and one kind of rows would fill
    # the sheet.
    ordered = sorted(gain, key=lambda row: (-gain[row], records.digest(row)))
    wins = [row for row in ordered if gain[row] > 0][:PER_KIND]
    losses = [row for row in reversed(ordered) if gain[row] < 0][:PER_KIND]
    most = CALM * max(map(abs, gain.values()), default=0)
    calm = {row for row in gain if abs(gain[row]) <= most} - {*wins, *losses}
    rewritten = [row for row in calm if ours[row] != theirs[row]]
    changed = sorted(rewritten, key=lambda row: (_alike(ours[row], theirs[row]), row))
    up, down = KINDS[direction]
    return {up: wins, down: losses, "change": changed[:PER_KIND]}


def sheet(rows: list[dict[str, Any]]) -> str:
    """The rows as CSV with two empty columns to fill in; no cell is a formula."""
    file = io.StringIO()
    # All texts in quotes: a lone carriage return would else end its row.
    style = {"lineterminator": "\n", "quoting": csv.QUOTE_NONNUMERIC}
    writer = csv.DictWriter(file, COLUMNS, restval="", **style)
    writer.writeheader()
    for row in rows:
        writer.writerow({k: _inert(v) if isinstance(v, str) else v for k, v in row.items()})
    return file.getvalue()


def _alike(one: str, other: str) -> float:
    return difflib.SequenceMatcher(None, one[:COMPARED], other[:COMPARED], autojunk=False).ratio()


def _inert(text: str) -> str:
    return f"'{text}" if text.startswith(FORMULA) else text
