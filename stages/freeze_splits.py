"""Make a study's canonical examples and write the splits that its manifests freeze.

Usage: python -m stages.freeze_splits STUDY [--new SPLITS]

Without --new, every split is rebuilt from the source and compared with its committed manifest;
a difference is an error and nothing is written. --new train (or train,dev or all) first draws
the declared version of those splits and writes their manifests, which must not exist yet. If that
is interrupted, the same command finishes it, with the same rows.
"""

import logging
from pathlib import Path
from typing import Any

from stages import paths, records
from stages.command import UserError, run
from stages.plans import load_plan
from stages.sources import SOURCES
from stages.sources.example import unique
from stages.splits import assign, freezing, leakage, manifest, near_duplicates
from stages.splits.selection import each_reference

logger = logging.getLogger(__name__)


def main(study: str, new: str = "") -> None:
    plan = load_plan("freeze_splits", study)
    resumed = freezing.resume(study)
    fresh = _wanted(plan, new, [freezing.path_of(frozen) for frozen in resumed])
    manifest.require(study, plan["splits"], fresh)
    examples = unique(SOURCES[plan["source"]["kind"]](plan["source"]), study)
    # Grouped as they are trained on: a row's later references may be another row's
    every = each_reference(examples, study) if "every_reference" in plan else examples
    group_of = near_duplicates.groups(every, plan["near_duplicate_jaccard"])
    kept = {name: s for name, s in plan["splits"].items() if name not in fresh}
    splits = frozen_rows(study, kept, examples)
    splits |= _drawn(plan, fresh, splits, examples, group_of)
    leakage.refuse(splits, group_of, plan["near_duplicate_jaccard"], study)
    declared, source = plan["splits"], plan["source"]
    made = [manifest.make(study, name, declared[name], splits[name], source) for name in fresh]
    freezing.write(study, resumed, made)
    for name, rows in splits.items():
        records.write(paths.split(study, name), [{**r, "group": group_of[r["id"]]} for r in rows])
        logger.info("%s %s: %d rows", name, declared[name]["version"], len(rows))
    freezing.done(study)


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


def _drawn(
    plan: dict[str, Any],
    fresh: list[str],
    frozen: dict[str, list[dict[str, Any]]],
    examples: list[dict[str, Any]],
    group_of: dict[str, str],
) -> dict[str, list[dict[str, Any]]]:
    """The rows of the splits to freeze now, none without any."""
    if not fresh:
        return {}
    if frozen:  # these decide what is left to draw
        around = ", ".join(f"{name} {plan['splits'][name]['version']}" for name in frozen)
        logger.info("%s: %s drawn around %s", plan["study"], ", ".join(fresh), around)
    ids = {name: [row["id"] for row in rows] for name, rows in frozen.items()}
    drawn = assign.draw(examples, group_of, plan["splits"], ids, plan["split_seed"])
    by_id = {example["id"]: example for example in examples}
    return {name: [by_id[identity] for identity in ids] for name, ids in drawn.items()}


def _wanted(plan: dict[str, Any], new: str, resumed: list[Path]) -> list[str]:
    """The splits to freeze now; UserError for an unknown name or a version that is frozen.

    What an interrupted freeze has drawn is not drawn again.
    """
    names = list(plan["splits"]) if new == "all" else [name for name in new.split(",") if name]
    wanted = []
    for name in names:
        if name not in plan["splits"]:
            raise UserError(
                f"--new {new}: unknown split '{name}'; known: {', '.join(plan['splits'])}"
            )
        path = paths.manifest(plan["study"], name, plan["splits"][name]["version"])
        if path.exists() and path not in resumed:
            raise UserError(f"{path}: already frozen; declare a new version of {name}")
        wanted += [] if path in resumed else [name]
    return wanted


if __name__ == "__main__":
    run(main)
