"""The training curve: one row per optimizer step."""

import math
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from stages import records

COLUMNS = ("step", "loss", "lr", "grad_norm", "tokens_per_second", "seconds", "dev_loss")
# In the log the rewards of dev rows at a step; where they lie by step, task and id.
ANSWERED, EVALUATED = "dev_rows", "evaluated"


def write_curve(path: Path, rows: Sequence[dict[str, Any]]) -> None:
    """Write the log as CSV with a header, also when it has no rows: `dvc plots` wants the file.

    A log of rewards has columns of its own, which its tasks name, behind those of all logs.
    """
    own = {name for row in rows for name in row} if rewarded(rows) else set()
    columns = [*COLUMNS, *sorted(own - {*COLUMNS, ANSWERED})]
    lines = [",".join(columns), *(",".join(map(_cell, map(row.get, columns))) for row in rows)]
    records.write_text(path, "\n".join(lines) + "\n")


def rewarded(rows: Iterable[dict[str, Any]]) -> bool:
    """Whether a log or a curve is of a run that was trained by rewards."""
    return any("reward" in row or "dev_reward" in row for row in rows)


def evaluations(rows: Iterable[dict[str, Any]]) -> dict[str, Any]:
    """{"evaluated": {step: {task: {id: reward}}}} out of a log; empty where it has no such rows."""
    found: dict[str, dict[str, dict[str, float]]] = {}
    for row in rows:
        for key, (task, reward) in row.get(ANSWERED, {}).items():
            found.setdefault(str(row["step"]), {}).setdefault(task, {})[key] = reward
    return {EVALUATED: found} if found else {}


def _cell(value: float | None) -> str:
    """Empty at a step where a figure was not taken, as the loss on dev at most steps."""
    return "" if value is None else str(value)


def second_half_loss(rows: Sequence[dict[str, Any]]) -> float | None:
    """The mean loss of the second half of the steps, in nats per token; None without steps.

    Batches hold rows of similar length, and short answers cost more per token, so that a few last
    steps say more about their batches than about the arm.
    """
    losses = [row["loss"] for row in rows[len(rows) // 2 :]]
    return round(math.fsum(losses) / len(losses), 6) if losses else None


def read_curve(path: Path) -> list[dict[str, float]]:
    """Read a curve that `write_curve` wrote; a row has what was taken at its step."""
    header, *lines = records.lines(path)
    names = header.split(",")
    rows = (dict(zip(names, line.split(","), strict=True)) for line in lines if line)
    return [{name: float(cell) for name, cell in row.items() if cell} for row in rows]
