"""How many of the constraints that a row states its answer fulfils, and how many rows fulfil all.

A program checks each (see stages/constraints), some by running the answer's code. Source: Zhou et
al. 2023, IFEval, whose strict accuracy per instruction and per prompt these are.
"""

import json
import sys
from collections.abc import Mapping, Sequence
from functools import cache, partial
from typing import Any

from stages.constraints import KINDS, check, code
from stages.metrics.metric import Metric, Row, quotient


def _per_constraint(rows: Sequence[Row]) -> list[list[float] | None]:
    """Per row [constraints fulfilled, constraints]; None without constraints."""
    return [[sum(found), len(found)] if (found := _found(row)) else None for row in rows]


def _per_prompt(rows: Sequence[Row]) -> list[list[float] | None]:
    """Per row [1 if all its constraints are fulfilled else 0, 1]; None without constraints."""
    return [[int(all(found)), 1] if (found := _found(row)) else None for row in rows]


def _found(row: Mapping[str, Any]) -> list[bool]:
    """Whether each constraint is fulfilled. Studies without any need not have the field."""
    constraints = row.get("constraints") or []
    return [_fulfilled(row["text"], json.dumps(c, sort_keys=True)) for c in constraints]


@cache  # both metrics ask, and code that an answer holds is not run twice
def _fulfilled(answer: str, constraint: str) -> bool:
    return check(answer, json.loads(constraint)) is None


def _signature(name: str) -> str:
    python = ".".join(map(str, sys.version_info[:2]))
    limits = f"{code.SECONDS}s+{code.MEMORY // 2**20}MiB"
    return f"{name}|kinds:{len(KINDS)}|python:{python}|limits:{limits}|rule:1"


CONSTRAINT_PASS_RATE = Metric(
    label="constraints fulfilled",
    direction="higher",
    unit="share 0-1",
    statistics=_per_constraint,
    combine=quotient,
    signature=partial(_signature, "constraint_pass_rate"),
)

PROMPT_PASS_RATE = Metric(
    label="prompts with all constraints fulfilled",
    direction="higher",
    unit="share 0-1",
    statistics=_per_prompt,
    combine=quotient,
    signature=partial(_signature, "prompt_pass_rate"),
)
