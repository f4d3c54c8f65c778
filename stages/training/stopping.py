"""An early stop, as it was declared: a figure that has stopped getting better."""

import logging
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any

from transformers import TrainerCallback, TrainerState
from transformers.trainer import TRAINER_STATE_NAME

logger = logging.getLogger(__name__)


class EarlyStop(TrainerCallback):
    """End the run when `patience` values in a row were no lower than the lowest before them.

    It reads the log, which checkpoints keep, so that a resumed run stops where a whole one would.
    """

    def __init__(self, figure: str, patience: int, from_step: int):
        self.figure, self.patience, self.from_step = figure, patience, from_step

    def on_step_end(self, args, state, control, **_):
        self._stop(state, control)

    def on_log(self, args, state, control, **_):
        self._stop(state, control)

    def _stop(self, state: Any, control: Any) -> None:
        if self.reached(state):
            control.should_training_stop = True

    def reached(self, state: Any) -> bool:
        values = (
            entry[self.figure]
            for entry in state.log_history
            if self.figure in entry and entry["step"] >= self.from_step
        )
        return waited(values) >= self.patience


def go_on(
    arm: str, trainer: Any, checkpoint: Path | None, ended: Callable[[TrainerState], bool]
) -> None:
    """Train to the end, from a checkpoint if there is one.

    A kill between the last checkpoint and the end leaves one with nothing to go on to, by its steps
    or because it has `ended` early: transformers would take another step from there.
    """
    logger.info("%s: %s", arm, f"resuming from {checkpoint.name}" if checkpoint else "starting")
    if checkpoint is not None:
        state = TrainerState.load_from_json(str(checkpoint / TRAINER_STATE_NAME))
        if state.global_step >= state.max_steps or ended(state):
            trainer.state = state
            trainer._load_from_checkpoint(str(checkpoint))
            return
    trainer.train(resume_from_checkpoint=str(checkpoint) if checkpoint else None)


def ended(stop: Mapping[str, Any] | None, state: TrainerState) -> bool:
    """Whether a run has come to its early stop, where it has one."""
    return stop is not None and EarlyStop(**stop).reached(state)


def waited(values: Iterable[float]) -> int:
    """How many values have come since the lowest one, the first of equally low ones."""
    lowest, since = float("inf"), 0
    for value in values:
        lowest, since = (value, 0) if value < lowest else (lowest, since + 1)
    return since
