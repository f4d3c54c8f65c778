"""Checkpoints that survive a kill: kept outside DVC's outputs, complete or not used at all."""

import logging
import math
import re
import shutil
from pathlib import Path

from transformers import TrainerCallback

from stages import records
from stages.command import UserError

logger = logging.getLogger(__name__)

SEAL = "complete.json"
NAME = re.compile(r"checkpoint-([0-9]+)")  # as transformers calls them


class Seal(TrainerCallback):
    """Seal each checkpoint once all of its files are written: their names and hashes."""

    def on_save(self, args, state, control, **_):
        folder = Path(args.output_dir) / f"checkpoint-{state.global_step}"
        files = {file.name: records.file_digest(file) for file in sorted(folder.iterdir())}
        records.write_json(folder / SEAL, files)


def latest(folder: Path, before: float = math.inf) -> Path | None:
    """The newest sealed checkpoint of a step below `before`; torn ones are deleted.

    transformers would take the highest number, torn or not, and without an optimizer file it
    goes on silently from another state. Whatever has another name is not ours and stays.
    """
    folders = [path for path in folder.iterdir() if path.is_dir() and not path.is_symlink()]
    steps = {path: NAME.fullmatch(path.name) for path in folders}
    numbers = {path: int(step[1]) for path, step in steps.items() if step}
    earlier = [path for path, step in numbers.items() if step < before]
    for checkpoint in sorted(earlier, key=numbers.get, reverse=True):
        if _sound(checkpoint):
            return checkpoint
        logger.warning("%s is incomplete and was deleted", checkpoint)
        shutil.rmtree(checkpoint)
    return None


def _sound(checkpoint: Path) -> bool:
    try:
        sealed = records.read_object(checkpoint / SEAL, {})
    except UserError:  # no seal, or one that is itself damaged
        return False
    files = {checkpoint / name: digest for name, digest in sealed.items()}
    return bool(files) and all(
        file.is_file() and records.file_digest(file) == digest for file, digest in files.items()
    )
