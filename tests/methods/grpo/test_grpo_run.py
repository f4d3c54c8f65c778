"""A whole run by rewards: what it learns, logs and keeps, and that a killed one ends alike."""

import logging
import math

import pytest
import torch
from safetensors.torch import load_file

from stages import made, paths, records
from stages.command import UserError
from stages.methods.grpo import trainer as grpo
from stages.methods.grpo.watching import RewardWatch
from stages.training import finishing
from tests.methods.conftest import STUDY
from tests.methods.grpo.conftest import ARM, PLAN, START, places, trained

TIMES = ("seconds", "tokens_per_second")


def weights(arm: str = ARM) -> dict[str, torch.Tensor]:
    return load_file(paths.adapter(STUDY, arm) / made.WEIGHTS)


def log(arm: str = ARM) -> list[dict]:
    """What is the same in each run of one plan: all but the times."""
    rows = records.read(paths.training_log(STUDY, arm) / "log.jsonl")
    return [{name: v for name, v in row.items() if name not in TIMES} for row in rows]


def same(one: dict[str, torch.Tensor], other: dict[str, torch.Tensor]) -> bool:
    return one.keys() == other.keys() and all(torch.equal(one[name], other[name]) for name in one)


def kill_at(monkeypatch, step: int) -> None:
    """Let the process die where a step begins, once."""
    begin = RewardWatch.on_step_begin

    def die(self, args, state, control, **more):
        if state.global_step == step:
            monkeypatch.setattr(RewardWatch, "on_step_begin", begin)
            raise KeyboardInterrupt
        begin(self, args, state, control, **more)

    monkeypatch.setattr(RewardWatch, "on_step_begin", die)


def poison_at(monkeypatch, step: int) -> None:
    """Put an infinity into a trained weight behind a step."""
    end = RewardWatch.on_step_end

    def poison(self, args, state, control, model=None, **more):
        end(self, args, state, control, model=model, **more)
        if state.global_step == step:
            next(p for p in model.parameters() if p.requires_grad).data.view(-1)[0] = math.inf

    monkeypatch.setattr(RewardWatch, "on_step_end", poison)


def test_reward_rises_where_it_can(shop):
    facts = trained(max_steps=60, lr=3e-2, dev_reward={"every": 60, "rows_per_task": 10})
    first, last = log()[0], log()[-1]
    assert facts["first_dev_reward"] == first["dev_reward"]
    assert last["dev_reward"] > first["dev_reward"] + 0.2
    assert last["dev_kl"] > 0.01 and first["dev_kl"] == 0.0
    assert facts["kept_step"] == 60 and facts["status"] == "finished"


def test_log_has_the_figures_of_each_step(shop):
    facts = trained()
    rows = log()
    assert [row["step"] for row in rows] == [0, 1, 2, 3, 4]
    assert set(rows[0]) == {"step", "dev_reward", "dev_reward_push", "dev_kl", "dev_rows"}
    for row in rows[1:]:
        assert 0 <= row["zero_variance_share"] <= 1 and 0 <= row["at_limit_share"] <= 1
        assert 0 < row["completion_length"] <= 8 and row["entropy"] > 0
        assert row["reward"] == row["reward_push"]
    # Two prompts a step of the 24, none twice within an epoch
    assert [row["seen_share"] for row in rows[1:]] == pytest.approx(
        [n * 2 / 24 for n in (1, 2, 3, 4)], abs=1e-6
    )
    measured = [row["step"] for row in rows if "dev_reward" in row]
    assert measured == [0, 2, 4] and len(rows[0]["dev_rows"]) == 4
    assert facts["tripped"] == [] and facts["seen_share"] == rows[-1]["seen_share"]
    assert facts["start_from"] == START


def test_batch_of_one_prompt_has_all_answers_to_it(shop, monkeypatch):
    """Which is what lets a batch read its prompt once."""
    asked = []
    logs = grpo.token_logs

    def seen(model, ids, mask, answered, temperature):
        asked.append((ids[:, :-answered], mask[:, :-answered]))
        return logs(model, ids, mask, answered, temperature)

    monkeypatch.setattr(grpo, "token_logs", seen)
    trained(batch_size=1, gradient_accumulation=3, max_steps=2)
    assert len(asked) == 6 and {len(ids) for ids, _ in asked} == {4}
    for ids, mask in asked:
        assert (ids == ids[:1]).all() and (mask == mask[:1]).all()
    assert len({tuple(ids[0][mask[0].bool()].tolist()) for ids, mask in asked}) > 1


def test_equal_runs_leave_equal_bytes_also_when_killed(shop, monkeypatch):
    trained()
    whole, course = weights(), log()
    kill_at(monkeypatch, 3)
    with pytest.raises(KeyboardInterrupt):
        trained()
    trained()
    assert same(weights(), whole) and log() == course
    kill_at(monkeypatch, 1)  # before the first checkpoint
    with pytest.raises(KeyboardInterrupt):
        trained()
    trained()
    assert same(weights(), whole) and log() == course


def test_killed_behind_the_last_step_takes_no_other(shop, monkeypatch):
    trained()
    whole, course = weights(), log()
    check = finishing.check

    def die(_):
        monkeypatch.setattr(finishing, "check", check)
        raise KeyboardInterrupt

    monkeypatch.setattr(finishing, "check", die)
    with pytest.raises(KeyboardInterrupt):
        trained()
    trained()
    assert same(weights(), whole) and log() == course


@pytest.mark.parametrize("accumulation", [1, 2])
def test_prompts_and_answers_to_each_are_those_of_the_plan(shop, accumulation):
    facts = trained(batch_size=2 // accumulation, gradient_accumulation=accumulation, max_steps=2)
    rows = log()
    assert rows[-1]["seen_share"] == pytest.approx(4 / 24, abs=1e-6)
    assert facts["steps"] == 2


def test_starts_at_the_weights_of_another_arm(shop):
    trained(arm="toy-first", max_steps=2)
    before = weights("toy-first")
    facts = trained(start_from="toy-first", lr=1e-12, max_steps=1)
    after = weights()
    assert all(torch.allclose(before[name], after[name], atol=1e-6) for name in before)
    assert any(tensor.any() for name, tensor in after.items() if "lora_B" in name)
    card = made.read_card(paths.adapter(STUDY, ARM))
    digest = made.read_card(paths.adapter(STUDY, "toy-first"))["files"][made.WEIGHTS]
    assert card["start_from"] == {"arm": "toy-first", "sha256": digest}
    assert facts["first_dev_reward"] == pytest.approx(
        records.read_json(paths.training_log(STUDY, "toy-first") / "training.json")[
            "last_dev_reward"
        ]
    )
    assert log()[0]["dev_kl"] == 0.0


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"lora": {**PLAN["lora"], "r": 2}}, "another form"),
        ({"lora": {**PLAN["lora"], "alpha": 16}}, "lora.alpha 8, this arm has 16"),
    ],
)
def test_adapter_of_another_form_is_no_start(shop, changed, said):
    trained(arm="toy-first", max_steps=1)
    with pytest.raises(UserError, match=said):
        trained(start_from="toy-first", **changed)


def test_start_on_another_base_is_refused(shop):
    trained(arm="toy-first", max_steps=1)
    folder = paths.adapter(STUDY, "toy-first")
    card = records.read_json(folder / made.CARD)
    card["base"]["sha256"] = "0" * 64
    records.write_json(folder / made.CARD, card)
    with pytest.raises(UserError, match="train it again"):
        trained(start_from="toy-first")


RULE = {"figure": "reward", "below": 2.0, "from_step": 2, "patience": 2, "action": "stop"}


def test_rule_ends_a_run_and_again_after_a_kill(shop, monkeypatch, caplog):
    caplog.set_level(logging.WARNING)
    rules = {"lazy": RULE, "said": {**RULE, "patience": 1, "action": "warn"}}
    facts = trained(rules=rules, max_steps=8, save_steps=1)
    assert (facts["status"], facts["steps"], facts["planned_steps"]) == ("finished", 3, 8)
    assert facts["stopped_early"] == "rule lazy at step 3" and facts["kept_step"] == 3
    assert [(one["rule"], one["step"], one["action"]) for one in facts["tripped"]] == [
        ("said", 2, "warn"),
        ("lazy", 3, "stop"),
    ]
    assert sum("the run ends here" in r.getMessage() for r in caplog.records) == 1
    # It ends on dev: a best state needs its reward
    assert log()[-1]["step"] == 3 and "dev_reward" in log()[-1]
    whole, course = weights(), log()
    for step in (1, 2):
        kill_at(monkeypatch, step)
        with pytest.raises(KeyboardInterrupt):
            trained(rules=rules, max_steps=8, save_steps=1)
        trained(rules=rules, max_steps=8, save_steps=1)
        assert same(weights(), whole) and log() == course


def test_best_step_s_weights_are_kept(shop):
    # At this rate it gets worse sooner or later
    settings = {"lr": 0.5, "max_steps": 4, "dev_reward": {"every": 1, "rows_per_task": 10}}
    facts = trained(**settings, keep="best")
    rewards = [row["dev_reward"] for row in log()]
    best = rewards.index(max(rewards))
    assert facts["best_dev_reward_step"] == facts["kept_step"] == best
    card = made.read_card(paths.adapter(STUDY, ARM))
    assert card["answers_with"] == (made.ADAPTER if best else made.BASE)


@pytest.mark.parametrize(("poisoned", "kept"), [(3, 2), (1, 0)])
def test_divergence_is_a_result(shop, monkeypatch, caplog, poisoned, kept):
    with monkeypatch.context() as patched:
        poison_at(patched, poisoned)
        facts = trained(save_steps=2)
    assert facts["status"] == "diverged" and facts["kept_step"] == kept
    assert any("DIVERGED" in r.getMessage() for r in caplog.records)
    card = made.read_card(paths.adapter(STUDY, ARM))
    assert card["answers_with"] == (made.ADAPTER if kept else made.BASE)


def test_kl_in_the_loss_is_logged(shop):
    trained(objective={**PLAN["objective"], "beta": 0.1}, max_steps=2)
    assert all("kl" in row for row in log()[1:])
    assert places(ARM)[0].joinpath(made.WEIGHTS).exists()


def test_vllm_says_what_is_lacking(shop):
    with pytest.raises(UserError, match="engine: loop` answers without it"):
        trained(rollout={**PLAN["rollout"], "engine": "vllm"})


def test_task_without_rows_is_named(shop, monkeypatch):
    monkeypatch.setattr("stages.methods.grpo.rewarding.REWARDS", {"push": None, "insights": None})
    with pytest.raises(UserError, match="no row of insights"):
        trained(rewards={"insights": {}})
