"""Take in an adapter from elsewhere: the pinned one, safe to load, and made for the arm's base."""

import json
import math
import shutil
import tempfile
from pathlib import Path
from typing import Any

from safetensors import SafetensorError, safe_open
from tokenizers import Tokenizer

from stages import made, paths, records
from stages.command import UserError
from stages.hub_files import download
from stages.model.loading import base_identity

CONFIG = "adapter_config.json"
TOKENIZER = "tokenizer.json"
PICKLES = ("*.bin", "*.pt", "*.pth", "*.pkl")


def take_in(plan: dict[str, Any], folder: Path, log: Path) -> None:
    """Copy the adapter's weights and config to `folder` with a card; UserError says what is wrong.

    Whether its tensors fit the base's layers is seen when it is put on it (model/loading.py).
    """
    given, base = plan["adapter"], paths.base(plan["base"])
    ours = base_identity(base)
    with tempfile.TemporaryDirectory() as scratch:
        source = _fetch(given, Path(scratch))
        _safe(source)
        files = {name: records.file_digest(source / name) for name in (made.WEIGHTS, CONFIG)}
        if (found := records.digest(files)) != given["sha256"]:
            raise UserError(
                f"{_name(given)}: the sha256 of its weights and config is {found}, the arm pins "
                f"{given['sha256']}"
            )
        config = records.read_object(source / CONFIG, {"peft_type": str})
        _plain(config, _name(given))
        _same_base(config, source, given, ours)
        _same_tokenizer(source, base, _name(given))
        tensors, parameters = _size(source / made.WEIGHTS)
        folder.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(source / made.WEIGHTS, folder / made.WEIGHTS)
    # PEFT would look for the base under the name of the one who trained it
    records.write_json(folder / CONFIG, {**config, "base_model_name_or_path": ours["identity"]})
    kept = {name: records.file_digest(folder / name) for name in (made.WEIGHTS, CONFIG)}
    card = {"answers_with": made.ADAPTER, "arm": plan["arm"], "files": kept}
    origin = {"origin": given, "trained_on": config.get("base_model_name_or_path")}
    records.write_json(folder / made.CARD, {**card, "base": ours, **origin})
    facts = {"method": plan["method"], "status": "made elsewhere", "tensors": tensors}
    facts |= {"adapter_parameters": parameters, "adapter_sha256": kept[made.WEIGHTS]}
    records.write_json(log / "training.json", facts)


def _fetch(given: dict[str, Any], scratch: Path) -> Path:
    if given["kind"] == "hub":
        wanted = (made.WEIGHTS, CONFIG, TOKENIZER, made.CARD)
        download(given["id"], given["revision"], wanted, scratch)
        return scratch
    source = Path(given["path"])
    if not source.is_dir():
        raise UserError(f"{source}: no such folder, though an arm's adapter names it")
    return source


def _safe(source: Path) -> None:
    """Weights as safetensors, whole: a pickle runs code while it is loaded."""
    if not (source / made.WEIGHTS).exists():
        pickles = sorted(f.name for p in PICKLES for f in source.glob(p))
        held = f"; it has {', '.join(pickles)}, and no pickle is loaded" if pickles else ""
        raise UserError(f"{source}: no {made.WEIGHTS}{held}. Save it with PEFT's save_pretrained")
    if not (source / CONFIG).exists():
        raise UserError(f"{source}: no {CONFIG}, so nothing says how its tensors are to be applied")


def _plain(config: dict[str, Any], name: str) -> None:
    """A LoRA that PEFT applies by itself: no code of the adapter's, no other kind of change."""
    if config.get("auto_map"):
        raise UserError(
            f"{name}: it wants code of its own to be run (auto_map in {CONFIG}): refused"
        )
    if config["peft_type"] != "LORA":
        raise UserError(f"{name}: an adapter of type {config['peft_type']}; only LORA is loaded")


def _same_base(
    config: dict[str, Any], source: Path, given: dict[str, Any], ours: dict[str, Any]
) -> None:
    """By the weights' hash where one of ours made it, else by the base's name."""
    name = _name(given)
    card = source / made.CARD
    if card.exists():
        base = records.read_object(card, {"base": dict})["base"]
        for field in ("name", "sha256"):
            records.check_field(base, field, str, f"{card}:base")
        if base["sha256"] != ours["sha256"]:
            raise UserError(
                f"{name}: trained on {base['name']} with weights {base['sha256'][:12]}; "
                f"{ours['name']} has {ours['sha256'][:12]}"
            )
        return
    said = config.get("base_model_name_or_path") or ""
    accepted = {given.get("trained_on"), ours["identity"], ours["identity"].partition("@")[0]}
    if said not in accepted - {None}:
        raise UserError(
            f"{name}: its config says that it was trained on '{said}', the arm's base is "
            f"{ours['identity']}. If that is the same model by another name, say so in the arm: "
            f"`trained_on: {json.dumps(said)}`"
        )


def _same_tokenizer(source: Path, base: Path, name: str) -> None:
    """An adapter that brings a tokenizer was trained with it: other ids are other words."""
    if not (source / TOKENIZER).exists():
        return
    theirs, ours = (Tokenizer.from_file(str(f / TOKENIZER)).get_vocab() for f in (source, base))
    if theirs != ours:
        differ = len(set(theirs.items()) ^ set(ours.items()))
        raise UserError(
            f"{name}: it was trained with another tokenizer than {base} has ({differ} entries of "
            "the two vocabularies differ)"
        )


def _size(weights: Path) -> tuple[int, int]:
    """How many tensors and numbers a safetensors file holds."""
    try:
        with safe_open(weights, "pt") as file:
            shapes = [file.get_slice(name).get_shape() for name in file.keys()]  # noqa: SIM118
    except SafetensorError as error:
        raise UserError(f"{weights}: damaged or no safetensors file ({error})") from None
    return len(shapes), sum(map(math.prod, shapes))


def _name(given: dict[str, Any]) -> str:
    return given["path"] if given["kind"] == "folder" else f"{given['id']}@{given['revision']}"
