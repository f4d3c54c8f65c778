"""Compare arms on their row statistics: difference, interval, p, detectable effect, verdict."""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple, TypedDict

from stages.metrics.metric import SHARE, Metric
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

Rows = Sequence[Mapping[str, Any]]


class Pairing(NamedTuple):
    """What is compared: an arm with another one by a metric, over all rows or those of slices."""

    arm: str
    against: str
    metric: str
    slices: tuple[str, ...] = ()


class Comparison(TypedDict):
    """What came of a pairing, None where it could not be had; `reason` says why.

    `compare` gives all but the last three fields, and two that `settle` alone reads: `deviation`,
    of the bootstrap's differences, and `changed`, the groups whose statistics differ.
    """

    value: float | None  # the arm's score
    against_value: float | None
    delta: float | None  # value - against_value
    low: float | None  # 95 % interval of delta
    high: float | None
    p: float | None  # two-sided, before any adjustment
    n: int  # rows scored for both
    groups: int  # of near-duplicates, among those rows: what is drawn
    unpaired: int  # rows scored for one of the two only
    reason: str | None
    p_adjusted: float | None  # by Holm, within the family
    detectable: float | None  # the smallest difference that could be shown, at 80 % power
    verdict: str


Compared = dict[Pairing, dict[str, Any]]


def compare(
    rows: Mapping[str, Rows],
    wanted: Sequence[Pairing],
    metrics: Mapping[str, Metric],
    resamples: int = RESAMPLES,
    seed: int = SEED,
) -> Compared:
    """Compare pairings; their p still stand alone, and a verdict comes with the family (`settle`).

    `rows` has each arm's rows with id, group and a vector per metric, in the same order of ids.
    Rows that don't know a metric at all, as the drift's texts, are no part of its sample.
    """
    found: Compared = {}
    for slices in dict.fromkeys(pairing.slices for pairing in wanted):
        chosen = {arm: in_slices(own, slices) for arm, own in rows.items()}
        asked = [pairing for pairing in wanted if pairing.slices == slices]
        for knows in dict.fromkeys(_knows(chosen, pairing.metric) for pairing in asked):
            part = [pairing for pairing in asked if _knows(chosen, pairing.metric) == knows]
            sample = {arm: of_metric(own, part[0].metric) for arm, own in chosen.items()}
            found |= _compare(sample, part, metrics, resamples, seed)
    return {pairing: found[pairing] for pairing in wanted}


def in_slices(rows: Rows, slices: tuple[str, ...]) -> Rows:
    """The rows of some slices; all where none is named."""
    return [row for row in rows if row.get("slice") in slices] if slices else rows


def of_metric(rows: Rows, name: str) -> Rows:
    """The rows that know a metric, scored or not."""
    return [row for row in rows if name in row]


def _knows(rows: Mapping[str, Rows], name: str) -> tuple[bool, ...]:
    return tuple(name in row for row in next(iter(rows.values())))


def _compare(
    rows: Mapping[str, Rows],
    wanted: Sequence[Pairing],
    metrics: Mapping[str, Metric],
    resamples: int,
    seed: int,
) -> Compared:
    first = next(iter(rows.values()))
    groups = group_numbers([row["group"] for row in first])
    pairs = {
        pairing: make_pair(
            metrics[pairing.metric],
            [row.get(pairing.metric) for row in rows[pairing.arm]],
            [row.get(pairing.metric) for row in rows[pairing.against]],
            groups,
        )
        for pairing in wanted
    }
    # A metric that scored no row of both has no columns to resample.
    filled = {key: pair for key, pair in pairs.items() if pair.rows}
    drawn = replicate(filled, resamples, seed)
    return {key: describe(pair, *drawn.get(key, (None, None))) for key, pair in pairs.items()}


def settle(
    comparisons: Mapping[Pairing, dict[str, Any]], metrics: Mapping[str, Metric]
) -> dict[Pairing, Comparison]:
    """Give one family of comparisons its adjusted p-values, detectable effects and verdicts."""
    tested = {key: c["p"] for key, c in comparisons.items() if c["p"] is not None}
    adjusted = holm(tested)
    settled = {}
    for key, comparison in comparisons.items():
        metric = metrics[key.metric]
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
    comparisons: Mapping[Pairing, dict[str, Any]], metrics: Mapping[str, Metric]
) -> dict[Pairing, Comparison]:
    """Settle comparisons with the arms of one metric as a family, metric by metric."""
    settled: dict[Pairing, Comparison] = {}
    for name in dict.fromkeys(key.metric for key in comparisons):
        family = {key: found for key, found in comparisons.items() if key.metric == name}
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
