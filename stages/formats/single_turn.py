"""Single turn: one question, one answer; an earlier conversation is part of the question's text."""

from typing import Any


def render(example: dict[str, Any], instruction: str | None) -> dict[str, Any]:
    """Return `prompt`, one user message behind a system message if any, and the answer."""
    system = [] if instruction is None else [{"role": "system", "content": instruction}]
    return {
        "prompt": [*system, {"role": "user", "content": example["input"]}],
        "completion": [{"role": "assistant", "content": example["target"]}],
    }
