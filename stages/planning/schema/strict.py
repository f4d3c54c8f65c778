"""What every model of the YAML files has in common."""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

# DVC makes stages disappear or break for keys with dots, `@`, or ones that YAML reads as numbers.
Key = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*(-[a-z0-9_]+)*$")]
Digest = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]
Share = Annotated[float, Field(ge=0, le=1)]
Positive = Annotated[int, Field(gt=0)]


class Strict(BaseModel):
    """No unknown keys, no coercion (`lr: "5e-6"` is an error), no change after reading."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True, allow_inf_nan=False)
