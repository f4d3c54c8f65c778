"""Evidence for a hypothesis: numbers, the side that they favour, and p; what several kinds share.

`favours` is True, False or None. Evidence without p is certain, or says nothing.
"""

from collections.abc import Mapping
from typing import Any

import numpy as np

from stages.verdicts.comparison import holds_zero
from stages.verdicts.significance import ALPHA, holm, interval, p_threshold

Evidence = dict[str, Any]
Found = Mapping[str, Any]
SHOWN = ("value", "against_value", "delta", "low", "high", "n")


def unknown(reason: str, **numbers: Any) -> Evidence:
    return {"favours": None, "numbers": numbers, "reason": reason}


def of_difference(found: Found, expect: str) -> Evidence:
    """Whether what was compared is `higher` or `lower` than what it was compared with."""
    numbers = {key: found[key] for key in SHOWN}
    if found["reason"] or found["p"] is None:
        return unknown(found["reason"], **numbers)
    expected = (found["delta"] > 0) == (expect == "higher")
    # An interval that holds 0 shows neither side, whatever p says.
    favours = None if holds_zero(found) else expected
    return {"favours": favours, "p": found["p"], "numbers": numbers}


def of_value(value: float, declared: Found) -> Evidence:
    """The side of `at_least` or `at_most` that a value lies on; nothing of how sure that is."""
    least, most = declared["at_least"], declared["at_most"]
    threshold = most if least is None else least
    favours = value <= most if least is None else value >= least
    return {"favours": favours, "numbers": {"value": value, "threshold": threshold}}


def of_threshold(found: Found, drawn: tuple[np.ndarray, int, int] | None, share: bool) -> Evidence:
    """What `of_value` found with its interval and p; `drawn` is Figures.replicates'."""
    numbers = found["numbers"]
    if drawn is None:
        return unknown("no rows to draw an interval from", **numbers)
    replicates, rows, groups = drawn
    bounds = interval(replicates, groups)
    if bounds is None:
        return unknown("too few rows to draw an interval from", **numbers, n=rows)
    # Rows that all score alike have no spread, and an interval of no width would claim too much.
    low, high = bounds if bounds[0] < bounds[1] else (None, None)
    p = p_threshold(replicates, numbers["threshold"], groups, share)
    return {**found, "p": p, "numbers": {**numbers, "low": low, "high": high, "n": rows}}


def of_rank(found: Mapping[str, Found], place: str, upwards: bool) -> Evidence:
    """Whether one is ahead of all that it was compared with, all of them comparable.

    `upwards`: it is ahead where it is higher. `place`, best or worst, says what is counted from.
    """
    sign = 1 if upwards else -1
    lead = {other: sign * float(np.sign(c["delta"])) for other, c in found.items()}
    ahead = [other for other in found if lead[other] < 0]
    corrected = holm({other: c["p"] for other, c in found.items()})
    shown = [other for other in found if corrected[other] < ALPHA]
    numbers = {
        "value": next(iter(found.values()))["value"],
        "place": 1 + len(ahead),
        "place_low": 1 + sum(lead[other] < 0 for other in shown),
        "place_high": len(found) + 1 - sum(lead[other] > 0 for other in shown),
        "of": len(found) + 1,
        "from": f"the {place}",
    }
    if clear := [found[other]["p"] for other in ahead if not holds_zero(found[other])]:
        p = min(1.0, len(found) * min(clear))
        return {"favours": False, "p": p, "numbers": numbers}
    favours = None if any(holds_zero(c) or c["delta"] == 0 for c in found.values()) else True
    return {"favours": favours, "p": max(c["p"] for c in found.values()), "numbers": numbers}
