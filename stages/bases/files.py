"""Weights, index and settings of a base: whole, safe to load, and without code of their own."""

from collections.abc import Mapping
from pathlib import Path

from safetensors import SafetensorError, safe_open

from stages import records
from stages.command import UserError, brief, first_line

NEEDED = {
    "*.safetensors": "weights as safetensors",
    "config.json": "config",
    "tokenizer.json": "fast tokenizer",
}
# Files that may name code which transformers would fetch and run, if it were allowed to
SETTINGS = ("config.json", "tokenizer_config.json", "generation_config.json")
PICKLES = (b"\x80", b"PK\x03\x04")  # how pickles begin, as such and as torch packs them


def check(folder: Path, name: str) -> None:
    """Raise UserError for the first file of the base `name` that is missing, damaged or unsafe."""
    for pattern, what in NEEDED.items():
        if not list(folder.glob(pattern)):
            found = ", ".join(sorted(file.name for file in folder.iterdir())) or "nothing"
            raise UserError(f"base {name}: no {what} ({pattern}); it has {found}")
    for setting in SETTINGS:
        if (folder / setting).exists():
            _runs_no_code(folder / setting, name)
    held = {file.name: _tensors(file, name) for file in sorted(folder.glob("*.safetensors"))}
    for index in sorted(folder.glob("*.safetensors.index.json")):
        _all_shards(index, held, name)


def _runs_no_code(file: Path, name: str) -> None:
    settings = records.read_object(file, {})
    if "auto_map" in settings:
        raise UserError(
            f"base {name}: {file.name} names code of its own (auto_map), and no code of a model's "
            "is run; choose a base that transformers knows by itself"
        )


def _tensors(file: Path, name: str) -> set[str]:
    """The names of a file's tensors; that the file is as long as its header says is checked."""
    with open(file, "rb") as opened:
        begins = opened.read(4)
    if begins.startswith(PICKLES):
        raise UserError(
            f"base {name}: {file.name} is a pickle and no safetensors file; a pickle can run code "
            "when it is loaded, so convert it where you trust it"
        )
    try:
        with safe_open(file, "np") as opened:
            return set(opened.keys())
    except SafetensorError as error:
        raise UserError(
            f"base {name}: {file.name} is cut off, or no safetensors file ({first_line(error)}); "
            "get it again"
        ) from None


def _all_shards(index: Path, held: Mapping[str, set[str]], name: str) -> None:
    shards = records.read_object(index, {"weight_map": dict})["weight_map"]
    for tensor, shard in shards.items():
        if shard not in held:
            raise UserError(
                f"base {name}: {brief(str(shard))} is missing, though {index.name} names it; "
                f"it has {', '.join(held)}"
            )
        if tensor not in held[shard]:
            raise UserError(
                f"base {name}: {shard} has no tensor {brief(tensor)}, though {index.name} says so; "
                "the files are not of one model"
            )
