"""Reinforcement learning through real `dvc`: a shop, a warm-up, and an arm that goes on from it."""

import json
import re
import shutil
import sys
from pathlib import Path

import pytest

from stages import records
from stages.fetch_base import model_digest
from tests.conftest import Project, copy_repository, use_studies
from tests.tiny.test_interrupted import kill_when
from tests.tiny.test_pipeline import ran

STUDY = "studies/shop.yaml"
WARMUP, REINFORCED = "shop-warmup", "shop-reinforced"
ARMS = ("shop-s0", WARMUP, REINFORCED)
ARM = {"study": "shop", "base": "toy", "render": "shop-chat"}
TASKS = ("extraction", "sql_qa", "insights", "push")
ABOUT = {"arm": REINFORCED, "claim": "A random base earns nothing in three steps."}
WEIGHTS = f"models/adapters/shop/{REINFORCED}/adapter_model.safetensors"
LOG = f"models/logs/shop/{REINFORCED}/log.jsonl"


def study(base: str) -> dict:
    counts = {"train": 10, "evaluation": 4, "test": 2}
    origins = {"train": "train", "dev": "evaluation", "test": "test"}
    return {
        "bases": {"toy": {"kind": "folder", "licence": "none", "path": "toy/base", "sha256": base}},
        "study": {
            "shop": {
                "title": "Shop",
                "question": "Does a reward help a random base?",
                "base": "toy",
                "source": {
                    "kind": "shop",
                    "seed": 3,
                    "customers": 60,
                    "prompts": {name: dict.fromkeys(TASKS, n) for name, n in counts.items()},
                },
                "splits": {
                    split: {"version": "v1", "rows": 4 * counts[origin], "origins": [origin]}
                    for split, origin in origins.items()
                },
                "licence": "made up",
                "publish": "all",
                "slice_by": "category",
                "metrics": {"chrf": {}, "solved_rate": {}, "reward": {}, "hit_limit_rate": {}},
                "promote": {
                    "metric": "reward",
                    "verdict": "not hurt",
                    "waive_floors": "Three steps teach a random base nothing.",
                },
                "expected": {"grad_norm": [0.05, 0.5], "dev_reward": [0.0, 1.0]},
                "hypotheses": {
                    "rewarded_at_2": {
                        **ABOUT,
                        "kind": "at_step",
                        "figure": "dev_reward",
                        "step": 2,
                        "at_most": 0.5,
                    },
                    "still_rising": {
                        **ABOUT,
                        "kind": "later",
                        "figure": "dev_reward_push",
                        "after": 0,
                        "expect": "higher",
                    },
                    "sql_is_weakest": {**ABOUT, "kind": "weakest", "task": "sql_qa"},
                },
            }
        },
        "renders": {"shop-chat": {"study": "shop", "format": "chat"}},
        "arms": {
            "shop-s0": {**ARM, "method": "none"},
            WARMUP: {**ARM, "method": "sft", "max_steps": 4, "max_length": 512},
        },
        "continued": {
            REINFORCED: {
                **ARM,
                "title": "Reinforced",
                "method": "grpo",
                "start_from": WARMUP,
                "max_steps": 3,
                "batch_size": 2,
                "save_steps": 1,
                "schedule": "constant",
                # Where no answer earns anything no gradient moves the weights, but this does
                "weight_decay": 0.5,
                "rewards": {"extraction": {"parser": "tolerant"}, **dict.fromkeys(TASKS[1:], {})},
                "rollout": {"generations": 2, "max_new_tokens": 6},
                "dev_reward": {"every": 2, "rows_per_task": 1},
                "rules": {"any": {"figure": "completion_length", "above": 0.0, "action": "warn"}},
            }
        },
    }


def build(folder: Path, toy_base: Path) -> None:
    project = copy_repository(folder / "project")
    shutil.copytree(toy_base, project.path("toy/base"))
    project.fill("params.yaml", "params.yaml", {})
    project.path(STUDY).write_text(json.dumps(study(model_digest(toy_base))))
    use_studies(project, STUDY)
    project.run(sys.executable, "-m", "stages.plan")
    project.run(sys.executable, "-m", "stages.freeze_splits", "shop", "--new", "all")
    project.commit("shop")
    project.path("said.txt").write_text(project.run("dvc", "repro"))
    project.commit("results")


@pytest.fixture(scope="module")
def shop(once, toy_base) -> Project:
    """The study after one `dvc repro`; nobody changes it."""
    return Project(once("shop-study", lambda folder: build(folder, toy_base)) / "project")


@pytest.fixture
def variant(shop, tmp_path) -> Project:
    return shop.copy(tmp_path / "project")


def declare(project: Project, section: str, arm: str, **knobs) -> None:
    """Change an arm in the study's file, and plan that."""
    content = project.json(STUDY)
    content[section][arm] |= knobs
    project.path(STUDY).write_text(json.dumps(content))
    project.run(sys.executable, "-m", "stages.plan")


def stale(project: Project) -> set[str]:
    """The stages that dvc would run first; it can't know what those leave."""
    return ran(project.run("dvc", "repro", "--dry"))


def of_an_adapter(stage: str) -> bool:
    return stage.startswith(("train@", "continue@"))


def test_every_arm_leaves_its_results(shop):
    said = ran(shop.path("said.txt").read_text())
    assert {f"train@{arm}" for arm in ARMS[:2]} == {one for one in said if one.startswith("train@")}
    stages = ("continue", "predict_continued", "keep_answers_continued", "evaluate_continued")
    assert {f"{stage}@{REINFORCED}" for stage in stages} <= said
    for arm in ARMS:
        quality = shop.json(f"metrics/quality/shop/{arm}.json")
        assert quality["reward"]["n"] == quality["chrf"]["n"] == 16
        assert len(records.read(shop.path(f"data/answers/shop/{arm}/dev.jsonl"))) == 16
        assert shop.json(f"metrics/cost/shop/{arm}.json")["measured"]
    compared = shop.json("metrics/comparisons/shop.json")["arms"]
    assert {arm: found["against"] for arm, found in compared.items()} == {
        WARMUP: "shop-s0",
        REINFORCED: "shop-s0",
    }


def test_run_goes_on_from_the_warm_up_and_records_what_tripped(shop):
    start = shop.path(f"models/adapters/shop/{WARMUP}/adapter_model.safetensors")
    card = shop.json(f"models/adapters/shop/{REINFORCED}/assay.json")
    assert card["start_from"] == {"arm": WARMUP, "sha256": records.file_digest(start)}
    assert card["base"] == shop.json("models/base/toy/base.json")
    assert records.file_digest(shop.path(WEIGHTS)) != records.file_digest(start)
    training = shop.json(f"metrics/training/shop/{REINFORCED}.json")
    assert (training["status"], training["steps"]) == ("finished", 3)
    (tripped,) = training["tripped"]
    assert (tripped["rule"], tripped["step"], tripped["action"]) == ("any", 1, "warn")
    log = records.read(shop.path(f"data/answers/shop/{REINFORCED}/log.jsonl"))
    assert [row["step"] for row in log] == [0, 1, 2, 3]
    assert [row["step"] for row in log if "dev_reward" in row] == [0, 2, 3]
    assert {task for task, _ in log[0]["dev_rows"].values()} == set(TASKS)


def test_hypotheses_about_its_reward_are_judged(shop):
    judged = shop.json("metrics/hypotheses/shop.json")["hypotheses"]
    assert {one["verdict"] for one in judged.values()} == {"undecided"}
    at_2, rising = (judged[name]["numbers"] for name in ("rewarded_at_2", "still_rising"))
    assert (at_2["step"], at_2["value"], at_2["n"]) == (2, 0.0, 4)
    assert (rising["against_step"], rising["step"], rising["delta"]) == (0, 3, 0.0)
    assert "to compare it with extraction, insights, push" in judged["sql_is_weakest"]["reason"]


def test_it_may_be_promoted_and_meets_the_test_split(shop):
    promotion, test = (shop.json(f"metrics/{kind}/shop.json") for kind in ("promotion", "test"))
    assert promotion["arm"] == REINFORCED, "of arms with equal scores, the first by name"
    assert promotion["adapter_sha256"] == records.file_digest(shop.path(WEIGHTS))
    assert (test["status"], test["arm"]) == ("opened", REINFORCED)
    assert test["quality"][REINFORCED]["reward"]["n"] == 8


def test_report_shows_the_reward_and_the_rule_that_tripped(shop):
    report = shop.path("reports/shop.md").read_text()
    (section,) = re.findall(r"\n## How the reward went\n(.*?)\n## ", report, re.S)
    assert "| Reinforced |" in section and "any at step 1 (warn): " in section
    assert r"reward on dev: sql\_qa | Reinforced |" in section and "0.05 to 0.5" in section
    assert "| goes on from |" in report
    assert re.search(rf"^\| Reinforced \| constant \|.*\| {WARMUP} \|", report, re.M)
    page = shop.path("reports/shop.html").read_text()
    assert 'id="how-the-reward-went"' in page and "any at step 1 (warn)" in page


def test_audit_forecasts_the_run(shop):
    audit = shop.json("metrics/audit/shop.json")
    found = audit["arms"][REINFORCED]
    assert set(audit["arms"]) == {WARMUP, REINFORCED}
    forecast = found["preflight"]
    assert (forecast["steps"], forecast["prompts_per_step"], forecast["generations"]) == (3, 2, 2)
    assert forecast["epochs"] == 0.15 and forecast["most_tokens_generated"] == 3 * 2 * 2 * 6


def test_commands_treat_it_like_any_other_arm(shop):
    """It is asked the same, its answers are scored again, and a diff shows it beside its base."""
    python = (sys.executable, "-m")
    rescored = shop.run(*python, "stages.rescore", "shop").splitlines()
    assert {*ARMS} <= {line.split()[0] for line in rescored}
    asked = shop.run(*python, "stages.prompts", "shop-chat").splitlines()
    answered = records.read(shop.path(f"data/answers/shop/{REINFORCED}/dev.jsonl"))
    assert [json.loads(line)["id"] for line in asked] == [row["id"] for row in answered]
    text = shop.run(*python, "stages.diff", "HEAD~1", "HEAD")
    assert "3 arms new" in text and "**Reinforced**, new, against shop-s0" in text
    assert "Promoted: new, Reinforced (weights " in text


def test_second_repro_has_nothing_to_do(shop):
    assert stale(shop) == set()


def test_another_lr_of_its_own_makes_it_alone_again(variant):
    declare(variant, "continued", REINFORCED, lr=1e-3)
    assert {one for one in stale(variant) if of_an_adapter(one)} == {f"continue@{REINFORCED}"}


def test_another_lr_of_the_warm_up_makes_both_again(variant):
    declare(variant, "arms", WARMUP, lr=1e-3)
    assert {one for one in stale(variant) if of_an_adapter(one)} == {f"train@{WARMUP}"}
    # What that will leave is another adapter
    adapter = variant.path(f"models/adapters/shop/{WARMUP}/adapter_model.safetensors")
    content = adapter.read_bytes()
    adapter.unlink()
    adapter.write_bytes(content[:-1] + b"?")
    assert {one for one in stale(variant) if of_an_adapter(one)} == {
        f"train@{WARMUP}",
        f"continue@{REINFORCED}",
    }


def test_other_code_of_the_rewards_makes_it_again_and_no_warm_up(variant):
    file = variant.path("stages/rewards/push.py")
    file.write_text(file.read_text() + "\n# A comment\n")
    found = stale(variant)
    assert f"continue@{REINFORCED}" in found
    assert not [one for one in found if one.startswith(("train@", "predict"))]


def test_run_killed_on_the_way_ends_in_the_same_weights(shop, variant):
    """All that moves it at random goes on as well: what is asked, and what is answered."""
    kill_when(variant, "train", REINFORCED, "train/*/checkpoint-1/complete.json")
    words = ("--force", "--single-item", "--no-run-cache", f"continue@{REINFORCED}")
    assert "resuming from checkpoint-" in variant.run("dvc", "repro", *words)
    assert variant.path(WEIGHTS).read_bytes() == shop.path(WEIGHTS).read_bytes()
    clock = ("seconds", "tokens_per_second")
    one, other = (
        [{k: v for k, v in row.items() if k not in clock} for row in records.read(p.path(LOG))]
        for p in (shop, variant)
    )
    assert one == other and len(one) == 4
