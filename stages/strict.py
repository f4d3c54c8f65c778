"""What every model of the YAML files has in common."""

from typing import Annotated

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

# DVC makes stages disappear or break for keys with dots, `@`, or ones that YAML reads as numbers;
# and they become names of files.
Key = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*(-[a-z0-9_]+)*$", max_length=100)]
Digest = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]
Revision = Annotated[str, Field(pattern=r"^[0-9a-f]{40}$")]  # a commit, since branches move

# Numbers have both bounds, so that a slip of the hand is refused by `plan` and not found out after
# hours. The far ones are generous: beyond them nothing works that anybody would want.
Share = Annotated[float, Field(ge=0, le=1)]
# numpy takes 32 bits, and each batch of sampled answers adds its number.
Seed = Annotated[int, Field(ge=0, lt=2**31)]
Steps = Annotated[int, Field(gt=0, le=1_000_000)]
Rows = Annotated[int, Field(gt=0, le=10_000_000)]
Batch = Annotated[int, Field(gt=0, le=4096)]
Tokens = Annotated[int, Field(gt=0, le=1_000_000)]
Answer = Annotated[int, Field(gt=0, le=32_768)]  # tokens of an answer that never stops
COLDEST, HOTTEST = 0.01, 10.0


def _cold_or_warm(temperature: float) -> float:
    """Logits divided by nearly nothing are infinite, and nothing can be drawn by them."""
    if 0 < temperature < COLDEST:
        raise ValueError(f"0 is greedy; above it, at least {COLDEST}")
    return temperature


Temperature = Annotated[float, Field(ge=0, le=HOTTEST), AfterValidator(_cold_or_warm)]


class Strict(BaseModel):
    """No unknown keys, no coercion (`lr: "5e-6"` is an error), no change after reading."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True, allow_inf_nan=False)
