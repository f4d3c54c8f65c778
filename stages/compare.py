"""Compare a study's arms with their base and the floors on dev, and judge its hypotheses.

Usage: python -m stages.compare STUDY
"""

import itertools
from collections.abc import Mapping
from typing import Any

from stages import paths, records
from stages.command import UserError, run
from stages.curves import EVALUATED
from stages.metrics import METRICS
from stages.plans import load_plan
from stages.scoring.joining import by_floor
from stages.verdicts import decisions, floors, hypotheses
from stages.verdicts.comparison import Pairing, compare, of_metric, settle, settle_by_metric
from stages.verdicts.figures import Figures
from stages.verdicts.resampling import RESAMPLES
from stages.verdicts.slices import by_slice, check_slices, slice_by_slice


def main(study: str) -> None:
    plan = load_plan("compare", study)
    arms = list(plan["against"])
    rows = {arm: read_rows(study, arm) for arm in arms if paths.row_statistics(study, arm).exists()}
    same_rows(rows, study)
    trivial = read_floors(study, rows, plan["headline"])
    everyone = {**rows, **trivial}
    metrics = {name: METRICS[name] for name in plan["metrics"]}
    pairings = [
        Pairing(arm, base, metric)
        for metric in metrics
        for arm, base in plan["against"].items()
        if arm in rows and base in rows
    ]
    declared = {hypothesis["name"]: hypothesis for hypothesis in plan["hypotheses"]}
    claimed = hypotheses.pairings(declared, list(rows))
    of_headline = [pairing for pairing in pairings if pairing.metric == plan["headline"]]
    sliced = slice_by_slice(rows, of_headline) if plan["sliced"] else []
    check_slices(plan["hypotheses"], rows)
    wanted = [
        pairing
        for pairing in dict.fromkeys([*pairings, *claimed, *sliced])
        if {pairing.arm, pairing.against} <= {*everyone} and pairing.metric in metrics
    ]
    compared = compare(everyone, wanted, metrics)
    figures = Figures(
        everyone,
        metrics,
        {arm: recorded(study, arm) for arm in arms},
        {arm: evaluated(study, arm) for arm in arms},
    )
    judged = hypotheses.weigh(declared, figures, compared)
    verdicts = {name: found["verdict"] for name, found in judged.items()}
    decision = decisions.decide(plan["decisions"], verdicts)
    found = by_arm({pairing: compared[pairing] for pairing in pairings}, plan, metrics, set(rows))
    if sliced:
        settled = settle({pairing: compared[pairing] for pairing in sliced}, metrics)
        found["slices"] = {"metric": plan["headline"], "arms": by_slice(settled)}
    untouched = [arm for arm in plan["untouched"] if arm in rows]
    found["floors"] = floors.weigh(figures, list(rows), list(trivial), untouched)
    records.write_json(paths.comparisons(study), found)
    records.write_json(paths.hypotheses(study), {"hypotheses": judged, "decision": decision})


def read_rows(study: str, arm: str) -> list[dict[str, Any]]:
    """An arm's row statistics, by id."""
    rows = records.read(paths.row_statistics(study, arm), {"id": str, "group": str})
    return sorted(rows, key=lambda row: row["id"])


def read_floors(
    study: str, rows: dict[str, list[dict[str, Any]]], metric: str
) -> dict[str, list[dict[str, Any]]]:
    """The floors' row statistics, by id; UserError unless their rows are those of the arms."""
    place = paths.floor_rows(study)
    read = records.read(place, {"id": str, "group": str, "floor": str})
    found = {floor: sorted(of, key=lambda row: row["id"]) for floor, of in by_floor(read).items()}
    # The drift's texts are rows of the arms alone.
    answered = [of_metric(of, metric) for of in rows.values()]
    ids = [[(row["id"], row["group"]) for row in of] for of in (*answered[:1], *found.values())]
    if any(one != other for one, other in itertools.pairwise(ids)):
        raise UserError(
            f"{place}: other rows or groups than the arms'; run `dvc repro evaluate_floors@{study}`"
        )
    return found


def same_rows(rows: dict[str, list[dict[str, Any]]], study: str) -> None:
    """Raise UserError unless all arms have the same ids and groups: a pair needs both sides."""
    ids = {arm: [(row["id"], row["group"]) for row in found] for arm, found in rows.items()}
    for one, other in itertools.pairwise(ids):
        if ids[one] != ids[other]:
            places = " and ".join(str(paths.row_statistics(study, arm)) for arm in (one, other))
            raise UserError(
                f"{places}: {len(ids[one])} and {len(ids[other])} rows, and their ids or groups "
                "differ; run `dvc repro`"
            )


def recorded(study: str, arm: str) -> dict[str, float | None]:
    """What an arm's run recorded once, as `training.NAME` and `cost.NAME`; numbers only."""
    figures = {}
    for name, path in (("training", paths.training), ("cost", paths.cost)):
        file = path(study, arm)
        found = records.read_json(file) if file.exists() else {}
        numbers = {key: value for key, value in found.items() if isinstance(value, int | float)}
        figures |= {f"{name}.{key}": value for key, value in numbers.items()}
    return figures


def evaluated(study: str, arm: str) -> dict[int, dict[str, dict[str, float]]]:
    """An arm's rewards on dev rows while it was trained: by step, task and id; none for most."""
    file = paths.parts(study, arm)
    found = records.read_json(file) if file.exists() else {}
    return {int(step): rewards for step, rewards in found.get(EVALUATED, {}).items()}


def by_arm(
    compared: Mapping[Pairing, dict[str, Any]],
    plan: dict[str, Any],
    metrics: dict[str, Any],
    present: set[str],
) -> dict[str, Any]:
    """Per arm its comparisons by metric, Holm's family being the arms of one metric.

    `missing` says of the other arms why they have none.
    """
    arms: dict[str, Any] = {}
    for pairing, result in settle_by_metric(compared, metrics).items():
        found = arms.setdefault(pairing.arm, {"against": pairing.against, "metrics": {}})
        found["metrics"][pairing.metric] = result
    missing = {
        arm: f"no results of {base if arm in present else arm}"
        for arm, base in plan["against"].items()
        if base and arm not in arms
    }
    lonely = "no untouched base that it could be compared with; set compare_to"
    missing |= dict.fromkeys(plan["alone"], lonely)
    return {"arms": arms, "missing": missing, "resamples": RESAMPLES}


if __name__ == "__main__":
    run(main)
