"""Measure how far one arm's adapter moved the base, token by token, on texts no arm was trained on.

Usage: python -m stages.measure_drift ARM

Each text is read twice, with the adapter on and off, and the two next-token distributions are
compared at every token of its answer. Off unless the study's file says `measure_drift: *arms`.
"""

from pathlib import Path
from typing import Any

import torch
from tqdm import tqdm

from stages import made, paths, records
from stages.command import UserError, run
from stages.machine import machine
from stages.model.answering import load
from stages.model.tokens import IGNORED, Encoded, encode, load_tokenizer
from stages.plans import load_plan

PROMPT = {"id": str, "instruction": str, "answer": str}
# Answers are read whole: their length is the file's, and no training knob cuts them.
UNLIMITED = 1_000_000
DIGITS = 6


def main(arm: str) -> None:
    plan = load_plan("measure_drift", arm)
    settings, base = plan["drift"], paths.base(plan["base"])
    file = Path(settings["prompts"])
    records.check_unchanged(file, settings["sha256"])
    rows = encode_texts(load_tokenizer(base), records.read(file, PROMPT))
    adapter = paths.adapter(plan["study"], arm)
    answers_with = made.read_card(adapter)["answers_with"]
    found: dict[str, list[float]] = {}
    if answers_with == made.BASE:
        # Without an adapter, on and off are the same.
        found = {key: [0.0] * row.supervised for key, row in rows.items()}
    elif answers_with == made.ADAPTER:
        model, _ = load(plan, base, adapter)
        found = divergences(model, rows, settings["batch_size"], arm)
    # Nothing is known of what answered elsewhere.
    scores = [{"id": key, "score": found.get(key)} for key in rows]
    records.write(paths.scores(plan["study"], arm, "drift"), scores)
    signature = f"kl|of:base||adapter|at:answer tokens|texts:{settings['sha256'][:12]}|rule:1"
    card = {"signature": signature, "rows": len(rows), "tokens": sum(map(len, found.values()))}
    records.write_json(paths.score_card(plan["study"], arm, "drift"), card | machine())


def encode_texts(tokenizer: Any, texts: list[dict[str, str]]) -> dict[str, Encoded]:
    """Each text as one exchange of a chat, by id; its answer is what bears labels."""
    rows: dict[str, Encoded] = {}
    for text in texts:
        row = {
            "id": text["id"],
            "prompt": [{"role": "user", "content": text["instruction"]}],
            "completion": [{"role": "assistant", "content": text["answer"]}],
        }
        if text["id"] in rows:
            raise UserError(f"measure_drift: two texts have the id '{text['id']}'; rename one")
        rows[text["id"]] = encode(tokenizer, row, "completion", UNLIMITED)
    return rows


@torch.inference_mode()
def divergences(
    model: Any, rows: dict[str, Encoded], size: int, name: str
) -> dict[str, list[float]]:
    """KL(base || adapter) in nats at each answer token, its stop token included, by row.

    Kullback and Leibler 1951; summed over the whole vocabulary in float32.
    """
    longest_first = sorted(rows, key=lambda key: (-len(rows[key].input_ids), key))
    found: dict[str, list[float]] = {}
    with tqdm(total=len(rows), desc=f"{name}: drift", unit="text") as bar:
        for start in range(0, len(longest_first), size):
            keys = longest_first[start : start + size]
            batch = [rows[key] for key in keys]
            adapted = log_probabilities(model, batch)
            with model.disable_adapter():
                plain = log_probabilities(model, batch)
            for key, old, new in zip(keys, plain, adapted, strict=True):
                nats = (old.exp() * (old - new)).sum(dim=-1).clamp(min=0)
                found[key] = [round(value, DIGITS) for value in nats.tolist()]
            bar.update(len(keys))
    return found


def log_probabilities(model: Any, batch: list[Encoded]) -> list[torch.Tensor]:
    """Per row the log-probabilities that predict its labelled tokens: (tokens, vocabulary)."""
    width = max(len(row.input_ids) for row in batch)
    # Padded on the right: causal attention keeps what comes behind a row away from it.
    ids = torch.tensor([row.input_ids + [0] * (width - len(row.input_ids)) for row in batch])
    mask = torch.tensor([[1] * len(r.labels) + [0] * (width - len(r.labels)) for r in batch])
    logits = model(input_ids=ids.to(model.device), attention_mask=mask.to(model.device)).logits
    chosen = []
    for row, found in zip(batch, logits, strict=True):
        places = [place - 1 for place, label in enumerate(row.labels) if label != IGNORED]
        chosen.append(found[places].float().log_softmax(dim=-1))
    return chosen


if __name__ == "__main__":
    run(main)
