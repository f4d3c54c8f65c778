"""The first line: what changed, in one sentence."""

from collections.abc import Sequence

from stages.diff.decided import plural
from stages.diff.pairing import APART
from stages.diff.scores import ADDED, COMPARED, GONE, Arm, Line
from stages.reporting.tables import digits, signed
from stages.reporting.verdict import bounds
from stages.verdicts.comparison import CHANGED, HELPED, HURT, NOT_SHOWN

SPELLED_OUT = 2  # of each verdict; the rest is counted


def sentence(arms: Sequence[Arm]) -> str:
    """How many arms changed, the first verdicts in words, the others as counts."""
    compared = [arm for arm in arms if arm.state == COMPARED]
    changed = [arm for arm in compared if arm.lines]
    apart = sum(bool(arm.apart) for arm in compared)
    first = f"{len(changed)} of {plural(len(compared), 'arm')} changed"
    if not arms:
        first = "There are no scores on either side"
    elif not compared:
        first = "No arm has scores on both sides"
    elif not changed:
        first = "No comparable score changed" if apart else "No score changed"
    found = [part for verdict in (HURT, HELPED, CHANGED) for part in shown(changed, verdict)]
    found += counted(changed)
    found += [f"{plural(apart, 'arm')} can't be compared"] if apart else []
    said = f"{first}: {'; '.join(found)}" if found else first
    rest = [
        f"{plural(sum(arm.state == state for arm in arms), 'arm')} {state}"
        for state in (ADDED, GONE)
        if any(arm.state == state for arm in arms)
    ]
    return f"{'; '.join([said, *rest])}."


def shown(arms: Sequence[Arm], verdict: str) -> list[str]:
    """The first arms and metrics with a verdict, and how many more have it."""
    studies = {arm.study for arm in arms}
    found = [(arm, line) for arm in arms for line in arm.lines if line.verdict == verdict]
    parts = [
        f"{f'{arm.study}: ' if len(studies) > 1 else ''}{arm.title} {difference(line)}"
        for arm, line in found[:SPELLED_OUT]
    ]
    more = len(found) - SPELLED_OUT
    return [*parts, f"{more} more {verdict}"] if more > 0 else parts


def difference(line: Line) -> str:
    """`helped on chrF (+0.80 [+0.20, +1.40]), worse than nearest (39.30)`."""
    places = digits(line.entry["unit"])
    numbers = f"{signed(line.found['delta'], places)} {bounds(line.found, places)}"
    said = f"{line.verdict} on {line.entry['label']} ({numbers})"
    return f"{said}, {line.beside}" if line.beside else said


def counted(arms: Sequence[Arm]) -> list[str]:
    """How many comparisons show nothing, how many can't be made, which metrics come and go."""
    verdicts = [line.verdict for arm in arms for line in arm.lines]
    same = verdicts.count(NOT_SHOWN)
    apart = sum(verdict.startswith(APART) for verdict in verdicts)
    moved = len(verdicts) - same - apart
    moved -= sum(verdict in (HELPED, HURT, CHANGED) for verdict in verdicts)
    parts = [
        (same, f"{plural(same, 'comparison')} {'shows' if same == 1 else 'show'} no difference"),
        (apart, f"{plural(apart, 'comparison')} can't be made"),
        (moved, f"{plural(moved, 'score')} of new or removed metrics"),
    ]
    return [text for count, text in parts if count]
