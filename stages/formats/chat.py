"""Single-turn chat: the instruction as system message, one question, one answer."""

from typing import Any


def render(example: dict[str, Any], instruction: str) -> dict[str, Any]:
    """Return `prompt` (system and user message) and `completion` (assistant message)."""
    return {
        "prompt": [
            {"role": "system", "content": instruction},
            {"role": "user", "content": example["input"]},
        ],
        "completion": [{"role": "assistant", "content": example["target"]}],
    }
