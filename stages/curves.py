"""The training curve: one row per optimizer step."""

import math
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from stages import records

COLUMNS = ("step", "loss", "lr", "grad_norm", "tokens_per_second")


def write_curve(path: Path, rows: Iterable[dict[str, Any]]) -> None:
    """Write the log as CSV with a header, also when it has no rows: `dvc plots` wants the file."""
    lines = [",".join(COLUMNS), *(",".join(str(row[c]) for c in COLUMNS) for row in rows)]
    records.write_text(path, "\n".join(lines) + "\n")


def second_half_loss(rows: Sequence[dict[str, Any]]) -> float | None:
    """The mean loss of the second half of the steps, in nats per token; None without steps.

    Batches hold rows of similar length, and short answers cost more per token, so that a few last
    steps say more about their batches than about the arm.
    """
    losses = [row["loss"] for row in rows[len(rows) // 2 :]]
    return round(math.fsum(losses) / len(losses), 6) if losses else None


def read_curve(path: Path) -> list[dict[str, float]]:
    """Read a curve that `write_curve` wrote."""
    header, *lines = records.lines(path)
    names = header.split(",")
    return [dict(zip(names, map(float, line.split(",")), strict=True)) for line in lines if line]
