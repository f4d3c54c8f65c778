"""Prediction tokens/s against a loop that calls `generate` prompt by prompt.

Usage: python -m benchmarks.prediction [--rounds N]

Needs `make demo` first. Both sides use the same model in the same type and the same greedy
decoding; the loop gets prompts at even steps through the batch that ours gets.
"""

import time
from typing import Any

import torch

from benchmarks.sides import show, take_turns
from stages import paths, records
from stages.command import UserError, run
from stages.model.generation import Prompt, answer, batches, stop_tokens
from stages.model.tokens import encode_prompt
from stages.plans import load_plan
from stages.predict import load

ARMS = ("translation-s0", "translation-run_d")
SINGLES = 6


def main(rounds: str = "3") -> None:
    for arm in ARMS:
        plan = load_plan("predict", arm)
        base, adapter = paths.base(plan["base"]), paths.adapter(plan["study"], arm)
        if not (base.exists() and adapter.exists()):
            raise UserError(f"{base} or {adapter} is missing; run `make demo` first")
        model, tokenizer = load(plan, base, adapter)
        data = records.read(paths.rendered(plan["study"], plan["render"], "dev"))
        prompts = [Prompt(row["id"], encode_prompt(tokenizer, row["prompt"])) for row in data]
        cut = batches(prompts, plan["decode"]["batch_size"])
        sides = {
            "assay, in batches": batched(model, tokenizer, cut, plan),
            "generate, prompt by prompt": one_by_one(model, tokenizer, cut, plan),
        }
        print(f"\n{arm}")
        show(take_turns(sides, int(rounds)), "assay, in batches")


def batched(model: Any, tokenizer: Any, cut: list, plan: dict[str, Any]):
    turns = iter(cut * 10)

    def take() -> tuple[int, float]:
        rows, seconds = answer(model, tokenizer, next(turns), plan["decode"], plan.get("seed", 0))
        return sum(row["tokens_out"] for row in rows), seconds

    return take


def one_by_one(model: Any, tokenizer: Any, cut: list, plan: dict[str, Any]):
    turns = iter(cut * 10)
    stops = stop_tokens(model, tokenizer)

    @torch.inference_mode()
    def take() -> tuple[int, float]:
        batch = next(turns)
        tokens, started = 0, time.perf_counter()
        for prompt in batch[:: len(batch) // SINGLES][:SINGLES]:
            ids = torch.tensor([prompt.input_ids], device=model.device)
            out = model.generate(
                input_ids=ids,
                attention_mask=torch.ones_like(ids),
                max_new_tokens=plan["decode"]["max_new_tokens"],
                do_sample=False,
                eos_token_id=sorted(stops),
                pad_token_id=tokenizer.eos_token_id,
            )
            tokens += sum(token not in stops for token in out[0, ids.shape[1] :].tolist())
        return tokens, time.perf_counter() - started

    return take


if __name__ == "__main__":
    run(main)
