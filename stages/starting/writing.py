"""Write a new study, whole or not at all."""

import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from stages import freeze_splits, paths, plan, records
from stages.starting import registering


def write(name: str, study: str, files: Sequence[Path]) -> None:
    """Write the study's file, its lines in dvc.yaml, its splits and their manifests.

    `files` are the study files that dvc.yaml names so far. Raises UserError where the study does
    not go with them or its splits cannot be drawn, and then leaves all as it was.
    """
    file = paths.study_file(name)
    before = paths.PIPELINE.read_text(encoding="utf-8")
    registered = registering.register(before, name)
    with _undone_on_failure(name, before):
        records.write_text(file, study)
        _, plans = plan.resolve([*files, file])
        records.write_text(paths.PIPELINE, registered)
        # The one plan that freezing takes: DVC makes them all again, since dvc.yaml has changed
        step = ("freeze_splits", name)
        records.write_json(paths.plan(*step), plans[step])
        freeze_splits.main(name, new="all")


@contextmanager
def _undone_on_failure(name: str, pipeline: str) -> Iterator[None]:
    """Remove all that `write` writes, whatever ends it early. The name was free before."""
    try:
        yield
    except BaseException:
        if paths.PIPELINE.read_text(encoding="utf-8") != pipeline:
            records.write_text(paths.PIPELINE, pipeline)
        paths.study_file(name).unlink(missing_ok=True)
        paths.plan("freeze_splits", name).unlink(missing_ok=True)
        for made in (paths.manifest(name, "dev", "v1"), paths.split(name, "dev")):
            shutil.rmtree(made.parent, ignore_errors=True)
        raise
