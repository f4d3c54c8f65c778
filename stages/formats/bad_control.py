"""Bad control: the good answer buried in filler and caveats that say nothing.

The negative control of a study of formats: if it does no worse than the others, the study could not
have told formats apart.
"""

import hashlib
from typing import Any

from stages.formats import chat

OPENINGS = (
    "Great question! I'd be happy to help you with that today.",
    "Certainly! As an AI language model, I will do my best to assist you with this request.",
    "Thank you for reaching out! This is a very interesting topic that many people ask about.",
    "Of course! Before we begin, it's important to note that there are many ways to look at this.",
)
CAVEATS = (
    "Please keep in mind that results may vary and that every situation is different.",
    "It's important to note that this may not apply in every case, so use your own judgement.",
    "That said, there are many factors to consider, and it always depends on the context.",
)
CLOSINGS = (
    "I hope this helps! Let me know if you have any other questions.",
    "In conclusion, this should give you a good starting point. Feel free to ask for more details!",
    "I apologize if this is not exactly what you were looking for, and I'm happy to clarify.",
)


def render(example: dict[str, Any], instruction: str | None) -> dict[str, Any]:
    """Return the chat's row with filler around the answer, chosen by the example's id."""
    row = chat.render(example, instruction)
    seed = int(hashlib.sha256(example["id"].encode()).hexdigest(), 16)
    opening, caveat, closing = (
        choices[seed // step % len(choices)]
        for choices, step in ((OPENINGS, 1), (CAVEATS, 97), (CLOSINGS, 389))
    )
    padded = "\n\n".join([opening, example["target"], f"{caveat} {closing}"])
    return {**row, "completion": [{"role": "assistant", "content": padded}]}
