"""How the arms were trained: what they have in common, and what differs between them."""

from collections.abc import Mapping
from typing import Any

from stages.reporting.bases import above, bases_of
from stages.reporting.endings import ending

# In the order in which they are read. A knob that is not named here follows under its own name.
LABELS = {
    "lr": "learning rate",
    "schedule": "schedule",
    "warmup_steps": "warm-up steps",
    "warmup_ratio": "warm-up, share of steps",
    "max_steps": "steps",
    "epochs": "epochs",
    "batch_size": "batch, rows",
    "gradient_accumulation": "batches per step",
    "loss_on": "loss on",
    "lora.r": "LoRA rank",
    "lora.alpha": "LoRA alpha",
    "lora.dropout": "LoRA dropout",
    "lora.target_modules": "LoRA targets",
    "max_grad_norm": "gradient clip",
    "optimizer": "optimizer",
    "weight_decay": "weight decay",
    "max_length": "longest row, tokens",
    "quantize": "base weights in",
    "precision": "precision",
    "seed": "seed",
    "render": "training rows",
    "start_from": "goes on from",
    "rewards": "rewards",
    "rollout.generations": "answers to each prompt",
    "rollout.max_new_tokens": "longest answer, tokens",
    "rollout.temperature": "temperature",
    "rollout.top_p": "top p",
    "rollout.engine": "answered by",
    "objective.loss": "objective",
    "objective.scale_rewards": "rewards scaled by",
    "objective.beta": "weight of the KL",
    "objective.clip": "ratio clipped at",
    "dev_reward.every": "reward on dev every, steps",
    "dev_reward.rows_per_task": "over, rows a task",
    "rules": "rules",
    "dev_loss.every": "loss on dev every, steps",
    "dev_loss.rows": "loss on dev over, rows",
    "stop.figure": "stopped by",
    "stop.patience": "after, values no better",
    "stop.from_step": "from step",
    "keep": "weights kept",
    "ended": "ended",
}
# What has entries by name is one cell: their names, and in brackets what they say of themselves
NAMED = ("rewards", "rules")
WORDS = {("quantize", "none"): "full", ("loss_on", "completion"): "the answer"}
WORDS |= {("loss_on", "all"): "the whole row"}
WORDS |= {("stop.figure", "dev_loss"): "loss on dev", ("stop.figure", "loss"): "training loss"}
WORDS |= {("keep", "best"): "the best on dev", ("keep", "last"): "the last"}


def settings(
    declared: Mapping[str, Mapping[str, Any]],
    arms: Mapping[str, Mapping[str, Any]],
    training: Mapping[str, Mapping[str, Any]],
) -> dict[str, Any] | None:
    """{"common": [(label, value)], "heads": labels, "rows": [(title, values)], "above":
    bases by row}; None where nothing was trained.

    `declared` has each arm's resolved knobs, `training` what its run recorded once.
    """
    bases = bases_of([arm for arm in arms if arm in declared], arms)
    shown = {arm: {**knobs_of(declared[arm]), **recorded(training.get(arm, {}))} for arm in bases}
    if not shown:
        return None
    labels = [*LABELS.values(), *(label for own in shown.values() for label in own)]
    known = [label for label in dict.fromkeys(labels) if any(label in o for o in shown.values())]
    values = {label: [own.get(label, "–") for own in shown.values()] for label in known}
    heads = [label for label in known if len(set(values[label])) > 1]
    return {
        "common": [(label, values[label][0]) for label in known if label not in heads],
        "heads": heads,
        "rows": [
            (arms[arm]["title"], [own.get(label, "–") for label in heads])
            for arm, own in shown.items()
        ],
        "above": above(list(bases.values())),
        "count": len(shown),
    }


def knobs_of(declared: Mapping[str, Any]) -> dict[str, str]:
    """One arm's knobs by what they are called, nested ones flat."""
    flat: dict[str, Any] = {}
    for name, value in declared.items():
        nested = value if isinstance(value, dict) and name not in NAMED else None
        none = {name: None if value == {} else value}
        flat |= {f"{name}.{key}": v for key, v in nested.items()} if nested else none
    return {
        LABELS.get(name, name.replace("_", " ").replace(".", " ")): worded(name, value)
        for name, value in flat.items()
    }


def worded(name: str, value: Any) -> str:
    if isinstance(value, list):
        return ", ".join(map(str, value))
    if isinstance(value, dict):
        parts = {key: worded(key, item) for key, item in value.items()}
        if name in NAMED:
            return "; ".join(f"{key} ({said})" if said else key for key, said in parts.items())
        return ", ".join(f"{key.replace('_', ' ')} {said}" for key, said in parts.items())
    if isinstance(value, bool) or value is None:
        return {True: "yes", False: "no", None: "–"}[value]
    if isinstance(value, float):
        return f"{value:g}"
    return WORDS.get(
        (name, value), str(value).replace("_", " ") if name == "schedule" else str(value)
    )


def recorded(run: Mapping[str, Any]) -> dict[str, str]:
    """How a run ended, which its settings ask for or not; older runs don't say."""
    return {LABELS["ended"]: ended} if (ended := ending(run)) else {}
