"""One supervised run: from rendered rows to an adapter, resumed where a killed one left off."""

import logging
import shutil
from pathlib import Path
from typing import Any

from stages import paths, records
from stages.auditing import mask_audit
from stages.methods.sft import trainer as sft
from stages.methods.sft.dev_loss import DevLoss
from stages.model import loading
from stages.model.tokens import Encoded, encode, load_tokenizer
from stages.scratch import fingerprint, workspace
from stages.training import adapter, checkpoints, finishing, watch
from stages.training.divergence import DivergedError
from stages.training.stopping import EarlyStop

logger = logging.getLogger(__name__)


def train(plan: dict[str, Any], folder: Path, log: Path) -> None:
    """Train, and leave adapter, card, log and figures; a run that diverges leaves them as well.

    What is scored of that one is its last sealed checkpoint, and it is marked so.
    """
    base = paths.base(plan["base"])
    data = {s: paths.rendered(plan["study"], plan["render"], s) for s in ("train", "dev")}
    setting = loading.setting(plan)
    mark = fingerprint({**plan, **setting}, [base, *data.values()])
    with workspace("train", plan["arm"], mark) as scratch:
        trainer = build(plan, base, data, scratch)
        resumed = checkpoints.latest(scratch)
        logger.info(
            "%s: %s", plan["arm"], f"resuming from {resumed.name}" if resumed else "starting"
        )
        diverged = None
        try:
            trainer.train(resume_from_checkpoint=str(resumed) if resumed else None)
        except DivergedError as error:
            diverged = error
        files = {path.as_posix(): records.file_digest(path) for path in data.values()}
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


def build(plan: dict[str, Any], base: Path, data: dict[str, Path], scratch: Path) -> sft.Trainer:
    """Tokenize, refuse unsound masks before step 1, load the base and set up the trainer."""
    tokenizer = load_tokenizer(base)
    rows = read(tokenizer, plan, data["train"])
    # validate checks the allowed share of truncated rows; here, what can never be trained on.
    mask_audit.refuse(plan["arm"], rows, tokenizer.eos_token_id, max_truncated_share=1.0)
    model = loading.load_base(base, plan["quantize"], plan["precision"])
    callbacks = [checkpoints.Seal(), watch.Watch(plan["arm"])]
    trainer = sft.build(plan, model, list(rows.values()), tokenizer, str(scratch), callbacks)
    if "dev_loss" in plan:
        dev = read(tokenizer, plan, data["dev"])
        trainer.add_callback(DevLoss(trainer, plan["dev_loss"], dev))
    if "stop" in plan:
        trainer.add_callback(EarlyStop(**plan["stop"]))
    return trainer


def read(tokenizer: Any, plan: dict[str, Any], file: Path) -> dict[str, Encoded]:
    """Rendered rows as training sees them, by id."""
    return {
        row["id"]: encode(tokenizer, row, plan["loss_on"], plan["max_length"])
        for row in records.read(file, {"id": str})
    }
