"""Structured, terse: the task as a compact JSON object, the answer without spare white space."""

import json
import re
from typing import Any

# A string of JSON, or white space between its tokens.
STRING_OR_SPACE = re.compile(r'("(?:\\.|[^"\\])*")|\s+')
# An answer that is one fenced block and nothing else.
FENCED = re.compile(r"```[^\n`]*\n((?:(?!```).)*?)\n?```", re.DOTALL)


def render(example: dict[str, Any], instruction: str | None) -> dict[str, Any]:
    """Return `prompt` (one user message of JSON) and `completion` (assistant message)."""
    if instruction is None:
        history = example["turns"][:-1]
        fields = {"history": history, "task": example["instruction"], "input": example["material"]}
    else:
        fields = {"task": instruction, "input": example["input"]}
    compact = json.dumps(
        {name: value for name, value in fields.items() if value},
        ensure_ascii=False,
        separators=(",", ":"),
    )
    return {
        "prompt": [{"role": "user", "content": compact}],
        "completion": [{"role": "assistant", "content": terse(example["target"])}],
    }


def terse(answer: str) -> str:
    """JSON without white space between tokens; code without its fence; no blank lines.

    Nothing but white space and fences is taken away.
    """
    if _is_json(answer):
        return STRING_OR_SPACE.sub(lambda found: found.group(1) or "", answer)
    whole = FENCED.fullmatch(answer.strip())
    bare = whole.group(1) if whole else answer
    kept = [line.rstrip() for line in bare.splitlines() if line.strip()]
    return "\n".join(kept)


def _is_json(text: str) -> bool:
    try:
        json.loads(text)
    except ValueError:
        return False
    return True
