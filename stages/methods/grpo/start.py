"""Where a run starts: at another arm's adapter, or with a new one on the base."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from peft import get_peft_model_state_dict, set_peft_model_state_dict
from safetensors.torch import load_file

from stages import made, paths, records
from stages.command import UserError
from stages.training.adapter import CONFIG


def start_at(model: Any, plan: Mapping[str, Any], base: Mapping[str, Any]) -> str | None:
    """Put the weights of the arm that `start_from` names into the adapter; returns their SHA-256.

    None where that arm answers with the base as it is. Raises UserError for an adapter of another
    base or another form.
    """
    folder = paths.adapter(plan["study"], plan["start_from"])
    card = made.read_card(folder)
    if card["answers_with"] == made.BASE:
        return None
    if card["answers_with"] != made.ADAPTER:
        raise UserError(f"{folder}: its answers come written; start from an arm with an adapter")
    if (theirs := card["base"]["sha256"]) != base["sha256"]:
        raise UserError(
            f"{folder}: trained on {card['base']['name']} with weights {theirs[:12]}, "
            f"{base['name']} has {base['sha256'][:12]}; train it again"
        )
    weights = load_file(folder / made.WEIGHTS)
    same_form(folder, shapes(weights), shapes(get_peft_model_state_dict(model)))
    alpha, ours = records.read_json(folder / CONFIG)["lora_alpha"], plan["lora"]["alpha"]
    if alpha != ours:
        raise UserError(
            f"{folder}: trained with lora.alpha {alpha}, this arm has {ours}: the same weights "
            "would be another model"
        )
    set_peft_model_state_dict(model, weights)
    return card["files"][made.WEIGHTS]


def same_form(folder: Path, found: dict[str, Any], wanted: dict[str, Any]) -> None:
    """Raise UserError unless both have the same tensors, in names and shapes."""
    if differ := sorted(n for n in {*wanted, *found} if wanted.get(n) != found.get(n)):
        raise UserError(
            f"{folder}: an adapter of another form than this arm's `lora` gives: {len(differ)} "
            f"tensors differ, first {differ[0]}; give both arms the same r and target_modules"
        )


def shapes(weights: Mapping[str, Any]) -> dict[str, tuple[int, ...]]:
    return {name: tuple(tensor.shape) for name, tensor in weights.items()}
