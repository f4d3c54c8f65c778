"""Make a study's canonical examples and write the splits that its manifests freeze.

Usage: python -m stages.freeze_splits STUDY [--new SPLITS]

Without --new, every split is rebuilt from the source and compared with its committed manifest;
a difference is an error and nothing is written. --new train (or train,dev or all) first draws
the declared version of those splits and writes their manifests, which must not exist yet.
"""

import logging
from typing import Any

from stages import paths, records
from stages.command import UserError, run
from stages.plans import load_plan
from stages.sources import SOURCES
from stages.sources.example import unique
from stages.splits import assign, leakage, manifest, near_duplicates

logger = logging.getLogger(__name__)


def main(study: str, new: str = "") -> None:
    plan = load_plan("freeze_splits", study)
    fresh = _wanted(plan, new)
    examples = unique(SOURCES[plan["source"]["kind"]](plan["source"]), study)
    group_of = near_duplicates.groups(examples, plan["near_duplicate_jaccard"])
    kept = {name: s for name, s in plan["splits"].items() if name not in fresh}
    splits = frozen_rows(study, kept, examples)
    if fresh:
        ids = {name: [row["id"] for row in rows] for name, rows in splits.items()}
        drawn = assign.draw(examples, group_of, plan["splits"], ids, plan["split_seed"])
        by_id = {example["id"]: example for example in examples}
        splits |= {name: [by_id[identity] for identity in ids] for name, ids in drawn.items()}
    leakage.refuse(splits, group_of, plan["near_duplicate_jaccard"], study)
    for name in fresh:
        declared = plan["splits"][name]
        made = manifest.make(study, name, declared, splits[name], plan["source"])
        records.write_json(paths.manifest(study, name, declared["version"]), made)
    for name, rows in splits.items():
        records.write(paths.split(study, name), [{**r, "group": group_of[r["id"]]} for r in rows])
        logger.info("%s %s: %d rows", name, plan["splits"][name]["version"], len(rows))


def frozen_rows(
    study: str, declared: dict[str, Any], examples: list[dict[str, Any]]
) -> dict[str, list[dict[str, Any]]]:
    """The rows that the manifests name, in the manifests' order."""
    by_id = {example["id"]: example for example in examples}
    rows = {}
    for name, split in declared.items():
        path = paths.manifest(study, name, split["version"])
        rows[name] = manifest.pick(manifest.read(study, name, split), by_id, path)
    return rows


def _wanted(plan: dict[str, Any], new: str) -> list[str]:
    """The splits to freeze now; UserError for an unknown name or a version that is frozen."""
    names = list(plan["splits"]) if new == "all" else [name for name in new.split(",") if name]
    for name in names:
        if name not in plan["splits"]:
            raise UserError(
                f"--new {new}: unknown split '{name}'; known: {', '.join(plan['splits'])}"
            )
        path = paths.manifest(plan["study"], name, plan["splits"][name]["version"])
        if path.exists():
            raise UserError(f"{path}: already frozen; declare a new version of {name}")
    return names


if __name__ == "__main__":
    run(main)
