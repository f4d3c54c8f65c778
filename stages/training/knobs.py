"""Knobs of every method that trains an adapter step by step."""

from typing import Annotated, Literal

from pydantic import Field, model_validator

from stages.strict import Batch, Seed, Share, Steps, Strict

# Two ways to say one thing: a layer that sets one takes the other of those below it away.
EITHER = (("max_steps", "epochs"), ("warmup_steps", "warmup_ratio"))


class Lora(Strict):
    r: Annotated[int, Field(gt=0, le=1024)]
    alpha: Annotated[int, Field(gt=0, le=10_000)]
    # All dropped, nothing is learnt
    dropout: Annotated[float, Field(ge=0, lt=1)]
    target_modules: Literal["all-linear"] | Annotated[list[str], Field(min_length=1)]


class Stop(Strict):
    """End a run after `patience` values of a logged figure that were no better than the best.

    Values before `from_step` are passed over. Lower is better, as for a loss.
    """

    figure: Literal["dev_loss", "loss"]
    patience: Annotated[int, Field(gt=0, le=1_000_000)]
    from_step: Annotated[int, Field(ge=0, le=1_000_000)] = 0


class Stepwise(Strict):
    """How an adapter is optimized. Of `max_steps` and `epochs` one is set, so of the warm-ups."""

    seed: Seed
    lr: Annotated[float, Field(gt=0, le=10)]
    schedule: Literal["constant", "constant_with_warmup", "linear", "cosine"]
    warmup_steps: Annotated[int, Field(ge=0, le=1_000_000)] | None = None
    # A share of all steps
    warmup_ratio: Share | None = None
    max_steps: Steps | None = None
    # Passes over the training rows
    epochs: Annotated[float, Field(gt=0, le=10_000)] | None = None
    batch_size: Batch
    gradient_accumulation: Batch
    gradient_checkpointing: bool
    # A large one clips nothing
    max_grad_norm: Annotated[float, Field(gt=0, le=1e9)]
    weight_decay: Annotated[float, Field(ge=0, le=10)]
    optimizer: Literal["adamw_torch", "adafactor"]
    save_steps: Steps
    quantize: Literal["none", "nf4"]
    precision: Literal["auto", "bf16", "fp32"]
    lora: Lora
    stop: Stop | None = None

    @model_validator(mode="after")
    def one_of_each(self) -> "Stepwise":
        for one, other in EITHER:
            if (getattr(self, one) is None) == (getattr(self, other) is None):
                raise ValueError(f"give {one} or {other}, one of the two")
        return self
