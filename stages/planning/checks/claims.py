"""Names in a study's promotion rule, hypotheses and decisions refer to what it has."""

from collections.abc import Collection
from typing import Any

from stages.command import UserError
from stages.metrics import METRICS
from stages.metrics.scorers import SCORERS
from stages.planning.resolve.floors import declared
from stages.planning.schema import Study
from stages.planning.schema.claims import RECORDED, WHILE_TRAINING
from stages.planning.yaml_files import known


def check(study: Study, place: str, arms: Collection[str], metrics: Collection[str]) -> None:
    """Raise UserError at the first name that the study does not have, or that makes no sense.

    `arms` and `metrics` are the study's own. Hypotheses may name its floors as well.
    """
    floors = declared(study)
    if study.promote:
        for metric in (study.promote.metric, *study.promote.guards):
            _sided(metric, metrics, f"{place}.promote")
        if study.promote.metric in study.promote.guards:
            metric = study.promote.metric
            raise UserError(f"{place}.promote.guards: '{metric}' is the metric itself; see verdict")
    # A claim may rest on what is scored apart and switched off: it stays undecided.
    claimable = {*metrics, *(name for name, metric in METRICS.items() if metric.scorer)}
    sliced = study.slice_by is not None
    earlier: list[str] = []
    for name, hypothesis in study.hypotheses.items():
        where = f"{place}.hypotheses.{name}"
        if hypothesis.kind in WHILE_TRAINING:
            known(hypothesis.arm, arms, where)
        else:
            _hypothesis(hypothesis, where, [*arms, *floors], claimable, earlier, sliced)
            _no_model(hypothesis, where, floors)
        earlier.append(name)
    for number, step in enumerate(study.decisions, start=1):
        for name in step.when:
            known(name, study.hypotheses, f"{place}.decisions: step {number}")


def _hypothesis(
    hypothesis: Any,
    place: str,
    arms: Collection[str],
    metrics: Collection[str],
    earlier: Collection[str],
    sliced: bool,
) -> None:
    fields = hypothesis.model_dump()
    named = [fields[key] for key in ("arm", "against") if key in fields]
    for arm in [*named, *(fields.get("among") or [])]:
        known(arm, arms, place)
    for figure in [fields[key] for key in ("figure", "x", "y") if key in fields]:
        known(figure, RECORDED if "." in figure else metrics, place)
    if hypothesis.kind == "control" or fields.get("expect") in ("higher", "lower"):
        known(hypothesis.metric, metrics, place)
    elif hypothesis.kind in ("difference", "rank"):
        _sided(hypothesis.metric, metrics, place)
    if fields.get("slices") and not sliced:
        raise UserError(f"{place}.slices: the study has no slices; set its `slice_by`")
    if hypothesis.kind == "rank" and hypothesis.among and hypothesis.arm not in hypothesis.among:
        raise UserError(f"{place}.among: '{hypothesis.arm}' is not in it, so it has no rank there")
    if hypothesis.kind == "difference" and hypothesis.arm == hypothesis.against:
        raise UserError(f"{place}: '{hypothesis.arm}' against itself; that is a control")
    for part in fields.get("of", []):
        # Only hypotheses above: so none can rest on itself.
        known(part, earlier, f"{place}.of (declared above it)")


def _no_model(hypothesis: Any, place: str, floors: Collection[str]) -> None:
    """A floor has no score by what takes a model to be scored."""
    fields = hypothesis.model_dump()
    named = [fields.get("arm"), fields.get("against"), *(fields.get("among") or [])]
    about = [fields.get(key) for key in ("metric", "figure", "x", "y")]
    apart = {name: METRICS[name].scorer for name in about if name in METRICS}
    lacking = [name for name, scorer in apart.items() if scorer and SCORERS[scorer].needs_model]
    if lacking and (trivial := [name for name in named if name in floors]):
        raise UserError(f"{place}: '{trivial[0]}' has no model, so it has no '{lacking[0]}'")


def _sided(metric: str, metrics: Collection[str], place: str) -> None:
    known(metric, metrics, place)
    if METRICS[metric].direction == "none":
        raise UserError(f"{place}: neither side of '{metric}' is the better one")
