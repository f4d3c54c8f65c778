"""Plans: root < study < arm, a plan holds what its stage uses, and names refer to what exists."""

import copy
import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from ruamel.yaml import YAML

from stages import paths, plan, records
from stages.checks import references
from stages.command import UserError
from stages.params import Knobs, StudyFile
from stages.plans import AUDIT_KNOBS, PREDICT_KNOBS, TRAIN_KNOBS, build, load_plan, resolve
from stages.yaml_files import load
from tests.conftest import KNOBS

ROOT = Path(__file__).parent.parent
ARM = {"study": "toy", "base": "tiny", "render": "toy-chat", "method": "sft"}
STUDY = {
    "title": "Toy",
    "question": "Does it?",
    "base": "tiny",
    "instruction": "Translate.",
    "source": {
        "kind": "file",
        "path": "toy.jsonl",
        "sha256": "0" * 64,
        "columns": {"input": "en", "target": "ja"},
    },
    "splits": {name: {"version": "v1", "rows": 4} for name in ("train", "dev", "test")},
    "metrics": {"chrf": {}, "terminology": {"glossary": "glossary.tsv"}},
}
STUDIES = {
    "bases": {"tiny": {"kind": "folder", "path": "tiny", "sha256": "0" * 64, "licence": "MIT"}},
    "study": {"toy": STUDY},
    "renders": {"toy-chat": {"study": "toy", "format": "chat"}},
    "arms": {
        "toy-s0": {**ARM, "method": "none"},
        "toy-follows": ARM,
        "toy-pinned": {**ARM, "lr": 1e-3, "lora": {"r": 8}},
    },
}
OTHER = {
    "study": {"far": {**STUDY, "metrics": {"chrf": {}}}},
    "renders": {"far-alpaca": {"study": "far", "format": "alpaca"}},
    "arms": {"far-s0": {"study": "far", "base": "tiny", "render": "far-alpaca", "method": "none"}},
}
STUDY_STAGES = (
    "freeze_splits",
    "validate",
    "compare",
    "promote",
    "score_test",
    "report",
)
PIPELINE = {
    "vars": [{"score_comet": {}}, "studies/toy.yaml", "studies/far.yaml"],
    "stages": {"plan": {"params": [{"params.yaml": None}, {"studies/toy.yaml": None}]}},
}
PIPELINE["stages"]["plan"]["params"].append({"studies/far.yaml": None})


@pytest.fixture
def project(tmp_path, monkeypatch):
    """A folder with the files that `plan` reads; gives a function that puts a value into one."""
    monkeypatch.chdir(tmp_path)
    Path("studies").mkdir()
    Path("glossary.tsv").write_text("term\taccepted\nserver\tサーバー\n", encoding="utf-8")
    shutil.copy(ROOT / "constraints.txt", "constraints.txt")
    contents = {
        "params.yaml": copy.deepcopy(KNOBS),
        "studies/toy.yaml": copy.deepcopy(STUDIES),
        "studies/far.yaml": copy.deepcopy(OTHER),
        "dvc.yaml": copy.deepcopy(PIPELINE),
    }

    def put(file, *place_and_value):
        *place, last, value = place_and_value
        node = contents.setdefault(file, {})
        for part in place:
            node = node.setdefault(part, {})
        node[last] = value
        Path(file).write_text(json.dumps(contents[file]))  # JSON is YAML 1.2

    for file, content in contents.items():
        Path(file).write_text(json.dumps(content))
    return put


def planned() -> dict[str, bytes]:
    """The bytes of every plan, by stage/key."""
    plan.main()
    return {str(file.relative_to("plan").with_suffix("")): file.read_bytes() for file in files()}


def files() -> list[Path]:
    return sorted(Path("plan").rglob("*.json"))


def changed(before: dict[str, bytes], after: dict[str, bytes]) -> set[str]:
    return {name for name in before | after if before.get(name) != after.get(name)}


def run_plan(*words: str) -> subprocess.CompletedProcess:
    return subprocess.run(
        [sys.executable, "-m", "stages.plan", *words],
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
    )


def test_every_stage_and_key_has_its_plan(project):
    stages = {"train", "predict", "evaluate"}
    arms = {"toy-s0", "toy-follows", "toy-pinned", "far-s0"}
    assert set(planned()) == {
        "fetch_base/tiny",
        *(f"{stage}/{study}" for stage in STUDY_STAGES
          for study in ("toy", "far")),
        "render/toy-chat",
        "render/far-alpaca",
        *(f"{stage}/{arm}" for stage in stages for arm in arms),
    }  # fmt: skip


def test_same_files_give_the_same_bytes(project):
    assert planned() == planned()


def test_plan_of_a_removed_arm_goes(project):
    assert "train/far-s0" in planned()
    project("studies/far.yaml", "arms", {})
    assert "train/far-s0" not in planned()


# where lr, lora.r and decode.top_p are set, and what the arm gets
LAYERS = [
    ({}, {}, (5e-4, 4, 1.0)),
    ({"lr": 1e-3}, {}, (1e-3, 4, 1.0)),
    ({}, {"lr": 1e-5}, (1e-5, 4, 1.0)),
    ({"lr": 1e-3}, {"lr": 1e-5}, (1e-5, 4, 1.0)),
    ({"lora": {"r": 16}}, {}, (5e-4, 16, 1.0)),
    ({"lora": {"r": 16}}, {"lora": {"alpha": 1}}, (5e-4, 16, 1.0)),
    ({"lora": {"r": 16}}, {"lora": {"r": 2}}, (5e-4, 2, 1.0)),
    ({"decode": {"top_p": 0.5}}, {"decode": {"temperature": 1.0}}, (5e-4, 4, 0.5)),
    ({"decode": {"top_p": 0.5}}, {"decode": {"top_p": 0.25}}, (5e-4, 4, 0.25)),
]


@pytest.mark.parametrize(("study", "arm", "expected"), LAYERS)
def test_the_more_specific_setting_wins(project, study, arm, expected):
    for name, value in study.items():
        project("studies/toy.yaml", "study", "toy", name, value)
    for name, value in arm.items():
        project("studies/toy.yaml", "arms", "toy-follows", name, value)
    plan.main()
    train, predict = load_plan("train", "toy-follows"), load_plan("predict", "toy-follows")
    assert (train["lr"], train["lora"]["r"], predict["decode"]["top_p"]) == expected
    # What a layer does not name stays as the layer below has it.
    assert train["lora"]["target_modules"] == "all-linear"
    assert predict["decode"]["max_new_tokens"] == 8


def test_a_falsy_override_counts(project):
    project("params.yaml", "gradient_checkpointing", True)
    project("params.yaml", "warmup_steps", 7)
    project("studies/toy.yaml", "study", "toy", "gradient_checkpointing", False)
    project("studies/toy.yaml", "arms", "toy-follows", "warmup_steps", 0)
    plan.main()
    train = load_plan("train", "toy-follows")
    assert (train["gradient_checkpointing"], train["warmup_steps"]) == (False, 0)


def test_untouched_base_has_no_training_knobs(project):
    plan.main()
    train = load_plan("train", "toy-s0")
    assert set(train) == {"arm", "study", "base", "render", "method"}
    assert set(load_plan("train", "toy-follows")) == {*train, *TRAIN_KNOBS, "pins"}


def test_every_knob_reaches_a_stage_that_uses_it():
    assert {*TRAIN_KNOBS, *PREDICT_KNOBS, *AUDIT_KNOBS} == set(Knobs.model_fields)


@pytest.mark.parametrize(
    ("library", "stages"),
    [
        ("trl", {"train"}),
        # promote hands on how the test split would be answered
        ("torch", {"train", "predict", "promote"}),
        ("sacrebleu", {"evaluate", "score_test"}),
        ("numpy", {"compare", "score_test"}),
        ("ruff", set()),
    ],
)
def test_another_version_of_a_library_re_runs_what_uses_it(project, library, stages):
    before = planned()
    pins = Path("constraints.txt").read_text()
    Path("constraints.txt").write_text(re.sub(rf"(?m)^{library}==.*$", f"{library}==0.0.1", pins))
    again = changed(before, planned())
    assert {name.split("/")[0] for name in again} == stages


def test_greedy_answers_do_not_depend_on_the_seed(project):
    before = planned()
    project("params.yaml", "seed", 7)
    assert not [name for name in changed(before, planned()) if name.startswith("predict/")]
    project("params.yaml", "decode", "temperature", 0.5)
    assert load_plan("predict", "toy-s0").get("seed") is None
    plan.main()
    assert load_plan("predict", "toy-s0")["seed"] == 7


# what is changed, in which file, and the plans that change with it
CHANGES = [
    (("params.yaml", "lr", 3e-6), {"train/toy-follows"}),
    (("params.yaml", "lora", "r", 2), {"train/toy-follows"}),
    (("params.yaml", "save_steps", 7), {"train/toy-follows", "train/toy-pinned"}),
    (("studies/toy.yaml", "arms", "toy-pinned", "lr", 2e-3), {"train/toy-pinned"}),
    (("studies/toy.yaml", "study", "toy", "lr", 2e-3), {"train/toy-follows"}),
    (
        ("params.yaml", "max_steps", 20),
        {"train/toy-follows", "train/toy-pinned", "validate/toy"},
    ),
    (("params.yaml", "max_truncated_share", 0.5), {"validate/toy"}),
    (
        ("params.yaml", "decode", "temperature", 0.5),
        {
            *(f"predict/{arm}" for arm in ("toy-s0", "toy-follows", "toy-pinned", "far-s0")),
            "promote/toy",
            "promote/far",
        },
    ),
    (
        ("studies/toy.yaml", "study", "toy", "metrics", "bleu_char", {}),
        {
            *(f"{stage}/toy" for stage in ("compare", "score_test", "report")),
            *(f"evaluate/{arm}" for arm in ("toy-s0", "toy-follows", "toy-pinned")),
        },
    ),
    (("studies/toy.yaml", "study", "toy", "instruction", "Please."),
     {"render/toy-chat", "promote/toy"}),
    (("studies/toy.yaml", "study", "toy", "promote", {"metric": "chrf"}),
     {"promote/toy"}),
    (("studies/toy.yaml", "study", "toy", "decisions", [{"scenario": "Go."}]), {"compare/toy"}),
    (("studies/toy.yaml", "arms", "toy-pinned", "compare_to", "toy-follows"),
     {"compare/toy", "promote/toy"}),
    (("studies/toy.yaml", "study", "toy", "title", "New"), {"report/toy"}),
    (("studies/toy.yaml", "study", "toy", "split_seed", 7), {"freeze_splits/toy"}),
    (("studies/toy.yaml", "bases", "tiny", "path", "moved"),
     {"fetch_base/tiny", "report/toy", "report/far", "promote/toy", "promote/far"}),
]  # fmt: skip


@pytest.mark.parametrize(
    ("change", "touched"), CHANGES, ids=[".".join(map(str, row[0][1:])) for row in CHANGES]
)
def test_a_change_touches_only_plans_that_use_it(project, change, touched):
    before = planned()
    project(*change)
    assert changed(before, planned()) == touched


def test_changed_glossary_changes_the_evaluation_of_its_study_alone(project):
    before = planned()
    Path("glossary.tsv").write_text("term\taccepted\nhost\tホスト\n", encoding="utf-8")
    arms = ("toy-s0", "toy-follows", "toy-pinned")
    evaluated = {f"evaluate/{arm}" for arm in arms}
    assert changed(before, planned()) == {"score_test/toy", *evaluated}


def test_comet_switched_on_is_in_the_plans_of_its_study_alone(project):
    before = planned()
    project("studies/toy.yaml", "score_comet", STUDIES["arms"])
    arms = list(STUDIES["arms"])
    again = changed(before, planned())
    stages = {name for name in again if not name.startswith(("evaluate/", "score_comet/"))}
    assert again - stages == {f"{stage}/{a}" for stage in ("evaluate", "score_comet") for a in arms}
    assert "report/toy" in stages and not [name for name in again if "far" in name]
    assert load_plan("score_comet", "toy-s0") == {
        "arm": "toy-s0",
        "study": "toy",
        "comet": {
            "model": "Unbabel/wmt22-comet-da",
            "revision": "2760a223ac957f30acfb18c8aa649b01cf1d75f2",
            "sha256": None,
            "batch_size": 16,
        },
    }
    assert load_plan("evaluate", "toy-s0")["metrics"] == {**STUDY["metrics"], "comet": {}}
    assert load_plan("report", "toy")["metrics"] == [*STUDY["metrics"], "comet"]
    project("studies/toy.yaml", "study", "toy", "comet", {"model": "m.ckpt", "sha256": "0" * 64})
    plan.main()
    local = {"model": "m.ckpt", "revision": None, "sha256": "0" * 64, "batch_size": 16}
    assert load_plan("score_comet", "toy-s0")["comet"] == local


def test_scores_of_an_arm_that_comet_no_longer_scores_go(project):
    scores = paths.scores("toy", "toy-s0", "comet")
    for file in (scores, paths.score_card("toy", "toy-s0", "comet")):
        records.write_text(file, "{}")
    records.write_text(paths.predictions("toy", "toy-s0"), "{}")
    project("studies/toy.yaml", "score_comet", STUDIES["arms"])
    plan.main()
    assert scores.exists()
    project("studies/toy.yaml", "score_comet", {})
    plan.main()
    assert [file.name for file in scores.parent.iterdir()] == ["dev.jsonl"]


# what is put where, and the one line that comes of it
MISTAKES = [
    (
        ("studies/toy.yaml", "arms", "toy-follows", "methd", "sft"),
        "studies/toy.yaml: arms.toy-follows: unknown key 'methd' (did you mean 'method'?); known: ",
    ),
    (
        ("studies/toy.yaml", "arms", "toy-follows", "lr", "5e-6"),
        "studies/toy.yaml: arms.toy-follows.lr: input should be a valid number, found '5e-6'",
    ),
    (
        ("params.yaml", "lr", "5e-6"),
        "params.yaml: lr: input should be a valid number, found '5e-6'",
    ),
    (
        ("params.yaml", "learning_rate", 1e-3),
        "params.yaml: unknown key 'learning_rate'; known: batch_size, ",
    ),
    (
        ("studies/toy.yaml", "study", "toy", "metrics", "chr_f", {}),
        "studies/toy.yaml: study.toy.metrics: unknown 'chr_f'. Did you mean 'chrf'? Known: bleu",
    ),
    (
        ("studies/toy.yaml", "study", "toy", "metrics", "chrf", {"order": 2}),
        "studies/toy.yaml: study.toy.metrics.chrf: chrF: unknown option 'order'; known: none",
    ),
    (
        ("studies/toy.yaml", "study", "toy", "metrics", "terminology", {}),
        "studies/toy.yaml: study.toy.metrics.terminology: terminology: option 'glossary' is",
    ),
    (
        ("studies/toy.yaml", "study", "toy", "metrics", "terminology", {"glossary": "none.tsv"}),
        "studies/toy.yaml: study.toy.metrics.terminology: none.tsv: no such glossary",
    ),
    (
        ("studies/toy.yaml", "study", "toy", "metrics", "terminology", {"glossary": 5}),
        "studies/toy.yaml: study.toy.metrics.terminology: ",
    ),
    (
        ("studies/toy.yaml", "study", "toy", "metrics", "wrong_script_rate", {"script": ["a"]}),
        "studies/toy.yaml: study.toy.metrics.wrong_script_rate: ",
    ),
    (
        ("studies/toy.yaml", "study", "toy", "metrics", "wrong_script_rate", {"script": "kana"}),
        "studies/toy.yaml: study.toy.metrics.wrong_script_rate: wrong_script_rate: unknown script",
    ),
    (
        ("studies/far.yaml", "renders", "far-alpaca", "format", "alpcaa"),
        "studies/far.yaml: renders.far-alpaca.format: unknown 'alpcaa'. Did you mean 'alpaca'? K",
    ),
    (
        ("studies/far.yaml", "renders", "far-alpaca", "study", "fra"),
        "studies/far.yaml: renders.far-alpaca.study: unknown 'fra'. Did you mean 'far'? Known: far",
    ),
    (
        ("studies/far.yaml", "arms", "far-s0", "base", "tny"),
        "studies/far.yaml: arms.far-s0.base: unknown 'tny'. Did you mean 'tiny'? Known: tiny",
    ),
    (
        ("studies/far.yaml", "arms", "far-s0", "study", "elsewhere"),
        "studies/far.yaml: arms.far-s0.study: unknown 'elsewhere'. Known: far, toy",
    ),
    (
        ("studies/far.yaml", "arms", "far-s0", "render", "far-chat"),
        "studies/far.yaml: arms.far-s0.render: unknown 'far-chat'.",
    ),
    (
        ("studies/far.yaml", "arms", "far-s0", "render", "toy-chat"),
        "studies/far.yaml: arms.far-s0.render: 'toy-chat' belongs to the study 'toy'",
    ),
    (
        ("studies/far.yaml", "study", "far", "base", "none"),
        "studies/far.yaml: study.far.base: unknown 'none'. Known: tiny",
    ),
    (
        ("studies/far.yaml", "arms", "s1", {"study": "far", "base": "tiny", "render": "far-alpaca",
                                           "method": "none"}),
        "studies/far.yaml: arms.s1: an arm's name starts with its study: 'far-s1'",
    ),
    (
        ("studies/far.yaml", "arms", "far-S1", ARM),
        "studies/far.yaml: arms.far-S1.[key]: string should match pattern",
    ),
    (
        ("studies/far.yaml", "arms", "toy-s0", {**ARM, "method": "none"}),
        "studies/far.yaml: arms.toy-s0: defined in another file already",
    ),
    (
        ("studies/toy.yaml", "study", "toy", "metrics", "comet", {}),
        "studies/toy.yaml: study.toy.metrics.comet: a line `score_comet: *arms` at the end of the",
    ),
    (
        ("studies/toy.yaml", "study", "toy", "comet", {"model": "here.ckpt"}),
        "studies/toy.yaml: study.toy.comet: a checkpoint file is pinned by `sha256`, and by no rev",
    ),
    (
        ("studies/toy.yaml", "study", "toy", "comet", {"model": "Unbabel/XCOMET-XL"}),
        "studies/toy.yaml: study.toy.comet.revision: missing; a hub's model is pinned by",
    ),
    (
        ("studies/toy.yaml", "score_comet", {"toy-s9": ARM}),
        "studies/toy.yaml: score_comet: unknown 'toy-s9'. Did you mean 'toy-s0'? Known: far-s0, to",
    ),
    (
        ("studies/toy.yaml", "score_comet", {**STUDIES["arms"], "toy-s0": ARM}),
        "studies/toy.yaml: score_comet.toy-s0: differs from arms.toy-s0; write `score_comet: *arms",
    ),
    (
        ("studies/toy.yaml", "score_comet", {"toy-follows": ARM}),
        "studies/toy.yaml: score_comet: leaves out toy-s0, toy-pinned; score all arms of 'toy' or",
    ),
    (
        ("dvc.yaml", "vars", ["studies/toy.yaml", "studies/far.yaml", "studies/new.yaml"]),
        "dvc.yaml: studies/new.yaml is under vars but not under stages.plan.params",
    ),
]  # fmt: skip


@pytest.mark.parametrize(
    ("mistake", "said"), MISTAKES, ids=[f"{row[0][-2]}={row[0][-1]!s:.25}" for row in MISTAKES]
)
def test_mistake_stops_the_plan_with_one_line(project, mistake, said):
    before = planned()
    project(*mistake)
    with pytest.raises(UserError) as raised:
        plan.main()
    assert str(raised.value).startswith(said)
    assert "\n" not in str(raised.value)
    # The old plans are still there, whole.
    assert {str(f.relative_to("plan").with_suffix("")): f.read_bytes() for f in files()} == before


def test_command_prints_one_line_and_ends_with_status_1(project):
    project("studies/toy.yaml", "arms", "toy-follows", "lr", "5e-6")
    done = run_plan()
    assert done.returncode == 1
    expected = "studies/toy.yaml: arms.toy-follows.lr: input should be a valid number, found '5e-6'"
    assert done.stderr == f"error: {expected}\n"
    assert not Path("plan").exists()


def test_command_names_a_key_that_is_no_string(project):
    text = Path("studies/toy.yaml").read_text()
    Path("studies/toy.yaml").write_text(text.replace('"toy-s0"', "1"))
    done = run_plan()
    assert done.returncode == 1
    expected = "error: studies/toy.yaml: arms.1.[key]: input should be a valid string, found 1\n"
    assert done.stderr == expected


def test_check_resolves_one_more_file_and_writes_nothing(project, capsys):
    project("studies/new.yaml", "arms", "toy-more", ARM)
    plan.main(check="studies/new.yaml")
    assert "studies/new.yaml: " in capsys.readouterr().out
    assert not Path("plan").exists()
    project("studies/new.yaml", "arms", "toy-more", {**ARM, "base": "none"})
    with pytest.raises(UserError, match=r"studies/new.yaml: arms.toy-more.base: unknown 'none'"):
        plan.main(check="studies/new.yaml")


def test_plan_of_an_unknown_key_names_the_known(project):
    plan.main()
    with pytest.raises(
        UserError, match=r"plan/train/toy-x.json: no such plan; known: far-s0, toy-f"
    ):
        load_plan("train", "toy-x")
    shutil.rmtree("plan")
    with pytest.raises(UserError, match="known: none, run plan first"):
        load_plan("train", "toy-x")


# --- the repository's own params and studies ---


@pytest.fixture
def repository(monkeypatch):
    """Root knobs and studies of the repository itself, read only."""
    monkeypatch.chdir(ROOT)
    loaded = {file: load(file, StudyFile) for file in plan.study_files()}
    return load(Path("params.yaml"), Knobs), plan.merge(loaded), loaded


def test_own_params_and_studies_resolve(repository):
    root, studies, loaded = repository
    references.check(studies, loaded)
    plans = build(root, studies, references.metric_files(studies), plan.pins())
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


def test_every_own_study_file_is_read_by_the_pipeline():
    pipeline = YAML(typ="safe", pure=True).load((ROOT / "dvc.yaml").read_text())
    expected = sorted(f"studies/{file.name}" for file in (ROOT / "studies").glob("*.yaml"))
    assert sorted(name for name in pipeline["vars"] if isinstance(name, str)) == expected


def untouched(project, name, **fields):
    project("studies/toy.yaml", "arms", name, {**ARM, "method": "none", **fields})


def test_arm_is_measured_against_the_untouched_base_that_it_starts_from(project):
    plan.main()
    wanted = {"toy-s0": None, "toy-follows": "toy-s0", "toy-pinned": "toy-s0"}
    assert load_plan("compare", "toy")["against"] == wanted
    assert load_plan("promote", "toy")["against"] == wanted


def test_arm_may_name_whom_it_is_measured_against(project):
    project("studies/toy.yaml", "arms", "toy-pinned", "compare_to", "toy-follows")
    untouched(project, "toy-again", compare_to="toy-s0")  # an A/A control
    plan.main()
    against = load_plan("compare", "toy")["against"]
    assert against["toy-pinned"] == "toy-follows" and against["toy-again"] == "toy-s0"
    assert against["toy-follows"] == "toy-s0"


def test_two_untouched_bases_need_a_word_which_one_is_meant(project):
    untouched(project, "toy-other")
    with pytest.raises(UserError, match="arms.toy-follows.compare_to: toy-s0, toy-other are all"):
        plan.main()


@pytest.mark.parametrize("name", ["far-s0", "toy-pinned", "nobody"])
def test_whom_an_arm_is_measured_against_is_another_arm_of_its_study(project, name):
    project("studies/toy.yaml", "arms", "toy-pinned", "compare_to", name)
    with pytest.raises(UserError, match=f"toy-pinned.compare_to: unknown '{name}'"):
        plan.main()


def test_study_without_untouched_base_has_nothing_to_compare_with(project):
    project("studies/toy.yaml", "arms", {"toy-follows": ARM})
    plan.main()
    assert load_plan("compare", "toy")["against"] == {"toy-follows": None}


def test_hypotheses_keep_the_order_of_the_file(project):
    one = {"kind": "threshold", "claim": "c", "arm": "toy-s0", "figure": "chrf", "at_least": 1.0}
    both = {"kind": "all_of", "claim": "c", "of": ["z", "m"]}
    project("studies/toy.yaml", "study", "toy", "hypotheses", {"z": one, "m": one, "a": both})
    plan.main()
    names = [hypothesis["name"] for hypothesis in load_plan("compare", "toy")["hypotheses"]]
    assert names == load_plan("report", "toy")["hypotheses"] == ["z", "m", "a"]
