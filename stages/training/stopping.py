"""An early stop, as it was declared: a figure that has stopped getting better."""

from collections.abc import Iterable
from typing import Any

from transformers import TrainerCallback


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
        values = (
            entry[self.figure]
            for entry in state.log_history
            if self.figure in entry and entry["step"] >= self.from_step
        )
        if waited(values) >= self.patience:
            control.should_training_stop = True


def waited(values: Iterable[float]) -> int:
    """How many values have come since the lowest one, the first of equally low ones."""
    lowest, since = float("inf"), 0
    for value in values:
        lowest, since = (value, 0) if value < lowest else (lowest, since + 1)
    return since
