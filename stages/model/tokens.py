"""Token ids and loss mask of a rendered row: the one place that decides what is trained on.

`validate` audits with this code, `train` trains on its output, `predict` prompts with it, so
what is audited is what is used. It needs a tokenizer but neither torch nor a model.
"""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from stages import lock
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

    lock.verify(base)
    tokenizer = PreTrainedTokenizerFast.from_pretrained(base, local_files_only=True)
    if tokenizer.eos_token_id is None:
        raise UserError(f"{base}: the tokenizer names no stop token (eos_token)")
    return tokenizer


def encode_prompt(tokenizer: Any, prompt: list[dict[str, str]] | str) -> list[int]:
    """Token ids of a prompt, ready for the model to continue."""
    if isinstance(prompt, str):
        return tokenizer(prompt)["input_ids"]
    return _templated(tokenizer, prompt, ask=True)


def _templated(tokenizer: Any, messages: list[dict[str, str]], ask: bool) -> list[int]:
    """Token ids of messages; with `ask`, up to where the assistant begins to answer."""
    if not tokenizer.chat_template:
        raise UserError(
            "the base's tokenizer has no chat template; render with a plain-text format"
        )
    return tokenizer.apply_chat_template(
        messages, add_generation_prompt=ask, tokenize=True, return_dict=False
    )


def encode(tokenizer: Any, row: dict[str, Any], loss_on: str, max_length: int) -> Encoded:
    """Token ids and labels of prompt and completion, cut to `max_length` tokens from the start.

    `loss_on` is "all" (every token) or "completion" (the assistant's answers in the completion,
    each with its stop token).
    Raises UserError when the chat template renders the prompt differently with an answer behind
    it: then no mask would be right.
    """
    text = isinstance(row["prompt"], str)
    whole, answers = _text(tokenizer, row) if text else _chat(tokenizer, row)
    labels = [IGNORED] * len(whole)
    for start, end in [(0, len(whole))] if loss_on == "all" else answers:
        start = max(1, start)  # the first token is predicted from nothing, so it bears no loss
        labels[start:end] = whole[start:end]
    return Encoded(whole[:max_length], labels[:max_length], len(whole) > max_length)


def _text(tokenizer: Any, row: dict[str, Any]) -> tuple[list[int], list[tuple[int, int]]]:
    prompt = encode_prompt(tokenizer, row["prompt"])
    answer = tokenizer(row["completion"], add_special_tokens=False)["input_ids"]
    whole = [*prompt, *answer, tokenizer.eos_token_id]
    return whole, [(len(prompt), len(whole))]


def _chat(tokenizer: Any, row: dict[str, Any]) -> tuple[list[int], list[tuple[int, int]]]:
    """Ids of the conversation, and from where to where the completion's answers lie in them."""
    messages = row["prompt"] + row["completion"]
    whole = _templated(tokenizer, messages, ask=False)
    answers = []
    for place in range(len(row["prompt"]), len(messages)):
        if messages[place]["role"] != "assistant":
            continue
        before = _templated(tokenizer, messages[:place], ask=True)
        upto = _templated(tokenizer, messages[: place + 1], ask=False)
        if before != whole[: len(before)] or upto != whole[: len(upto)]:
            raise UserError(
                f"row {row['id']}: the chat template does not render the prompt the same with and "
                "without an answer, so the loss mask cannot be placed"
            )
        start = len(before)
        answers.append((start, _behind_stop(upto, start, tokenizer.eos_token_id)))
    return whole[: answers[-1][1]], answers


def _behind_stop(ids: list[int], start: int, stop: int) -> int:
    """Where an answer that begins at `start` ends, its stop token included.

    Templates often end a turn with a line feed behind the stop token; generation ends before it.
    """
    if stop not in ids[start:]:
        return len(ids)
    return len(ids) - ids[::-1].index(stop)
