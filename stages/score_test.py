"""Score the answers of base and promoted arm on the test split, and compare them.

Usage: python -m stages.score_test STUDY
"""

from typing import Any

from stages import looks, paths, records
from stages.comet_scores import comet_scores
from stages.command import run
from stages.joining import join
from stages.metrics import METRICS
from stages.plans import load_plan
from stages.scoring import answered, check_files, score_rows
from stages.verdicts import comparison

Rows = list[dict[str, Any]]


def main(study: str) -> None:
    plan = load_plan("score_test", study)
    promotion = records.read_json(paths.tested(study) / "promotion.json")
    arm, base = promotion["arm"], promotion["against"]
    looked = count(study, promotion)
    if arm is None:
        reasons = records.read_json(paths.promotion(study))["notes"]
        closed = {"status": "closed", "reasons": reasons}
        records.write_json(paths.test_quality(study), closed | looked)
        return
    check_files(plan["files"])
    split, folder = paths.split(study, "test"), paths.tested(study)
    joined = {name: answered(split, folder / f"{name}.jsonl") for name in (base, arm)}
    if "comet" in plan:
        joined, plan["metrics"]["comet"] = add_comet(joined, plan["comet"])
    scored = {name: score_rows(found, plan["metrics"]) for name, found in joined.items()}
    quality = {name: summary for name, (summary, _) in scored.items()}
    rows = {name: statistics for name, (_, statistics) in scored.items()}
    metrics = {name: METRICS[name] for name in plan["metrics"]}
    compared = comparison.compare(rows, [(arm, base, name) for name in metrics], metrics)
    settled = comparison.settle_by_metric(compared, metrics)
    opened = {"status": "opened", "arm": arm, "against": base}
    opened |= {
        "quality": quality,
        "metrics": {triple[2]: result for triple, result in settled.items()},
    }
    records.write_json(paths.test_quality(study), opened | looked)


def count(study: str, promotion: dict[str, Any]) -> dict[str, int]:
    """How often this version of the split was looked at, and by how many adapters.

    Answers that came out of DVC's cache are a look as well, which the test stage could not note.
    """
    if promotion["arm"]:
        files = {name: paths.tested(study) / f"{name}.jsonl" for name in promotion["settings"]}
        answers = {name: records.read(file) for name, file in files.items()}
        looks.add(study, looks.look(promotion, answers))
    found = looks.read(paths.looks(study))
    seen = [look for look in found if look["version"] == promotion["version"]]
    return {"looks": len(seen), "adapters": len({look["adapter_sha256"] for look in seen})}


def add_comet(
    joined: dict[str, Rows], settings: dict[str, Any]
) -> tuple[dict[str, Rows], dict[str, Any]]:
    """Both arms' rows with their COMET scores, and the metric's options; off unless switched on."""
    scored, options = {}, {}
    for arm, rows in joined.items():
        card, scores = comet_scores(settings, rows)
        options = {"scored_by": card["signature"]}
        found = [{"id": row["id"], "comet": row["score"]} for row in scores]
        scored[arm] = join(rows, found, f"COMET's scores of {arm}", "score again")
    return scored, options


if __name__ == "__main__":
    run(main)
