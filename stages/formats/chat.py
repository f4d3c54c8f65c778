"""Chat: the instruction as system message, the conversation so far, one answer."""

from typing import Any


def render(example: dict[str, Any], instruction: str | None) -> dict[str, Any]:
    """Return `prompt` (system and user messages) and `completion` (assistant message).

    Without an instruction for the whole study there is no system message.
    """
    system = [] if instruction is None else [{"role": "system", "content": instruction}]
    turns = example.get("turns") or [{"role": "user", "content": example["input"]}]
    return {
        "prompt": [*system, *turns],
        "completion": [{"role": "assistant", "content": example["target"]}],
    }
