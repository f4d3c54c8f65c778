"""The texts at which a base and its tuned model are put side by side, and how they are asked.

A study's listed prompts, and as many train rows (seen) as dev rows (unseen). Train rows are asked
as dev is: one form for all.
"""

from collections import Counter
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from stages import records
from stages.command import UserError
from stages.render import in_formats
from stages.splits.selection import shuffled, take

PROMPT = {"id": str, "instruction": str, "answer": str, "seen": bool}

Rows = list[dict[str, Any]]


def texts(plan: Mapping[str, Any], train: Rows, dev: Rows) -> Rows:
    """Listed prompts as examples, then train and dev rows; each says `seen` and `listed`."""
    settings = plan["next_tokens"]
    taught = take(train, plan["asked"].get("take"), f"renders.{plan['render']}")
    drawn = [
        {**row, "seen": seen, "listed": False}
        for rows, seen in ((taught, True), (dev, False))
        for row in shuffled(rows, settings["seed"])[: settings["rows"]]
    ]
    return listed(settings) + drawn


def listed(settings: Mapping[str, Any]) -> Rows:
    """The prompts of the study's file as examples; nobody's near-duplicates."""
    file = Path(settings["prompts"])
    records.check_unchanged(file, settings["sha256"])
    prompts = records.read(file, PROMPT)
    names = Counter(prompt["id"] for prompt in prompts)
    if twice := [name for name, count in names.items() if count > 1]:
        raise UserError(f"{file}: two prompts have the id '{twice[0]}'; rename one")
    return [
        {"id": one["id"], "input": one["instruction"], "target": one["answer"]}
        | {"origin": "listed", "group": f"listed {one['id']}", "seen": one["seen"], "listed": True}
        for one in prompts
    ]


def asked(plan: Mapping[str, Any], rows: Rows, train: Rows) -> Rows:
    """Prompt and completion of each, under its place: a prompt may be called as a row is.

    The render's examples are taken from `train`.
    """
    settings = plan["asked"]
    form = settings.get("asked_in") or settings["format"]
    rendered = in_formats(settings, rows, train, [form] * len(rows))
    return [{**row, "id": f"{place:05d}"} for place, row in enumerate(rendered)]
