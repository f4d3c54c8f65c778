"""What scores answers in a stage of its own: COMET, the drift from the base, a judge."""

from typing import Annotated

from pydantic import Field

from stages.strict import HOTTEST, Batch, Digest, Key, Revision, Rows, Seed, Share, Strict, Tokens

COMET_MODEL = "Unbabel/wmt22-comet-da"
COMET_REVISION = "2760a223ac957f30acfb18c8aa649b01cf1d75f2"


class Comet(Strict):
    """What `score_comet` scores with: a model on the hub at a commit, or a local `.ckpt` file.

    A local file lies as in a hub model: FOLDER/checkpoints/model.ckpt beside FOLDER/hparams.yaml.
    """

    model: str = COMET_MODEL
    revision: Revision | None = None
    sha256: Digest | None = None
    batch_size: Batch = 16


class Drift(Strict):
    """How far an adapter moved from its base on texts that no arm was trained on.

    `prompts` is a JSONL file of {"id", "instruction", "answer"}.
    """

    prompts: str
    batch_size: Batch = 8


class NextTokens(Strict):
    """At which texts the next tokens of a base and of its adapter are put side by side.

    `prompts` is a JSONL file of {"id", "instruction", "answer", "seen"}, each shown by itself;
    `rows` is how many of the train rows and of the dev rows are drawn beside them, by `seed`.
    """

    prompts: str
    rows: Rows = 40
    seed: Seed = 42


class Judge(Strict):
    """A model behind an OpenAI-compatible endpoint that grades answers.

    `key_env` names the environment variable that holds the key; null where none is needed.
    Prices are US dollars per million tokens. Above `max_failed_share` of rows without a verdict the
    stage fails; above `max_cost` it does not start.
    """

    base_url: str
    model: str
    key_env: Annotated[str, Field(pattern=r"^[A-Z_][A-Z0-9_]*$")] | None = None
    temperature: Annotated[float, Field(ge=0, le=HOTTEST)] = 0.0
    max_tokens: Tokens = 512
    timeout_s: Annotated[float, Field(gt=0, le=86_400)] = 60.0
    retries: Annotated[int, Field(ge=0, le=100)] = 4
    concurrency: Annotated[int, Field(gt=0, le=256)] = 4
    repeat_share: Share = 0.1
    max_failed_share: Share = 0.02
    price_in: Annotated[float, Field(ge=0, le=100_000)] | None = None
    price_out: Annotated[float, Field(ge=0, le=100_000)] | None = None
    max_cost: Annotated[float, Field(gt=0, le=1_000_000)] | None = None


class Floors(Strict):
    """A study's floors, which are scored together under the name STUDY-floors."""

    study: Key


class Judged(Strict):
    """What the judge grades, an arm or STUDY-floors, and the arm that it shows beside it."""

    study: Key
    against: Key
