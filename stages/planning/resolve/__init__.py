"""Resolve YAML knobs into one small plan per stage and key.

A plan holds only what its stage uses. That is what keeps caches right: a new `lr` changes the
plans of the arms that inherit it and no other file.
"""

from typing import Any

from stages.planning import scorers
from stages.planning.resolve import arms, floors, next_tokens, studies, verdicts
from stages.planning.schema import Knobs, StudyFile

Plans = dict[tuple[str, str], Any]


def build(root: Knobs, declared: StudyFile, hashes: dict[str, str], pins: dict[str, str]) -> Plans:
    """All plans as {(stage, key): plan}.

    `hashes` has the SHA-256 of each file that a metric or a render names, `pins` the version of
    each library: both are in the plans, so that a change of either re-runs what it can change.
    """
    knobs = {
        name: arms.resolve(root, declared.study[arm.study], arm)
        for name, arm in declared.arms.items()
    }
    plans = of_arms(declared, knobs, hashes, pins)
    plans |= scorers.build(declared, knobs, hashes, pins)
    for name in declared.next_tokens:
        plans["next_tokens", name] = next_tokens.plan(declared, name, knobs[name], hashes, pins)
    predict = {key: plan for (stage, key), plan in plans.items() if stage == "predict"}
    for name, base in declared.bases.items():
        plans["fetch_base", name] = base.model_dump()
    for name, render in declared.renders.items():
        plans["render", name] = studies.render(declared, render, hashes)
    for name, study in declared.study.items():
        plans["freeze_splits", name] = studies.freeze(declared, name)
        plans["validate", name] = studies.validate(declared, name, knobs, hashes)
        plans["answer_floors", name] = floors.answer(name, study)
        plans["evaluate_floors", name] = floors.evaluate(declared, name, hashes, pins)
        plans["compare", name] = verdicts.compare(declared, name, pins)
        plans["choose", name] = verdicts.choose(declared, name, predict, hashes)
        plans["score_test", name] = verdicts.score_test(declared, name, hashes, pins)
        plans["report", name] = studies.report(declared, name, knobs, hashes)
    return plans


def of_arms(
    declared: StudyFile,
    knobs: dict[str, dict[str, Any]],
    hashes: dict[str, str],
    pins: dict[str, str],
) -> Plans:
    """`knobs` has each arm's resolved knobs."""
    plans: Plans = {}
    for name, arm in declared.arms.items():
        who = arms.identity(name, arm)
        metrics = scorers.metrics_of(declared, arm.study)
        sliced = declared.study[arm.study].slice_by
        plans["train", name] = who | arms.train(arm, knobs[name], pins)
        plans["predict", name] = who | arms.predict(arm, knobs[name], pins)
        plans["evaluate", name] = who | arms.evaluate(metrics, hashes, pins, sliced)
    return plans
