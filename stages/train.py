"""Train one arm's LoRA adapter, or mark that the arm is the untouched base.

Usage: python -m stages.train ARM

A killed run goes on from its last complete checkpoint under .scratch/ and ends in the same weights
as a run that was not killed.
"""

import logging
import shutil
from pathlib import Path
from typing import Any

from stages import paths, records
from stages.auditing import mask_audit
from stages.command import UserError, run
from stages.machine import processor
from stages.model.tokens import encode, load_tokenizer
from stages.plans import load_plan
from stages.scratch import fingerprint, workspace

logger = logging.getLogger(__name__)

CODE = [Path(__file__).parent / name for name in ("train.py", "training", "methods/sft", "model")]


def main(arm: str) -> None:
    plan = load_plan("train", arm)
    adapter, log = paths.adapter(plan["study"], arm), paths.training_log(plan["study"], arm)
    if plan["method"] == "none":
        records.write_json(adapter / "none.json", {"arm": arm, "method": "none"})
        records.write_json(log / "training.json", {"method": "none", "status": "not trained"})
        return
    train(plan, adapter, log)


def train(plan: dict[str, Any], adapter_folder: Path, log: Path) -> None:
    # torch takes a second, which an untouched base need not wait for.
    from stages.methods.sft import trainer as sft
    from stages.model import loading
    from stages.training import adapter, checkpoints, watch

    base = paths.base(plan["base"])
    data = paths.rendered(plan["study"], plan["render"], "train")
    setting = loading.setting(plan["precision"])
    mark = fingerprint({**plan, **setting}, [base, data, *CODE])
    with workspace("train", plan["arm"], mark) as scratch:
        trainer = build(plan, base, data, scratch)
        resumed = checkpoints.latest(scratch)
        logger.info(
            "%s: %s", plan["arm"], f"resuming from {resumed.name}" if resumed else "starting"
        )
        try:
            trainer.train(resume_from_checkpoint=str(resumed) if resumed else None)
            files = {path.as_posix(): records.file_digest(path) for path in [data]}
            card = adapter.make_card(plan, loading.base_identity(base), files, setting)
            adapter.save(trainer.model, card, adapter_folder, scratch)
        except sft.DivergedError as error:
            summary = {"method": plan["method"], "status": "diverged", "reason": str(error)}
            records.write_json(log / "training.json", {**summary, "step": error.step})
            kept = checkpoints.latest(scratch)
            raise UserError(
                f"{plan['arm']}: {error}; no adapter was saved. Lower lr or max_grad_norm. The "
                f"last finite checkpoint: {kept or 'none'}; the reason: {log / 'training.json'}"
            ) from None
        curve = watch.curve(trainer.state.log_history)
        records.write(log / "log.jsonl", curve)
        summary = summarize(plan, trainer, curve, resumed)
        weights = records.file_digest(adapter_folder / "adapter_model.safetensors")
        made_of = {"adapter_sha256": weights, "plan_sha256": records.digest(plan)}
        records.write_json(
            log / "training.json", {**summary, **made_of, "versions": card["versions"]}
        )
        shutil.rmtree(scratch)


def build(plan: dict[str, Any], base: Path, data: Path, scratch: Path) -> Any:
    """Tokenize, refuse unsound masks before step 1, load the base and set up the trainer."""
    from stages.methods.sft import trainer as sft
    from stages.model.loading import load_base
    from stages.training import checkpoints, watch

    tokenizer = load_tokenizer(base)
    fields = {"id": str}
    rows = {
        row["id"]: encode(tokenizer, row, plan["loss_on"], plan["max_length"])
        for row in records.read(data, fields)
    }
    # validate checks the allowed share of truncated rows; here, what can never be trained on.
    mask_audit.refuse(plan["arm"], rows, tokenizer.eos_token_id, max_truncated_share=1.0)
    model = load_base(base, plan["quantize"], plan["precision"])
    callbacks = [checkpoints.Seal(), watch.Watch(plan["arm"])]
    return sft.build(plan, model, list(rows.values()), tokenizer, str(scratch), callbacks)


def summarize(
    plan: dict[str, Any], trainer: Any, curve: list, resumed: Path | None
) -> dict[str, Any]:
    """The run in figures: the last losses, speed, size, and on what machine."""
    from stages.model import loading

    last = [row["loss"] for row in curve[-10:]]
    speeds = sorted(row["tokens_per_second"] for row in curve)
    return {
        "method": plan["method"],
        "status": "finished",
        "steps": len(curve),
        "first_loss": curve[0]["loss"],
        "last_loss_mean_of_10": round(sum(last) / len(last), 6),
        "tokens": sum(row["tokens"] for row in curve),
        "tokens_per_second_median": speeds[len(speeds) // 2],
        "trainable_parameters": sum(
            p.numel() for p in trainer.model.parameters() if p.requires_grad
        ),
        "peak_memory_mb": loading.peak_memory(),
        "resumed_from": resumed.name if resumed else None,
        "processor": processor(),
    }


if __name__ == "__main__":
    run(main)
