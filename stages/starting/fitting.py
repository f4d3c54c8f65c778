"""The metrics of a new study: those that were asked for, or those of the usual ones that fit."""

from collections.abc import Sequence
from typing import Any

from stages.command import UserError
from stages.metrics import METRICS
from stages.metrics.metric import Metric, options_of, summarize
from stages.planning.yaml_files import known

# For pairs of texts; the first is the headline.
USUAL = ("chrf", "exact_match", "length_ratio", "repetition_rate", "hit_limit_rate")
# Decides where rows bring tests: what they are there for
TESTED = "passes_tests"
# Of the usual ones the only guard that is defined whatever an arm answers.
GUARDS = ("hit_limit_rate",)
# Examples by which it is seen whether a metric fits: nobody waits for all of a large file.
TRIED = 320


def asked(names: str) -> list[str]:
    """The metrics of a list with commas, each once; of an empty one none.

    Raises UserError for a name that is unknown, cannot be set up by its name alone, or stands
    first and has no better side.
    """
    chosen = list(dict.fromkeys(name.strip() for name in names.split(",") if name.strip()))
    plain = [name for name, metric in METRICS.items() if not metric.scorer]
    for name in chosen:
        known(name, plain, "--metric")
        if needed := [option for option, must in options_of(METRICS[name]).items() if must]:
            raise UserError(
                f"--metric: '{name}' needs {', '.join(needed)}; leave it out here, and write it "
                "with its options into the study's file"
            )
    if chosen and METRICS[chosen[0]].direction == "none":
        raise UserError(
            f"--metric: neither side of '{chosen[0]}' is the better one; put another first, "
            "which decides"
        )
    return chosen


def fitting(chosen: Sequence[str], examples: list[dict[str, Any]], place: str) -> list[str]:
    """The metrics of a study: `chosen`, else the usual ones that can score these references.

    Raises UserError for a chosen one that cannot, and where rows bring tests that can't be run.
    """
    tried = examples[:TRIED]
    wanted = list(chosen) or [TESTED] * any("tests" in example for example in tried)
    for name in wanted:
        if not _fits(METRICS[name], tried):
            raise UserError(
                f"{'--metric' if chosen else '--tests'}: '{name}' can score none of the first "
                f"{len(tried)} rows of {place}, not even their targets as answers"
                + (f": {lacking}" if (lacking := METRICS[name].lacking()) else "")
            )
    return list(chosen) or [*wanted, *(name for name in USUAL if _fits(METRICS[name], tried))]


def guards(metrics: Sequence[str]) -> list[str]:
    """Those that must not be hurt where the first one helps."""
    return [name for name in GUARDS if name in metrics[1:]]


def _fits(metric: Metric, examples: list[dict[str, Any]]) -> bool:
    """Whether there is a score where the targets themselves are the answers."""
    made = {"tokens_in": 1, "tokens_out": 1, "hit_limit": False}
    rows = [{**example, "text": example["target"], **made} for example in examples]
    return summarize(metric, metric.statistics(rows), {})["value"] is not None
