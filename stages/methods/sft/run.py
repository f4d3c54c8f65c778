"""One supervised run: from rendered rows to an adapter, resumed where a killed one left off."""

import logging
import shutil
from functools import partial
from pathlib import Path
from typing import Any

from stages import paths, records
from stages.auditing import mask_audit
from stages.methods.sft import trainer as sft
from stages.methods.sft.dev_loss import DevLoss
from stages.model import loading
from stages.model.tokens import Encoded, encode, load_tokenizer
from stages.scratch import fingerprint, workspace
from stages.training import adapter, checkpoints, finishing, stopping, watch
from stages.training.divergence import DivergedError

logger = logging.getLogger(__name__)


def train(plan: dict[str, Any], folder: Path, log: Path) -> None:
    """Train, and leave adapter, card, log and figures; a run that diverges leaves them as well.

    What is scored of that one is its last sealed checkpoint, and it is marked so.
    """
    base = paths.base(plan["base"])
    # Without a dev loss, dev is not read
    splits = ("train", "dev") if "dev_loss" in plan else ("train",)
    data = {s: paths.rendered(plan["study"], plan["render"], s) for s in splits}
    setting = loading.setting(plan)
    mark = fingerprint({**plan, **setting}, [base, *data.values()])
    with workspace("train", plan["arm"], mark) as scratch:
        trainer, on_dev = build(plan, base, data, scratch)
        resumed = checkpoints.latest(scratch)
        diverged = None
        try:
            stopping.go_on(plan["arm"], trainer, resumed, partial(stopping.ended, plan.get("stop")))
            finishing.check(trainer)
            if on_dev:
                on_dev.log(trainer.state)
        except DivergedError as error:
            diverged = error
        files = {data["train"].as_posix(): records.file_digest(data["train"])}
        card = adapter.make_card(plan, loading.base_identity(base), files, setting)
        kept = finishing.kept(plan, trainer, scratch, diverged)
        adapter.save(kept.folder, card, folder, scratch)
        curve = watch.curve(trainer.state.log_history)
        records.write(log / "log.jsonl", curve)
        facts = finishing.facts(plan, trainer, curve, kept, diverged)
        facts |= {"resumed_from": resumed.name if resumed else None}
        facts |= {"adapter_sha256": adapter.weights_digest(folder)}
        made_of = {"plan_sha256": records.digest(plan), "versions": setting["versions"]}
        records.write_json(log / "training.json", facts | made_of)
        shutil.rmtree(scratch)
    if diverged:
        logger.error("%s", finishing.announce(plan, kept, diverged))


def build(
    plan: dict[str, Any], base: Path, data: dict[str, Path], scratch: Path
) -> tuple[sft.Trainer, DevLoss | None]:
    """Tokenize, refuse unsound masks before step 1, load the base and set up the trainer."""
    tokenizer = load_tokenizer(base)
    rows = read(tokenizer, plan, data["train"])
    # validate checks the allowed share of truncated rows; here, what can never be trained on.
    mask_audit.refuse(plan["arm"], rows, tokenizer.eos_token_id, max_truncated_share=1.0)
    model = loading.load_base(base, plan["quantize"], plan["precision"])
    callbacks = [checkpoints.Seal(), watch.Watch(plan["arm"])]
    trainer = sft.build(plan, model, list(rows.values()), tokenizer, str(scratch), callbacks)
    on_dev = None
    if "dev_loss" in plan:
        on_dev = DevLoss(trainer, plan["dev_loss"], read(tokenizer, plan, data["dev"]))
        trainer.add_callback(on_dev)
    if "stop" in plan:
        trainer.add_callback(stopping.EarlyStop(**plan["stop"]))
    return trainer, on_dev


def read(tokenizer: Any, plan: dict[str, Any], file: Path) -> dict[str, Encoded]:
    """Rendered rows as training sees them, by id."""
    return {
        row["id"]: encode(tokenizer, row, plan["loss_on"], plan["max_length"])
        for row in records.read(file, {"id": str})
    }
