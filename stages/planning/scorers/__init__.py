"""Scorers as study files switch them on: what they score, the plans of their stages, the checks.

A scorer is a file here with two functions and a line in SCORERS:
plan(studies, name, of_arm, hashes, pins): the plan of its stage for what it scores under `name`;
    `of_arm` has the arm's resolved knobs, nothing for STUDY-floors.
check(studies, study, place): UserError unless it is set up for a study that switches it on.
"""

from collections.abc import Callable, Mapping
from typing import Any

from stages import paths
from stages.metrics import METRICS
from stages.metrics import scorers as facts
from stages.planning.schema import StudyFile
from stages.planning.scorers import comet, drift, judge

SCORERS = {"comet": comet, "drift": drift, "judge": judge}


def metrics_of(studies: StudyFile, study: str) -> dict[str, dict[str, Any]]:
    """A study's metrics with their options: those it names, then those of scorers switched on."""
    on = [scorer for scorer in SCORERS if scored(studies, study, scorer)]
    apart = {name: {} for name, metric in METRICS.items() if metric.scorer in on}
    return {**studies.study[study].metrics, **apart}


def metrics_but(
    studies: StudyFile, study: str, lacking: Callable[[facts.Scorer], bool]
) -> dict[str, dict[str, Any]]:
    """The same, but for the metrics of scorers that are `lacking` in what is to be scored."""
    return {
        name: options
        for name, options in metrics_of(studies, study).items()
        if not METRICS[name].scorer or not lacking(facts.SCORERS[METRICS[name].scorer])
    }


def scored(studies: StudyFile, study: str, scorer: str) -> list[str]:
    """What of a study a scorer is switched on for."""
    entries = getattr(studies, facts.SCORERS[scorer].switch)
    return [name for name, entry in entries.items() if entry.study == study]


def to_score(studies: StudyFile, study: str, scorer: str) -> list[str]:
    """All that a scorer must be switched on for: what is compared is scored alike."""
    arms = [name for name, arm in studies.arms.items() if arm.study == study]
    return arms if facts.SCORERS[scorer].needs_model else [*arms, paths.floors(study)]


def build(
    studies: StudyFile,
    knobs: Mapping[str, Mapping[str, Any]],
    hashes: Mapping[str, str],
    pins: Mapping[str, str],
) -> dict[tuple[str, str], Any]:
    """The plans of all scorers' stages as {(stage, name): plan}; `knobs` by arm."""
    plans: dict[tuple[str, str], Any] = {}
    for scorer, module in SCORERS.items():
        stage = facts.SCORERS[scorer].switch
        for name, entry in getattr(studies, stage).items():
            plan = module.plan(studies, name, knobs.get(name, {}), hashes, pins)
            plans[stage, name] = {"arm": name, "study": entry.study, **plan}
    return plans
