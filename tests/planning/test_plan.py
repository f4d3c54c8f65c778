"""Plans: root < study < arm, a plan holds what its stage uses, and names refer to what exists."""

import re
import shutil
from pathlib import Path

import pytest

from stages import plan, records
from stages.command import UserError
from stages.methods import METHODS
from stages.planning.resolve.arms import AUDIT_KNOBS
from stages.planning.schema import Knobs, Prediction
from stages.plans import load_plan
from tests.planning.files import ARM, changed, planned

STUDY_STAGES = (
    "freeze_splits",
    "answer_floors",
    "evaluate_floors",
    "validate",
    "compare",
    "choose",
    "score_test",
    "report",
)
# Knobs that say nothing unless they are set
UNSET = {"epochs", "warmup_ratio", "stop", "dev_loss"}


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
    own = set(METHODS["sft"].knobs.model_fields) - UNSET
    assert set(load_plan("train", "toy-follows")) == {*train, *own, "pins"}


def test_every_knob_reaches_a_stage_that_uses_it():
    trained = {knob for method in METHODS.values() for knob in method.knobs.model_fields}
    assert trained | {*Prediction.model_fields, *AUDIT_KNOBS} == set(Knobs.model_fields)


@pytest.mark.parametrize(
    ("layer", "knobs", "kept", "gone"),
    [
        ("arm", {"epochs": 2.0}, "epochs", "max_steps"),
        ("study", {"epochs": 2.0}, "epochs", "max_steps"),
        ("arm", {"warmup_ratio": 0.1}, "warmup_ratio", "warmup_steps"),
        ("arm", {"max_steps": 7}, "max_steps", "epochs"),
    ],
)
def test_of_two_knobs_that_say_the_same_the_upper_layers_counts(project, layer, knobs, kept, gone):
    place = {"arm": ("arms", "toy-follows"), "study": ("study", "toy")}[layer]
    for name, value in knobs.items():
        project("studies/toy.yaml", *place, name, value)
    plan.main()
    train = load_plan("train", "toy-follows")
    assert train[kept] == knobs[kept] and gone not in train


@pytest.mark.parametrize(
    ("file", "place", "said"),
    [
        (
            "params.yaml",
            ("epochs", 2.0),
            "give max_steps or epochs",
        ),
        (
            "params.yaml",
            ("max_steps", None),
            "give max_steps or epochs",
        ),
        (
            "params.yaml",
            ("keep", "best"),
            "keep: best needs `dev_loss:",
        ),
        (
            "params.yaml",
            ("stop", {"figure": "dev_loss", "patience": 2}),
            "stop.figure: dev_loss needs `dev_loss:",
        ),
    ],
)
def test_knobs_that_do_not_go_together_are_refused(project, file, place, said):
    project(file, *place)
    with pytest.raises(UserError) as raised:
        plan.main()
    assert str(raised.value).startswith(f"arms.toy-follows (studies/toy.yaml): {said}")


@pytest.mark.parametrize(
    ("library", "stages"),
    [
        ("trl", {"train"}),
        # choose hands on how the test split would be answered
        ("torch", {"train", "predict", "choose"}),
        ("sacrebleu", {"evaluate", "evaluate_floors", "score_test"}),
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
    (("params.yaml", "lr", 3e-6), {"train/toy-follows", "report/toy"}),
    (("params.yaml", "lora", "r", 2), {"train/toy-follows", "report/toy"}),
    (("params.yaml", "save_steps", 7), {"train/toy-follows", "train/toy-pinned"}),
    (("studies/toy.yaml", "arms", "toy-pinned", "lr", 2e-3),
     {"train/toy-pinned", "report/toy"}),
    (("studies/toy.yaml", "study", "toy", "lr", 2e-3),
     {"train/toy-follows", "report/toy"}),
    (
        ("params.yaml", "max_steps", 20),
        {"train/toy-follows", "train/toy-pinned", "validate/toy", "report/toy"},
    ),
    (("params.yaml", "max_truncated_share", 0.5), {"validate/toy"}),
    (
        ("params.yaml", "decode", "temperature", 0.5),
        {
            *(f"predict/{arm}" for arm in ("toy-s0", "toy-follows", "toy-pinned", "far-s0")),
            "choose/toy",
            "choose/far",
            # Which says whether answering again draws anew
            "report/toy",
            "report/far",
        },
    ),
    (
        ("studies/toy.yaml", "study", "toy", "metrics", "bleu_char", {}),
        {
            *(f"{stage}/toy" for stage in ("compare", "evaluate_floors", "score_test", "report")),
            *(f"evaluate/{arm}" for arm in ("toy-s0", "toy-follows", "toy-pinned")),
        },
    ),
    (("studies/toy.yaml", "study", "toy", "instruction", "Please."),
     {"render/toy-chat", "validate/toy", "choose/toy"}),
    (("studies/toy.yaml", "study", "toy", "promote", {"metric": "chrf"}),
     {"choose/toy"}),
    (("studies/toy.yaml", "study", "toy", "promote", {"metric": "chrf", "waive_floors": "Why."}),
     {"choose/toy", "report/toy"}),
    (("studies/toy.yaml", "study", "toy", "floors", {"dot": {"constant": "."}}),
     {"answer_floors/toy", "report/toy"}),
    (("studies/toy.yaml", "study", "toy", "floors", {"copy": {"left_out": "Why."}}),
     {"answer_floors/toy", "report/toy"}),
    (("studies/toy.yaml", "study", "toy", "publish", "none"), {"report/toy"}),
    (("studies/toy.yaml", "study", "toy", "expected", {"grad_norm": [0.05, 0.5]}),
     {"report/toy"}),
    (("studies/toy.yaml", "study", "toy", "expected", {}), set()),
    (("studies/toy.yaml", "study", "toy", "licence", "MIT"), {"report/toy"}),
    (("studies/toy.yaml", "study", "toy", "decisions", [{"scenario": "Go."}]), {"compare/toy"}),
    (("studies/toy.yaml", "arms", "toy-pinned", "compare_to", "toy-follows"),
     {"compare/toy", "choose/toy"}),
    (("studies/toy.yaml", "study", "toy", "title", "New"), {"report/toy"}),
    (("studies/toy.yaml", "study", "toy", "split_seed", 7), {"freeze_splits/toy"}),
    (("studies/toy.yaml", "bases", "tiny", "path", "moved"),
     {"fetch_base/tiny", "report/toy", "report/far", "choose/toy", "choose/far"}),
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
    assert changed(before, planned()) == {"score_test/toy", "evaluate_floors/toy", *evaluated}


def untouched(project, name, **fields):
    project("studies/toy.yaml", "arms", name, {**ARM, "method": "none", **fields})


def test_arm_is_measured_against_the_untouched_base_that_it_starts_from(project):
    plan.main()
    wanted = {"toy-s0": None, "toy-follows": "toy-s0", "toy-pinned": "toy-s0"}
    assert load_plan("compare", "toy")["against"] == wanted
    assert load_plan("choose", "toy")["against"] == wanted


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


def test_plan_of_a_render_has_only_what_the_render_says(project):
    plan.main()
    plain = {"study": "toy", "format": "chat", "instruction": "Translate."}
    assert load_plan("render", "toy-chat") == plain
    project("studies/toy.yaml", "renders", "toy-chat", "asked_in", "alpaca")
    project("studies/toy.yaml", "renders", "toy-chat", "take", {"coding": 2})
    plan.main()
    full = {**plain, "asked_in": "alpaca", "take": {"coding": 2}}
    assert load_plan("render", "toy-chat") == full
    assert load_plan("validate", "toy")["renders"] == {"toy-chat": full}
    assert list(load_plan("validate", "far")["renders"]) == ["far-alpaca"]


def test_arm_is_asked_on_test_in_the_format_of_dev(project):
    project("studies/toy.yaml", "renders", "toy-chat", "asked_in", "alpaca")
    plan.main()
    assert load_plan("choose", "toy")["arms"]["toy-follows"]["format"] == "alpaca"
    assert load_plan("choose", "far")["arms"]["far-s0"]["format"] == "alpaca"


def test_options_of_a_render_are_in_its_plan_and_go_on_to_test(project):
    options = {
        "format": "alpaca",
        "asked_in": "chat",
        "shots": {"count": 2, "choose": "nearest"},
        "terms": "glossary.tsv",
    }
    project("studies/toy.yaml", "renders", "toy-chat", {"study": "toy", **options})
    plan.main()
    terms = {"path": "glossary.tsv", "sha256": records.file_digest(Path("glossary.tsv"))}
    asked = {"instruction": "Translate.", "shots": options["shots"], "terms": terms}
    found = {"study": "toy", "format": "alpaca", "asked_in": "chat", **asked}
    assert load_plan("render", "toy-chat") == found
    assert load_plan("validate", "toy")["renders"]["toy-chat"] == found
    chosen = load_plan("choose", "toy")["arms"]["toy-follows"]
    assert {key: chosen[key] for key in asked} == asked and chosen["format"] == "chat"
    assert not {"shots", "terms"} & set(load_plan("choose", "far")["arms"]["far-s0"])


def test_render_that_trains_on_every_reference_says_so_to_those_who_see_its_rows(project):
    before = planned()
    project("studies/toy.yaml", "renders", "toy-chat", "every_reference", False)
    assert changed(before, planned()) == set()
    project("studies/toy.yaml", "renders", "toy-chat", "every_reference", True)
    after = planned()
    # How it asks is as before, so nothing goes on to test
    assert changed(before, after) == {"freeze_splits/toy", "render/toy-chat", "validate/toy"}
    found = load_plan("render", "toy-chat")
    assert found["every_reference"] is True
    assert load_plan("validate", "toy")["renders"] == {"toy-chat": found}
    assert load_plan("freeze_splits", "toy")["every_reference"] is True


def test_changed_glossary_of_a_render_changes_what_is_asked_with_it(project):
    project("studies/far.yaml", "renders", "far-alpaca", "terms", "terms.tsv")
    shutil.copy("glossary.tsv", "terms.tsv")
    before = planned()
    Path("terms.tsv").write_text("term\taccepted\nhost\tホスト\n", encoding="utf-8")
    assert changed(before, planned()) == {"render/far-alpaca", "validate/far", "choose/far"}


def test_what_is_drawn_for_a_render_is_drawn_by_the_seed_of_the_splits(project):
    shares = {"chat": 0.25, "alpaca": 0.75}
    mixture = {"study": "toy", "formats": shares, "asked_in": "chat"}
    mixture["shots"] = {"count": 1, "choose": "fixed"}
    project("studies/toy.yaml", "renders", "toy-chat", mixture)
    project("studies/toy.yaml", "study", "toy", "split_seed", 7)
    plan.main()
    found = load_plan("render", "toy-chat")
    assert found["formats"] == {"shares": shares, "seed": 7} and "format" not in found
    assert found["shots"] == {"count": 1, "choose": "fixed", "seed": 7}
    chosen = load_plan("choose", "toy")["arms"]["toy-follows"]
    assert chosen["format"] == "chat" and "formats" not in chosen


def test_study_without_an_instruction_leaves_it_to_the_examples(project):
    project("studies/toy.yaml", "study", "toy", "instruction", None)
    plan.main()
    assert load_plan("render", "toy-chat")["instruction"] is None
    assert load_plan("choose", "toy")["arms"]["toy-s0"]["instruction"] is None


def test_floors_come_in_the_order_in_which_they_are_shown(project):
    own = {"copy": {"left_out": "Why."}, "dot": {"constant": "."}}
    project("studies/toy.yaml", "study", "toy", "floors", own)
    plan.main()
    found = load_plan("answer_floors", "toy")
    assert [floor["name"] for floor in found["floors"]] == [
        *("empty", "constant", "nearest", "dot", "reference")
    ]
    texts = {floor["name"]: floor["constant"] for floor in found["floors"]}
    assert texts == dict.fromkeys(texts) | {"dot": "."} and found["left_out"] == {"copy": "Why."}
    names = [floor["name"] for floor in load_plan("answer_floors", "far")["floors"]]
    assert names == ["empty", "copy", "constant", "nearest", "reference"]


def test_hypothesis_may_name_a_floor_where_it_names_an_arm(project):
    claim = {"kind": "difference", "claim": "c", "arm": "toy-follows", "metric": "chrf"}
    own = {"dot": {"constant": "."}, "copy": {"left_out": "Why."}}
    project("studies/toy.yaml", "study", "toy", "floors", own)
    for floor in ("nearest", "dot", "reference"):
        said = {**claim, "against": floor, "expect": "better"}
        project("studies/toy.yaml", "study", "toy", "hypotheses", {"h": said})
        plan.main()
    said = {**claim, "against": "copy", "expect": "better"}
    project("studies/toy.yaml", "study", "toy", "hypotheses", {"h": said})
    with pytest.raises(UserError, match=r"hypotheses.h: unknown 'copy'. Known: constant, dot, emp"):
        plan.main()


def test_hypothesis_on_the_drift_of_a_floor_is_refused(project):
    claim = {"kind": "difference", "claim": "c", "arm": "toy-follows", "against": "nearest"}
    said = {**claim, "metric": "kl_mean", "expect": "higher"}
    project("studies/toy.yaml", "study", "toy", "hypotheses", {"h": said})
    with pytest.raises(UserError, match="hypotheses.h: 'nearest' has no model, so it has no"):
        plan.main()


def test_correlation_is_over_arms_and_no_floor(project):
    claim = {"kind": "correlation", "claim": "c", "x": "chrf", "y": "terminology"}
    said = {"h": {**claim, "expect": "positive"}}
    project("studies/toy.yaml", "study", "toy", "hypotheses", said)
    plan.main()
    (found,) = load_plan("compare", "toy")["hypotheses"]
    assert found["among"] == ["toy-s0", "toy-follows", "toy-pinned"]


def test_slices_are_in_the_plans_of_a_study_that_has_some(project):
    plan.main()
    assert "slice_by" not in load_plan("evaluate", "toy-s0")
    assert load_plan("compare", "toy")["sliced"] is False
    project("studies/toy.yaml", "study", "toy", "slice_by", "category")
    plan.main()
    assert load_plan("evaluate", "toy-s0")["slice_by"] == "category"
    assert load_plan("compare", "toy")["sliced"] is True
    assert "slice_by" not in load_plan("evaluate", "far-s0")


@pytest.mark.parametrize(
    ("promoted", "headline"), [(None, "chrf"), ({"metric": "terminology"}, "terminology")]
)
def test_headline_is_what_is_promoted_by_or_else_the_first_metric(project, promoted, headline):
    project("studies/toy.yaml", "study", "toy", "promote", promoted)
    plan.main()
    assert load_plan("compare", "toy")["headline"] == headline
    assert load_plan("report", "toy")["headline"] == headline


def test_report_says_what_kind_of_arm_each_is_and_whether_its_answers_are_drawn(project):
    project("studies/toy.yaml", "arms", "toy-follows", "decode", {"temperature": 0.7})
    prompted = {"study": "toy", "base": "tiny", "render": "toy-chat", "method": "prompted"}
    project("studies/toy.yaml", "arms", "toy-asked", prompted)
    plan.main()
    arms = load_plan("report", "toy")["arms"]
    assert {name: (arm["label"], arm["sampled"]) for name, arm in arms.items()} == {
        "toy-s0": ("untouched base", False),
        "toy-asked": ("prompted", False),
        "toy-follows": ("trained", True),
        "toy-pinned": ("trained", False),
    }
    assert [name for name, arm in arms.items() if arm["untouched"]] == ["toy-s0"]


def test_kinds_of_arms_are_told_apart():
    assert len({method.label for method in METHODS.values()}) == len(METHODS)
