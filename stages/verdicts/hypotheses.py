"""Judge a study's declared hypotheses: `confirmed`, `rejected` or `undecided`, with the numbers.

Each kind has a function that gathers evidence: numbers, the side that they favour and a p-value.
Holm's adjustment then covers all p-values of the study, and a hypothesis is confirmed or rejected
only below 0.05.
"""

from collections.abc import Mapping
from typing import Any

from stages.metrics.metric import SHARE
from stages.verdicts.comparison import Pairing, holds_zero, incomplete
from stages.verdicts.correlation import correlate
from stages.verdicts.figures import Figures
from stages.verdicts.significance import ALPHA, holm, interval, p_threshold

CONFIRMED, REJECTED, UNDECIDED = "confirmed", "rejected", "undecided"

Declared = Mapping[str, Any]
Compared = Mapping[Pairing, Mapping[str, Any]]


def weigh(
    declared: Mapping[str, Declared], figures: Figures, compared: Compared
) -> dict[str, dict[str, Any]]:
    """Verdicts by name, in the declared order; `compared` has what `pairings` names."""
    evidence = {
        name: _not_measured(hypothesis, figures)
        or GATHER[hypothesis["kind"]](hypothesis, figures, compared)
        for name, hypothesis in declared.items()
        if hypothesis["kind"] != "all_of"
    }
    adjusted = holm({n: e["p"] for n, e in evidence.items() if e.get("p") is not None})
    judged: dict[str, dict[str, Any]] = {}
    for name, hypothesis in declared.items():
        if hypothesis["kind"] == "all_of":
            found = {part: judged[part]["verdict"] for part in hypothesis["of"]}
            judged[name] = {"verdict": together(found.values()), "numbers": found, "reason": None}
        else:
            judged[name] = _settle(evidence[name], adjusted.get(name))
        judged[name] |= {"kind": hypothesis["kind"], "claim": hypothesis["claim"]}
    return judged


def pairings(declared: Mapping[str, Declared], arms: list[str]) -> list[Pairing]:
    """The comparisons that the hypotheses need."""
    wanted = []
    for hypothesis in declared.values():
        if hypothesis["kind"] == "difference":
            wanted.append(_pairing(hypothesis))
        if hypothesis["kind"] == "rank":
            others = [arm for arm in hypothesis["among"] or arms if arm != hypothesis["arm"]]
            wanted += [Pairing(hypothesis["arm"], o, hypothesis["metric"]) for o in others]
    return wanted


def _pairing(difference: Declared) -> Pairing:
    names = (difference[key] for key in ("arm", "against", "metric"))
    return Pairing(*names, slices=tuple(difference.get("slices") or ()))


def _not_measured(hypothesis: Declared, figures: Figures) -> dict[str, Any] | None:
    """Evidence of nothing, where a metric is scored apart and its stage is switched off."""
    named = [hypothesis[key] for key in ("metric", "figure", "x", "y") if key in hypothesis]
    held = {*figures.metrics, *(name for known in figures.recorded.values() for name in known)}
    absent = [name for name in named if "." not in name and name not in held]
    what = f"{' and '.join(absent)} {'was' if len(absent) == 1 else 'were'} not measured"
    return _unknown(what) if absent else None


def together(verdicts: Any) -> str:
    """A conjunction: confirmed if all are, rejected if any is, else undecided."""
    found = set(verdicts)
    if found == {CONFIRMED}:
        return CONFIRMED
    return REJECTED if REJECTED in found else UNDECIDED


def _settle(evidence: dict[str, Any], p_adjusted: float | None) -> dict[str, Any]:
    """`favours` is True, False or None; certain evidence has no p and needs none."""
    shown = evidence.get("certain") or (p_adjusted is not None and p_adjusted < ALPHA)
    verdict = UNDECIDED
    if shown and evidence["favours"] is not None:
        verdict = CONFIRMED if evidence["favours"] else REJECTED
    numbers = {**evidence["numbers"], "p": evidence.get("p"), "p_adjusted": p_adjusted}
    return {"verdict": verdict, "numbers": numbers, "reason": evidence.get("reason")}


def _unknown(reason: str, **numbers: Any) -> dict[str, Any]:
    return {"favours": None, "numbers": numbers, "reason": reason}


def _difference(hypothesis: Declared, figures: Figures, compared: Compared) -> dict[str, Any]:
    found = compared.get(_pairing(hypothesis))
    if found is None:
        return _unknown("no rows to compare")
    numbers = {key: found[key] for key in ("value", "against_value", "delta", "low", "high", "n")}
    if found["reason"] or found["p"] is None:
        return _unknown(found["reason"], **numbers)
    if hypothesis["expect"] in ("higher", "lower"):
        expected = (found["delta"] > 0) == (hypothesis["expect"] == "higher")
    else:
        better = _is_better(found["delta"], figures, hypothesis["metric"])
        expected = better == (hypothesis["expect"] == "better")
    # An interval that holds 0 shows neither side, whatever p says.
    favours = None if holds_zero(found) else expected
    return {"favours": favours, "p": found["p"], "numbers": numbers}


def _threshold(hypothesis: Declared, figures: Figures, _: Compared) -> dict[str, Any]:
    value = figures.value(hypothesis["arm"], hypothesis["figure"])
    least, most = hypothesis["at_least"], hypothesis["at_most"]
    threshold = most if least is None else least
    if value is None:
        return _unknown(f"no value of {hypothesis['figure']} for {hypothesis['arm']}")
    favours = value <= most if least is None else value >= least
    numbers = {"value": value, "threshold": threshold}
    if "." in hypothesis["figure"]:
        note = "a record of this run, taken as it stands: it has no rows to draw an interval from"
        return {"favours": favours, "certain": True, "numbers": numbers, "reason": note}
    found = figures.replicates(hypothesis["arm"], hypothesis["figure"])
    if found is None:
        return _unknown("no rows to draw an interval from", **numbers)
    drawn, rows, groups = found
    bounds = interval(drawn, groups)
    if bounds is None:
        return _unknown("too few rows to draw an interval from", **numbers, n=rows)
    # Rows that all score alike have no spread, and an interval of no width would claim too much.
    low, high = bounds if bounds[0] < bounds[1] else (None, None)
    share = figures.metrics[hypothesis["figure"]].unit == SHARE
    p = p_threshold(drawn, threshold, groups, share)
    return {"favours": favours, "p": p, "numbers": {**numbers, "low": low, "high": high, "n": rows}}


def _rank(hypothesis: Declared, figures: Figures, compared: Compared) -> dict[str, Any]:
    """Best if ahead of every other arm (the weakest p counts); not best if any is ahead of it."""
    arm, metric = hypothesis["arm"], hypothesis["metric"]
    others = [o for o in hypothesis["among"] or figures.rows if o != arm]
    found = {other: compared.get(Pairing(arm, other, metric)) for other in others}
    missing = [o for o, c in found.items() if c is None or incomplete(c) or c["p"] is None]
    if missing or not found:
        return _unknown(f"not comparable with {', '.join(missing) or 'any other arm'}")
    sign = 1 if hypothesis["place"] == "best" else -1
    lead = {
        other: sign * (1 if _is_better(c["delta"], figures, metric) else -1) if c["delta"] else 0
        for other, c in found.items()
    }
    ahead = [other for other in others if lead[other] < 0]
    corrected = holm({other: c["p"] for other, c in found.items()})
    shown = [other for other in others if corrected[other] < ALPHA]
    numbers = {
        "value": next(iter(found.values()))["value"],
        "place": 1 + len(ahead),
        "place_low": 1 + sum(lead[other] < 0 for other in shown),
        "place_high": len(others) + 1 - sum(lead[other] > 0 for other in shown),
        "of": len(others) + 1,
        "from": "the worst" if hypothesis["place"] == "worst" else "the best",
    }
    if clear := [found[other]["p"] for other in ahead if not holds_zero(found[other])]:
        p = min(1.0, len(others) * min(clear))
        return {"favours": False, "p": p, "numbers": numbers}
    favours = None if any(holds_zero(c) or c["delta"] == 0 for c in found.values()) else True
    return {"favours": favours, "p": max(c["p"] for c in found.values()), "numbers": numbers}


def _correlation(hypothesis: Declared, figures: Figures, _: Compared) -> dict[str, Any]:
    arms = hypothesis["among"] or list({**figures.rows, **figures.recorded})
    points = {
        arm: (figures.value(arm, hypothesis["x"]), figures.value(arm, hypothesis["y"]))
        for arm in arms
    }
    known = {arm: both for arm, both in points.items() if None not in both}
    numbers: dict[str, Any] = {"arms": len(known)}
    found = correlate(list(known.values()), hypothesis["method"])
    if found is None:
        return _unknown("a correlation takes four arms or more whose figures differ", **numbers)
    favours = (found["r"] > 0) == (hypothesis["expect"] == "positive")
    favours = None if holds_zero(found) else favours
    numbers |= {key: found[key] for key in ("r", "low", "high")}
    return {"favours": favours, "p": found["p"], "numbers": numbers}


def _control(hypothesis: Declared, figures: Figures, _: Compared) -> dict[str, Any]:
    value = figures.value(hypothesis["arm"], hypothesis["metric"])
    if value is None:
        return _unknown(f"no value of {hypothesis['metric']} for {hypothesis['arm']}")
    off = abs(value - hypothesis["expect"])
    numbers = {"value": value, "expected": hypothesis["expect"], "within": hypothesis["within"]}
    holds = off <= hypothesis["within"] + 1e-9
    reason = None if holds else f"compared with itself the arm is off by {off:.3g}"
    return {"favours": holds, "certain": True, "numbers": numbers, "reason": reason}


def _is_better(delta: float, figures: Figures, metric: str) -> bool:
    return (delta > 0) == (figures.metrics[metric].direction == "higher")


GATHER = {
    "difference": _difference,
    "threshold": _threshold,
    "rank": _rank,
    "correlation": _correlation,
    "control": _control,
}
