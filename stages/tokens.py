"""Token ids and loss mask of a rendered row: the one place that decides what is trained on.

`validate` audits with this code, `train` trains on its output, `predict` prompts with it, so
what is audited is what is used. It needs a tokenizer but neither torch nor a model.
"""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from stages.command import UserError

IGNORED = -100  # torch's and transformers' label for "no loss here"


@dataclass(frozen=True)
class Encoded:
    """One row as the model sees it; `labels` is `input_ids` with IGNORED where no loss falls."""

    input_ids: list[int]
    labels: list[int]
    truncated: bool

    @property
    def supervised(self) -> int:
        """Tokens that contribute to the loss."""
        return sum(label != IGNORED for label in self.labels)

    def stops(self, stop_id: int) -> bool:
        """Whether the row teaches to stop: it ends in a supervised stop token."""
        return bool(self.labels) and self.labels[-1] == stop_id


def load_tokenizer(base: Path) -> Any:
    """Load the tokenizer of a fetched base, without importing torch."""
    from transformers import PreTrainedTokenizerFast  # 0.6 s, and evaluate has no use for it

    tokenizer = PreTrainedTokenizerFast.from_pretrained(base, local_files_only=True)
    if tokenizer.eos_token_id is None:
        raise UserError(f"{base}: the tokenizer names no stop token (eos_token)")
    return tokenizer


def encode_prompt(tokenizer: Any, prompt: list[dict[str, str]] | str) -> list[int]:
    """Token ids of a prompt, ready for the model to continue."""
    if isinstance(prompt, str):
        return tokenizer(prompt)["input_ids"]
    if not tokenizer.chat_template:
        raise UserError(
            "the base's tokenizer has no chat template; render with a plain-text format"
        )
    return tokenizer.apply_chat_template(
        prompt, add_generation_prompt=True, tokenize=True, return_dict=False
    )


def encode(tokenizer: Any, row: dict[str, Any], loss_on: str, max_length: int) -> Encoded:
    """Token ids and labels of prompt and completion, cut to `max_length` tokens from the start.

    `loss_on` is "all" (every token) or "completion" (the answer and its stop token).
    Raises UserError when the chat template renders the prompt differently with an answer behind
    it: then no mask would be right.
    """
    prompt = encode_prompt(tokenizer, row["prompt"])
    whole = _whole(tokenizer, row, prompt)
    # The first token is predicted from nothing, so it never bears a loss.
    unsupervised = 1 if loss_on == "all" else max(1, len(prompt))
    labels = [IGNORED] * unsupervised + whole[unsupervised:]
    return Encoded(whole[:max_length], labels[:max_length], len(whole) > max_length)


def _whole(tokenizer: Any, row: dict[str, Any], prompt: list[int]) -> list[int]:
    stop = tokenizer.eos_token_id
    if isinstance(row["prompt"], str):
        answer = tokenizer(row["completion"], add_special_tokens=False)["input_ids"]
        return [*prompt, *answer, stop]
    whole = tokenizer.apply_chat_template(
        row["prompt"] + row["completion"], tokenize=True, return_dict=False
    )
    if whole[: len(prompt)] != prompt:
        raise UserError(
            f"row {row['id']}: the chat template does not render the prompt the same with and "
            "without an answer, so the loss mask cannot be placed"
        )
    # Templates often end a turn with a line feed behind the stop token; generation ends before it.
    if stop in whole[len(prompt) :]:
        last = len(whole) - whole[::-1].index(stop)
        whole = whole[:last]
    return whole
