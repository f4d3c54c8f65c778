"""The training curve: one row per optimizer step."""

import math
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from stages import records

COLUMNS = ("step", "loss", "lr", "grad_norm", "tokens_per_second", "seconds", "dev_loss")


def write_curve(path: Path, rows: Iterable[dict[str, Any]]) -> None:
    """Write the log as CSV with a header, also when it has no rows: `dvc plots` wants the file."""
    lines = [",".join(COLUMNS), *(",".join(map(_cell, map(row.get, COLUMNS))) for row in rows)]
    records.write_text(path, "\n".join(lines) + "\n")


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
