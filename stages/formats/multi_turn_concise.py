"""Multi-turn, concise: the conversation so far, the short answer, and a short exchange after it."""

from typing import Any

from stages.formats import chat


def render(example: dict[str, Any], instruction: str | None) -> dict[str, Any]:
    """Return the chat's prompt, and a completion of two exchanges where there is a follow-up."""
    row = chat.render(example, instruction)
    follow_up = example.get("follow_up")
    if not follow_up:
        return row
    after = [{"role": role, "content": follow_up[role]} for role in ("user", "assistant")]
    return {**row, "completion": [*row["completion"], *after]}
