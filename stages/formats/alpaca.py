"""Alpaca: instruction, input and response as headed sections of one flat text.

Source: the field names and headings of Stanford Alpaca (Taori et al., 2023), without its preamble.
"""

from typing import Any


def render(example: dict[str, Any], instruction: str | None) -> dict[str, Any]:
    """Return `prompt` and `completion` as plain text; the stop token is added when tokenized.

    An earlier conversation goes into the input, which is left out where there is none.
    """
    given = example["input"]
    if instruction is None:
        instruction = example["instruction"]
        given = "\n\n".join(filter(None, [example["conversation"], example["material"]]))
    section = f"### Input:\n{given}\n\n" if given else ""
    return {
        "prompt": f"### Instruction:\n{instruction}\n\n{section}### Response:\n",
        "completion": example["target"],
    }
