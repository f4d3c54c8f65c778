"""Answer a study's dev prompts with one arm, and measure what an answer costs.

Usage: python -m stages.predict ARM

A killed run goes on with the batches that are missing and ends in the same answers. Part of the
prompts is answered again at another batch size: how far two runs of the same weights differ is the
noise that differences between arms stand beside.
"""

import math
import shutil
from pathlib import Path
from typing import Any

from tqdm import tqdm

from stages import made, paths, records
from stages.command import run
from stages.machine import machine
from stages.plans import load_plan
from stages.scratch import workspace
from stages.written import read_written

WARM_UP = 2
# Rows that are answered twice, and the share of the batch size that they are answered with then
AGAIN, SHARE = 32, 2


def main(arm: str) -> None:
    plan = load_plan("predict", arm)
    folder = paths.adapter(plan["study"], arm)
    card = made.read_card(folder)
    data = paths.rendered(plan["study"], plan["render"], "dev")
    rendered = records.read(data, {"id": str})
    if card["answers_with"] == made.FILE:
        answers = read_written(folder / made.ANSWERS, [row["id"] for row in rendered])
        write(plan, answers, [], {"measured": False})
        return
    adapter = folder if card["answers_with"] == made.ADAPTER else None
    generate(plan, rendered, adapter, [paths.base(plan["base"]), folder, data])


def write(
    plan: dict[str, Any],
    answers: list[dict[str, Any]],
    again: list[dict[str, Any]],
    cost: dict[str, Any],
) -> None:
    study, arm = plan["study"], plan["arm"]
    records.write(paths.predictions(study, arm), answers)
    records.write(paths.answered_again(study, arm), again)
    records.write_json(paths.prediction_cost(study, arm), cost)


def generate(
    plan: dict[str, Any], rendered: list[dict[str, Any]], adapter: Path | None, inputs: list[Path]
) -> None:
    """Answer all prompts, some of them twice and some one by one."""
    # torch takes a second, which answers from elsewhere need not wait for.
    from stages.model.answering import answer_all, load, mark, prompts_of, rows_of
    from stages.model.loading import peak_memory, setting

    model, tokenizer = load(plan, paths.base(plan["base"]), adapter)
    prompts = prompts_of(tokenizer, rendered)
    with workspace("predict", plan["arm"], mark(plan, inputs)) as scratch:
        done = answer_all(plan, model, tokenizer, prompts, scratch)
        timed = one_by_one(plan, model, tokenizer, prompts)
        second = {**plan, "decode": at_another_size(plan["decode"])}
        part = evenly(prompts, AGAIN)
        again = answer_all(second, model, tokenizer, part, scratch / "again", "again")
        total = sum(batch["seconds"] for batch in done)
        tokens = sum(row["tokens_out"] for batch in done for row in batch["rows"])
        file = adapter / made.WEIGHTS if adapter else None
        cost = {
            "measured": True,
            "latency_rows": len(timed),
            "latency_p50_s": percentile(timed, 0.50),
            "latency_p95_s": percentile(timed, 0.95),
            "tokens_per_second": round(tokens / total, 1) if total else None,
            "batch_size": plan["decode"]["batch_size"],
            "batch_size_again": second["decode"]["batch_size"],
            "peak_memory_mb": peak_memory(),
            "adapter_mb": round(file.stat().st_size / 1e6, 3) if file else 0.0,
            "computed_in": setting(plan)["computed_in"],
            **machine(),
        }
        write(plan, rows_of(done), rows_of(again), cost)
        shutil.rmtree(scratch)


def at_another_size(decode: dict[str, Any]) -> dict[str, Any]:
    """Other batches round otherwise; answers that are sampled draw otherwise as well."""
    size = decode["batch_size"]
    return {**decode, "batch_size": size // SHARE if size >= SHARE else size + 1}


def evenly(prompts: list[Any], wanted: int) -> list[Any]:
    """So many prompts, evenly spaced over the lengths, so that they speak for all rows."""
    ordered = sorted(prompts, key=lambda prompt: (len(prompt.input_ids), prompt.id))
    return ordered[:: max(1, len(ordered) // max(1, wanted))][:wanted]


def one_by_one(plan: dict[str, Any], model: Any, tokenizer: Any, prompts: list[Any]) -> list[float]:
    """Seconds of single answers, sorted, behind a warm-up."""
    from stages.model.generation import answer

    chosen = evenly(prompts, plan["decode"]["latency_rows"])
    bar = tqdm(chosen[:WARM_UP] + chosen, desc=f"{plan['arm']}: latency", unit="row")
    seconds = [
        answer(model, tokenizer, [prompt], plan["decode"], plan.get("seed", 0))[1] for prompt in bar
    ]
    return sorted(seconds[len(chosen[:WARM_UP]) :])


def percentile(ordered: list[float], share: float) -> float | None:
    """Nearest-rank percentile of sorted values: the first that `share` of them do not exceed."""
    if not ordered:
        return None
    return round(ordered[math.ceil(share * len(ordered)) - 1], 4)


if __name__ == "__main__":
    run(main)
