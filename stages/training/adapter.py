"""The adapter that a run leaves: finite weights, and a card that says what they came from."""

import shutil
from pathlib import Path
from typing import Any

from safetensors import safe_open

from stages import made, records
from stages.command import UserError

CONFIG = "adapter_config.json"


def save(source: Path | None, card: dict[str, Any], folder: Path, scratch: Path) -> None:
    """Write the adapter in `source` with card and README to `folder`, whole or not at all.

    Without a source the card says that the base answers. Raises UserError when a weight is not
    finite.
    """
    whole = scratch / "adapter"
    shutil.rmtree(whole, ignore_errors=True)
    whole.mkdir()
    if source is None:
        records.write_json(whole / made.CARD, {**card, "answers_with": made.BASE})
    else:
        check_finite(source / made.WEIGHTS)
        shutil.copyfile(source / made.WEIGHTS, whole / made.WEIGHTS)
        records.write_json(whole / CONFIG, portable(records.read_json(source / CONFIG), card))
        files = {name: records.file_digest(whole / name) for name in (made.WEIGHTS, CONFIG)}
        records.write_json(
            whole / made.CARD, {**card, "answers_with": made.ADAPTER, "files": files}
        )
        records.write_text(whole / "README.md", readme(card))
    # Scratch may lie on another disk, so it is copied beside its place and then renamed.
    beside = folder.with_name(f".{folder.name}.partial")
    shutil.rmtree(beside, ignore_errors=True)
    shutil.copytree(whole, beside)
    shutil.rmtree(folder, ignore_errors=True)
    beside.rename(folder)


def check_finite(weights: Path) -> None:
    with safe_open(weights, "pt") as file:
        bad = [name for name in file.keys() if not file.get_tensor(name).isfinite().all()]  # noqa: SIM118
    if bad:
        raise UserError(
            f"{len(bad)} adapter tensors are not finite, first {bad[0]}; nothing was saved"
        )


def portable(config: dict[str, Any], card: dict[str, Any]) -> dict[str, Any]:
    """PEFT's config without a path of this machine and without an order that changes by run."""
    targets = config["target_modules"]
    return {
        **config,
        "base_model_name_or_path": card["base"]["identity"],
        "revision": None,
        # A set inside PEFT
        "target_modules": sorted(targets) if isinstance(targets, list) else targets,
    }


def weights_digest(folder: Path) -> str | None:
    """SHA-256 of the weights that are answered with; None where those are the base's alone."""
    return made.read_card(folder).get("files", {}).get(made.WEIGHTS)


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
