"""Segment scores by COMET: JSONL in, JSONL out. It runs in .venv-comet and needs nothing of Assay.

Usage: .venv-comet/bin/python -I stages/scoring/comet_worker.py < QUESTION > ANSWER

QUESTION: a line of settings {"model", "revision", "sha256", "batch_size"}, then one
{"id", "src", "mt", "ref"} per row. ANSWER: a line that says what scored, or {"error": why not};
then one {"id", "score"} per row, the score null where the model gives no finite number.
"""

import hashlib
import json
import logging
import math
import os
import sys
import warnings
from pathlib import Path
from typing import Any, TextIO

# Padding moves the last digits of a score with the rows that share its batch. With six of them
# kept, two arms that answer alike tie.
DIGITS = 6
LOCAL = "name a checkpoint file that is here as `comet: {model: FILE.ckpt, sha256: …}` in the study"


class Refused(Exception):
    """Something the user can mend, on one line."""


def main() -> None:
    # The answer keeps standard output for itself; what libraries print there goes to stderr.
    answer = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)
    warnings.simplefilter("ignore")
    logging.disable(logging.WARNING)
    try:
        settings, *rows = (json.loads(line) for line in sys.stdin)
        write(answer, *score(settings, rows))
    except Refused as refused:
        write(answer, {"error": str(refused)}, [])
    except KeyboardInterrupt:
        raise SystemExit(130) from None
    except Exception as error:  # whatever COMET stumbled over: its first line says most
        write(answer, {"error": f"COMET failed: {first_line(error)}"}, [])


def write(answer: TextIO, head: dict[str, Any], rows: list[dict[str, Any]]) -> None:
    for line in (head, *rows):
        print(json.dumps(line, ensure_ascii=False, allow_nan=False), file=answer)
    answer.close()


def score(
    settings: dict[str, Any], rows: list[dict[str, Any]]
) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    """What scored, and {"id", "score"} per row."""
    checkpoint = find(settings["model"], settings["revision"])
    sha256 = digest(checkpoint)
    if settings["sha256"] not in (None, sha256):
        raise Refused(f"{checkpoint}: sha256 is {sha256}, the study pins {settings['sha256']}")
    import torch  # only now: what could go wrong so far is said within a second
    from comet import __version__

    model = load(checkpoint, settings["model"])
    ordered = sorted(rows, key=lambda row: row["id"])  # batches don't depend on the file's order
    samples = [{name: row[name] for name in ("src", "mt", "ref")} for row in ordered]
    gpus = int(torch.cuda.is_available())
    scores = model.predict(samples, batch_size=settings["batch_size"], gpus=gpus).scores
    head = {
        "package": f"unbabel-comet {__version__}",
        **{name: settings[name] for name in ("model", "revision", "batch_size")},
        "checkpoint_sha256": sha256,
        "encoder": model.hparams.pretrained_model,
        "reference": model.requires_references(),
        "device": "cuda" if gpus else "cpu",
    }
    return head, [
        {"id": row["id"], "score": round(value, DIGITS) if math.isfinite(value) else None}
        for row, value in zip(ordered, scores, strict=True)
    ]


def find(model: str, revision: str | None) -> Path:
    """The checkpoint's file: a local one, or one on the hub at a pinned commit."""
    if revision is None:
        if not Path(model).is_file():
            raise Refused(f"{model}: no such COMET checkpoint")
        return Path(model)
    from huggingface_hub import snapshot_download

    wanted = ["hparams.yaml", "checkpoints/model.ckpt"]
    try:
        folder = snapshot_download(model, revision=revision, allow_patterns=wanted)
    except Exception as error:  # the hub client raises many unrelated types
        raise Refused(
            f"cannot download the COMET model {model}@{revision[:8]} ({first_line(error)}). "
            f"Check the network, or {LOCAL}"
        ) from None
    return Path(folder) / "checkpoints/model.ckpt"


def load(checkpoint: Path, name: str) -> Any:
    """The model, ready to predict. PyTorch reads tensors and plain values alone, never code."""
    import torch
    from comet import load_from_checkpoint

    try:
        return load_from_checkpoint(str(checkpoint))
    except OSError as error:  # the tokenizer and config of its encoder are on the hub as well
        encoder = torch.load(checkpoint, mmap=True)["hyper_parameters"]["pretrained_model"]
        raise Refused(
            f"cannot load {encoder}, the encoder of the COMET model {name} "
            f"({first_line(error)}). Check the network, or that this folder is there"
        ) from None


def digest(path: Path) -> str:
    with open(path, "rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def first_line(error: Exception) -> str:
    return f"{type(error).__name__}: {next(iter(str(error).splitlines()), 'no message')}"


if __name__ == "__main__":
    main()
