"""Knobs of supervised fine-tuning."""

from typing import Annotated, Literal

from pydantic import Field, model_validator

from stages.strict import Steps, Strict, Tokens
from stages.training.knobs import Stepwise


class DevLoss(Strict):
    """The loss on a fixed part of dev, `rows` rows evenly spaced by id, each `every` steps."""

    every: Steps
    rows: Annotated[int, Field(gt=0, le=100_000)]


class Knobs(Stepwise):
    loss_on: Literal["all", "completion"]
    max_length: Tokens
    dev_loss: DevLoss | None = None
    # The last state, or the one with the lowest dev loss
    keep: Literal["last", "best"] = "last"

    @model_validator(mode="after")
    def measured(self) -> "Knobs":
        needed = {"keep: best": self.keep == "best", "stop.figure: dev_loss": self._waits()}
        if self.dev_loss is None and (names := [name for name, needs in needed.items() if needs]):
            raise ValueError(f"{names[0]} needs `dev_loss: {{every: STEPS, rows: ROWS}}`")
        return self

    def _waits(self) -> bool:
        return self.stop is not None and self.stop.figure == "dev_loss"
