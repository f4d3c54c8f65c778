"""Plans are written all or not at all, and what `dvc exp run` wrote before them has a way back."""

import os
from pathlib import Path

import pytest

from stages import plan, records
from stages.command import UserError
from tests.planning.files import files, planned

BACK = "; `git restore params.yaml` takes back what `dvc exp run` wrote there"


def content() -> dict[str, bytes]:
    return {str(f.relative_to("plan").with_suffix("")): f.read_bytes() for f in files()}


def test_disk_that_fills_up_while_plans_are_written_leaves_the_old_ones(project, monkeypatch):
    before, left = planned(), [5]
    write_json = records.write_json

    def fill_up(path, value):
        left[0] -= 1
        if not left[0]:
            raise OSError(28, "No space left on device")
        write_json(path, value)

    monkeypatch.setattr(records, "write_json", fill_up)
    project("params.yaml", "lr", 1e-3)
    with pytest.raises(OSError, match="No space left"):
        plan.main()
    assert content() == before
    assert not [name for name in os.listdir() if name.startswith(".plan")]


@pytest.mark.parametrize(
    ("root", "name", "said"),
    [
        (".", "tidy-name", BACK),
        ("elsewhere", "tidy-name", ""),  # --temp: its own copy of the repository
        (".", None, ""),
    ],
)
def test_way_back_is_told_where_dvc_wrote_the_knob(project, monkeypatch, root, name, said):
    monkeypatch.setenv("DVC_ROOT", str(Path(root).absolute()))
    if name:
        monkeypatch.setenv("DVC_EXP_NAME", name)
    project("params.yaml", "lr", 0.0)
    with pytest.raises(UserError) as raised:
        plan.main()
    assert str(raised.value) == f"params.yaml: lr: input should be greater than 0, found 0.0{said}"
