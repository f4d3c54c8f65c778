"""Alpaca: instruction, input and response as headed sections of one flat text.

Source: the field names and headings of Stanford Alpaca (Taori et al., 2023), without its preamble.
"""

from typing import Any


def render(example: dict[str, Any], instruction: str) -> dict[str, Any]:
    """Return `prompt` and `completion` as plain text; the stop token is added when tokenized."""
    return {
        "prompt": (
            f"### Instruction:\n{instruction}\n\n### Input:\n{example['input']}\n\n### Response:\n"
        ),
        "completion": example["target"],
    }
