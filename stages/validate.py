"""Check rendered data before anything is trained on it: ids, loss masks, leakage, preflight.

Usage: python -m stages.validate STUDY
"""

import logging
from typing import Any

from stages import paths, records
from stages.auditing import mask_audit, preflight, side_by_side
from stages.command import UserError, run
from stages.model.tokens import Encoded, encode, encode_prompt, load_tokenizer
from stages.plans import load_plan
from stages.render import in_formats
from stages.splits.selection import taught

logger = logging.getLogger(__name__)


def main(study: str) -> None:
    plan = load_plan("validate", study)
    tokenizer = load_tokenizer(paths.base(plan["base"]))
    fields = {"id": str, "group": str}
    examples = {s: records.read(paths.split(study, s), fields) for s in ("train", "dev")}
    shown, rendered = {}, {}
    for render, settings in plan["renders"].items():
        shown[render] = taught(examples["train"], settings, f"renders.{render}")
        for split, rows in (examples | {"train": shown[render]}).items():
            path = paths.rendered(study, render, split)
            rendered[render, split] = records.read(path, {"id": str})
            same_ids(rows, rendered[render, split], str(path))
    apart(examples, study)
    arms = {}
    for name, arm in plan["arms"].items():
        train = encode_rows(tokenizer, rendered[arm["render"], "train"], arm)
        arms[name] = summarize(arm, train, tokenizer.eos_token_id)
        rows = rendered[arm["render"], "train"]
        arms[name]["rows_sha256"] = records.digest([row["id"] for row in rows])
        settings = plan["renders"][arm["render"]]
        own = shown[arm["render"]]
        arms[name]["asked_alike"] = asked_alike(rows, own, examples["train"], settings)
        place = f"{study}: {name} (loss on {arm['loss_on']})"
        mask_audit.refuse(place, train, tokenizer.eos_token_id, arm["max_truncated_share"])
        longest = max(
            len(encode_prompt(tokenizer, r["prompt"])) for r in rendered[arm["render"], "dev"]
        )
        arms[name]["longest_dev_prompt"] = longest
        logger.info("%s: %s", name, records.dumps(arms[name]["audit"]))
    differences = side_by_side.differences(arms)
    arms |= {
        name: explored(tokenizer, arm, rendered[arm["render"], "train"], examples["train"])
        for name, arm in plan.get("explorers", {}).items()
    }
    for difference in differences:
        logger.warning("%s: %s", study, difference)
    audits = {"arms": arms, "tokenizer": plan["base"], "differences": differences}
    records.write_json(paths.audit(study), audits)
    # Training depends on these files: each holds what was checked of its rows and nothing that
    # another render, the dev split or an arm's knobs could change.
    for render in plan["renders"]:
        checked = {"train": records.digest(rendered[render, "train"])}
        records.write_json(paths.validated(study, render), checked)


def summarize(arm: dict[str, Any], train: dict[str, Encoded], stop_id: int) -> dict[str, Any]:
    """Mask audit, length histogram and preflight of one arm."""
    counts = mask_audit.audit(train, stop_id)
    return {
        "render": arm["render"],
        "loss_on": arm["loss_on"],
        "audit": counts,
        "lengths": mask_audit.lengths(train),
        "preflight": preflight.forecast(arm, counts["rows"], counts["tokens"]),
    }


def explored(
    tokenizer: Any,
    arm: dict[str, Any],
    rows: list[dict[str, Any]],
    examples: list[dict[str, Any]],
) -> dict[str, Any]:
    """What a run by rewards will amount to, over the rows of its tasks; UserError without any."""
    tasks = {example["id"]: example.get("category") for example in examples}
    own = [row for row in rows if tasks[row["id"]] in arm["rewards"]]
    if not own:
        tasks = ", ".join(arm["rewards"])
        raise UserError(
            f"renders.{arm['render']}: no row of {tasks}, which `rewards` name; a row's task is "
            "its category"
        )
    longest = max(len(encode_prompt(tokenizer, row["prompt"])) for row in own)
    rollout = arm["rollout"]
    in_words = {
        "prompts_per_step": arm["batch_size"] * arm["gradient_accumulation"],
        "generations": rollout["generations"],
        "max_completion": rollout["max_new_tokens"],
        "completions_per_pass": arm["batch_size"] * rollout["generations"],
    }
    found = preflight.forecast_rl({**arm, **in_words}, len(own), longest, len(tokenizer))
    return {"render": arm["render"], "longest_prompt": longest, "preflight": found}


def asked_alike(
    rows: list[dict[str, Any]],
    shown: list[dict[str, Any]],
    train: list[dict[str, Any]],
    render: dict[str, Any],
) -> float:
    """The share of training rows whose prompt has the form in which dev and test are asked.

    `shown` are the examples of these rows, `train` those of the whole split.
    """
    if "asked_in" not in render:
        return 1.0
    asked = in_formats(render, shown, train, [render["asked_in"]] * len(rows))
    alike = [one["prompt"] == row["prompt"] for one, row in zip(asked, rows, strict=True)]
    return round(sum(alike) / len(alike), 4)


def encode_rows(
    tokenizer: Any, rows: list[dict[str, Any]], arm: dict[str, Any]
) -> dict[str, Encoded]:
    """Encode rows by id as training will."""
    return {row["id"]: encode(tokenizer, row, arm["loss_on"], arm["max_length"]) for row in rows}


def same_ids(expected: list[dict[str, Any]], found: list[dict[str, Any]], place: str) -> None:
    """Raise UserError unless both have the same ids in the same order, each once."""
    wanted, got = [row["id"] for row in expected], [row["id"] for row in found]
    if wanted == got:
        return
    missing = sorted(set(wanted) - set(got))[:5]
    extra = sorted(set(got) - set(wanted))[:5]
    repeated = sorted({key for key in got if got.count(key) > 1})[:5]
    raise UserError(
        f"{place}: ids do not match the split: missing {missing}, extra {extra}, "
        f"repeated {repeated}; run `dvc repro` to render again"
    )


def apart(examples: dict[str, list[dict[str, Any]]], study: str) -> None:
    """Raise UserError where a train and a dev row are of one near-duplicate group."""
    groups = {split: {row["group"]: row["id"] for row in rows} for split, rows in examples.items()}
    shared = sorted(set(groups["train"]) & set(groups["dev"]))
    if shared:
        pairs = [f"{groups['train'][g]} ~ {groups['dev'][g]}" for g in shared[:10]]
        raise UserError(f"{study}: leakage between train and dev: {'; '.join(pairs)}")


if __name__ == "__main__":
    run(main)
