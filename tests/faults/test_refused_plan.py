"""A variant that `plan` refuses changes its knob alone, and the user is told how to get back."""

import pytest

from tests.conftest import Project

BACK = "; `git restore params.yaml` takes back what `dvc exp run` wrote there"


@pytest.fixture
def toy(unbuilt, tmp_path) -> Project:
    return unbuilt.copy(tmp_path / "project")


@pytest.mark.parametrize(
    ("setting", "said"),
    [
        ("+nosuch=1", "error: params.yaml: unknown key 'nosuch'; known: "),
        ("lr=0", f"error: params.yaml: lr: input should be greater than 0, found 0{BACK}\n"),
    ],
)
def test_refused_variant_changes_its_knob_alone_and_says_how_to_get_back(toy, setting, said):
    output = toy.run("dvc", "exp", "run", "-S", setting, ok=False)
    assert said in output and BACK in output
    assert toy.run("git", "status", "--short") == " M params.yaml\n"
    toy.run("git", "restore", "params.yaml")
    assert toy.run("git", "status", "--short") == ""


def test_unknown_knob_without_a_plus_is_refused_by_dvc_and_changes_nothing(toy):
    output = toy.run("dvc", "exp", "run", "-S", "nosuch=1", ok=False)
    assert "Could not override 'nosuch'" in output
    assert toy.run("git", "status", "--short") == ""
