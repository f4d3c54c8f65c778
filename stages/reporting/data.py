"""Gather what a study's report says, as plain data that both templates show."""

from typing import Any

from stages import paths, records
from stages.command import UserError
from stages.curves import read_curve
from stages.metrics import METRICS
from stages.reporting import quality, tables, verdict
from stages.reporting.provenance import provenance
from stages.reporting.review import review

SAMPLES = 16


def gather(plan: dict[str, Any]) -> dict[str, Any]:
    """Everything in the report of one study. Raises UserError when no arm has results."""
    study = plan["study"]
    arms = arms_of(plan)
    compared = records.read_json(paths.comparisons(study))
    judged = records.read_json(paths.hypotheses(study))
    promotion = records.read_json(paths.promotion(study))
    test = records.read_json(paths.test_quality(study))
    scores = {name: records.read_json(paths.quality(study, name)) for name in arms}
    training = {name: records.read_json(paths.training(study, name)) for name in arms}
    cost = {name: records.read_json(paths.cost(study, name)) for name in arms}
    rows = [quality.metric_row(name, scores, compared["arms"]) for name in plan["metrics"]]
    examples = records.read(paths.split(study, "dev"))
    reviewed = reviewed_arm(plan, compared, promotion)
    return {
        "study": study,
        "title": plan["title"],
        "question": plan["question"],
        "verdict": verdict.sentence(plan, compared, promotion, test),
        "warnings": warnings(plan, compared, promotion, arms),
        "arms": arms,
        "metrics": rows,
        "headline": next(row for row in rows if row["name"] == plan["headline"]),
        "statistics": quality.statistics(rows, arms, compared["arms"]),
        "resamples": compared["resamples"],
        "promotion": promotion,
        "test": test_of(test, plan["metrics"]),
        "hypotheses": hypotheses(plan["hypotheses"], judged["hypotheses"]),
        "decision": judged["decision"],
        "tables": {
            "Training": tables.training(training),
            "Loss mask and preflight": tables.audit(audited(study, arms)),
            "Cost": tables.cost(cost),
        },
        "curves": {arm["title"]: read_curve(paths.curve(study, n)) for n, arm in arms.items()},
        "failures": failures(quality.unscored(scores, arms), promotion),
        "reviewed": reviewed,
        "review": review(study, plan["headline"], *reviewed, examples) if reviewed else [],
        "samples": samples(study, arms, examples),
        "provenance": provenance(plan, training),
    }


def arms_of(plan: dict[str, Any]) -> dict[str, Any]:
    """The plan's arms that have results, the untouched base first; left-over files don't count."""
    ordered = sorted(plan["arms"].items(), key=lambda item: (item[1]["method"] != "none", item[0]))
    arms = {name: arm for name, arm in ordered if paths.quality(plan["study"], name).exists()}
    if not arms:
        first = paths.quality(plan["study"], ordered[0][0])
        raise UserError(f"{first}: missing; run `dvc repro evaluate@{ordered[0][0]}`")
    return arms


def warnings(
    plan: dict[str, Any],
    compared: dict[str, Any],
    promotion: dict[str, Any],
    arms: dict[str, Any],
) -> list[str]:
    """What a reader must know before any figure: arms without results, controls that fail."""
    called = {name: f"{arm['title']} ({name})" for name, arm in plan["arms"].items()}
    notes = [f"{called[name]} has no results" for name in called if name not in arms]
    missing = {name: reason for name, reason in compared["missing"].items() if name in arms}
    notes += [f"{called[name]} is not compared: {reason}" for name, reason in missing.items()]
    return notes + [
        f"The A/A control {name} does not hold: the measuring is off, or was not possible"
        for name in promotion["failed_controls"]
    ]


def failures(unscored: list[str], promotion: dict[str, Any]) -> list[str]:
    """What was left out of figures, and who was passed over where another arm was promoted."""
    passed_over = promotion["notes"] if promotion["arm"] else []
    return unscored + [f"Not promoted: {note}" for note in passed_over]


def audited(study: str, arms: dict[str, Any]) -> dict[str, Any]:
    """The audits of the arms that have results: `validate` audits before any is trained."""
    found = records.read_json(paths.audit(study))["arms"]
    return {name: found[name] for name in arms if name in found}


def hypotheses(order: list[str], judged: dict[str, Any]) -> list[dict[str, Any]]:
    """Each hypothesis in the declared order, with its evidence in words."""
    return [{"name": n, **judged[n], "evidence": verdict.evidence(judged[n])} for n in order]


def test_of(test: dict[str, Any], metrics: list[str]) -> dict[str, Any]:
    """The test split's table: like the quality table, of base and promoted arm alone."""
    if test["status"] == "closed":
        return test
    compared = {test["arm"]: {"against": test["against"], "metrics": test["metrics"]}}
    scored = [name for name in metrics if name in test["metrics"]]
    return {**test, "rows": [quality.metric_row(n, test["quality"], compared) for n in scored]}


def reviewed_arm(
    plan: dict[str, Any], compared: dict[str, Any], promotion: dict[str, Any]
) -> tuple[str, str] | None:
    """The arm whose rows are worth reading, and its base: the promoted one, else the best."""
    metric = plan["headline"]
    found = {a: c["metrics"][metric] for a, c in compared["arms"].items() if a in plan["arms"]}
    if not found:
        return None
    arm = promotion["arm"] or verdict.leader(found, METRICS[metric].direction)
    return arm, compared["arms"][arm]["against"]


def samples(
    study: str, arms: dict[str, Any], examples: list[dict[str, Any]]
) -> list[dict[str, Any]]:
    """Rows at even steps through the ids, which are hashes: arbitrary, and not picked."""
    answers = {
        name: {row["id"]: row for row in records.read(paths.predictions(study, name))}
        for name in arms
    }
    step = max(1, len(examples) // SAMPLES)
    return [
        {**example, "answers": {name: answers[name][example["id"]] for name in arms}}
        for example in sorted(examples, key=lambda row: row["id"])[::step][:SAMPLES]
    ]
