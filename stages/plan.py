"""Resolve params.yaml and studies/*.yaml into one checked plan per stage and key, under plan/.

Usage: python -m stages.plan [--check STUDY_FILE]

--check resolves params.yaml with the studies of dvc.yaml and one more study file, writes nothing,
and says what would run: `python -m stages.plan --check studies/full/translation.yaml`.
"""

import logging
import os
import shutil
import subprocess
from collections.abc import Iterable
from pathlib import Path

from ruamel.yaml import YAML

from stages import paths, records
from stages.command import UserError, run
from stages.planning import checks
from stages.planning.checks import knobs
from stages.planning.resolve import Plans, build
from stages.planning.schema import Knobs, StudyFile
from stages.planning.yaml_files import load

logger = logging.getLogger(__name__)

# Rows of a study that does not publish them lie in the same place, where git passes over them.
PRIVATE = "# Written by stages.plan: this study's rows are not published.\n*\n"


def main(check: str = "") -> None:
    try:
        files = study_files()
        studies, plans = resolve([*files, *([Path(check)] if check else [])])
    except UserError as error:
        raise UserError(f"{error}{way_back(str(error))}") from None
    if check:
        print(f"{check}: {len(plans)} plans resolve, {len(studies.arms)} arms; nothing was written")
        return
    write(plans)
    shield(plans)
    point_out_unregistered(files)


def resolve(files: Iterable[Path]) -> tuple[StudyFile, Plans]:
    """What the study files say together, checked, and all plans of it; writes nothing."""
    root = load(paths.PARAMS, Knobs)
    loaded = {file: load(file, StudyFile) for file in files}
    studies = merge(loaded)
    checks.check(studies, loaded)
    knobs.check(root, studies, loaded)
    return studies, build(root, studies, checks.metric_files(studies), pins())


def way_back(said: str) -> str:
    """How to be rid of what `dvc exp run -S` wrote into a file, which it leaves there; else none.

    A run with --temp has a copy of the repository to itself, and leaves nothing.
    """
    file = said.partition(":")[0]
    here = Path(os.environ.get("DVC_ROOT", "")).resolve() == Path.cwd()
    if "DVC_EXP_NAME" not in os.environ or not here or not file.endswith(".yaml"):
        return ""
    return f"; `git restore {file}` takes back what `dvc exp run` wrote there"


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
    for path, content in loaded.items():
        for name in content.continued:
            if name in joined["arms"]:
                raise UserError(
                    f"{path}: continued.{name}: it is under arms as well; remove one of the two"
                )
    # From here on an arm is an arm: what it starts from, it says itself
    joined["arms"] |= joined.pop("continued")
    return StudyFile.model_construct(**joined)


def point_out_unregistered(files: Iterable[Path]) -> None:
    """A warning for each study file that lies among the others and that dvc.yaml does not name."""
    for file in sorted(set(paths.STUDIES.glob("*.yaml")) - set(files)):
        logger.warning(
            "%s: dvc.yaml does not name it, so DVC knows none of its stages; add `- %s` under "
            "`vars` and `- %s:` under stages.plan.params",
            *(file, file, file),
        )


def write(plans: Plans) -> None:
    """Replace the folder whole or not at all, so that no plan is lost, nor a removed arm's left."""
    made, old = Path(".plan.partial"), Path(".plan.old")
    for leftover in (made, old):
        shutil.rmtree(leftover, ignore_errors=True)
    try:
        for (stage, key), plan in plans.items():
            records.write_json(made / paths.plan(stage, key).relative_to(paths.PLAN), plan)
        if paths.PLAN.exists():
            paths.PLAN.rename(old)
        made.rename(paths.PLAN)
        shutil.rmtree(old, ignore_errors=True)
    finally:
        shutil.rmtree(made, ignore_errors=True)


def shield(plans: Plans) -> None:
    """Have git pass over the answers of a study that does not publish its rows, from the first.

    Those of one that publishes them whole are no longer passed over.
    """
    for (stage, study), plan in plans.items():
        if stage == "report" and plan["publish"] == "all":
            (paths.kept_rows(study).parent / ".gitignore").unlink(missing_ok=True)
        elif stage == "report":
            hide(study)


def hide(study: str) -> None:
    """Keep a study's answers out of git from now on; a warning where some are in it already."""
    folder = paths.kept_rows(study).parent
    records.write_text(folder / ".gitignore", PRIVATE)
    words = ["git", "ls-files", "--", folder]
    done = subprocess.run(words, capture_output=True, text=True, check=False)
    if done.stdout:
        logger.warning(
            "%s: git has rows of %s from before; `git rm -r --cached %s` takes them out of the "
            "next commit, and its history keeps them",
            *(folder, study, folder),
        )


if __name__ == "__main__":
    run(main)
