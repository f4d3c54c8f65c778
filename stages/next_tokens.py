"""Put what a base and its tuned model would say next side by side, on prompts and on rows.

Usage: python -m stages.next_tokens ARM

Each text is asked as the arm's render asks and read twice, with the adapter on and off, along its
reference answer: a study's listed prompts, and as many train rows (seen) as dev rows (unseen). Off
unless the study's file has the arm under `next_tokens`. Of rows no text is written, only ids,
tokens of the first position and figures.
"""

from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import torch
from tqdm import tqdm

from stages import made, paths, records
from stages.command import UserError, run
from stages.machine import machine
from stages.measure_drift import UNLIMITED, log_probabilities
from stages.model.answering import load
from stages.model.tokens import IGNORED, Encoded, encode
from stages.plans import load_plan
from stages.render import in_formats
from stages.scoring.next_tokens import (
    LEAST,
    TIMES,
    along,
    code_tokens,
    share,
    side_by_side,
    summary,
)
from stages.sources.example import FIELDS
from stages.splits.selection import shuffled, take

PROMPT = {"id": str, "instruction": str, "answer": str, "seen": bool}
# Tokens of an answer that are read: a table of one position is as wide as the vocabulary.
READ = 256
FREQUENT = 16  # tokens of code that are shown as examples

Rows = list[dict[str, Any]]


def main(arm: str) -> None:
    plan = load_plan("next_tokens", arm)
    adapter = paths.adapter(plan["study"], arm)
    if made.read_card(adapter)["answers_with"] != made.ADAPTER:
        raise UserError(f"{adapter}: no adapter, so nothing is beside the base; leave the arm out")
    train, dev = (records.read(paths.split(plan["study"], s), FIELDS) for s in ("train", "dev"))
    texts = [*listed(plan["next_tokens"]), *drawn(plan, train, dev)]
    model, tokenizer = load(plan, paths.base(plan["base"]), adapter)
    code = code_tokens(ids(tokenizer, train, "target"), ids(tokenizer, train, "input"))
    rendered = asked(plan["asked"], texts, train)
    rows = [cut(encode(tokenizer, row, "completion", UNLIMITED)) for row in rendered]
    lines = [
        line(text, read(model, row), code, tokenizer)
        for text, row in tqdm([*zip(texts, rows, strict=True)], desc=arm, unit="text")
    ]
    records.write(paths.scores(plan["study"], arm, "next_tokens"), lines)
    card = {"rule": rule(tokenizer, code, train, dev), "settings": plan["next_tokens"]}
    card |= {"read": READ, "render": plan["render"], **machine()}
    records.write_json(paths.score_card(plan["study"], arm, "next_tokens"), card)


def listed(settings: dict[str, Any]) -> Rows:
    """The prompts of the study's file as examples; nobody's near-duplicates."""
    file = Path(settings["prompts"])
    if records.file_digest(file) != settings["sha256"]:
        raise UserError(f"{file}: changed since the plan was made; run `dvc repro`")
    prompts = records.read(file, PROMPT)
    names = Counter(prompt["id"] for prompt in prompts)
    if twice := [name for name, count in names.items() if count > 1]:
        raise UserError(f"{file}: two prompts have the id '{twice[0]}'; rename one")
    return [
        {"id": one["id"], "input": one["instruction"], "target": one["answer"]}
        | {"origin": "listed", "group": f"listed {one['id']}", "seen": one["seen"], "listed": True}
        for one in prompts
    ]


def drawn(plan: dict[str, Any], train: Rows, dev: Rows) -> Rows:
    """As many train rows of the arm's render as dev rows, or all that there are."""
    settings = plan["next_tokens"]
    taught = take(train, plan["asked"].get("take"), f"renders.{plan['render']}")
    return [
        {**row, "seen": seen, "listed": False}
        for rows, seen in ((taught, True), (dev, False))
        for row in shuffled(rows, settings["seed"])[: settings["rows"]]
    ]


def asked(settings: dict[str, Any], texts: Rows, train: Rows) -> Rows:
    """Prompt and completion of each as dev is asked, train rows too: one form for all."""
    form = settings.get("asked_in") or settings["format"]
    return in_formats(settings, texts, train, [form] * len(texts))


def ids(tokenizer: Any, rows: Rows, field: str) -> list[list[int]]:
    """The token ids of one field of each row, without any template."""
    return [tokenizer(row[field], add_special_tokens=False)["input_ids"] for row in rows]


def cut(row: Encoded) -> Encoded:
    """A row up to the last answer token that is read."""
    places = [place for place, label in enumerate(row.labels) if label != IGNORED][:READ]
    end = places[-1] + 1
    return Encoded(row.input_ids[:end], row.labels[:end], end < len(row.labels))


@torch.inference_mode()
def read(model: Any, row: Encoded) -> tuple[list[int], np.ndarray, np.ndarray]:
    """The answer's tokens, and base's and tuned's log-probabilities there: (tokens, vocabulary).

    One row at a time: a batch of another size moves the last digits.
    """
    tuned = log_probabilities(model, [row])[0].cpu().numpy()
    with model.disable_adapter():
        base = log_probabilities(model, [row])[0].cpu().numpy()
    return [label for label in row.labels if label != IGNORED], base, tuned


def line(
    text: dict[str, Any],
    found: tuple[list[int], np.ndarray, np.ndarray],
    code: frozenset[int],
    tokenizer: Any,
) -> dict[str, Any]:
    """What is kept of one text: tables of the first position, and of a listed one all figures."""
    positions = side_by_side(*found, code, lambda token: tokenizer.decode([token]))
    kept = {name: text[name] for name in ("id", "seen", "listed", "group")}
    kept |= {"summary": summary(positions), "first": positions[0]}
    if text["listed"]:
        said = {"instruction": text["input"], "answer": text["target"]}
        kept |= {**said, "along": along(positions)}
    return kept


def rule(
    tokenizer: Any, code: frozenset[int], train: Rows, dev: Rows
) -> dict[str, int | float | list[str]]:
    """Which tokens count as code's, in a few of them and in shares of the dev rows, 0 to 1."""
    counts = Counter(one for text in ids(tokenizer, train, "target") for one in text if one in code)
    most: Sequence[int] = sorted(counts, key=lambda one: (-counts[one], one))[:FREQUENT]
    targets, inputs = (ids(tokenizer, dev, field) for field in ("target", "input"))
    return {
        "times": TIMES,
        "least": LEAST,
        "tokens": len(code),
        "train_rows": len(train),
        "most_frequent": [tokenizer.decode([one]) for one in most],
        "share_of_targets": share(targets, code),
        "share_of_inputs": share(inputs, code),
        "share_of_first": share([text[:1] for text in targets], code),
    }


if __name__ == "__main__":
    run(main)
