"""Resolve YAML knobs into one small plan per stage and key.

A plan holds only what its stage uses. That is what keeps caches right: a new `lr` changes the
plans of the arms that inherit it and no other file.
"""

from typing import Any

from stages import floor_plans, paths, scorer_plans, verdict_plans
from stages.metrics import METRICS
from stages.params import Arm, Knobs, Override, Render, Study, StudyFile
from stages.plans import TRAIN_LIBRARIES
from stages.scorer_plans import metrics_of

AUDIT_KNOBS = (
    "loss_on",
    "max_length",
    "max_truncated_share",
    "max_steps",
    "batch_size",
    "gradient_accumulation",
    "schedule",
    "warmup_steps",
)
PREDICT_KNOBS = ("quantize", "precision", "decode")
PREDICT_LIBRARIES = ("torch", "transformers", "peft", "bitsandbytes")
EVALUATE_LIBRARIES = ("sacrebleu", "mecab-python3", "ipadic", "jsonschema", "json-repair")
# Everything but what only prediction or the audit uses.
TRAIN_KNOBS = tuple(k for k in Knobs.model_fields if k not in ("decode", "max_truncated_share"))


def resolve(root: Knobs, study: Override, arm: Override) -> dict[str, Any]:
    """Every knob's value for one arm: root < study < arm, key by key in nested groups."""
    knobs = root.model_dump()
    for layer in (study, arm):
        own = layer.model_dump(include=set(Knobs.model_fields), exclude_none=True)
        knobs = _merge(knobs, own)
    return knobs


def _merge(below: dict[str, Any], above: dict[str, Any]) -> dict[str, Any]:
    merged = dict(below)
    for key, value in above.items():
        nested = isinstance(value, dict) and isinstance(below.get(key), dict)
        merged[key] = _merge(below[key], value) if nested else value
    return merged


def build(
    root: Knobs, studies: StudyFile, hashes: dict[str, str], pins: dict[str, str]
) -> dict[tuple[str, str], Any]:
    """All plans as {(stage, key): plan}.

    `hashes` has the SHA-256 of each file that a metric names, `pins` the version of each library:
    both are in the plans, so that a change of either re-runs what it can change.
    """
    plans: dict[tuple[str, str], Any] = {}
    for name, base in studies.bases.items():
        plans["fetch_base", name] = base.model_dump()
    for name, study in studies.study.items():
        plans["freeze_splits", name] = _freeze(name, study)
        plans["answer_floors", name] = floor_plans.answer(name, study)
        plans["validate", name] = _validate(root, studies, name)
        metrics = list(metrics_of(studies, name))
        plans["compare", name] = verdict_plans.compare(studies, name, metrics, pins)
    for name, render in studies.renders.items():
        plans["render", name] = _render(studies, render)
    knobs_of = {
        name: resolve(root, studies.study[arm.study], arm) for name, arm in studies.arms.items()
    }
    for name, arm in studies.arms.items():
        knobs = knobs_of[name]
        identity = {"arm": name, "study": arm.study, "base": arm.base, "render": arm.render}
        plans["train", name] = {**identity, **_train(arm, knobs, pins)}
        plans["predict", name] = {**identity, **_predict(arm, knobs, pins)}
        metrics = metrics_of(studies, arm.study)
        sliced = _sliced(studies, arm.study)
        plans["evaluate", name] = {**identity, **_evaluate(metrics, hashes, pins), **sliced}
    plans |= scorer_plans.build(studies, knobs_of, hashes, pins)
    answering = {key: plan for (stage, key), plan in plans.items() if stage == "predict"}
    for name in studies.study:
        metrics = list(metrics_of(studies, name))
        plans["choose", name] = verdict_plans.choose(studies, name, answering, metrics)
        plans["evaluate_floors", name] = _evaluate_floors(studies, name, hashes, pins)
        plans["score_test", name] = _score_test(studies, name, hashes, pins)
        plans["report", name] = _report(studies, name)
    return plans


def _render(studies: StudyFile, render: Render) -> dict[str, Any]:
    """Left out of a plan is what a render does not use, so that a new setting re-runs nothing."""
    instruction = studies.study[render.study].instruction
    return {**render.model_dump(exclude_none=True), "instruction": instruction}


def _freeze(name: str, study: Study) -> dict[str, Any]:
    fields = {"source", "splits", "split_seed", "near_duplicate_jaccard"}
    return {"study": name, **study.model_dump(include=fields)}


def _train(arm: Arm, knobs: dict[str, Any], pins: dict[str, str]) -> dict[str, Any]:
    # An untouched base has no training knobs: a new lr must leave it as it is.
    if arm.method == "none":
        return {"method": arm.method}
    used = {name: knobs[name] for name in TRAIN_KNOBS}
    return {"method": arm.method, **used, "pins": {name: pins[name] for name in TRAIN_LIBRARIES}}


def _predict(arm: Arm, knobs: dict[str, Any], pins: dict[str, str]) -> dict[str, Any]:
    used = {name: knobs[name] for name in PREDICT_KNOBS}
    # Greedy decoding draws nothing, so a new seed leaves the base's answers as they are.
    drawn = {"seed": knobs["seed"]} if knobs["decode"]["temperature"] else {}
    libraries = {name: pins[name] for name in PREDICT_LIBRARIES}
    return {"method": arm.method, **used, **drawn, "pins": libraries}


def _evaluate(
    metrics: dict[str, dict[str, Any]], hashes: dict[str, str], pins: dict[str, str]
) -> dict[str, Any]:
    options = [value for metric in metrics.values() for value in metric.values()]
    files = {path: digest for path, digest in hashes.items() if path in options}
    libraries = {name: pins[name] for name in EVALUATE_LIBRARIES}
    return {"metrics": metrics, "files": files, "pins": libraries}


def _evaluate_floors(
    studies: StudyFile, study: str, hashes: dict[str, str], pins: dict[str, str]
) -> dict[str, Any]:
    """As for an arm; nothing without a model can drift."""
    metrics = {
        name: options
        for name, options in metrics_of(studies, study).items()
        if METRICS[name].scorer != "drift"
    }
    identity = {"study": study, "arm": paths.floors(study)}
    return {**identity, **_evaluate(metrics, hashes, pins), **_sliced(studies, study)}


def _sliced(studies: StudyFile, study: str) -> dict[str, str]:
    """The field of the slices, where a study has any."""
    field = studies.study[study].slice_by
    return {"slice_by": field} if field else {}


def _score_test(
    studies: StudyFile, study: str, hashes: dict[str, str], pins: dict[str, str]
) -> dict[str, Any]:
    # The drift is measured on texts of its own, and a judge grades dev: neither has a look at test.
    metrics = {
        name: options
        for name, options in metrics_of(studies, study).items()
        if METRICS[name].scorer in ("", "comet")
    }
    apart = scorer_plans.comet(studies.study[study].comet) if "comet" in metrics else {}
    plan = _evaluate(metrics, hashes, pins)
    plan["pins"] |= {name: pins[name] for name in verdict_plans.VERDICT_LIBRARIES}
    return {"study": study, **plan, **apart}


def _validate(root: Knobs, studies: StudyFile, study: str) -> dict[str, Any]:
    arms = {}
    for name, arm in studies.arms.items():
        if arm.study == study and arm.method != "none":
            knobs = resolve(root, studies.study[study], arm)
            arms[name] = {"render": arm.render, **{knob: knobs[knob] for knob in AUDIT_KNOBS}}
    declared = {name: r for name, r in studies.renders.items() if r.study == study}
    renders = {name: _render(studies, render) for name, render in declared.items()}
    base = studies.study[study].base
    return {"study": study, "base": base, "renders": renders, "arms": arms}


def _report(studies: StudyFile, study: str) -> dict[str, Any]:
    declared = studies.study[study]
    arms = {
        name: {"title": arm.title or name, "method": arm.method, "base": arm.base}
        for name, arm in studies.arms.items()
        if arm.study == study
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
        "metrics": metrics,
        "headline": verdict_plans.headline(declared, metrics),
        "floors": floor_plans.report(declared),
        **declared.model_dump(include={"licence", "publish"}),
        "hypotheses": list(declared.hypotheses),
        "correlations": correlations,
        "slice_by": declared.slice_by,
        "splits": {k: split.model_dump() for k, split in vars(declared.splits).items()},
        "bases": {
            name: studies.bases[name].model_dump() for name in {a["base"] for a in arms.values()}
        },
    }
