"""What a study may claim in its YAML: a promotion rule, hypotheses and decisions, all typed.

A figure is a metric's name, or `training.NAME` or `cost.NAME` for what a run recorded once.
"""

from typing import Annotated, Literal

from pydantic import Field, model_validator

from stages.recorded import COST, TRAINING
from stages.strict import Key, Strict

Figure = Annotated[str, Field(pattern=r"^((training|cost)\.)?[a-z][a-z0-9_]*$")]
# What the evaluation set says while an arm is trained, and no other figure of a step: it alone has
# rows to draw an interval from.
OnDev = Annotated[str, Field(pattern=r"^dev_reward(_[a-z][a-z0-9_]*)?$")]
Task = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*$")]
StepNumber = Annotated[int, Field(ge=0, le=1_000_000)]
# What train and predict record of a run, as figures.
RECORDED = tuple(
    f"{kind}.{name}"
    for kind, figures in (("training", TRAINING), ("cost", COST))
    for name, _ in figures.values()
)
Standard = Literal["helped", "not hurt"]
Found = Literal["confirmed", "rejected", "undecided", "not confirmed", "not rejected"]


class Promote(Strict):
    """Which arm may see the test split: the best by `metric` of those that meet all standards.

    It must also be shown to be better than every floor, unless `waive_floors` says why not.
    """

    metric: str
    verdict: Standard = "helped"
    guards: dict[str, Standard] = {}
    waive_floors: Annotated[str, Field(min_length=1)] | None = None


class Floor(Strict):
    """A floor of the study's own, `constant: TEXT`, or one that it lacks, `left_out: WHY`."""

    constant: str | None = None
    left_out: Annotated[str, Field(min_length=1)] | None = None

    @model_validator(mode="after")
    def one_of_both(self) -> "Floor":
        if (self.constant is None) == (self.left_out is None):
            raise ValueError("give constant or left_out, one of the two")
        return self


class Difference(Strict):
    """One arm scores better, or worse, than another; of a metric without a better side, higher.

    With `slices`, over the rows of those slices alone; see a study's `slice_by`.
    """

    kind: Literal["difference"]
    claim: str
    arm: Key
    against: Key
    metric: str
    expect: Literal["better", "worse", "higher", "lower"]
    slices: Annotated[list[str], Field(min_length=1)] | None = None


class OneSide(Strict):
    """A value that is reached, or one that is not exceeded."""

    at_least: float | None = None
    at_most: float | None = None

    @model_validator(mode="after")
    def one_side(self) -> "OneSide":
        if (self.at_least is None) == (self.at_most is None):
            raise ValueError("give at_least or at_most, one of the two")
        return self


class Threshold(OneSide):
    """An arm's figure reaches, or stays below, a value."""

    kind: Literal["threshold"]
    claim: str
    arm: Key
    figure: Figure


class Rank(Strict):
    """An arm is the best, or the worst, of several by a metric."""

    kind: Literal["rank"]
    claim: str
    arm: Key
    metric: str
    place: Literal["best", "worst"]
    among: Annotated[list[Key], Field(min_length=2)] | None = None


class Correlation(Strict):
    """Two figures go together, or against each other, across arms."""

    kind: Literal["correlation"]
    claim: str
    x: Figure
    y: Figure
    expect: Literal["positive", "negative"]
    method: Literal["pearson", "spearman"] = "pearson"
    among: Annotated[list[Key], Field(min_length=2)] | None = None


class Control(Strict):
    """A/A control: what compares an arm with itself must give `expect`, give or take `within`.

    Unless it is confirmed the measuring is off, and nothing is promoted by that metric.
    """

    kind: Literal["control"]
    claim: str
    arm: Key
    metric: str
    expect: float
    within: Annotated[float, Field(ge=0)] = 0.0


class AtStep(OneSide):
    """While an arm was trained, its reward at a step reached, or stayed below, a value.

    `last` is the last step that was evaluated, also of a run that a rule ended.
    """

    kind: Literal["at_step"]
    claim: str
    arm: Key
    figure: OnDev
    step: StepNumber | Literal["last"]


class Later(Strict):
    """An arm's reward at the last evaluation is higher, or lower, than at the last up to a step.

    Not the best after that step: of several noisy means the largest is too large.
    """

    kind: Literal["later"]
    claim: str
    arm: Key
    figure: OnDev
    after: StepNumber
    expect: Literal["higher", "lower"]


class Weakest(Strict):
    """At the last evaluation an arm's reward was the lowest in this task, of all its tasks."""

    kind: Literal["weakest"]
    claim: str
    arm: Key
    task: Task


class AllOf(Strict):
    """Several hypotheses, declared above this one, hold together."""

    kind: Literal["all_of"]
    claim: str
    of: Annotated[list[str], Field(min_length=2)]


Hypothesis = Annotated[
    Difference | Threshold | Rank | Correlation | Control | AtStep | Later | Weakest | AllOf,
    Field(discriminator="kind"),
]
# Those about the evaluations of a run while it trained
WHILE_TRAINING = ("at_step", "later", "weakest")


class Step(Strict):
    """A scenario, and what hypotheses must have come to for it; without conditions, always."""

    when: dict[str, Found] = {}
    scenario: str
