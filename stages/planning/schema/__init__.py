"""What params.yaml and studies/*.yaml may say, as checked, frozen models.

Only `stages.plan` reads these files; every other stage reads the resolved JSON (plans.py).
"""

from fractions import Fraction
from typing import Annotated, Any, Literal

from pydantic import Field, create_model, model_validator

from stages.methods import METHODS
from stages.planning.schema.base_and_data import Base, Source, Splits
from stages.planning.schema.claims import Floor, Hypothesis, Promote, Step
from stages.planning.schema.expected import Expected
from stages.planning.schema.scorers import (
    Comet,
    Drift,
    Floors,
    Judge,
    Judged,
    NextTokens,
)
from stages.strict import Answer, Batch, Key, Rows, Seed, Share, Strict, Temperature

# A share of something that is there at all.
Part = Annotated[float, Field(gt=0, lt=1)]


class Decode(Strict):
    """How answers are generated. A temperature of 0 is greedy decoding."""

    max_new_tokens: Answer
    temperature: Temperature
    top_p: Annotated[float, Field(gt=0, le=1)]
    batch_size: Batch
    latency_rows: Annotated[int, Field(ge=0, le=10_000)]


class Audit(Strict):
    max_truncated_share: Share


class Prediction(Strict):
    quantize: Literal["none", "nf4"]
    precision: Literal["auto", "bf16", "fp32"]
    decode: Decode


def _fields(*models: type[Strict]) -> dict[str, Any]:
    """The fields of several models in one; methods that share a knob share its definition."""
    return {
        name: (
            Annotated[field.annotation, *field.metadata] if field.metadata else field.annotation,
            Field(default=... if field.is_required() else field.default),
        )
        for model in models
        for name, field in model.model_fields.items()
    }


# Everything that a study or an arm may set for itself; params.yaml sets all of it.
Knobs = create_model(
    "Knobs",
    __base__=Strict,
    **_fields(*(method.knobs for method in METHODS.values()), Audit, Prediction),
)


def _partial(model: type[Strict]) -> type[Strict]:
    """The same model with every field optional, nested ones too: an override."""
    fields = {}
    for name, field in model.model_fields.items():
        nested = isinstance(field.annotation, type) and issubclass(field.annotation, Strict)
        kind = _partial(field.annotation) if nested else field.annotation
        if field.metadata:
            kind = Annotated[kind, *field.metadata]
        fields[name] = (kind, Field(default=None))
    return create_model(f"{model.__name__}Override", __base__=Strict, **fields)


Override = _partial(Knobs)


class Study(Override):
    title: str
    question: str
    base: Key
    # Left out where every example brings its own
    instruction: str | None = None
    source: Source
    splits: Splits
    split_seed: Seed = 42
    near_duplicate_jaccard: Annotated[float, Field(gt=0, le=1)] = 0.7
    # The licence of its rows' texts. `all` puts rows and answers into git and into the report,
    # `sample` sixteen dev rows into the report and nothing else anywhere, `none` nothing.
    licence: str | None = None
    publish: Literal["all", "sample", "none"] = "sample"
    metrics: Annotated[dict[str, dict[str, Any]], Field(min_length=1)]
    floors: dict[Key, Floor] = {}
    promote: Promote | None = None
    hypotheses: dict[Key, Hypothesis] = {}
    decisions: list[Step] = []
    # By what scores are also shown apart: a field of the examples, or a name in scoring/slices.py
    slice_by: str | None = None
    # Of figures of each step the range that is expected, which the report shows beside them
    expected: Expected = {}
    comet: Comet = Comet()
    drift: Drift | None = None
    next_tokens: NextTokens | None = None
    judge: Judge | None = None


class Shots(Strict):
    """Train rows as examples before each question: the most similar ones, or the same for all."""

    count: Annotated[int, Field(gt=0, le=100)]
    choose: Literal["nearest", "fixed"]


class Render(Strict):
    """One way to show a study's examples.

    `asked_in` is the format of the dev and test prompts, where all arms are to be asked alike;
    left out, `format`. In its place, `formats` gives each training row one of several, by shares.
    `take` has the training rows to use of each category; left out, all. With `every_reference` each
    of them is trained on once for every text that is right. `terms` is a glossary.
    """

    study: Key
    format: str | None = None
    formats: Annotated[dict[str, Part], Field(min_length=2)] | None = None
    asked_in: str | None = None
    take: Annotated[dict[str, Rows], Field(min_length=1)] | None = None
    every_reference: bool = False
    shots: Shots | None = None
    terms: str | None = None

    @model_validator(mode="after")
    def one_or_several(self) -> "Render":
        if (self.format is None) == (self.formats is None):
            raise ValueError("give format or formats, one of the two")
        if self.formats and self.asked_in is None:
            raise ValueError("give asked_in, the format of dev and test, beside formats")
        # As they are written: three floats of 0.1, 0.2 and 0.7 add up to less than 1
        if self.formats and sum(Fraction(str(share)) for share in self.formats.values()) != 1:
            raise ValueError(f"formats: the shares add up to {sum(self.formats.values()):g}, not 1")
        return self


class Arms(Override):
    study: Key
    base: Key
    render: Key
    method: Literal[*METHODS]
    # Whom the arm is measured against; left out, the untouched base that it starts from
    compare_to: Key | None = None
    # The arm whose adapter this one goes on from; of arms under `continued`
    start_from: Key | None = None
    # Why it is kept from the test split, whatever it scores on dev: it may have met those rows
    not_promoted: Annotated[str, Field(min_length=1)] | None = None
    title: str | None = None


# With what an arm gives its method alone, under the method's name: `answers: {dev: …}`
Arm = create_model(
    "Arm",
    __base__=Arms,
    **{
        name: (method.given | None, Field(default=None))
        for name, method in METHODS.items()
        if method.given
    },
)


class StudyFile(Strict):
    bases: dict[Key, Base] = {}
    study: dict[Key, Study] = {}
    renders: dict[Key, Render] = {}
    arms: dict[Key, Arm] = {}
    # Arms that go on from another arm's adapter: DVC has to know whose, and can't know it of some
    continued: dict[Key, Arm] = {}
    # What scores apart; `*arms` switches the second on, the others also name STUDY-floors
    score_comet: dict[Key, Arm | Floors] = {}
    measure_drift: dict[Key, Arm] = {}
    judge: dict[Key, Judged] = {}
    # Arms with an adapter, taken over as they are, whose next tokens are put beside their base's
    next_tokens: dict[Key, Arm] = {}
