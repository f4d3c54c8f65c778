"""Resolve params.yaml and studies/*.yaml into one checked plan per stage and key, under plan/.

Usage: python -m stages.plan [--check STUDY_FILE]

--check resolves params.yaml with the studies of dvc.yaml and one more study file, writes nothing,
and says what would run: `python -m stages.plan --check studies/full/translation.yaml`.
"""

import shutil
from pathlib import Path

from ruamel.yaml import YAML

from stages import paths, records
from stages.checks import references
from stages.command import UserError, run
from stages.params import Knobs, StudyFile
from stages.planning import build
from stages.scorer_plans import SWITCHES
from stages.yaml_files import load


def main(check: str = "") -> None:
    files = study_files()
    root = load(paths.PARAMS, Knobs)
    loaded = {file: load(file, StudyFile) for file in [*files, *([Path(check)] if check else [])]}
    studies = merge(loaded)
    references.check(studies, loaded)
    plans = build(root, studies, references.metric_files(studies), pins())
    if check:
        print(f"{check}: {len(plans)} plans resolve, {len(studies.arms)} arms; nothing was written")
        return
    write(plans)
    remove_old_scores(studies)


def pins() -> dict[str, str]:
    """The pinned version of each library in constraints.txt, by name."""
    lines = [line for line in records.lines(paths.CONSTRAINTS) if "==" in line]
    return dict(line.strip().lower().split("==") for line in lines)


def study_files() -> list[Path]:
    """The study files under `vars` of dvc.yaml, which must be the plan stage's params too."""
    pipeline = YAML(typ="safe", pure=True).load(paths.PIPELINE.read_text(encoding="utf-8"))
    # A map among the files is what they add to, such as the arms that COMET scores: none.
    files = [Path(name) for name in pipeline["vars"] if isinstance(name, str)]
    tracked = {name for item in pipeline["stages"]["plan"]["params"] for name in item}
    untracked = [str(file) for file in files if str(file) not in tracked]
    if untracked:
        raise UserError(
            f"dvc.yaml: {', '.join(untracked)} is under vars but not under stages.plan.params, "
            "so changes to it would go unnoticed; add a line `- FILE:` there"
        )
    return files


def merge(loaded: dict[Path, StudyFile]) -> StudyFile:
    """Join the files' maps; DVC itself refuses a key that two files define, and so does this."""
    joined: dict[str, dict] = {name: {} for name in StudyFile.model_fields}
    for path, content in loaded.items():
        for section, entries in joined.items():
            for key, value in getattr(content, section).items():
                if key in entries:
                    raise UserError(f"{path}: {section}.{key}: defined in another file already")
                entries[key] = value
    return StudyFile.model_construct(**joined)


def write(plans: dict[tuple[str, str], object]) -> None:
    """Replace the whole folder, so that no plan of a removed arm is left."""
    if paths.PLAN.exists():
        shutil.rmtree(paths.PLAN)
    for (stage, key), plan in plans.items():
        records.write_json(paths.plan(stage, key), plan)


def remove_old_scores(studies: StudyFile) -> None:
    """Remove the scores of what is scored apart no longer; git and DVC's cache still have them.

    They lie beside the answers, and `evaluate` depends on that whole folder.
    """
    owners = {name: arm.study for name, arm in studies.arms.items()}
    owners |= {paths.floors(study): study for study in studies.study}
    for scorer, switch in SWITCHES.items():
        for name in owners.keys() - getattr(studies, switch).keys():
            for suffix in ("jsonl", "json"):
                paths.kept(owners[name], name, f"{scorer}.{suffix}").unlink(missing_ok=True)


if __name__ == "__main__":
    run(main)
