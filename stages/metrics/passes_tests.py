"""The share of answers that pass their row's tests, when they are run: functional correctness.

It's pass@1 of one greedy answer (Chen et al. 2021, HumanEval). A row's `tests` are statements of
TypeScript that throw where the answer is wrong. They stand after the answer's code (its first
fenced block, or all of it) in one module, and all must be run to their end. What confines that, and
what not, is said in stages/typescript/running.py. Types are not asked about, `type_checks` does.

Answers are run only where the environment says ASSAY_RUN_ANSWERS=1. Where it doesn't, or where they
can't be confined, no row is scored and the score says why.

A row without tests is unscored, and so is one whose tests are broken: its own reference fails them,
or silence passes them.
"""

from collections.abc import Sequence

from stages.constraints.code import block
from stages.metrics.metric import Metric, Row, quotient
from stages.typescript import compiler, running
from stages.typescript.running import Program


def _statistics(
    rows: Sequence[Row], seconds: int = 5, megabytes: int = 512
) -> list[list[float] | None]:
    """Per row [1 if its answer passes its tests else 0, 1]; None where that can't be said.

    `seconds` of CPU time and `megabytes` (MiB) of memory are what each program may take.
    """
    within = running.limits(seconds, megabytes)
    if running.lacking():
        return [None] * len(rows)
    tested = [bool((row.get("tests") or "").strip()) for row in rows]
    programs = [_programs(row) for row, fair in zip(rows, tested, strict=True) if fair]
    found = iter(running.passed([program for three in programs for program in three], within))
    return [_score(next(found), next(found), next(found)) if fair else None for fair in tested]


def _programs(row: Row) -> list[Program]:
    """Silence, the reference and the answer, each before the row's tests."""
    return [Program(code, row["tests"]) for code in ("", block(row["target"]), block(row["text"]))]


def _score(silence: bool, reference: bool, answer: bool) -> list[float] | None:
    return [int(answer), 1] if reference and not silence else None


def _signature(seconds: int = 5, megabytes: int = 512) -> str:
    within = running.limits(seconds, megabytes)
    made = f"tsc:{compiler.VERSION}|node:{running.major()}"
    return f"passes_tests|{made}|limits:{within}|code:first fence or all|rule:1"


PASSES_TESTS = Metric(
    label="passes its tests",
    direction="higher",
    unit="share 0-1",
    statistics=_statistics,
    combine=quotient,
    signature=_signature,
    lacking=running.lacking,
    bounds=(0.0, 1.0),
    best=1.0,
)
