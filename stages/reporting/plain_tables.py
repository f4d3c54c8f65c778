"""Gather a report's plain tables: training, loss as it went on, audit, cost, judge."""

import re
from typing import Any

from stages import paths, records
from stages.metrics import METRICS
from stages.reporting import bases, costs, tables
from stages.reporting.milestones import milestones

# What can be an arm's name in a sentence (see stages/strict.py).
NAME = re.compile(r"[a-z0-9_]+(?:-[a-z0-9_]+)+")


def tables_of(
    plan: dict[str, Any],
    arms: dict[str, Any],
    figures: dict[str, dict[str, Any]],
    curves: dict[str, list[dict[str, float]]],
    compared: dict[str, Any],
) -> dict[str, dict[str, Any]]:
    """The plain tables by heading; that of a judge only where one is asked.

    The scores of one that was switched off again may still lie beside the answers.
    """
    study = plan["study"]
    audits, differences = audited(study, arms)
    lengths = {name: plan["settings"].get(name, {}).get("max_length") for name in arms}
    training = {name: figures[name]["training"] for name in arms}
    gone = milestones(curves, lengths, training)
    cost = {name: cost_of(study, name, figures[name]) for name in arms}
    found = {
        "Training": tables.training(training),
        **({"Loss as training went on": gone} if gone else {}),
        "Loss mask and preflight": tables.audit(audits, differences),
        "Cost": costs.cost(cost, arms, compared["arms"]),
    }
    titles = {name: arm["title"] for name, arm in arms.items()} | {paths.floors(study): "floors"}
    scored = {name for found in figures.values() for name in found["quality"]}
    if any(METRICS[name].scorer == "judge" for name in scored):
        cards = {name: paths.kept(study, name, "judge.json") for name in titles}
        read = {name: records.read_json(card) for name, card in cards.items() if card.exists()}
        found["Judge"] = tables.judge(read, figures)
    by_base = {heading: bases.columns(table, arms) for heading, table in found.items()}
    return {
        heading: {**table, "titles": [titles[name] for name in table["arms"]]}
        for heading, table in by_base.items()
    }


def cost_of(study: str, arm: str, found: dict[str, Any]) -> dict[str, Any]:
    """What an arm's training and its answers took; of answers that lie elsewhere less is known."""
    answers = paths.kept(study, arm, "dev.jsonl")
    rows = records.read(answers) if answers.exists() else []
    return costs.measured(found["cost"], found["training"], rows)


def audited(study: str, arms: dict[str, Any]) -> tuple[dict[str, Any], list[str]]:
    """The audits of the arms that have results, and how the data of all arms differ.

    `validate` audits before any arm is trained. Audits of older runs list no differences.
    """
    audit = records.read_json(paths.audit(study))
    found = {name: audit["arms"][name] for name in arms if name in audit["arms"]}
    return found, [titled(note, arms) for note in audit.get("differences", [])]


def titled(note: str, arms: dict[str, Any]) -> str:
    """A sentence with the titles of the arms that it names."""
    return NAME.sub(lambda match: called(match[0], arms), note)


def called(name: str, arms: dict[str, Any]) -> str:
    return f"“{arms[name]['title']}”" if name in arms else name
