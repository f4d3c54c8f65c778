"""Plans of what a study goes through as a whole: its splits, renders, audit and report."""

from collections.abc import Mapping
from typing import Any

from stages.methods import METHODS
from stages.metrics import METRICS
from stages.metrics.metric import Metric
from stages.planning.resolve import floors, verdicts
from stages.planning.resolve.arms import audit, chosen, exploration
from stages.planning.resolve.asking import asking
from stages.planning.schema import Render, StudyFile
from stages.planning.scorers import metrics_of

# What decides speed or safety, not what is learnt, is in no report.
UNSEEN = ("save_steps", "gradient_checkpointing")


def freeze(studies: StudyFile, name: str) -> dict[str, Any]:
    """What is trained on decides what a near-duplicate is: a reference that nobody sees is none."""
    fields = {"source", "splits", "split_seed", "near_duplicate_jaccard"}
    plan = {"study": name, **studies.study[name].model_dump(include=fields)}
    own = [render for render in studies.renders.values() if render.study == name]
    if any(render.every_reference for render in own):
        plan["every_reference"] = True
    return plan


def render(studies: StudyFile, declared: Render, hashes: Mapping[str, str]) -> dict[str, Any]:
    """Left out of a plan is what a render does not use, so that a new setting re-runs nothing."""
    plan = declared.model_dump(exclude_defaults=True) | asking(studies, declared, hashes)
    if declared.formats:
        seed = studies.study[declared.study].split_seed
        plan["formats"] = {"shares": declared.formats, "seed": seed}
    return plan


def validate(
    studies: StudyFile,
    study: str,
    knobs: Mapping[str, Mapping[str, Any]],
    hashes: Mapping[str, str],
) -> dict[str, Any]:
    """`knobs` has each arm's resolved knobs: those that the audit needs, of arms that train."""
    training = {
        name: arm
        for name, arm in studies.arms.items()
        if arm.study == study and METHODS[arm.method].trains
    }
    arms = {
        name: {"render": arm.render, **audit(knobs[name])}
        for name, arm in training.items()
        if not METHODS[arm.method].explores
    }
    explorers = {
        name: {"render": arm.render, **exploration(knobs[name])}
        for name, arm in training.items()
        if METHODS[arm.method].explores
    }
    declared = {name: r for name, r in studies.renders.items() if r.study == study}
    renders = {name: render(studies, one, hashes) for name, one in declared.items()}
    base = studies.study[study].base
    forecast = {"explorers": explorers} if explorers else {}
    return {"study": study, "base": base, "renders": renders, "arms": arms, **forecast}


def report(
    studies: StudyFile,
    study: str,
    knobs: Mapping[str, Mapping[str, Any]],
    hashes: Mapping[str, str],
) -> dict[str, Any]:
    """`knobs` has each arm's resolved knobs: those of training are shown, of arms that train."""
    declared = studies.study[study]
    arms = {
        name: {
            "title": arm.title or name,
            "label": METHODS[arm.method].label,
            # Answering again then draws anew
            "sampled": METHODS[arm.method].generates and knobs[name]["decode"]["temperature"] > 0,
            "base": arm.base,
            "untouched": not METHODS[arm.method].contests,
        }
        for name, arm in studies.arms.items()
        if arm.study == study
    }
    settings = {
        name: {
            "render": studies.arms[name].render,
            **origin(studies, name),
            **shown(studies.arms[name].method, knobs[name]),
        }
        for name in arms
        if METHODS[studies.arms[name].method].trains
    }
    metrics = list(metrics_of(studies, study))
    correlations = {
        name: hypothesis.model_dump(include={"x", "y", "among"})
        for name, hypothesis in declared.hypotheses.items()
        if hypothesis.kind == "correlation"
    }
    return {
        "study": study,
        "title": declared.title,
        "question": declared.question,
        "arms": arms,
        "settings": settings,
        "metrics": metrics,
        "headline": verdicts.headline(declared, metrics),
        "floors": floors.report(declared),
        **declared.model_dump(include={"licence", "publish"}),
        "hypotheses": list(declared.hypotheses),
        "correlations": correlations,
        "slice_by": declared.slice_by,
        **side_by_side(studies, study, hashes),
        **({"expected": declared.expected} if declared.expected else {}),
        "splits": {k: split.model_dump() for k, split in vars(declared.splits).items()},
        "bases": {
            name: studies.bases[name].model_dump() for name in {a["base"] for a in arms.values()}
        },
    }


def side_by_side(
    studies: StudyFile, study: str, hashes: Mapping[str, str]
) -> dict[str, dict[str, Any]]:
    """The arms that stand beside their base, text by text, and what scores both there.

    Metrics that a report can have by itself: no file, no other program and no stage is needed.
    """
    arms = [name for name in studies.next_tokens if studies.arms[name].study == study]
    metrics = {
        name: options
        for name, options in metrics_of(studies, study).items()
        if not METRICS[name].scorer
        and METRICS[name].lacking is Metric.lacking
        and not set(hashes) & {value for value in options.values() if isinstance(value, str)}
    }
    return {"next_tokens": {"arms": sorted(arms), "metrics": metrics}} if arms else {}


def origin(studies: StudyFile, name: str) -> dict[str, str]:
    """The title of the arm that one goes on from, if it goes on from any."""
    start = studies.arms[name].start_from
    return {"start_from": studies.arms[start].title or start} if start else {}


def shown(method: str, knobs: Mapping[str, Any]) -> dict[str, Any]:
    """A method's knobs that a report shows."""
    own = METHODS[method].knobs.model_fields
    return chosen(knobs, [name for name in own if name not in UNSEEN])
