"""Plans of the stages that score answers apart: COMET, the drift from the base, a judge."""

from collections.abc import Mapping
from typing import Any

from stages import paths
from stages.metrics import METRICS
from stages.planning.schema import StudyFile
from stages.planning.schema.scorers import COMET_MODEL, COMET_REVISION, Comet

DRIFT_LIBRARIES = ("torch", "transformers", "peft", "bitsandbytes")
JUDGE_LIBRARIES = ("openai",)
# The map in the study files that switches a scorer on, by scorer.
SWITCHES = {"comet": "score_comet", "drift": "measure_drift", "judge": "judge"}


def metrics_of(studies: StudyFile, study: str) -> dict[str, dict[str, Any]]:
    """A study's metrics with their options: those it names, then those of scorers switched on."""
    on = [scorer for scorer in SWITCHES if scored_arms(studies, study, scorer)]
    apart = {name: {} for name, metric in METRICS.items() if metric.scorer in on}
    return {**studies.study[study].metrics, **apart}


def scored_arms(studies: StudyFile, study: str, scorer: str) -> list[str]:
    """What of a study a scorer is switched on for."""
    entries = getattr(studies, SWITCHES[scorer])
    return [name for name, entry in entries.items() if entry.study == study]


def to_score(studies: StudyFile, study: str, scorer: str) -> list[str]:
    """All that a scorer must be switched on for: what is compared is scored alike.

    Without a model nothing can drift.
    """
    arms = [name for name, arm in studies.arms.items() if arm.study == study]
    return arms if scorer == "drift" else [*arms, paths.floors(study)]


def build(
    studies: StudyFile,
    knobs: Mapping[str, Mapping[str, Any]],
    hashes: Mapping[str, str],
    pins: Mapping[str, str],
) -> dict[tuple[str, str], Any]:
    """The scorers' plans as {(stage, arm): plan}; `knobs` has each arm's resolved knobs."""
    plans: dict[tuple[str, str], Any] = {}
    for name, arm in studies.score_comet.items():
        settings = comet(studies.study[arm.study].comet)
        plans["score_comet", name] = {"arm": name, "study": arm.study, **settings}
    for name, arm in studies.measure_drift.items():
        drift = studies.study[arm.study].drift.model_dump()
        plans["measure_drift", name] = {
            "arm": name,
            "study": arm.study,
            "base": arm.base,
            "method": arm.method,
            "drift": {**drift, "sha256": hashes[drift["prompts"]]},
            **{knob: knobs[name][knob] for knob in ("quantize", "precision")},
            "pins": {library: pins[library] for library in DRIFT_LIBRARIES},
        }
    for name, entry in studies.judge.items():
        plans["judge", name] = {
            "arm": name,
            "study": entry.study,
            "against": entry.against,
            "instruction": studies.study[entry.study].instruction,
            "judge": studies.study[entry.study].judge.model_dump(),
            "pins": {library: pins[library] for library in JUDGE_LIBRARIES},
        }
    return plans


def comet(settings: Comet) -> dict[str, Any]:
    """What COMET scores with; its own model is pinned here where the study pins none."""
    resolved = settings.model_dump()
    if settings.model == COMET_MODEL and settings.revision is None:
        resolved["revision"] = COMET_REVISION
    return {"comet": resolved}
