"""Score the answers of base, promoted arm and floors on the test split, and compare them.

Usage: python -m stages.score_test STUDY
"""

from typing import Any

from stages import looks, paths, records
from stages.command import run
from stages.floors import REFERENCE
from stages.machine import FIELDS
from stages.metrics import METRICS
from stages.plans import load_plan
from stages.scoring.answers import answered, check_files, score_rows
from stages.scoring.comet import comet_scores
from stages.scoring.joining import apart, by_floor, join, together
from stages.verdicts.comparison import Pairing, compare, settle_by_metric
from stages.verdicts.floors import standings

Rows = list[dict[str, Any]]


def main(study: str) -> None:
    plan = load_plan("score_test", study)
    folder = paths.kept_test(study)
    promotion = records.read_json(folder / "promotion.json")
    arm, base = promotion["arm"], promotion["against"]
    looked = count(study, promotion)
    if arm is None:
        reasons = records.read_json(paths.promotion(study))["notes"]
        closed = {"status": "closed", "reasons": reasons}
        records.write_json(paths.test_quality(study), closed | looked)
        return
    check_files(plan["files"])
    joined = {
        name: answered(folder / "rows.jsonl", folder / f"{name}.jsonl") for name in (base, arm)
    }
    examples, trivial = records.read(folder / "rows.jsonl"), records.read(folder / "floors.jsonl")
    floors = {
        floor: join(examples, own, f"{folder}: {floor}") for floor, own in by_floor(trivial).items()
    }
    joined |= floors
    if "comet" in plan:
        joined, plan["metrics"]["comet"] = add_comet(joined, plan["comet"])
    scored = {name: score_rows(found, plan["metrics"]) for name, found in joined.items()}
    quality = {name: summary for name, (summary, _) in scored.items()}
    rows = {name: statistics for name, (_, statistics) in scored.items()}
    metrics = {name: METRICS[name] for name in plan["metrics"]}
    pairings = [Pairing(arm, base, name) for name in metrics]
    settled = settle_by_metric(compare(rows, pairings, metrics), metrics)
    opened = {"status": "opened", "arm": arm, "against": base}
    others = [floor for floor in floors if floor != REFERENCE]
    opened |= {
        "quality": {name: quality[name] for name in (base, arm)},
        "metrics": {pairing.metric: result for pairing, result in settled.items()},
        # Who answered is not always who scores: other processors answer otherwise
        **{name: promotion.get(name) for name in FIELDS},
        "floors": {
            "quality": {floor: quality[floor] for floor in floors},
            "standing": standings(rows, [arm], others, metrics).get(arm, {}),
        },
    }
    records.write_json(paths.test_quality(study), opened | looked)


def count(study: str, promotion: dict[str, Any]) -> dict[str, Any]:
    """How often this version of the split was looked at, by how many adapters, and what left it.

    Prompts that were sent out are a look without an arm; they are named where there are any.
    """
    found = looks.read(paths.looks(study))
    seen = [look for look in found if look["version"] == promotion["version"]]
    sent = [look for look in seen if "prompts_sha256" in look]
    adapters = {look["adapter_sha256"] for look in seen if look not in sent}
    counted = {"looks": len(seen), "adapters": len(adapters)}
    named = [{key: look[key] for key in ("render", "why", "at")} for look in sent]
    return counted | ({"sent_out": named} if named else {})


def add_comet(
    joined: dict[str, Rows], settings: dict[str, Any]
) -> tuple[dict[str, Rows], dict[str, Any]]:
    """All rows with their COMET scores, in one call, and the metric's options; off by default."""
    card, scores = comet_scores(settings, together(joined))
    found = apart([{"id": row["id"], "comet": row["score"]} for row in scores])
    scored = {
        name: join(rows, found.get(name, []), f"COMET's scores of {name}", "score again")
        for name, rows in joined.items()
    }
    return scored, {"scored_by": card["signature"]}


if __name__ == "__main__":
    run(main)
