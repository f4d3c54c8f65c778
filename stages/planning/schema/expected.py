"""What a study expects of a run's figures at each step, shown beside what they came to."""

from typing import Annotated

from pydantic import AfterValidator, Field

from stages.methods.grpo.rules import StepFigure


def _upwards(bounds: list[float]) -> list[float]:
    if bounds[0] > bounds[1]:
        raise ValueError("the lower bound comes first")
    return bounds


Range = Annotated[list[float], Field(min_length=2, max_length=2), AfterValidator(_upwards)]
Expected = dict[StepFigure, Range]
