"""Copy the chosen arm's adapter, and that of what it is compared with, for the test stage.

Usage: python -m stages.promote STUDY

Apart from the choice, which needs no weights: another rule that comes to the same arm runs nothing
here, and needs no adapter on this machine.
"""

import shutil
from pathlib import Path

from stages import lock, paths, records
from stages.command import UserError, run


def main(study: str) -> None:
    chosen = records.read_json(paths.chosen(study))
    folder = paths.promoted(study)
    shutil.rmtree(folder, ignore_errors=True)  # by hand, a stage also starts from nothing
    for arm, weights in chosen["weights"].items():
        if weights:
            check(arm, paths.adapter(study, arm), weights)
    records.write_json(folder / "promotion.json", chosen)
    for arm, weights in chosen["weights"].items():
        if weights:
            shutil.copytree(paths.adapter(study, arm), folder / arm)


def check(arm: str, adapter: Path, weights: str) -> None:
    """Raise UserError unless the adapter is the one that was scored."""
    lock.verify(adapter)
    file = adapter / "adapter_model.safetensors"
    todo = (
        f"get it with `dvc checkout` or `dvc pull`, or run `dvc repro train@{arm}` and what follows"
    )
    if not file.exists():
        raise UserError(f"{file}: missing, and {arm} was chosen; {todo}")
    found = records.file_digest(file)
    if found != weights:
        raise UserError(f"{file}: sha256 is {found}, but {weights} was scored; {todo}")


if __name__ == "__main__":
    run(main)
