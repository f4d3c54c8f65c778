"""The verdict in one sentence, and what stands behind a hypothesis, in words."""

from collections.abc import Mapping
from typing import Any

from stages.metrics import METRICS
from stages.reporting import endings, floors
from stages.reporting.tables import digits, number, signed
from stages.verdicts.comparison import NOT_SHOWN

# A hypothesis's numbers, in the order in which they are read. What is declared is shown as such.
SHOWN_AS = {
    "value": "value",
    "against_value": "against",
    "delta": "difference",
    "step": "at step",
    "against_step": "beside step",
    "place": "place",
    "r": "r",
    "arms": "arms",
    "threshold": "threshold",
    "expected": "expected",
    "within": "give or take",
    "n": "n",
}
DECLARED = ("threshold", "expected", "within")


def sentence(
    plan: Mapping[str, Any],
    compared: Mapping[str, Any],
    promotion: Mapping[str, Any],
    test: Mapping[str, Any],
    training: Mapping[str, Mapping[str, Any]],
) -> str:
    """What came out of a study, by the promoted arm, else by the best of those compared."""
    arms, metric = plan["arms"], plan["headline"]
    arm = spoken_of(plan, compared, promotion)
    if arm is None:
        return "Nothing could be compared with a base, so there is no verdict."
    reference = arms[compared["arms"][arm]["against"]]
    beside = f", beside “{reference['title']}”," if not reference["untouched"] else ""
    found = compared["arms"][arm]["metrics"][metric]
    standing = compared["floors"]["arms"].get(arm, {}).get(metric)
    waived = plan["floors"]["waived"]
    above = floors.sentence(standing, metric, found["verdict"], waived)
    run = training.get(arm, {})
    ended = f" ({endings.ending(run)})" if endings.diverged(run) else ""
    text = f"“{arms[arm]['title']}”{ended}{beside} {result(metric, found, 'dev')}"
    text += f", {above}" if above else ""
    if test["status"] == "closed":
        return f"{text}. Nothing was promoted, so the test split stays closed."
    found, standing = test["metrics"][metric], test["floors"]["standing"].get(metric)
    above = floors.sentence(standing, metric, found["verdict"], waived)
    text += f". On test it {result(metric, found, 'test')}"
    return f"{text}, {above}." if above else f"{text}."


def spoken_of(
    plan: Mapping[str, Any], compared: Mapping[str, Any], promotion: Mapping[str, Any]
) -> str | None:
    """The promoted arm, else the best of those compared by the headline metric; or None."""
    metric = plan["headline"]
    found = {a: c["metrics"][metric] for a, c in compared["arms"].items() if a in plan["arms"]}
    if not found:
        return None
    return promotion["arm"] or leader(found, METRICS[metric].direction)


def leader(found: Mapping[str, Mapping[str, Any]], direction: str) -> str:
    """The arm with the best score; where there is no better side, the first."""
    known = {arm: c["value"] for arm, c in found.items() if c["value"] is not None}
    if not known or direction == "none":
        return next(iter(found))
    return (max if direction == "higher" else min)(known, key=lambda arm: known[arm])


def result(metric: str, comparison: Mapping[str, Any], split: str) -> str:
    """`helped: chrF 2.58 → 12.80, +10.22 [+7.70, +13.00], n = 320 dev rows`."""
    shown = METRICS[metric]
    places = digits(shown.unit)
    if comparison["delta"] is None:
        return f"cannot be judged by {shown.label}: {comparison['reason']}"
    before, after = (number(comparison[key], places) for key in ("against_value", "value"))
    figures = (
        f"{before} → {after}, {signed(comparison['delta'], places)} "
        f"{bounds(comparison, places)}, n = {comparison['n']} {split} rows"
    )
    if comparison["verdict"] == NOT_SHOWN:
        return f"shows no difference in {shown.label}: {figures}{_blindness(comparison, places)}"
    return f"{comparison['verdict']}: {shown.label} {figures}"


def _blindness(comparison: Mapping[str, Any], places: int) -> str:
    """What a comparison that showed nothing could have shown, or why it could not."""
    effect, reason = comparison["detectable"], comparison["reason"]
    shown = f", which could have shown {number(effect, places)} or more" if effect else ""
    return f"{shown} ({reason})" if reason else shown


def bounds(comparison: Mapping[str, Any], places: int) -> str:
    """The 95 % interval in brackets; nothing where there is none."""
    if comparison["low"] is None:
        return "[no interval]"
    return f"[{signed(comparison['low'], places)}, {signed(comparison['high'], places)}]"


def evidence(hypothesis: Mapping[str, Any]) -> str:
    """The numbers that a hypothesis was judged by, on one line."""
    numbers = hypothesis["numbers"]
    if hypothesis["kind"] == "all_of":
        parts = [f"{name} is {verdict}" for name, verdict in numbers.items()]
    else:
        parts = _numbers({name: value for name, value in numbers.items() if value is not None})
    return "; ".join([*parts, *([hypothesis["reason"]] if hypothesis["reason"] else [])])


def _numbers(known: dict[str, Any]) -> list[str]:
    # As in the tables: two digits for points and losses, three for shares.
    measured = [v for name, v in known.items() if isinstance(v, float) and name not in DECLARED]
    places = 2 if any(abs(value) > 1 for value in measured) else 3
    parts = [f"{SHOWN_AS[n]}\u00a0{_shown(n, known, places)}" for n in SHOWN_AS if n in known]
    if "low" in known:
        parts.append(_interval(known, places))
    if "place" in known and known["place_low"] != known["place_high"]:
        parts.append(f"places {known['place_low']} to {known['place_high']} are possible")
    return parts


def _shown(name: str, known: Mapping[str, Any], places: int) -> str:
    value = known[name]
    if name == "place":
        end = ", counted from the worst" if known.get("from") == "the worst" else ""
        return f"{value} of {known['of']}{end}"
    if name == "delta":
        return signed(value, places)
    if name in DECLARED or 0 < abs(value) < 0.001:
        return f"{value:.6g}".replace("-", "−")
    return number(value, places if isinstance(value, float) else 0)


def _interval(known: Mapping[str, Any], places: int) -> str:
    """Of a difference with signs, of a score without; none where all rows gave the same."""
    if known["low"] == known["high"]:
        return "no interval: all rows give the same"
    low, high = (number(known[side], places) for side in ("low", "high"))
    shown = bounds(known, places) if "delta" in known else f"[{low}, {high}]"
    return f"95 % interval\u00a0{shown}"
