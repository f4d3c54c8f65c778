"""How many of the constraints that a row states its answer fulfils, and how many rows fulfil all.

A program checks each (see stages/constraints), some by running the answer's code. Source: Zhou et
al. 2023, IFEval, whose strict accuracy per instruction and per prompt these are, but for one thing:
what silence avoids is no achievement. A constraint that the empty answer fulfils (a word limit, a
phrase to leave out) counts only where the answer has all that the row asks it to contain; a row of
such constraints alone is not scored. Saying nothing gets 0, and a short wrong answer gains nothing
by being short.
"""

import json
import sys
from collections.abc import Mapping, Sequence
from functools import cache, partial
from typing import Any

from stages.constraints import KINDS, check, code
from stages.metrics.metric import Metric, Row, quotient, tally


def _per_constraint(rows: Sequence[Row]) -> list[list[float] | None]:
    """Per row [constraints fulfilled, constraints]; None without constraints."""
    return [[sum(found), len(found)] if (found := _found(row)) else None for row in rows]


def _by_kind(rows: Sequence[Row]) -> dict[str, list[int]]:
    """Per kind of constraint [constraints fulfilled, constraints]."""
    return tally(
        (constraint["kind"], holds)
        for row in rows
        for constraint, holds in zip(row.get("constraints") or [], _found(row), strict=False)
    )


def _per_prompt(rows: Sequence[Row]) -> list[list[float] | None]:
    """Per row [1 if all its constraints are fulfilled else 0, 1]; None without constraints."""
    return [[int(all(found)), 1] if (found := _found(row)) else None for row in rows]


def _found(row: Mapping[str, Any]) -> list[bool]:
    """Whether each constraint counts as fulfilled; empty where silence would fulfil them all.

    Studies without constraints need not have the field.
    """
    constraints = row.get("constraints") or []
    held = [fulfilled(row["text"], constraint) for constraint in constraints]
    asked = [not fulfilled("", constraint) for constraint in constraints]
    if not any(asked):
        return []
    complete = all(holds for holds, wanted in zip(held, asked, strict=True) if wanted)
    return [holds and (wanted or complete) for holds, wanted in zip(held, asked, strict=True)]


def fulfilled(answer: str, constraint: Mapping[str, Any]) -> bool:
    """Whether an answer fulfils one constraint, as stages/constraints checks it."""
    return _fulfilled(answer, json.dumps(constraint, sort_keys=True))


@cache  # several metrics ask, and code that an answer holds is not run twice
def _fulfilled(answer: str, constraint: str) -> bool:
    return check(answer, json.loads(constraint)) is None


def _signature(name: str) -> str:
    return f"{name}|{checked_by()}|silence:nothing|rule:2"


def checked_by() -> str:
    """What decides whether a constraint is fulfilled, as a part of a signature."""
    python = ".".join(map(str, sys.version_info[:2]))
    limits = f"{code.SECONDS}s+{code.MEMORY // 2**20}MiB"
    return f"kinds:{len(KINDS)}|python:{python}|limits:{limits}"


CONSTRAINT_PASS_RATE = Metric(
    label="constraints fulfilled",
    direction="higher",
    unit="share 0-1",
    statistics=_per_constraint,
    combine=quotient,
    signature=partial(_signature, "constraint_pass_rate"),
    best=1.0,
    parts=_by_kind,
)

PROMPT_PASS_RATE = Metric(
    label="prompts with all constraints fulfilled",
    direction="higher",
    unit="share 0-1",
    statistics=_per_prompt,
    combine=quotient,
    signature=partial(_signature, "prompt_pass_rate"),
    best=1.0,
)
