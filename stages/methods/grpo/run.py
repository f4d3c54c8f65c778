"""One run of reinforcement learning: from prompts to an adapter, resumed where it was killed."""

import logging
import shutil
from pathlib import Path
from typing import Any

from transformers import set_seed

from stages import paths, records
from stages.methods.grpo import ending, rewarding
from stages.methods.grpo import trainer as grpo
from stages.methods.grpo.dev_reward import DevReward
from stages.methods.grpo.log import curve
from stages.methods.grpo.player import Player
from stages.methods.grpo.start import start_at
from stages.methods.grpo.watching import RewardWatch, Rules
from stages.model import loading
from stages.model.tokens import load_tokenizer
from stages.scratch import fingerprint, workspace
from stages.training import adapter, checkpoints, finishing, stopping
from stages.training.divergence import DivergedError
from stages.training.lora import adapt

logger = logging.getLogger(__name__)


def train(plan: dict[str, Any], folder: Path, log: Path) -> None:
    """Train, and leave adapter, card, log and figures; a run that diverges leaves them as well.

    A rule that stops it is a normal end. What is scored of a run that diverged is its last sealed
    checkpoint, and it is marked so.
    """
    base, data = paths.base(plan["base"]), inputs(plan)
    setting = loading.setting(plan)
    started = paths.adapter(plan["study"], plan["start_from"])
    mark = fingerprint({**plan, **setting}, [base, started, *data])
    with workspace("train", plan["arm"], mark) as scratch:
        trainer, judge, on_dev, origin = build(plan, base, scratch)
        prompts = len(trainer.train_dataset)
        diverged = None
        try:
            stopping.go_on(plan["arm"], trainer, checkpoints.latest(scratch), judge.ended)
            finishing.check(trainer)
            tripped = judge.tripped(trainer.state)
            on_dev.log(trainer.state)
        except DivergedError as error:
            diverged, tripped = error, judge.tripped(trainer.state)
        files = {file.as_posix(): records.file_digest(file) for file in data}
        card = adapter.make_card(plan, loading.base_identity(base), files, setting)
        card |= {"start_from": {"arm": plan["start_from"], "sha256": origin}}
        kept = ending.kept(plan, trainer, scratch, diverged)
        adapter.save(kept.folder, card, folder, scratch)
        rows = curve(trainer.state.log_history, prompts)
        records.write(log / "log.jsonl", rows)
        facts = ending.facts(plan, trainer, rows, kept, diverged, tripped)
        facts |= {"adapter_sha256": adapter.weights_digest(folder)}
        made_of = {"plan_sha256": records.digest(plan), "versions": setting["versions"]}
        records.write_json(log / "training.json", facts | made_of)
        shutil.rmtree(scratch)
    if diverged:
        logger.error("%s", finishing.announce(plan, kept, diverged))


def inputs(plan: dict[str, Any]) -> list[Path]:
    """The files of the rows: as they are asked, and what their rewards are judged by."""
    study, render = plan["study"], plan["render"]
    return [
        place
        for split in ("train", "dev")
        for place in (paths.rendered(study, render, split), paths.split(study, split))
    ]


def build(
    plan: dict[str, Any], base: Path, scratch: Path
) -> tuple[grpo.Trainer, Rules, DevReward, str | None]:
    """Read the prompts, load the base twice, to train and to answer, and set up the trainer.

    The last value is the SHA-256 of the weights that it starts from.
    """
    tokenizer = load_tokenizer(base)
    tasks = plan["rewards"]
    train, dev = (rewarding.read(tokenizer, plan, split, tasks) for split in ("train", "dev"))
    set_seed(plan["seed"])
    model = loading.load_base(base, plan["quantize"], plan["precision"])
    adapted = adapt(model, plan)
    origin = start_at(adapted, plan, loading.base_identity(base))
    player = Player(plan, base, adapted.peft_config["default"], tokenizer)
    judge = Rules(plan["arm"], plan["rules"], len(train))
    callbacks = [checkpoints.Seal(), RewardWatch(plan["arm"])]
    trainer = grpo.build(plan, adapted, player, train, str(scratch), callbacks)
    on_dev = DevReward(trainer, player, plan, dev)
    trainer.add_callback(on_dev)
    trainer.add_callback(judge)
    return trainer, judge, on_dev, origin
