"""Put what a base and its tuned model would say side by side, on prompts and on rows.

Usage: python -m stages.next_tokens ARM

Each text is asked as the arm's render asks, with the adapter on and off: read along its reference
answer, for the next tokens, and answered as dev is. Off unless the study's file has the arm under
`next_tokens`. Rows are left with their texts, train rows among them.
"""

import shutil
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
from stages.model.answering import answer_all, load, mark, prompts_of, rows_of
from stages.model.tokens import IGNORED, Encoded, encode
from stages.plans import load_plan
from stages.scoring import next_texts
from stages.scoring.next_tokens import (
    LEAST,
    TIMES,
    along,
    code_tokens,
    share,
    side_by_side,
    summary,
)
from stages.scratch import workspace
from stages.sources.example import FIELDS as EXAMPLE

# Tokens of an answer that are read: a table of one position is as wide as the vocabulary.
READ = 256
FREQUENT = 16  # tokens of code that are shown as examples
FIELDS = ("target", "input")
MARKS = ("seen", "listed")  # what a text has beside its example
ANSWER = ("text", "tokens_in", "tokens_out", "hit_limit")

Rows = list[dict[str, Any]]
Ids = list[list[int]]


def main(arm: str) -> None:
    plan = load_plan("next_tokens", arm)
    adapter = paths.adapter(plan["study"], arm)
    if made.read_card(adapter)["answers_with"] != made.ADAPTER:
        raise UserError(f"{adapter}: no adapter, so nothing is beside the base; leave the arm out")
    splits = [paths.split(plan["study"], name) for name in ("train", "dev")]
    train, dev = (records.read(split, EXAMPLE) for split in splits)
    texts = next_texts.texts(plan, train, dev)
    rendered = next_texts.asked(plan, texts, train)
    base = paths.base(plan["base"])
    model, tokenizer = load(plan, base, adapter)
    targets, inputs = (ids(tokenizer, train, field) for field in FIELDS)
    code = code_tokens(targets, inputs)
    # Read first: to answer fast, weights are laid out anew, which rounds otherwise.
    encoded = [cut(encode(tokenizer, row, "completion", UNLIMITED)) for row in rendered]
    read_lines = [
        line(text, read(model, row), code, tokenizer)
        for text, row in tqdm([*zip(texts, encoded, strict=True)], desc=arm, unit="text")
    ]
    answers = answered(plan, model, tokenizer, rendered, [base, adapter, *splits])
    lines = [{**one, "answers": said} for one, said in zip(read_lines, answers, strict=True)]
    records.write(paths.scores(plan["study"], arm, "next_tokens"), lines)
    held_out = [ids(tokenizer, dev, field) for field in FIELDS]
    card = {"rule": rule(tokenizer, code, targets, *held_out), "settings": plan["next_tokens"]}
    card |= {"read": READ, "render": plan["render"], **machine()}
    records.write_json(paths.score_card(plan["study"], arm, "next_tokens"), card)


def ids(tokenizer: Any, rows: Rows, field: str) -> Ids:
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
    example = {name: value for name, value in text.items() if name not in MARKS}
    kept = {"id": text["id"], **{name: text[name] for name in MARKS}, "example": example}
    kept |= {"summary": summary(positions), "first": positions[0]}
    return kept | ({"along": along(positions)} if text["listed"] else {})


def answered(
    plan: dict[str, Any], model: Any, tokenizer: Any, rendered: Rows, inputs: list[Path]
) -> list[dict[str, dict[str, Any]]]:
    """What `base` and `tuned` answer to each text; a killed run goes on with what is missing."""
    prompts = prompts_of(tokenizer, rendered)
    with workspace("next_tokens", plan["arm"], mark(plan, inputs)) as kept:
        tuned = rows_of(answer_all(plan, model, tokenizer, prompts, kept / "tuned", "tuned"))
        with model.disable_adapter():
            base = rows_of(answer_all(plan, model, tokenizer, prompts, kept / "base", "base"))
        shutil.rmtree(kept)
    return [
        {of: {name: row[name] for name in ANSWER} for of, row in (("base", old), ("tuned", new))}
        for old, new in zip(base, tuned, strict=True)
    ]


def rule(
    tokenizer: Any, code: frozenset[int], train: Ids, targets: Ids, inputs: Ids
) -> dict[str, int | float | list[str]]:
    """Which tokens count as code's, in a few of them and in shares of the dev rows, 0 to 1.

    `train` are the ids of the train rows' targets, the others are of the dev rows.
    """
    counts = Counter(one for text in train for one in text if one in code)
    most: Sequence[int] = sorted(counts, key=lambda one: (-counts[one], one))[:FREQUENT]
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
