"""LLaMA-Factory's sides of the training benchmark, in an environment of their own."""

import json
import sys
from functools import partial
from pathlib import Path
from typing import Any

import torch

from benchmarks.sides import Turn, asked
from stages.methods.sft.batches import SimilarLengths
from stages.model.tokens import encode, load_tokenizer

VENV = Path(".venv-llamafactory")
SIDES: dict[str, dict[str, Any]] = {
    "LLaMA-Factory, defaults": {},
    "LLaMA-Factory, bf16 model, autocast": {
        "bf16": True,
        "disable_gradient_checkpointing": True,
        "flash_attn": "sdpa",
        # Our batches as they are written: its own grouping would begin with the longest rows.
        "disable_shuffling": True,
    },
}
# Its name for a data set of conversations, and for what is where in them
ROWS = {
    "file_name": "rows.json",
    "formatting": "sharegpt",
    "columns": {"messages": "messages"},
    "tags": {
        "role_tag": "role",
        "content_tag": "content",
        "system_tag": "system",
        "user_tag": "user",
        "assistant_tag": "assistant",
    },
}


def sides(plan: dict[str, Any], base: Path, rows: list, folder: Path) -> dict[str, Turn]:
    """A turn for each side; none where LLaMA-Factory is not installed."""
    if not (VENV / "ready").exists():
        print(f"{VENV} is missing, so LLaMA-Factory is left out", file=sys.stderr)
        return {}
    folder.mkdir()
    messages = [
        {"messages": row["prompt"] + row["completion"]} for row in ordered(plan, base, rows)
    ]
    (folder / "rows.json").write_text(json.dumps(messages), encoding="utf-8")
    (folder / "dataset_info.json").write_text(json.dumps({"rows": ROWS}), encoding="utf-8")
    given = settings(plan, base, folder)
    quiet = {"LLAMAFACTORY_VERBOSITY": "WARNING", "HF_HUB_OFFLINE": "1"}
    return {
        name: partial(asked(name, VENV, "llamafactory_side.py", {**given, **own}, **quiet), None)
        for name, own in SIDES.items()
    }


def ordered(plan: dict[str, Any], base: Path, rows: list) -> list:
    """The rows in the order in which our own side trains on them."""
    tokenizer = load_tokenizer(base)
    encoded = [encode(tokenizer, row, "completion", plan["max_length"]) for row in rows]
    lengths = [len(row.input_ids) for row in encoded]
    return [rows[place] for place in SimilarLengths(lengths, plan["batch_size"], plan["seed"])]


def settings(plan: dict[str, Any], base: Path, folder: Path) -> dict[str, Any]:
    """What both sides are told: the work that all sides do, and to keep quiet."""
    return {
        "stage": "sft",
        "do_train": True,
        "finetuning_type": "lora",
        "lora_rank": plan["lora"]["r"],
        "lora_alpha": plan["lora"]["alpha"],
        "lora_target": "all",
        "model_name_or_path": str(base),
        "dataset": "rows",
        "dataset_dir": str(folder),
        "cache_dir": str(folder / "cache"),
        "output_dir": str(folder / "made"),
        "overwrite_output_dir": True,
        "cutoff_len": plan["max_length"],
        "per_device_train_batch_size": plan["batch_size"],
        "max_steps": plan["max_steps"],
        "learning_rate": plan["lr"],
        "seed": plan["seed"],
        "use_cpu": not torch.cuda.is_available(),
        "save_strategy": "no",
        "report_to": "none",
        "disable_tqdm": True,
    }
