"""The report's plain tables: a caption, one column per arm, rows of formatted cells, notes."""

from collections.abc import Sequence
from typing import Any

from stages.recorded import TRAINING
from stages.reporting.machines import named

AUDIT = {
    "rows": ("rows", 0),
    "tokens": ("tokens", 0),
    "supervised tokens": ("supervised_tokens", 0),
    "rows truncated": ("truncated", 0),
    "rows dropped": ("dropped", 0),
    "rows that teach to stop": ("teaches_stop", 0),
    "rows seen": ("rows_seen", 0),
    "epochs seen": ("epochs", 2),
    "share of steps below 1 % of the peak lr": ("steps_below_1_percent_of_peak_lr", 3),
}
# Of arms that are trained by rewards; see `forecast_rl`
BY_REWARDS = {
    "prompts per step": ("prompts_per_step", 0),
    "answers to each prompt": ("generations", 0),
    "prompts seen": ("prompts_seen", 0),
    "most tokens generated": ("most_tokens_generated", 0),
    "most tokens in one pass": ("most_tokens_in_a_pass", 0),
    "logits of one pass, MB": ("logits_mb", 0),
}
JUDGE = {
    "rows": ("rows", 0),
    "rows with all verdicts": ("covered", 3),
    "questions": ("questions", 0),
    "questions without a verdict": ("failed", 0),
    "calls in this run": ("calls", 0),
    "answers kept from before": ("cache_hits", 0),
    "retries": ("retries", 0),
    "tokens in": ("tokens_in", 0),
    "tokens out": ("tokens_out", 0),
    "cost of all answers, USD": ("usd", 4),
    "cost of this run, USD": ("usd_this_run", 4),
}
# Of all other units three: shares, ratios, nats per token.
DIGITS = {"points 0-100": 2, "score 1-5": 2, "tokens": 1, "words": 1}
RIVALS = (
    "The arms' training data also differ as follows. Each is a rival explanation of a difference "
    "between their scores:"
)


def training(records: dict[str, dict[str, Any]]) -> dict[str, Any]:
    table = plain(
        "A loss over the whole row and a loss over the answer alone are means over different "
        "tokens and cannot be compared with each other.",
        records,
        TRAINING,
    )
    every = list(records.values())
    table["rows"] = [row for row in table["rows"] if row[0] not in silent(every)]
    size = ("share of all parameters", [share(run) for run in every])
    counted = [label for label, _ in table["rows"]].index("trainable parameters") + 1
    rows = [*table["rows"][:counted], size, *table["rows"][counted:]]
    where = ("trained on", [named(run) or "–" for run in every])
    came = ("status", [run.get("status") or "–" for run in every])
    return {**table, "rows": [came, *rows, where]}


def silent(runs: Sequence[dict[str, Any]]) -> set[str]:
    """Figures that say nothing: every run ended as planned, and was best where it ended."""
    found = set()
    if all(run.get("best_dev_loss") == run.get("last_dev_loss") for run in runs):
        found |= {"lowest loss on dev", "lowest loss on dev, at step"}
    if all(run.get("kept_step") == run.get("steps") for run in runs):
        found |= {"scored at step"}
    return found


def share(run: dict[str, Any]) -> str:
    """Trainable parameters of all, in percent; older runs did not count all."""
    trained, every = run.get("trainable_parameters"), run.get("total_parameters")
    return f"{100 * trained / every:.2g} %" if trained is not None and every else "–"


def audit(records: dict[str, dict[str, Any]], differences: list[str]) -> dict[str, Any]:
    """Mask audit and preflight of the arms that train, and how their data differ."""
    flat = {
        arm: {**record.get("audit", {}), **record["preflight"]} for arm, record in records.items()
    }
    own = {
        label: figure
        for label, figure in BY_REWARDS.items()
        if any(figure[0] in record for record in flat.values())
    }
    caption = "Counted before training, with the code that builds the batches."
    table = plain(caption, flat, AUDIT | own)
    where = ("loss on", [record.get("loss_on") or "–" for record in records.values()])
    rates = [by_tenths(record.get("lr_by_tenths")) for record in flat.values()]
    tenths = [("lr by tenths of the run, share of the peak", rates)] if own else []
    rivals = {"remark": RIVALS, "notes": differences} if differences else {}
    return {**table, "rows": [where, *table["rows"], *tenths], **rivals}


def by_tenths(shares: Sequence[float] | None) -> str:
    """`0, 1, 0.97, …`: the rate at the beginning of each tenth and at the last step."""
    return ", ".join(f"{share:.2g}" for share in shares) if shares else "–"


def judge(cards: dict[str, dict[str, Any]], figures: dict[str, dict[str, Any]]) -> dict[str, Any]:
    """What a judge was asked, what it failed to say, and what it cost, by arm that it judged."""
    shares = {arm: found["quality"].get("judge_coverage", {}) for arm, found in figures.items()}
    flat = {
        one: {**card, "covered": shares.get(one, {}).get("value")} for one, card in cards.items()
    }
    table = plain(
        "What the judge was asked, and what came of it; a dash is a figure that is not known. How "
        "far it agrees with itself stands among the verdicts on dev.",
        flat,
        JUDGE,
    )
    model = ("model", [card["model"] for card in cards.values()])
    return {**table, "rows": [model, *table["rows"]]}


def plain(
    caption: str, records: dict[str, dict[str, Any]], rows: dict[str, tuple[str, int]]
) -> dict[str, Any]:
    """`rows` maps a label to the key of its figure and the digits to show."""
    cells = [
        (label, [number(record.get(key), digits) for record in records.values()])
        for label, (key, digits) in rows.items()
    ]
    return {"caption": caption, "arms": list(records), "rows": cells, "remark": "", "notes": []}


def digits(unit: str) -> int:
    """Digits after the point that a figure of this unit is shown with."""
    return DIGITS.get(unit, 3)


def number(value: float | None, digits: int = 2) -> str:
    """A figure with thousands separators and typographic minus; a dash where there is none."""
    if value is None:
        return "–"
    shown = f"{value:,.{digits}f}".replace("-", "−")
    return shown.removeprefix("−") if not shown.strip("−0.") else shown


def signed(value: float | None, digits: int = 2) -> str:
    """A difference with its sign, in typographic minus; nothing where there is none."""
    return "" if value is None else f"{value:+,.{digits}f}".replace("-", "−")


def p_value(p: float | None) -> str:
    """A p-value to three digits; what lies below them as a bound."""
    if not isinstance(p, float):
        return "–"
    return "< 0.001" if p < 0.001 else f"{p:.3f}"
