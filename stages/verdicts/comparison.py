"""Compare arms on their row statistics: difference, interval, p, detectable effect, verdict."""

from collections.abc import Mapping, Sequence
from typing import Any

from stages.metrics.metric import Metric
from stages.verdicts.difference import describe
from stages.verdicts.resampling import (
    RESAMPLES,
    SEED,
    group_numbers,
    make_pair,
    replicate,
)
from stages.verdicts.significance import (
    ALPHA,
    detectable,
    fewest_changed,
    holm,
)

HELPED, HURT, CHANGED, NOT_SHOWN = "helped", "hurt", "changed", "no difference shown"

SHARE = "share 0-1"

Rows = Sequence[Mapping[str, Any]]
Triple = tuple[str, str, str]  # arm, arm that it is compared with, metric


def compare(
    rows: Mapping[str, Rows],
    wanted: Sequence[Triple],
    metrics: Mapping[str, Metric],
    resamples: int = RESAMPLES,
    seed: int = SEED,
) -> dict[Triple, dict[str, Any]]:
    """Compare (arm, other arm, metric) triples; p and verdict still stand alone (see `settle`).

    `rows` has each arm's rows with id, group and a vector per metric, in the same order of ids.
    Rows that don't know a metric at all, as the drift's texts, are no part of its sample.
    """
    found: dict[Triple, dict[str, Any]] = {}
    for knows in dict.fromkeys(_knows(rows, name) for _, _, name in wanted):
        part = [triple for triple in wanted if _knows(rows, triple[2]) == knows]
        sample = {arm: of_metric(own, part[0][2]) for arm, own in rows.items()}
        found |= _compare(sample, part, metrics, resamples, seed)
    return {triple: found[triple] for triple in wanted}


def of_metric(rows: Rows, name: str) -> Rows:
    """The rows that know a metric, scored or not."""
    return [row for row in rows if name in row]


def _knows(rows: Mapping[str, Rows], name: str) -> tuple[bool, ...]:
    return tuple(name in row for row in next(iter(rows.values())))


def _compare(
    rows: Mapping[str, Rows],
    wanted: Sequence[Triple],
    metrics: Mapping[str, Metric],
    resamples: int,
    seed: int,
) -> dict[Triple, dict[str, Any]]:
    first = next(iter(rows.values()))
    groups = group_numbers([row["group"] for row in first])
    pairs = {
        (arm, other, name): make_pair(
            metrics[name],
            [row.get(name) for row in rows[arm]],
            [row.get(name) for row in rows[other]],
            groups,
        )
        for arm, other, name in wanted
    }
    # A metric that scored no row of both has no columns to resample.
    filled = {key: pair for key, pair in pairs.items() if pair.rows}
    drawn = replicate(filled, resamples, seed)
    return {key: describe(pair, *drawn.get(key, (None, None))) for key, pair in pairs.items()}


def settle(
    comparisons: Mapping[Triple, dict[str, Any]], metrics: Mapping[str, Metric]
) -> dict[Triple, dict[str, Any]]:
    """Give one family of comparisons its adjusted p-values, detectable effects and verdicts."""
    tested = {key: c["p"] for key, c in comparisons.items() if c["p"] is not None}
    adjusted = holm(tested)
    settled = {}
    for key, comparison in comparisons.items():
        metric = metrics[key[2]]
        effect, family = None, max(1, len(tested))
        if comparison["p"] is not None:
            rate = comparison["against_value"] if metric.unit == SHARE else None
            spread = (comparison[name] for name in ("deviation", "groups", "changed"))
            effect = detectable(*spread, family, rate)
        result = {k: v for k, v in comparison.items() if k not in ("deviation", "changed")}
        result |= {"p_adjusted": adjusted.get(key), "detectable": effect}
        result["verdict"] = verdict(result, metric.direction)
        result["reason"] = comparison["reason"] or _why_blind(comparison, effect, family)
        settled[key] = result
    return settled


def settle_by_metric(
    comparisons: Mapping[Triple, dict[str, Any]], metrics: Mapping[str, Metric]
) -> dict[Triple, dict[str, Any]]:
    """Settle comparisons with the arms of one metric as a family, metric by metric."""
    settled: dict[Triple, dict[str, Any]] = {}
    for name in dict.fromkeys(key[2] for key in comparisons):
        family = {key: found for key, found in comparisons.items() if key[2] == name}
        settled |= settle(family, metrics)
    return settled


def verdict(comparison: Mapping[str, Any], direction: str) -> str:
    """`helped`, `hurt` or `no difference shown`; `changed` where no direction is the better one.

    A difference is shown where the adjusted p is below 0.05 and the interval leaves out 0. There is
    no interval where all rows differ by the same; p is exact there.
    """
    p = comparison["p_adjusted"]
    if comparison["reason"] or p is None or p >= ALPHA or holds_zero(comparison):
        return NOT_SHOWN
    if direction == "none":
        return CHANGED
    return HELPED if (comparison["delta"] > 0) == (direction == "higher") else HURT


def incomplete(comparison: Mapping[str, Any]) -> bool:
    """Whether rows that one side alone has scored leave the difference open."""
    return bool(comparison["unpaired"]) and comparison["reason"] is not None


def holds_zero(comparison: Mapping[str, Any]) -> bool:
    """Whether the interval has 0 in it; False where there is none."""
    return comparison["low"] is not None and comparison["low"] <= 0 <= comparison["high"]


def _why_blind(comparison: Mapping[str, Any], effect: float | None, family: int) -> str | None:
    """Why an interval or a detectable effect is missing although the two could be compared."""
    if comparison["p"] is None:
        return None
    if effect is None and comparison["groups"] < fewest_changed(family):
        return (
            f"{comparison['groups']} independent rows can show no difference, however large: "
            f"it takes {fewest_changed(family)}"
        )
    if comparison["low"] is None:
        return "all rows differ by the same: no spread to draw an interval from"
    if effect is None:
        return f"{comparison['groups']} independent rows may miss even the largest change"
    return None
