"""Multi-turn, verbose: the same turns as the concise one, the first answer with an explanation."""

from typing import Any

from stages.formats import multi_turn_concise


def render(example: dict[str, Any], instruction: str | None) -> dict[str, Any]:
    """Return the same prompt and turns; an example without an explanation stays concise."""
    row = multi_turn_concise.render(example, instruction)
    if not example.get("explanation"):
        return row
    first, *after = row["completion"]
    explained = {**first, "content": f"{first['content']}\n\n{example['explanation']}"}
    return {**row, "completion": [explained, *after]}
