"""What answers and training cost, beside the untouched base of the same base model."""

from collections.abc import Mapping, Sequence
from typing import Any

from stages.recorded import COST
from stages.reporting.machines import named
from stages.reporting.tables import number, plain

FIGURES = {
    "training time, s": ("training_s", 0),
    "all dev rows in batches, s": ("answering_s", 1),
    **COST,
}
# What is divided by the base's; the slowest of a few rows is chance, and a base has no adapter.
RATIOS = ("answering_s", "latency_p50_s", "tokens_per_second", "peak_memory_mb")
# What must be the same for both, and what it is called where it is not
SETTINGS = {
    "computed_in": "precision",
    "batch_size": "batch size",
    "latency_rows": "number of rows one by one",
}
ABSENT = "not measured (answered elsewhere)"
CAPTION = (
    "Measured on the machine of this run; a figure from another machine is not comparable. Answers "
    "differ between processors as well, which round differently."
)
INDICATIVE = (
    " In brackets the ratio to the untouched base; an arm with shorter answers takes less time. "
    "Arms ran one after another, not interleaved: a ratio is indicative, not a claim of speed."
)
REMARK = "Without a ratio to the untouched base:"
Records = Mapping[str, Mapping[str, Any]]


def measured(
    cost: Mapping[str, Any], training: Mapping[str, Any], answers: Sequence[Mapping[str, Any]]
) -> dict[str, Any]:
    """An arm's cost, the seconds of its training, and those that answering all dev rows took.

    Of the latter a run records the tokens per second; the tokens are those of its `answers`.
    """
    speed = cost.get("tokens_per_second")
    tokens = sum(row["tokens_out"] for row in answers) if speed else 0
    answering = tokens / speed if tokens else None
    return {**cost, "training_s": training.get("seconds"), "answering_s": answering}


def cost(records: dict[str, dict[str, Any]], arms: Records, compared: Records) -> dict[str, Any]:
    """The table: ratios to the base where both were measured alike, else the reason below it.

    `records` has what `measured` gives, `compared` with whom each arm is compared.
    """
    reasons, beside = {}, {}
    for arm, own in records.items():
        if own.get("measured", True) and not arms[arm]["untouched"]:
            base = base_of(arm, arms, compared)
            reason = obstacle(own, records[base]) if base else "no base, or several, to divide by"
            if reason:
                reasons[arm] = reason
            else:
                beside[arm] = records[base]
    table = plain(CAPTION + (INDICATIVE if beside else ""), records, FIGURES)
    rows = [
        (label, [text + ratio(key, records[arm], beside.get(arm, {}))
                 for arm, text in zip(records, cells, strict=True)])
        for (label, cells), (key, _) in zip(table["rows"], FIGURES.values(), strict=True)
    ]  # fmt: skip
    every = list(records.values())
    precision = ("computed in", [own.get("computed_in") or "–" for own in every])
    where = ("on", [named(own) or "–" if own.get("measured", True) else ABSENT for own in every])
    return {**table, "rows": [*rows, precision, where], **without(reasons, arms)}


def base_of(arm: str, arms: Records, compared: Records) -> str | None:
    """The untouched base of an arm's base model; of several the one that it is compared with."""
    same = [
        name
        for name, other in arms.items()
        if other["untouched"] and other["base"] == arms[arm]["base"]
    ]
    against = compared.get(arm, {}).get("against")
    if against in same:
        return against
    return same[0] if len(same) == 1 else None


def obstacle(own: Mapping[str, Any], base: Mapping[str, Any]) -> str:
    """Why two costs cannot be divided; nothing where they can."""
    if not (named(own) and named(base)):
        return "nobody recorded on which machine"
    if named(own) != named(base):
        return "measured on another machine"
    others = [said for key, said in SETTINGS.items() if own.get(key) != base.get(key)]
    return f"measured with another {' and '.join(others)}" if others else ""


def ratio(key: str, own: Mapping[str, Any], base: Mapping[str, Any]) -> str:
    """` (0.38×)` behind a figure; nothing where either is not known or the base's is 0."""
    if key not in RATIOS or own.get(key) is None or not base.get(key):
        return ""
    return f" ({number(own[key] / base[key])}×)"


def without(reasons: Mapping[str, str], arms: Records) -> dict[str, Any]:
    """The arms that have no ratio, by reason, as the notes of a table."""
    titles: dict[str, list[str]] = {}
    for arm, reason in reasons.items():
        titles.setdefault(reason, []).append(f"“{arms[arm]['title']}”")
    notes = [f"{', '.join(who)}: {reason}" for reason, who in titles.items()]
    return {"remark": REMARK, "notes": notes} if notes else {}
