"""What a loss mask leaves to learn from: counted per arm, refused where it is not sound."""

from collections import Counter
from typing import Any

from stages.command import UserError
from stages.model.tokens import Encoded

LISTED = 10


def audit(rows: dict[str, Encoded], stop_id: int) -> dict[str, Any]:
    """Count what training would see. `rows` maps ids to encoded rows.

    `dropped` rows have no supervised token: a trainer would skip them silently.
    `teaches_stop` rows end in the stop token inside the loss.
    """
    supervised = sorted(row.supervised for row in rows.values())
    kept = [row for row in rows.values() if row.supervised]
    return {
        "rows": len(rows),
        "tokens": sum(len(row.input_ids) for row in rows.values()),
        "supervised_tokens": sum(supervised),
        "supervised_per_row": {
            "min": supervised[0],
            "median": supervised[len(supervised) // 2],
            "max": supervised[-1],
        },
        "truncated": sum(row.truncated for row in rows.values()),
        "dropped": len(rows) - len(kept),
        "teaches_stop": sum(row.stops(stop_id) for row in kept),
    }


def refuse(place: str, rows: dict[str, Encoded], stop_id: int, max_truncated_share: float) -> None:
    """Raise UserError with row ids where rows teach nothing, are cut, or never teach to stop."""
    dropped = [key for key, row in rows.items() if not row.supervised]
    if dropped:
        raise UserError(
            f"{place}: {len(dropped)} of {len(rows)} rows have no supervised token "
            f"({_listed(dropped)}): the prompt fills max_length, or the mask covers the answer. "
            "Raise max_length, shorten the rows or set loss_on"
        )
    truncated = [key for key, row in rows.items() if row.truncated]
    if len(truncated) > max_truncated_share * len(rows):
        raise UserError(
            f"{place}: {len(truncated)} of {len(rows)} rows are cut at max_length "
            f"({_listed(truncated)}); raise max_length, or allow it with max_truncated_share"
        )
    silent = [key for key, row in rows.items() if not row.truncated and not row.stops(stop_id)]
    if silent:
        raise UserError(
            f"{place}: {len(silent)} of {len(rows)} rows do not end in a supervised stop token "
            f"({_listed(silent)}), so the model would not learn to stop. "
            "Mend the chat template or the tokenizer's eos_token"
        )


def _listed(keys: list[str]) -> str:
    return ", ".join(keys[:LISTED]) + (", …" if len(keys) > LISTED else "")


def lengths(rows: dict[str, Encoded]) -> dict[str, int]:
    """How many rows have how many tokens, by upper bounds that double: 16, 32, 64 …"""
    counts = Counter(max(16, 1 << (len(row.input_ids) - 1).bit_length()) for row in rows.values())
    return {str(bound): counts[bound] for bound in sorted(counts)}
