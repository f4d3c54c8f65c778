"""Ask COMET, which lives in an environment of its own, for the segment scores of rows."""

import json
import subprocess
from pathlib import Path
from typing import Any

from stages import paths, records
from stages.command import UserError
from stages.scoring import comet_worker


def comet_scores(
    settings: dict[str, Any], rows: list[dict[str, Any]]
) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    """The card of what scored, with its signature, and {"id", "score"} per row.

    `settings` has model, revision, sha256 and batch_size; a row has id, input, text and target.
    Raises UserError when COMET is not set up, its model cannot be had, or it fails.
    """
    question = [settings]
    for row in rows:
        texts = {"src": row["input"], "mt": row["text"], "ref": row["target"]}
        question.append({"id": row["id"], **texts})
    card, *scores = ask(check_environment(), question)
    if "error" in card:
        raise UserError(card["error"])
    unscored = sum(row["score"] is None for row in scores)
    return {**card, "signature": signature(card), "rows": len(rows), "unscored": unscored}, scores


def ask(python: Path, question: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The worker's answer, line by line; UserError when it died without one."""
    # -I: neither this folder nor PYTHONPATH may put our packages before those of COMET. Its
    # progress bar goes straight to the terminal.
    done = subprocess.run(
        [python, "-I", "-X", "utf8", comet_worker.__file__],
        input="".join(records.dumps(line) + "\n" for line in question),
        stdout=subprocess.PIPE,
        encoding="utf-8",
    )
    lines = done.stdout.splitlines()
    if done.returncode or not lines:
        raise UserError(
            f"COMET ended with status {done.returncode} and no scores; what it said stands above. "
            "-9 means that the memory did not suffice: set a smaller `comet: {batch_size: …}`"
        )
    return [json.loads(line) for line in lines]


def check_environment() -> Path:
    """The Python that has COMET; UserError unless `make comet` installed what is pinned."""
    folder = paths.comet_environment()
    ready = folder / "ready"
    if not ready.exists():
        raise UserError(f"{folder}: COMET is not installed; run `make comet`")
    if ready.read_bytes() != paths.COMET_CONSTRAINTS.read_bytes():
        raise UserError(
            f"{folder}: holds other versions than {paths.COMET_CONSTRAINTS}; run `make comet`"
        )
    return folder / "bin/python"


def signature(card: dict[str, Any]) -> str:
    """Everything that decides the scores, as key:value|key:value."""
    return "|".join(
        [
            f"comet|version:{card['package'].split()[-1]}",
            f"model:{card['model']}",
            f"checkpoint:{card['checkpoint_sha256'][:12]}",
            f"refs:{'yes' if card['reference'] else 'no'}",
            "rule:1",
        ]
    )
