"""Render a study's training and dev examples in one format.

Usage: python -m stages.render RENDER
"""

from typing import Any

from stages import paths, records
from stages.command import run
from stages.formats import FORMATS
from stages.plans import load_plan
from stages.sources.example import FIELDS
from stages.splits.selection import take


def main(key: str) -> None:
    plan = load_plan("render", key)
    formats = {"train": plan["format"], "dev": plan.get("asked_in", plan["format"])}
    # Test rows are rendered when the test set is opened, not before.
    for split, format_name in formats.items():
        examples = records.read(paths.split(plan["study"], split), FIELDS)
        if split == "train":
            examples = take(examples, plan.get("take"), f"renders.{key}")
        rows = [render(example, format_name, plan["instruction"]) for example in examples]
        records.write(paths.rendered(plan["study"], key, split), rows)


def render(example: dict[str, Any], format_name: str, instruction: str | None) -> dict[str, Any]:
    """One example's prompt and completion, under its id."""
    return {"id": example["id"], **FORMATS[format_name](example, instruction)}


if __name__ == "__main__":
    run(main)
