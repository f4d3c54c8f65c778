"""Training tokens/s against TRL and LLaMA-Factory, with defaults and set up as well as can be.

Usage: python -m benchmarks.training [--rounds N] [--steps N] [--profile STEPS]

Needs `dvc repro report@translation` first, for the base and the rendered rows. All sides train
the same base on the same rows, 16 a step, with the same LoRA (r 16, all linear layers). A token
counts once, padding not at all. Each side has a process of its own, and LLaMA-Factory an
environment of its own, which `make benchmark` makes. Prints ratios; an absolute figure means
little on a shared machine. With `--profile`, prints instead what our own steps spend their time
on.
"""

import contextlib
import re
import statistics
import tempfile
import time
from functools import partial
from pathlib import Path
from typing import Any

import torch
from datasets import Dataset
from peft import LoraConfig
from transformers import AutoModelForCausalLM, TrainerCallback
from trl import SFTConfig, SFTTrainer

from benchmarks import factory
from benchmarks.sides import Turn, apart, show, take_turns
from stages import paths, records
from stages.command import UserError, run
from stages.methods.sft import trainer as sft
from stages.methods.sft.batches import SimilarLengths
from stages.model.loading import compute_type, load_base
from stages.model.tokens import encode, load_tokenizer
from stages.plans import load_plan
from stages.training.watch import now

ARM = "translation-run_d"
OURS, LIMIT = "assay", "matmul limit"


class Clock(TrainerCallback):
    """Seconds of the optimizer steps, without the first of each turn."""

    def __init__(self) -> None:
        self.reset()

    def reset(self) -> None:
        self.seconds = 0.0

    def on_step_begin(self, args, state, control, **_):
        self.started = now()

    def on_step_end(self, args, state, control, **_):
        if state.global_step > 1:
            self.seconds += now() - self.started


def main(rounds: str = "3", steps: str = "5", profile: str = "0") -> None:
    plan = {**load_plan("train", ARM), "max_steps": int(steps), "save_steps": 10**6}
    base = paths.base(plan["base"])
    data = paths.rendered(plan["study"], plan["render"], "train")
    if not (base.exists() and data.exists()):
        raise UserError(f"{base} or {data} is missing; run `dvc repro report@translation` first")
    rows = records.read(data)
    with tempfile.TemporaryDirectory() as folder, contextlib.ExitStack() as stack:
        if int(profile):
            trainer = assay({**plan, "max_steps": int(profile)}, base, rows, folder)
            print(spent(trainer))
            return
        turns = {
            name: stack.enter_context(apart(side, name, plan, base, rows, folder))
            for name in (*TRAINERS, LIMIT)
        }
        turns |= factory.sides(plan, base, rows, Path(folder) / "factory")
        speeds = take_turns(turns, int(rounds))
        flops = flops_per_token(assay(plan, base, rows[: plan["batch_size"]], folder).model)
    limits = speeds.pop(LIMIT)
    show(speeds, OURS)
    shares = [100 * ours * flops / limit for ours, limit in zip(speeds[OURS], limits, strict=True)]
    print(
        f"\nmatmul limit {statistics.median(limits) / 1e9:.0f} GFLOP/s; assay uses "
        f"{statistics.median(shares):.0f} % of it ({min(shares):.0f} to {max(shares):.0f})"
    )


def side(name: str, plan: dict[str, Any], base: Path, rows: list, folder: str) -> Turn:
    if name == LIMIT:
        return partial(products, compute_type("auto"))
    return turn(TRAINERS[name](plan, base, rows, folder))


def turn(trainer: Any) -> Turn:
    clock = Clock()
    trainer.add_callback(clock)
    collate = trainer.data_collator

    def counted(batch):
        # The loader collates one batch ahead and one more at the end; tokens are taken per step.
        out = collate(batch)
        sizes.append(int(out["attention_mask"].sum()))
        return out

    sizes: list[int] = []
    trainer.data_collator = counted

    def take() -> tuple[float, float]:
        clock.reset()
        sizes.clear()
        trainer.train()
        return sum(sizes[1 : trainer.args.max_steps]), clock.seconds

    return take


def assay(plan: dict[str, Any], base: Path, rows: list, folder: str) -> Any:
    tokenizer = load_tokenizer(base)
    encoded = [encode(tokenizer, row, "completion", plan["max_length"]) for row in rows]
    model = load_base(base, "none", "auto")
    return sft.build(plan, model, encoded, tokenizer, f"{folder}/ours", [])


def trl_defaults(plan: dict[str, Any], base: Path, rows: list, folder: str) -> Any:
    settings = SFTConfig(output_dir=f"{folder}/defaults", **shared(plan))
    return trl(SFTTrainer, str(base), settings, plan, base, rows)


def trl_tuned(plan: dict[str, Any], base: Path, rows: list, folder: str, autocast: bool) -> Any:
    settings = SFTConfig(
        output_dir=f"{folder}/tuned{autocast}",
        bf16=autocast,
        gradient_checkpointing=False,
        **shared(plan),
    )
    model = AutoModelForCausalLM.from_pretrained(base, dtype=compute_type("auto"))
    return trl(Grouped, model, settings, plan, base, rows)


class Grouped(SFTTrainer):
    """Plain TRL on our batches: its own grouping by length would begin with the longest rows."""

    def _get_train_sampler(self, train_dataset=None):
        lengths = [len(ids) for ids in self.train_dataset["input_ids"]]
        return SimilarLengths(lengths, self.args.train_batch_size, self.args.seed)


def shared(plan: dict[str, Any]) -> dict[str, Any]:
    return {
        "per_device_train_batch_size": plan["batch_size"],
        "max_steps": plan["max_steps"],
        "learning_rate": plan["lr"],
        "seed": plan["seed"],
        # Without it, TRL's default of bf16 is refused where there is no GPU.
        "use_cpu": not torch.cuda.is_available(),
        "save_strategy": "no",
        "report_to": "none",
        "disable_tqdm": True,
    }


def trl(
    trainer: type, model: Any, settings: SFTConfig, plan: dict[str, Any], base: Path, rows: list
) -> Any:
    lora = plan["lora"]
    config = LoraConfig(
        r=lora["r"],
        lora_alpha=lora["alpha"],
        target_modules=lora["target_modules"],
        task_type="CAUSAL_LM",
    )
    data = Dataset.from_list([{k: row[k] for k in ("prompt", "completion")} for row in rows])
    return trainer(
        model,
        args=settings,
        train_dataset=data,
        processing_class=load_tokenizer(base),
        peft_config=config,
    )


def flops_per_token(model: Any) -> float:
    """4 per frozen weight (forward, and backward for activations), 6 per trained one; head apart.

    The vocabulary projection runs on supervised tokens alone and is left out: the share of the
    limit is then a lower bound.
    """
    head = model.get_output_embeddings().weight.numel()
    frozen = sum(p.numel() for p in model.parameters() if not p.requires_grad) - head
    return 4.0 * frozen + 6.0 * sum(p.numel() for p in model.parameters() if p.requires_grad)


def products(dtype: torch.dtype, size: int = 2048, repeats: int = 40) -> tuple[float, float]:
    """FLOP of a large square product, and the median of its seconds."""
    left, right = torch.randn(size, size).to(dtype), torch.randn(size, size).to(dtype)
    seconds = []
    for _ in range(repeats):
        started = time.perf_counter()
        left @ right
        seconds.append(time.perf_counter() - started)
    return 2.0 * size**3, statistics.median(seconds)


# Where the time of a step goes, by torch's names of operations; the first that fits counts.
KINDS = {
    "products": r"mm|linear_pointwise|attention",
    "copies, casts and fills": r"copy|clone|cat|fill|zero|index|scatter|gather|embedding",
    "exponentials and softmax": r"exp|softmax|silu|rsqrt",
    "sums and other arithmetic": r"add|mul|sub|div|neg|sum|mean|pow|amax|norm|sqrt|lerp|abs",
    "the rest": r"",
}


def spent(trainer: Any) -> str:
    """The share of each kind of operation in a training run's time on the processor."""
    with torch.profiler.profile(activities=[torch.profiler.ProfilerActivity.CPU]) as watched:
        trainer.train()
    seconds = dict.fromkeys(KINDS, 0.0)
    for entry in watched.key_averages():
        kind = next(kind for kind, names in KINDS.items() if re.search(names, entry.key))
        seconds[kind] += entry.self_cpu_time_total / 1e6
    whole = sum(seconds.values())
    return "\n".join(f"{kind:30} {100 * part / whole:5.1f} %" for kind, part in seconds.items())


TRAINERS = {
    OURS: assay,
    "TRL, defaults": trl_defaults,
    "TRL, bf16 model, no autocast": partial(trl_tuned, autocast=False),
    "TRL, bf16 model, autocast": partial(trl_tuned, autocast=True),
}


if __name__ == "__main__":
    run(main)
