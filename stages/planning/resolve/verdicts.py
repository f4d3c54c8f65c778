"""Plans of the stages that compare, promote and open the test split."""

from collections.abc import Mapping
from typing import Any

from stages import made
from stages.methods import METHODS
from stages.planning.resolve import arms
from stages.planning.resolve.asking import asked_in, asking
from stages.planning.schema import Arm, Study, StudyFile
from stages.planning.scorers import comet, metrics_but, metrics_of

VERDICT_LIBRARIES = ("numpy", "scipy")


def baseline(studies: StudyFile, name: str) -> str | None:
    """Whom an arm is measured against: what it names, else the untouched base it starts from.

    None for an untouched base, and where its study has none. Raises ValueError for several.
    """
    arm = studies.arms[name]
    if arm.compare_to is not None or is_untouched(arm):
        return arm.compare_to
    untouched = [
        other
        for other, candidate in studies.arms.items()
        if (candidate.study, candidate.base) == (arm.study, arm.base)
        and is_untouched(candidate)
        and not _repeats(studies, candidate)
    ]
    if len(untouched) > 1:
        raise ValueError(f"{', '.join(untouched)} are all its untouched base; name one")
    return next(iter(untouched), None)


def is_untouched(arm: Arm) -> bool:
    """Whether an arm is no contestant, but what others are measured against."""
    return not METHODS[arm.method].contests


def _repeats(studies: StudyFile, arm: Arm) -> bool:
    """Whether an untouched base only repeats another one of the same base, as a control."""
    other = studies.arms.get(arm.compare_to) if arm.compare_to else None
    return other is not None and other.base == arm.base


def against(studies: StudyFile, study: str) -> dict[str, str | None]:
    """Each arm of a study with the arm that it is measured against."""
    names = [name for name, arm in studies.arms.items() if arm.study == study]
    return {name: baseline(studies, name) for name in names}


def compare(studies: StudyFile, study: str, pins: Mapping[str, str]) -> dict[str, Any]:
    metrics = list(metrics_of(studies, study))
    declared = studies.study[study]
    bases = against(studies, study)
    untouched = [name for name in bases if is_untouched(studies.arms[name])]
    return {
        "study": study,
        "against": bases,
        "untouched": untouched,
        "alone": [name for name in bases if name not in untouched and bases[name] is None],
        "metrics": metrics,
        "headline": headline(declared, metrics),
        "sliced": declared.slice_by is not None,
        # A list: JSON is written with sorted keys here, and a conjunction must follow its parts
        "hypotheses": [
            {"name": name, **_explicit(hypothesis.model_dump(), list(bases))}
            for name, hypothesis in declared.hypotheses.items()
        ],
        "decisions": [step.model_dump() for step in declared.decisions],
        "pins": {name: pins[name] for name in VERDICT_LIBRARIES},
    }


def headline(study: Study, metrics: list[str]) -> str:
    """The metric that a study is about: that of its promotion rule, else its first."""
    return study.promote.metric if study.promote else metrics[0]


def _explicit(hypothesis: dict[str, Any], arms: list[str]) -> dict[str, Any]:
    """What is said of all arms names them, so that one without results is missed."""
    everyone = hypothesis["kind"] in ("rank", "correlation") and hypothesis["among"] is None
    return {**hypothesis, "among": arms} if everyone else hypothesis


def choose(
    studies: StudyFile,
    study: str,
    predict: Mapping[str, dict[str, Any]],
    hashes: Mapping[str, str],
) -> dict[str, Any]:
    """The rule, and how each arm would answer the test rows: `predict` has the arms' plans.

    choose passes on what the promoted arm and its base need, so that the test stage is re-run by
    a change of theirs and by no other arm's.
    """
    declared = studies.study[study]
    metrics = metrics_of(studies, study)
    # A control of what is not measured says nothing about the rest.
    controls = {
        name: hypothesis.metric
        for name, hypothesis in declared.hypotheses.items()
        if hypothesis.kind == "control" and hypothesis.metric in metrics
    }
    own = {name: arm for name, arm in studies.arms.items() if arm.study == study}
    return {
        "study": study,
        "rule": declared.promote.model_dump() if declared.promote else None,
        "controls": controls,
        "version": declared.splits.test.version,
        "against": against(studies, study),
        "arms": {
            name: {
                **_asked(predict[name]),
                "answers_with": answers_with(arm),
                "base_pin": studies.bases[arm.base].model_dump(),
                "format": asked_in(studies.renders[arm.render]),
                **asking(studies, studies.renders[arm.render], hashes),
                **_written(arm),
            }
            for name, arm in own.items()
        },
        "untouched": [name for name, arm in own.items() if is_untouched(arm)],
        "not_promoted": {n: arm.not_promoted for n, arm in own.items() if arm.not_promoted},
    }


def _asked(predict: Mapping[str, Any]) -> dict[str, Any]:
    """Nothing is timed on test, and a new count must not open it again."""
    if "decode" not in predict:
        return dict(predict)
    decode = {k: v for k, v in predict["decode"].items() if k != "latency_rows"}
    return {**predict, "decode": decode}


def answers_with(arm: Arm) -> str:
    method = METHODS[arm.method]
    return made.FILE if not method.generates else made.ADAPTER if method.adapts else made.BASE


def _written(arm: Arm) -> dict[str, Any]:
    """The file with an arm's answers to the test rows, of one whose answers come written."""
    given = None if METHODS[arm.method].generates else getattr(arm, arm.method, None)
    return {"written": given.test.model_dump()} if given and given.test else {}


def score_test(
    studies: StudyFile, study: str, hashes: Mapping[str, str], pins: Mapping[str, str]
) -> dict[str, Any]:
    # The drift is measured on texts of its own, and a judge grades dev: neither has a look at test.
    metrics = metrics_but(studies, study, lambda scorer: not scorer.sees_test)
    apart = comet.settings(studies.study[study].comet) if "comet" in metrics else {}
    plan = arms.evaluate(metrics, hashes, pins)
    plan["pins"] |= {name: pins[name] for name in VERDICT_LIBRARIES}
    return {"study": study, **plan, **apart}
