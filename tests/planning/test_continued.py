"""Arms that go on from another one: who may, from whom, and by which knobs."""

import copy

import pytest

from stages import plan
from stages.command import UserError
from stages.plans import load_plan
from tests.planning.files import ARM, changed, files, planned

FILE = "studies/toy.yaml"
KNOBS = {"rewards": {"extraction": {"parser": "tolerant"}, "push": {}}}
GRPO = {**ARM, "method": "grpo", "start_from": "toy-follows", **KNOBS}
RULE = {"figure": "reward", "below": 0.1, "action": "stop"}
OTHER_BASE = {"kind": "folder", "path": "small", "sha256": "1" * 64, "licence": "MIT"}
TOLD = {split: {"path": "here", "sha256": "0" * 64} for split in ("dev", "test")}
TASKS = "'extraction', 'sql_qa', 'insights' or 'push'"
AT = "studies/toy.yaml: continued.toy-g"
# Knobs come from three files: this one stands behind the arm
KNOB = "continued.toy-g (studies/toy.yaml): "


@pytest.fixture
def continued(project):
    """Put arms under `continued` of the toy study, one `toy-g` that differs from a sound one by
    `changes`; what is None is left out."""

    def put(changes: dict | None = None, **others: dict) -> None:
        arm = {**copy.deepcopy(GRPO), **(changes or {})}
        arm = {name: value for name, value in arm.items() if value is not None}
        project(FILE, "continued", {"toy-g": arm, **others})

    return put


def refusal() -> str:
    before = {file: file.read_bytes() for file in files()}
    with pytest.raises(UserError) as raised:
        plan.main()
    assert {file: file.read_bytes() for file in files()} == before
    assert "\n" not in str(raised.value)
    return str(raised.value)


def test_sound_arm_has_in_its_plan_whom_it_goes_on_from(continued):
    continued()
    plan.main()
    train = load_plan("train", "toy-g")
    assert train["start_from"] == "toy-follows" and train["rewards"] == KNOBS["rewards"]
    assert load_plan("validate", "toy")["explorers"].keys() == {"toy-g"}
    assert "toy-g" not in load_plan("validate", "toy")["arms"]
    # Like any other arm it is measured against the base, and reported
    assert load_plan("compare", "toy")["against"]["toy-g"] == "toy-s0"
    report = load_plan("report", "toy")
    assert report["arms"]["toy-g"]["label"] == "reinforced"
    starts = {name: settings.get("start_from") for name, settings in report["settings"].items()}
    assert starts == {"toy-follows": None, "toy-pinned": None, "toy-g": "toy-follows"}


def test_it_may_go_on_from_the_base_and_from_another_that_goes_on(continued):
    continued({"start_from": "toy-s0"}, **{"toy-h": {**GRPO, "start_from": "toy-g"}})
    plan.main()
    assert load_plan("train", "toy-h")["start_from"] == "toy-g"


MISTAKES = [
    ({"start_from": None}, f"{AT}.start_from: missing; name the arm that it goes on from"),
    (
        {"start_from": "toy-folows"},
        f"{AT}.start_from: unknown 'toy-folows'. Did you mean 'toy-follows'? Known: toy-follows, ",
    ),
    ({"start_from": "toy-g"}, f"{AT}.start_from: unknown 'toy-g'. "),
    ({"start_from": "far-s0"}, f"{AT}.start_from: unknown 'far-s0'. "),
    ({"start_from": "toy-other"}, f"{AT}.start_from: 'toy-other' is on the base 'small'"),
    ({"start_from": "toy-told"}, f"{AT}.start_from: the answers of 'toy-told' come written"),
    ({"method": "sft"}, f"{AT}.method: unknown 'sft'. Known: grpo"),
    ({"rewards": None}, f"{KNOB}rewards: missing; name the tasks, "),
    ({"rewards": {}}, f"{AT}.rewards: dictionary should have at least 1 item"),
    (
        {"rewards": {"extract": {}}},
        f"{AT}.rewards.extract.[key]: input should be {TASKS}, found 'extract'",
    ),
    (
        {"rewards": {"extraction": {"parsr": "tolerant"}}},
        f"{AT}.rewards: value error, extraction: unknown option 'parsr' (did you mean 'parser'?); "
        "known: parser",
    ),
    (
        {"rewards": {"push": {"parser": "tolerant"}}},
        f"{AT}.rewards: value error, push: unknown option 'parser'; known: none",
    ),
    (
        {"rewards": {"extraction": {"parser": "tolerent"}}},
        f"{AT}.rewards: value error, extraction.parser: unknown 'tolerent' (did you mean "
        "'tolerant'?); known: tolerant, strict_braces",
    ),
    (
        {"rewards": {"extraction": {"parser": ["tolerant"]}}},
        f"{AT}.rewards: value error, extraction.parser: unknown ['tolerant']",
    ),
    ({"rollout": {"temperature": 0.0}}, f"{KNOB}rollout: temperature: set it above 0; "),
    ({"rollout": {"generations": 1}}, f"{AT}.rollout.generations: input should be greater than o"),
    ({"stop": {"figure": "loss", "patience": 2}}, f"{KNOB}stop: is for losses; `rules` say when"),
    (
        {"rules": {"floor": {**RULE, "figure": "reward_sql_qa"}}},
        f"{KNOB}rules.floor.figure: no task 'sql_qa'. Known: extraction, push",
    ),
    (
        {"rules": {"floor": {**RULE, "figure": "rewrad"}}},
        f"{AT}.rules.floor.figure: value error, no log has this figure. Did you mean 'reward'? ",
    ),
    (
        {"rules": {"floor": {**RULE, "above": 0.9}}},
        f"{AT}.rules.floor: value error, give one of stalled, below, above; found below and above",
    ),
    ({"compare_to": "far-s0"}, f"{AT}.compare_to: unknown 'far-s0'. "),
    ({"render": "far-alpaca"}, f"{AT}.render: 'far-alpaca' belongs to the study 'far'"),
    (
        {"render": "toy-every"},
        f"{AT}.render: 'toy-every' has every_reference, and rewards look at no reference",
    ),
]


@pytest.mark.parametrize(
    ("changes", "said"), MISTAKES, ids=[f"{number}-{next(iter(m[0]))}" for number, m in
                                        enumerate(MISTAKES)]
)  # fmt: skip
def test_mistake_is_told_in_one_line(project, continued, changes, said):
    project(FILE, "bases", "small", OTHER_BASE)
    other = {**ARM, "method": "none", "base": "small"}
    project(FILE, "arms", "toy-other", other)
    project(FILE, "arms", "toy-told", {**ARM, "method": "answers", "answers": TOLD})
    every = {"study": "toy", "format": "chat", "every_reference": True}
    project(FILE, "renders", "toy-every", every)
    continued()
    plan.main()
    continued(changes)
    assert refusal().startswith(said)


@pytest.mark.parametrize(
    ("arm", "what"),
    [
        ({**ARM, "method": "grpo", **KNOBS}, "method grpo"),
        ({**ARM, "start_from": "toy-s0"}, "start_from"),
        (GRPO, "start_from"),
    ],
)
def test_what_goes_on_from_another_is_no_arm_among_arms(project, arm, what):
    project(FILE, "arms", "toy-g", arm)
    assert refusal() == (
        f"studies/toy.yaml: arms.toy-g: {what} is for arms under `continued:`, with "
        "`start_from: ARM`"
    )


@pytest.mark.parametrize("file", [FILE, "studies/far.yaml"])
def test_name_in_both_maps_is_refused(project, file):
    """DVC would have two stages that write the same adapter."""
    project(file, "continued", {"toy-follows": {**GRPO, "start_from": "toy-s0"}})
    assert refusal() == (
        f"{file}: continued.toy-follows: it is under arms as well; remove one of the two"
    )


@pytest.mark.parametrize(
    ("starts", "said"),
    [
        ({"toy-g": "toy-h", "toy-h": "toy-g"}, "toy-g.start_from: toy-g <- toy-h <- toy-g"),
        (
            {"toy-g": "toy-h", "toy-h": "toy-i", "toy-i": "toy-h"},
            "toy-g.start_from: toy-g <- toy-h <- toy-i <- toy-h",
        ),
    ],
)
def test_circle_is_refused(continued, starts, said):
    others = {name: {**GRPO, "start_from": start} for name, start in starts.items()}
    continued({"start_from": starts["toy-g"]}, **{n: a for n, a in others.items() if n != "toy-g"})
    assert refusal() == (
        f"studies/toy.yaml: continued.{said} goes round in a circle; one of them must start from "
        "an arm outside it"
    )


@pytest.mark.parametrize("place", [(FILE, "study", "toy"), ("params.yaml",)])
@pytest.mark.parametrize("name", ["rewards", "rollout", "objective", "dev_reward", "rules"])
def test_knob_of_this_method_leaves_the_plans_of_others_as_they_are(project, place, name):
    """None has it, not even as a default: a new knob re-trains nobody."""
    knobs = {
        **KNOBS,
        "rollout": {"generations": 4},
        "objective": {"beta": 0.1},
        "dev_reward": {"every": 7},
        "rules": {"floor": RULE},
    }
    before = planned()
    assert not [key for key, text in before.items() if f'"{name}"'.encode() in text]
    project(*place, name, knobs[name])
    assert planned() == before


def test_arm_that_goes_on_changes_no_plan_of_another_arm(continued):
    before = planned()
    continued()
    of_study = {f"{stage}/toy" for stage in ("validate", "compare", "choose", "report")}
    new = {f"{stage}/toy-g" for stage in ("train", "predict", "evaluate")}
    assert changed(before, planned()) == of_study | new


def test_its_lr_touches_its_own_plan_and_what_is_shown_and_forecast(continued):
    continued()
    before = planned()
    continued({"lr": 1e-3})
    assert changed(before, planned()) == {"train/toy-g", "validate/toy", "report/toy"}
