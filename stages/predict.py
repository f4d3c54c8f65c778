"""Answer a study's dev prompts with one arm, and measure what an answer costs.

Usage: python -m stages.predict ARM

A killed run goes on with the batches that are missing and ends in the same answers.
"""

import math
import shutil
from pathlib import Path
from typing import Any

from tqdm import tqdm

from stages import paths, records
from stages.command import run
from stages.machine import processor
from stages.model.answering import answer_all, load, mark, prompts_of, rows_of
from stages.model.generation import Prompt, answer
from stages.model.loading import peak_memory, setting
from stages.plans import load_plan
from stages.scratch import workspace

WARM_UP = 2


def main(arm: str) -> None:
    plan = load_plan("predict", arm)
    base, adapter = paths.base(plan["base"]), paths.adapter(plan["study"], arm)
    data = paths.rendered(plan["study"], plan["render"], "dev")
    model, tokenizer = load(plan, base, adapter)
    prompts = prompts_of(tokenizer, records.read(data, {"id": str}))
    with workspace("predict", arm, mark(plan, [base, adapter, data])) as scratch:
        done = answer_all(plan, model, tokenizer, prompts, scratch)
        cost = measure(plan, model, tokenizer, prompts, done, adapter)
        records.write(paths.predictions(plan["study"], arm), rows_of(done))
        computed_in = setting(plan["precision"])["computed_in"]
        where = {"computed_in": computed_in, "processor": processor()}
        records.write_json(paths.prediction_cost(plan["study"], arm), {**cost, **where})
        shutil.rmtree(scratch)


def measure(
    plan: dict[str, Any],
    model: Any,
    tokenizer: Any,
    prompts: list[Prompt],
    done: list[dict[str, Any]],
    adapter: Path,
) -> dict[str, Any]:
    """Latency of single answers after a warm-up, throughput in batches, memory, adapter size."""
    ordered = sorted(prompts, key=lambda prompt: (len(prompt.input_ids), prompt.id))
    wanted = plan["decode"]["latency_rows"]
    # Evenly spaced over the lengths, so that the percentiles speak for all rows.
    step = max(1, len(ordered) // max(1, wanted))
    chosen = ordered[::step][:wanted]
    singles = chosen[:WARM_UP] + chosen
    bar = tqdm(singles, desc=f"{plan['arm']}: latency", unit="row")
    seconds = [
        answer(model, tokenizer, [prompt], plan["decode"], plan.get("seed", 0))[1] for prompt in bar
    ]
    timed = sorted(seconds[len(chosen[:WARM_UP]) :])
    tokens = sum(row["tokens_out"] for batch in done for row in batch["rows"])
    total = sum(batch["seconds"] for batch in done)
    file = adapter / "adapter_model.safetensors"
    return {
        "latency_rows": len(timed),
        "latency_p50_s": percentile(timed, 0.50),
        "latency_p95_s": percentile(timed, 0.95),
        "tokens_per_second": round(tokens / total, 1) if total else None,
        "batch_size": plan["decode"]["batch_size"],
        "peak_memory_mb": peak_memory(),
        "adapter_mb": round(file.stat().st_size / 1e6, 3) if file.exists() else 0.0,
    }


def percentile(ordered: list[float], share: float) -> float | None:
    """Nearest-rank percentile of sorted values: the first that `share` of them do not exceed."""
    if not ordered:
        return None
    return round(ordered[math.ceil(share * len(ordered)) - 1], 4)


if __name__ == "__main__":
    run(main)
