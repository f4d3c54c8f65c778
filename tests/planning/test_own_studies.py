"""The repository's own params and studies resolve, and mean what they say."""

from pathlib import Path

import pytest
from ruamel.yaml import YAML

from stages import plan, records
from stages.planning import checks
from stages.planning.resolve import build
from stages.planning.resolve.arms import resolve
from stages.planning.schema import Knobs, StudyFile
from stages.planning.yaml_files import load
from tests.conftest import ROOT


@pytest.fixture
def repository(monkeypatch):
    """Root knobs and studies of the repository itself, read only."""
    monkeypatch.chdir(ROOT)
    loaded = {file: load(file, StudyFile) for file in plan.study_files()}
    return load(Path("params.yaml"), Knobs), plan.merge(loaded), loaded


def test_own_params_and_studies_resolve(repository):
    root, studies, loaded = repository
    checks.check(studies, loaded)
    plans = build(root, studies, checks.metric_files(studies), plan.pins())
    assert {key for stage, key in plans if stage == "train"} == set(studies.arms)
    for value in plans.values():
        records.dumps(value)


def test_own_full_studies_resolve(monkeypatch):
    monkeypatch.chdir(ROOT)
    monkeypatch.setattr(plan, "write", lambda plans: pytest.fail("--check wrote"))
    for file in sorted(Path("studies/full").glob("*.yaml")):
        plan.main(check=str(file))


def test_every_own_study_has_an_untouched_base(repository):
    _, studies, _ = repository
    compared = {arm.study for arm in studies.arms.values() if arm.method == "none"}
    assert compared == set(studies.study)


def test_own_lr_reaches_exactly_the_arms_that_do_not_pin_it(repository):
    root, studies, _ = repository
    other = Knobs.model_validate({**root.model_dump(), "lr": 1.5e-6})
    for arm in studies.arms.values():
        study = studies.study[arm.study]
        follows = resolve(root, study, arm)["lr"] != resolve(other, study, arm)["lr"]
        assert follows == (arm.lr is None and study.lr is None)


def test_every_own_study_s_promoted_model_is_an_artifact(repository):
    _, studies, _ = repository
    pipeline = YAML(typ="safe", pure=True).load((ROOT / "dvc.yaml").read_text())
    found = {name: artifact["path"] for name, artifact in pipeline["artifacts"].items()}
    assert found == {name: f"models/promoted/{name}" for name in studies.study}


def test_every_own_study_file_is_read_by_the_pipeline():
    pipeline = YAML(typ="safe", pure=True).load((ROOT / "dvc.yaml").read_text())
    expected = sorted(f"studies/{file.name}" for file in (ROOT / "studies").glob("*.yaml"))
    assert sorted(name for name in pipeline["vars"] if isinstance(name, str)) == expected


def test_plan_runs_again_when_a_file_that_it_hashes_changes(repository):
    """A file that no stage depends on would leave stale scores behind, and nobody would know."""
    _, studies, _ = repository
    pipeline = YAML(typ="safe", pure=True).load((ROOT / "dvc.yaml").read_text())
    deps = pipeline["stages"]["plan"]["deps"]
    files = checks.metric_files(studies)
    assert files
    for file in files:
        assert any(file == dep or file.startswith(f"{dep}/") for dep in deps), file


# The original calls them four
CHANGES = {"max_steps", "schedule", "lr", "warmup_ratio", "rewards"}


@pytest.mark.parametrize(
    ("file", "study"),
    [("studies/commerce.yaml", "commerce"), ("studies/full/commerce.yaml", "commerce_full")],
)
def test_v4_1_differs_from_v4_by_the_five_changes_of_the_original(monkeypatch, file, study):
    monkeypatch.chdir(ROOT)
    root, declared = load(Path("params.yaml"), Knobs), load(Path(file), StudyFile)
    v4, v4_1 = (
        resolve(root, declared.study[study], declared.continued[f"{study}-{name}"])
        for name in ("v4", "v4_1")
    )
    assert {name for name in {*v4, *v4_1} if v4.get(name) != v4_1.get(name)} == CHANGES
    assert v4_1["max_steps"] == 3 * v4["max_steps"]
    assert v4_1["lr"] == pytest.approx(2.5 * v4["lr"])
    assert (v4["warmup_ratio"], v4_1["warmup_ratio"]) == (0.1, 0.05)
    assert (v4["schedule"], v4_1["schedule"]) == ("cosine", "constant_with_warmup")
    parsers = [arm["rewards"]["extraction"]["parser"] for arm in (v4, v4_1)]
    assert parsers == ["strict_braces", "tolerant"]
