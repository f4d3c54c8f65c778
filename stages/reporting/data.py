"""Gather what a study's report says, as plain data that both templates show."""

from typing import Any

from stages import paths, records
from stages.command import UserError
from stages.curves import read_curve, rewarded
from stages.reporting import endings, floor_section, next_tokens, quality, rewards, rows, verdict
from stages.reporting.correlations import correlations
from stages.reporting.machines import elsewhere, named
from stages.reporting.noise import noise
from stages.reporting.notes import failures, warnings
from stages.reporting.parts import parts
from stages.reporting.pictures import pictures
from stages.reporting.plain_tables import tables_of
from stages.reporting.provenance import provenance
from stages.reporting.sample_corrections import corrections
from stages.reporting.shared_rows import shared
from stages.reporting.shown import answered, reviewed, samples
from stages.reporting.slices import slices


def gather(plan: dict[str, Any]) -> dict[str, Any]:
    """Everything in the report of one study. Raises UserError when no arm has results."""
    study = plan["study"]
    arms = arms_of(plan)
    compared, judged, promotion, test = (
        records.read_json(place(study))
        for place in (paths.comparisons, paths.hypotheses, paths.promotion, paths.test_quality)
    )
    figures = {name: figures_of(study, name) for name in arms}
    scores = {name: found["quality"] for name, found in figures.items()}
    examples = records.read(paths.kept_rows(study))
    shown = answered(plan, arms, examples)
    training, cost = (
        {name: found[kind] for name, found in figures.items()} for kind in ("training", "cost")
    )
    curves = {name: read_curve(paths.curve(study, name)) for name in arms}
    dev = on_dev(plan, arms, scores, compared)
    trivial = floors_of(plan, compared, arms)
    return {
        **{key: plan[key] for key in ("study", "title", "question", "slice_by", "publish")},
        "verdict": verdict.sentence(plan, compared, promotion, test, training),
        "warnings": [
            *endings.warnings(arms, training),
            *warnings(plan, compared, promotion, arms),
            *elsewhere(cost),
        ],
        "arms": arms,
        **dev,
        "noise": noise(arms, dev["metrics"], cost),
        "floors": trivial,
        **pictures(plan, compared, promotion, test, dev, trivial, arms, figures),
        "promotion": promotion,
        "test": test_of(test, plan),
        "shared_test_rows": shared(study, plan["splits"]),
        **claims(plan, judged, arms, figures),
        "parts": parts(study, plan["metrics"], arms),
        "tables": tables_of(plan, arms, figures, curves, compared),
        # A reward's loss hovers around zero: it says nothing beside those of answers
        "curves": {arms[n]["title"]: rows for n, rows in curves.items() if not rewarded(rows)},
        "rewards": rewards.section(plan, arms, curves, training),
        "next_tokens": next_tokens.section(plan, arms),
        "failures": failures(quality.unscored(scores, arms), promotion),
        **reviewed(plan, compared, promotion, examples),
        "samples": samples(shown),
        "corrections": corrections(plan, arms, shown),
        "rows": rows.browser(plan, arms, compared, promotion, shown, len(examples)),
        "provenance": provenance(plan, training),
    }


def on_dev(
    plan: dict[str, Any], arms: dict[str, Any], scores: dict[str, Any], compared: dict[str, Any]
) -> dict[str, Any]:
    """The arms' scores with what they rest on, over all dev rows and slice by slice."""
    standings = compared["floors"]["arms"]
    trivial = floor_section.as_arms(compared["floors"], plan["floors"]["shown"])
    everyone = {**compared["arms"], **trivial}
    rows = [
        quality.metric_row(name, scores, compared["arms"], standings) for name in plan["metrics"]
    ]
    return {
        "metrics": rows,
        "headline": next(row for row in rows if row["name"] == plan["headline"]),
        "slices": slices(plan["study"], plan["slice_by"], arms, compared),
        "statistics": quality.statistics(rows, arms, floor_section.titled(trivial), everyone),
        "resamples": compared["resamples"],
    }


def floors_of(
    plan: dict[str, Any], compared: dict[str, Any], arms: dict[str, Any]
) -> dict[str, Any]:
    """The floors' own section."""
    study = plan["study"]
    scores = records.read_json(paths.floor_quality(study))
    card = records.read_json(paths.kept(study, paths.floors(study), "floors.json"))
    return floor_section.block(plan, compared, scores, card, arms)


def claims(
    plan: dict[str, Any],
    judged: dict[str, Any],
    arms: dict[str, Any],
    figures: dict[str, dict[str, Any]],
) -> dict[str, Any]:
    """Each hypothesis in the declared order, with its evidence in words, and what follows."""
    found = judged["hypotheses"]
    hypotheses = [
        {"name": name, **found[name], "evidence": verdict.evidence(found[name])}
        for name in plan["hypotheses"]
    ]
    return {
        "hypotheses": hypotheses,
        "correlations": correlations(plan["correlations"], hypotheses, arms, figures),
        "decision": judged["decision"],
    }


def figures_of(study: str, arm: str) -> dict[str, Any]:
    """An arm's scores by metric, and what its run recorded once."""
    places = {"quality": paths.quality, "training": paths.training, "cost": paths.cost}
    return {name: records.read_json(place(study, arm)) for name, place in places.items()}


def arms_of(plan: dict[str, Any]) -> dict[str, Any]:
    """The plan's arms that have results, the untouched base first; left-over files don't count."""
    ordered = sorted(plan["arms"].items(), key=lambda item: (not item[1]["untouched"], item[0]))
    arms = {name: arm for name, arm in ordered if paths.quality(plan["study"], name).exists()}
    if not arms:
        first = paths.quality(plan["study"], ordered[0][0])
        raise UserError(f"{first}: missing; run `dvc repro evaluate@{ordered[0][0]}`")
    return arms


def test_of(test: dict[str, Any], plan: dict[str, Any]) -> dict[str, Any]:
    """The test split's tables: base and promoted arm as on dev, and the floors."""
    if test["status"] == "closed":
        return test
    compared = {test["arm"]: {"against": test["against"], "metrics": test["metrics"]}}
    standings = {test["arm"]: test["floors"]["standing"]}
    trivial = test["floors"]["quality"]
    names = [name for name in plan["floors"]["shown"] if name in trivial]
    scored = [name for name in plan["metrics"] if name in test["metrics"]]
    rows = [quality.metric_row(n, test["quality"], compared, standings) for n in scored]
    beside = [floor_section.scores_row(name, names, trivial, {}) for name in scored]
    shown = {"rows": rows, "floor_names": names, "floor_rows": beside}
    return {**test, **shown, "processor": named(test)}
