"""Checkpoints that survive a kill: kept outside DVC's outputs, complete or not used at all."""

import logging
import math
import shutil
from pathlib import Path

from transformers import TrainerCallback

from stages import records

logger = logging.getLogger(__name__)

SEAL = "complete.json"


class Seal(TrainerCallback):
    """Seal each checkpoint once all of its files are written: their names and hashes."""

    def on_save(self, args, state, control, **_):
        folder = Path(args.output_dir) / f"checkpoint-{state.global_step}"
        files = {file.name: records.file_digest(file) for file in sorted(folder.iterdir())}
        records.write_json(folder / SEAL, files)


def latest(folder: Path, before: float = math.inf) -> Path | None:
    """The newest sealed checkpoint of a step below `before`; torn ones are deleted.

    transformers would take the highest number, torn or not, and without an optimizer file it
    goes on silently from another state.
    """
    found = sorted(folder.glob("checkpoint-*"), key=lambda path: -int(path.name.split("-")[1]))
    for checkpoint in found:
        if int(checkpoint.name.split("-")[1]) >= before:
            continue
        if _sound(checkpoint):
            return checkpoint
        logger.warning("%s is incomplete and was deleted", checkpoint)
        shutil.rmtree(checkpoint)
    return None


def _sound(checkpoint: Path) -> bool:
    if not (checkpoint / SEAL).exists():
        return False
    sealed = records.read_json(checkpoint / SEAL)
    return all(
        (checkpoint / name).exists() and records.file_digest(checkpoint / name) == digest
        for name, digest in sealed.items()
    )
