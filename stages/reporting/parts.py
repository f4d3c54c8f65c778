"""What scores are made of, as tables: the terms of a glossary, the kinds of constraints."""

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from stages import paths, records
from stages.metrics import METRICS
from stages.reporting.tables import number

SHOWN = 30  # parts of a metric, the most frequent


def parts(study: str, metrics: Sequence[str], arms: Mapping[str, Any]) -> list[dict[str, Any]]:
    """A table per metric that has parts: a line per part with its n, and each arm's share of it."""
    found = {arm: records.read_json(paths.parts(study, arm)) for arm in arms}
    return [
        table(METRICS[metric].label, {arm: own[metric] for arm, own in found.items()})
        for metric in metrics
        if all(own.get(metric) for own in found.values())
    ]


def table(label: str, by_arm: Mapping[str, Mapping[str, Sequence[int]]]) -> dict[str, Any]:
    """`by_arm` has [achieved, possible] by part; possible is the same for all arms."""
    counted = {
        arm: pd.DataFrame.from_dict(own, orient="index", columns=["achieved", "possible"])
        for arm, own in by_arm.items()
    }
    n = next(iter(counted.values()))["possible"]
    shares = pd.DataFrame({arm: own["achieved"] / own["possible"] for arm, own in counted.items()})
    shares.insert(0, "n", n)
    ordered = (
        shares.rename_axis("part").reset_index().sort_values(["n", "part"], ascending=[False, True])
    )
    rows = [
        (row["part"], int(row["n"]), [number(row[arm], 2) for arm in by_arm])
        for row in ordered.head(SHOWN).to_dict("records")
    ]
    return {"label": label, "rows": rows, "shown": len(rows), "of": len(ordered)}
