"""What the same weights' answers differ by when rows are answered again in other batches."""

from collections.abc import Mapping, Sequence
from typing import Any

from stages.reporting.tables import number, signed

Found = Mapping[str, Any]
MEANS = (
    "Some dev rows were answered again by the same weights in batches of another size, which round "
    "otherwise: the share of the rows whose answer differs, and by how much that moves each score "
    "over those rows. Where answers are sampled they were drawn anew, and it is sampling noise."
)
HEADS = ("rows", "in batches of", "rows that differ")


def noise(
    arms: Mapping[str, Found], rows: Sequence[Found], cost: Mapping[str, Found]
) -> dict[str, Any] | None:
    """{"means", "heads", "rows": [(title, cells)], "notes"}; None where no arm was asked twice.

    `rows` are those of the quality table, `cost` what each arm's answers recorded once.
    """
    twice = {arm: cost[arm] for arm in arms if cost[arm].get("again_rows")}
    if not twice:
        return None
    shown = [
        row for row in rows if any(row["name"] in own["again_shift"] for own in twice.values())
    ]
    return {
        "means": MEANS,
        "heads": [*HEADS, *(row["label"] for row in shown)],
        "rows": [
            (named(arms[arm]), cells(own, [(row["name"], row["digits"]) for row in shown]))
            for arm, own in twice.items()
        ],
        "notes": [note for row in shown if (note := drowned(row, arms, twice))],
    }


def named(arm: Found) -> str:
    """Answers that are sampled are drawn anew, which says more of the draw than of rounding."""
    return f"{arm['title']} (sampling noise)" if arm["sampled"] else arm["title"]


def cells(own: Found, metrics: Sequence[tuple[str, int]]) -> list[str]:
    sizes = [own.get(name) for name in ("batch_size", "batch_size_again")]
    batches = " and ".join(map(str, sizes)) if all(sizes) else "–"
    shift = own["again_shift"]
    moved = [signed(shift.get(name), digits) or "–" for name, digits in metrics]
    share = f"{number(100 * own['again_differ_share'], 1)} %"
    return [number(own["again_rows"], 0), batches, share, *moved]


def drowned(row: Found, arms: Mapping[str, Found], twice: Mapping[str, Found]) -> str:
    """Whose difference to the base is smaller than the largest shift; nothing where nobody's is."""
    shifts = [abs(own["again_shift"].get(row["name"], 0.0)) for own in twice.values()]
    largest = max(shifts)
    small = [
        f"“{arms[arm]['title']}” ({signed(found['delta'], row['digits'])})"
        for arm, entry in row["values"].items()
        if (found := entry["comparison"]) and found["delta"] is not None
        if abs(found["delta"]) < largest
    ]
    if not small:
        return ""
    return (
        f"{row['label']}: answering again moved a score by up to {number(largest, row['digits'])}, "
        f"more than the difference to the base of {', '.join(small)}"
    )
