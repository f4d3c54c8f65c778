"""Rules about a run's log, as a study declares them: what ends a run early, or is only pointed out.

`rules: {NAME: {figure, stalled | below | above, from_step, patience, action}}`. They look at the
log alone, which checkpoints keep, so that a resumed run stops where a whole one would.
"""

import difflib
import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, Field, model_validator

from stages.strict import Steps, Strict

# What the log has at each optimizer step, and where the evaluation set was answered. What a clock
# says is left out: an equal run would stop elsewhere.
FIGURES = (
    "loss",
    "lr",
    "grad_norm",
    "tokens",
    "reward",
    "completion_length",
    "at_limit_share",
    "zero_variance_share",
    "entropy",
    "seen_share",
    "dev_reward",
    "dev_kl",
)
# Of these there is one for each task as well: `dev_reward_extraction`
BY_TASK = ("reward", "dev_reward")
OF_TASK = re.compile(r"(?:dev_)?reward_([a-z][a-z0-9_]*)")


def figure(name: str) -> str:
    """The name as it is; ValueError with the nearest and all known for what no log has."""
    if name in FIGURES or task_of(name):
        return name
    choices = (*FIGURES, *(f"{one}_TASK" for one in BY_TASK))
    near = difflib.get_close_matches(name, choices, n=1)
    hint = f" Did you mean '{near[0]}'?" if near else ""
    raise ValueError(f"no log has this figure.{hint} Known: {', '.join(choices)}")


def task_of(name: str) -> str | None:
    """The task that a figure is about; None for one of all tasks, or of none."""
    found = OF_TASK.fullmatch(name)
    return found[1] if found else None


StepFigure = Annotated[str, AfterValidator(figure)]


class Stalled(Strict):
    """No better than the best so far, which as good as it is not."""

    better: Literal["higher", "lower"]


class Rule(Strict):
    """A condition that holds for `patience` values in a row, all of steps from `from_step` on."""

    figure: StepFigure
    stalled: Stalled | None = None
    below: float | None = None
    above: float | None = None
    from_step: Annotated[int, Field(ge=0, le=1_000_000)] = 0
    patience: Steps = 1
    action: Literal["stop", "warn"]

    @model_validator(mode="after")
    def one_condition(self) -> "Rule":
        given = [name for name in ("stalled", "below", "above") if getattr(self, name) is not None]
        if len(given) != 1:
            found = " and ".join(given) or "none"
            raise ValueError(f"give one of stalled, below, above; found {found}")
        return self


def tripped(
    rules: Mapping[str, Mapping[str, Any] | Rule], rows: Iterable[Mapping[str, Any]]
) -> list[dict[str, Any]]:
    """The first step at which each rule trips, in the order of the steps; rules that don't, not.

    {"rule", "figure", "step", "action", "value"} each. `rows` is the log in the order of its steps;
    rows without the figure, as most have none of dev, are passed over and break no row of values.

    A value counts from the step `from_step` itself on. It trips at the value that completes the
    patience, also where that is the log's last. A value that equals `below` or `above` is neither,
    and one that equals the best so far is no better. The best so far is that of the whole run,
    values before `from_step` included: these only don't count as values in a row.
    """
    log = list(rows)
    firsts = {name: _first(Rule.model_validate(rule), log) for name, rule in rules.items()}
    found = [{"rule": name, **first} for name, first in firsts.items() if first]
    return sorted(found, key=lambda one: one["step"])


def stops(found: Sequence[Mapping[str, Any]]) -> Mapping[str, Any] | None:
    """The first of the tripped rules that ends a run; None where none does."""
    return next((one for one in found if one["action"] == "stop"), None)


def unknown_task(rules: Mapping[str, Rule], tasks: Iterable[str]) -> str | None:
    """What is wrong with a rule about a task that the run does not have; None where all is well."""
    known = sorted(tasks)
    for name, rule in rules.items():
        task = task_of(rule.figure)
        if task is not None and task not in known:
            return f"rules.{name}.figure: no task '{task}'. Known: {', '.join(known)}"
    return None


def _first(rule: Rule, rows: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """Where a rule trips first; empty where it doesn't."""
    streak, best = 0, None
    for row in rows:
        value = row.get(rule.figure)
        if value is None:
            continue
        counts = row["step"] >= rule.from_step and _holds(rule, value, best)
        streak = streak + 1 if counts else 0
        best = value if _better(rule, value, best) else best
        if streak >= rule.patience:
            place = {"figure": rule.figure, "step": row["step"]}
            return {**place, "action": rule.action, "value": value}
    return {}


def _holds(rule: Rule, value: float, best: float | None) -> bool:
    if rule.below is not None:
        return value < rule.below
    if rule.above is not None:
        return value > rule.above
    return not _better(rule, value, best)


def _better(rule: Rule, value: float, best: float | None) -> bool:
    """Whether it is better than the best so far; the first value always is."""
    if best is None or rule.stalled is None:
        return True
    return value > best if rule.stalled.better == "higher" else value < best
