"""What judging costs: an estimate before the first call, and the bill out of counted tokens."""

from collections.abc import Iterable
from typing import Any

from stages.command import UserError
from stages.judging.client import Answer

BYTES_PER_TOKEN = 4  # of English in UTF-8; other scripts differ, so it is no more than a guess
PER = 1_000_000


def price(tokens_in: float, tokens_out: float, settings: dict[str, Any]) -> float | None:
    """USD for that many tokens; None where a price is not known."""
    if settings["price_in"] is None or settings["price_out"] is None:
        return None
    return (tokens_in * settings["price_in"] + tokens_out * settings["price_out"]) / PER


def bill(answers: Iterable[Answer], settings: dict[str, Any]) -> dict[str, Any]:
    """Tokens and USD of answers; None for all if the server did not count those of every one."""
    answers = list(answers)
    if any(answer.tokens_in is None or answer.tokens_out is None for answer in answers):
        return {"tokens_in": None, "tokens_out": None, "usd": None}
    tokens_in = sum(answer.tokens_in for answer in answers)
    tokens_out = sum(answer.tokens_out for answer in answers)
    usd = price(tokens_in, tokens_out, settings)
    return {
        "tokens_in": tokens_in,
        "tokens_out": tokens_out,
        "usd": None if usd is None else round(usd, 6),
    }


def of(answer: Answer | None, settings: dict[str, Any]) -> float:
    """USD for one answer as far as it is known, otherwise 0."""
    return (answer and bill([answer], settings)["usd"]) or 0.0


def estimate(requests: list[dict[str, Any]], settings: dict[str, Any]) -> dict[str, Any]:
    """About how many tokens go in, at most how many come out, and USD for both (or None)."""
    texts = [message["content"] for request in requests for message in request["messages"]]
    tokens_in = sum(len(text.encode()) for text in texts) // BYTES_PER_TOKEN
    tokens_out = len(requests) * settings["max_tokens"]
    usd = price(tokens_in, tokens_out, settings)
    return {"tokens_in": tokens_in, "tokens_out": tokens_out, "usd": usd}


def in_words(expected: dict[str, Any]) -> str:
    """An estimate for the log."""
    usd = "cost unknown" if expected["usd"] is None else f"at most about {expected['usd']:.4f} USD"
    return (
        f"about {expected['tokens_in']} tokens in (bytes / {BYTES_PER_TOKEN}), "
        f"at most {expected['tokens_out']} out, {usd}"
    )


def check(expected: dict[str, Any], settings: dict[str, Any]) -> None:
    """Raise UserError when the estimate is above `max_cost`, or cannot be made."""
    limit = settings["max_cost"]
    if limit is None or not expected["tokens_out"]:
        return
    if expected["usd"] is None:
        raise UserError("judge: max_cost needs price_in and price_out, in USD per million tokens")
    if expected["usd"] > limit:
        raise UserError(
            f"judge: {in_words(expected)}: above `max_cost: {limit:g}`; nothing was asked. Raise "
            "it, lower max_tokens, or judge fewer arms"
        )


def check_spent(spent: float, settings: dict[str, Any]) -> None:
    """Raise UserError when calls have cost more than `max_cost`: an estimate is only that."""
    limit = settings["max_cost"]
    if limit is not None and spent > limit:
        raise UserError(
            f"judge: {spent:.4f} USD are spent, above `max_cost: {limit:g}`; what was answered is "
            "kept. Raise it to go on"
        )
