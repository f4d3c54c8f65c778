"""The rows that are rewarded, and their rewards by task."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from stages import paths, records
from stages.command import UserError
from stages.model.tokens import encode_prompt
from stages.rewards import REWARDS

Tasks = Mapping[str, Mapping[str, Any]]  # by task its reward's options
FIELDS = {"id": str, "category": str, "facts": dict}
# What a reward is given of each example
COLUMNS = ("category", "facts", "input", "turns")


@dataclass(frozen=True)
class Row:
    """A prompt, as token ids, and the example that it was made from."""

    id: str
    prompt: list[dict[str, str]] | str
    prompt_ids: list[int]
    example: Mapping[str, Any]

    @property
    def task(self) -> str:
        return self.example["category"]


def read(tokenizer: Any, plan: Mapping[str, Any], split: str, tasks: Tasks) -> list[Row]:
    """A split's prompts as the plan's render has them, of the tasks that are rewarded.

    Raises UserError for rows that no reward can judge.
    """
    file = paths.split(plan["study"], split)
    examples = {example["id"]: example for example in records.read(file, FIELDS)}
    rows = []
    for row in records.read(paths.rendered(plan["study"], plan["render"], split), {"id": str}):
        example = examples[row["id"]]
        if example["category"] in tasks:
            ids = encode_prompt(tokenizer, row["prompt"])
            rows.append(Row(row["id"], row["prompt"], ids, example))
    if absent := sorted(set(tasks) - {row.task for row in rows}):
        held = ", ".join(sorted({example["category"] for example in examples.values()}))
        raise UserError(
            f"{file}: no row of {', '.join(absent)}, which `rewards` names; it has {held}"
        )
    return rows


def score(rows: Sequence[Row], answers: Sequence[str], tasks: Tasks) -> list[float]:
    """Each answer's reward by its row's task, 0 to 1."""
    columns = {name: [row.example[name] for row in rows] for name in COLUMNS}
    found: list[float | None] = [None] * len(rows)
    for task, options in tasks.items():
        given = REWARDS[task](answers, **columns, **options)
        found = [old if new is None else new for old, new in zip(found, given, strict=True)]
    if None in found:
        row = rows[found.index(None)]
        raise UserError(f"row {row.id}: the reward of {row.task} gave none; it must judge its rows")
    return found


def trl_rewards(rows: Mapping[str, Row], tasks: Tasks) -> list[Callable[..., list[float | None]]]:
    """One function per task as TRL calls it: None for the rows of other tasks."""
    return [_of_task(task, rows, {task: options}) for task, options in tasks.items()]


def _of_task(task: str, rows: Mapping[str, Row], only: Tasks) -> Callable[..., list[float | None]]:
    def reward(completions: Sequence[Any], id: Sequence[str], **_: Any) -> list[float | None]:
        places = [place for place, one in enumerate(id) if rows[one].task == task]
        texts = [_text(completions[place]) for place in places]
        own = score([rows[id[place]] for place in places], texts, only)
        found: list[float | None] = [None] * len(id)
        for place, value in zip(places, own, strict=True):
            found[place] = value
        return found

    reward.__name__ = task
    return reward


def _text(completion: Any) -> str:
    """TRL gives a conversation's completion as messages."""
    text = completion if isinstance(completion, str) else completion[0]["content"]
    return text.strip()
