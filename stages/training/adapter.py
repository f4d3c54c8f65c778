"""The adapter that a run leaves: finite weights, and a card that says what they came from."""

import shutil
from pathlib import Path
from typing import Any

from stages import records
from stages.command import UserError


def save(model: Any, card: dict[str, Any], folder: Path, scratch: Path) -> None:
    """Write adapter, card and README to `folder`, whole or not at all.

    Raises UserError when a weight is not finite.
    """
    bad = [
        name for name, p in model.named_parameters() if p.requires_grad and not p.isfinite().all()
    ]
    if bad:
        raise UserError(
            f"{len(bad)} adapter tensors are not finite, first {bad[0]}; nothing was saved"
        )
    made = scratch / "adapter"
    shutil.rmtree(made, ignore_errors=True)
    model.save_pretrained(made)
    # PEFT writes a path of this machine; the base's identity is what a reader needs.
    config = records.read_json(made / "adapter_config.json")
    config["base_model_name_or_path"] = card["base"]["identity"]
    config["revision"] = None
    # A set inside PEFT: its order changes from one process to the next.
    if isinstance(config["target_modules"], list):
        config["target_modules"].sort()
    records.write_json(made / "adapter_config.json", config)
    records.write_json(made / "assay.json", card)
    records.write_text(made / "README.md", readme(card))
    # Scratch may lie on another disk, so it is copied beside its place and then renamed.
    beside = folder.with_name(f".{folder.name}.partial")
    shutil.rmtree(beside, ignore_errors=True)
    shutil.copytree(made, beside)
    shutil.rmtree(folder, ignore_errors=True)
    beside.rename(folder)


def make_card(
    plan: dict[str, Any], base: dict[str, Any], data: dict[str, str], setting: dict[str, Any]
) -> dict[str, Any]:
    """Everything needed to tell what an adapter is; no times, so equal runs give equal bytes."""
    elsewhere = ("arm", "study", "base", "pins")
    return {
        "arm": plan["arm"],
        "base": base,
        "data": data,
        "params": {key: value for key, value in plan.items() if key not in elsewhere},
        **setting,
    }


def readme(card: dict[str, Any]) -> str:
    """The card as Markdown, with the metadata block that model hubs read."""
    base, params = card["base"], card["params"]
    settings = "\n".join(f"| {key} | {records.dumps(params[key])} |" for key in sorted(params))
    data = "\n".join(
        f"- `{name}` sha256 `{digest}`" for name, digest in sorted(card["data"].items())
    )
    versions = ", ".join(f"{name} {version}" for name, version in card["versions"].items())
    return f"""---
base_model: {base["identity"]}
library_name: peft
license: {base["licence"].lower()}
---

# {card["arm"]}

A LoRA adapter for **{base["name"]}** (`{base["identity"]}`, weights sha256 `{base["sha256"]}`).
It works on that base alone. It was trained by Assay; whether it helped is in the study's report.

Trained on:

{data}

| setting | value |
| --- | --- |
{settings}

Computed in {card["computed_in"]} with {versions}.
"""
