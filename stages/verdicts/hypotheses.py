"""Judge a study's declared hypotheses: `confirmed`, `rejected` or `undecided`, with the numbers.

Each kind has a function that gathers evidence: numbers, the side that they favour and a p-value.
Holm's adjustment then covers all p-values of the study, and a hypothesis is confirmed or rejected
only below 0.05.
"""

from collections.abc import Mapping
from typing import Any

from stages.metrics.metric import SHARE
from stages.verdicts import while_training
from stages.verdicts.comparison import Pairing, holds_zero, incomplete
from stages.verdicts.correlation import correlate
from stages.verdicts.evidence import of_difference, of_rank, of_threshold, of_value, unknown
from stages.verdicts.figures import Figures
from stages.verdicts.significance import ALPHA, holm

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
    if hypothesis["kind"] in while_training.GATHER:
        return None
    named = [hypothesis[key] for key in ("metric", "figure", "x", "y") if key in hypothesis]
    held = {*figures.metrics, *(name for known in figures.recorded.values() for name in known)}
    absent = [name for name in named if "." not in name and name not in held]
    what = f"{' and '.join(absent)} {'was' if len(absent) == 1 else 'were'} not measured"
    return unknown(what) if absent else None


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


def _difference(hypothesis: Declared, figures: Figures, compared: Compared) -> dict[str, Any]:
    found = compared.get(_pairing(hypothesis))
    if found is None:
        return unknown("no rows to compare")
    expect = hypothesis["expect"]
    if expect in ("better", "worse"):
        higher = figures.metrics[hypothesis["metric"]].direction == "higher"
        expect = "higher" if higher == (expect == "better") else "lower"
    return of_difference(found, expect)


def _threshold(hypothesis: Declared, figures: Figures, _: Compared) -> dict[str, Any]:
    value = figures.value(hypothesis["arm"], hypothesis["figure"])
    if value is None:
        return unknown(f"no value of {hypothesis['figure']} for {hypothesis['arm']}")
    found = of_value(value, hypothesis)
    if "." in hypothesis["figure"]:
        note = "a record of this run, taken as it stands: it has no rows to draw an interval from"
        return {**found, "certain": True, "reason": note}
    drawn = figures.replicates(hypothesis["arm"], hypothesis["figure"])
    metric = figures.metrics.get(hypothesis["figure"])
    return of_threshold(found, drawn, metric is not None and metric.unit == SHARE)


def _rank(hypothesis: Declared, figures: Figures, compared: Compared) -> dict[str, Any]:
    """Best if ahead of every other arm (the weakest p counts); not best if any is ahead of it."""
    arm, metric = hypothesis["arm"], hypothesis["metric"]
    others = [o for o in hypothesis["among"] or figures.rows if o != arm]
    found = {other: compared.get(Pairing(arm, other, metric)) for other in others}
    missing = [o for o, c in found.items() if c is None or incomplete(c) or c["p"] is None]
    if missing or not found:
        return unknown(f"not comparable with {', '.join(missing) or 'any other arm'}")
    higher = figures.metrics[metric].direction == "higher"
    return of_rank(found, hypothesis["place"], higher == (hypothesis["place"] == "best"))


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
        return unknown("a correlation takes four arms or more whose figures differ", **numbers)
    favours = (found["r"] > 0) == (hypothesis["expect"] == "positive")
    favours = None if holds_zero(found) else favours
    numbers |= {key: found[key] for key in ("r", "low", "high")}
    return {"favours": favours, "p": found["p"], "numbers": numbers}


def _control(hypothesis: Declared, figures: Figures, _: Compared) -> dict[str, Any]:
    value = figures.value(hypothesis["arm"], hypothesis["metric"])
    if value is None:
        return unknown(f"no value of {hypothesis['metric']} for {hypothesis['arm']}")
    off = abs(value - hypothesis["expect"])
    numbers = {"value": value, "expected": hypothesis["expect"], "within": hypothesis["within"]}
    holds = off <= hypothesis["within"] + 1e-9
    reason = None if holds else f"compared with itself the arm is off by {off:.3g}"
    return {"favours": holds, "certain": True, "numbers": numbers, "reason": reason}


GATHER = {
    "difference": _difference,
    "threshold": _threshold,
    "rank": _rank,
    "correlation": _correlation,
    "control": _control,
    **while_training.GATHER,
}
