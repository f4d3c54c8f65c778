"""A whole run: which state is kept, where it ends, and that a killed one comes to the same end."""

import logging
import math
import sys

import pytest
import torch
from safetensors.torch import load_file, save_file

from stages import made, paths, records, train
from stages.command import run as command
from stages.methods.sft import run
from stages.methods.sft import trainer as sft
from stages.training import checkpoints, finishing, watch
from tests.methods.conftest import ARM, PLAN, STUDY, write_plan

STEPS = ("step", "loss", "lr", "grad_norm", "tokens", "dev_loss")
# Rates so large that the loss on dev goes up: behind the second step, or from the first on
EACH = {"save_steps": 1, "dev_loss": {"every": 1, "rows": 6}}
WORSENS = {**EACH, "lr": 1.0, "max_steps": 3}
CLIMBS = {**EACH, "lr": 2.0}
STOP = {"figure": "dev_loss", "patience": 2, "from_step": 0}


def trained(**changes) -> dict:
    """What a run of the plan with these changes recorded."""
    run.train({**PLAN, **changes}, paths.adapter(STUDY, ARM), paths.training_log(STUDY, ARM))
    return records.read_json(paths.training_log(STUDY, ARM) / "training.json")


def weights() -> dict[str, torch.Tensor]:
    return load_file(paths.adapter(STUDY, ARM) / made.WEIGHTS)


def curve() -> list[list]:
    """What is the same in each run of one plan: all but the times."""
    rows = records.read(paths.training_log(STUDY, ARM) / "log.jsonl")
    return [[row.get(name) for name in STEPS] for row in rows]


def same(one: dict[str, torch.Tensor], other: dict[str, torch.Tensor]) -> bool:
    return one.keys() == other.keys() and all(torch.equal(one[name], other[name]) for name in one)


def kill_at(monkeypatch, step: int) -> None:
    """Let the process die behind the checkpoint of a step, once."""
    begin = watch.Watch.on_step_begin

    def die(self, args, state, control, **more):
        if state.global_step == step:
            monkeypatch.setattr(watch.Watch, "on_step_begin", begin)
            raise KeyboardInterrupt
        begin(self, args, state, control, **more)

    monkeypatch.setattr(watch.Watch, "on_step_begin", die)


def kill_at_the_end(monkeypatch) -> None:
    """Let the process die with all steps done and nothing written."""
    check = finishing.check

    def die(_):
        monkeypatch.setattr(finishing, "check", check)
        raise KeyboardInterrupt

    monkeypatch.setattr(finishing, "check", die)


def poison_at(monkeypatch, step: int) -> None:
    """Put an infinity into a trained weight behind a step."""
    end = watch.Watch.on_step_end

    def poison(self, args, state, control, model=None, **more):
        end(self, args, state, control, model=model, **more)
        if state.global_step == step:
            next(p for p in model.parameters() if p.requires_grad).data.view(-1)[0] = math.inf

    monkeypatch.setattr(watch.Watch, "on_step_end", poison)


def test_best_step_s_weights_are_kept_though_later_steps_are_worse(ground, monkeypatch):
    facts = trained(**WORSENS, keep="best")
    kept, course = weights(), curve()
    losses = [row[-1] for row in course]
    best = 1 + losses.index(min(losses))
    assert best == 2 and losses[-1] > 1.01 * min(losses), "or it shows nothing"
    assert facts["kept_step"] == facts["best_dev_loss_step"] == best and facts["steps"] == 3
    assert (facts["best_dev_loss"], facts["last_dev_loss"]) == (min(losses), losses[-1])

    # Killed behind the best step and its checkpoint, it ends in the same
    kill_at(monkeypatch, 2)
    with pytest.raises(KeyboardInterrupt):
        trained(**WORSENS, keep="best")
    assert trained(**WORSENS, keep="best")["resumed_from"] == "checkpoint-2"
    assert same(weights(), kept) and curve() == course

    trained(**{**WORSENS, "max_steps": best})
    assert same(weights(), kept)


def expected_stop(losses: list[float], patience: int) -> int:
    """The first step with `patience` values in a row that are no lower than those before."""
    for step in range(patience + 1, len(losses) + 1):
        if min(losses[step - patience : step]) >= min(losses[: step - patience]):
            return step
    raise AssertionError("it never stops")


def test_early_stop_comes_at_the_declared_step_and_again_after_a_kill(ground, monkeypatch):
    trained(**CLIMBS)
    stop = expected_stop([row[-1] for row in curve()], STOP["patience"])
    assert stop < 10, "or it shows nothing"
    settings = {**CLIMBS, "stop": STOP}
    facts = trained(**settings)
    assert (facts["status"], facts["steps"], facts["planned_steps"]) == ("finished", stop, 10)
    assert facts["kept_step"] == stop and facts["stopped_early"] == f"dev_loss at step {stop}"
    whole, course = weights(), curve()

    kill_at(monkeypatch, 2)
    with pytest.raises(KeyboardInterrupt):
        trained(**settings)
    kill_at_the_end(monkeypatch)
    with pytest.raises(KeyboardInterrupt):
        trained(**settings)
    # The last checkpoint is of the step that it stopped at: there is nothing to go on with
    assert trained(**settings)["resumed_from"] == f"checkpoint-{stop}"
    assert same(weights(), whole) and curve() == course


def test_killed_behind_the_last_step_takes_no_other(ground, monkeypatch):
    settings = {"max_steps": 4, "save_steps": 4}
    trained(**settings)
    whole, course = weights(), curve()
    kill_at_the_end(monkeypatch)
    with pytest.raises(KeyboardInterrupt):
        trained(**settings)
    facts = trained(**settings)
    assert (facts["resumed_from"], facts["steps"]) == ("checkpoint-4", 4)
    assert same(weights(), whole) and curve() == course


def test_stop_by_the_loss_leaves_a_best_state_to_keep(ground):
    """It can stop before dev was ever looked at: that is done at the end then."""
    stop = {"figure": "loss", "patience": 1, "from_step": 2}
    late = {"lr": 1.0, "dev_loss": {"every": 100, "rows": 6}, "stop": stop, "keep": "best"}
    facts = trained(**late)
    assert facts["steps"] < 10 and facts["stopped_early"].startswith("loss at step")
    assert facts["kept_step"] == facts["best_dev_loss_step"] == facts["steps"]


def test_epochs_and_a_warm_up_by_share_are_run_as_they_are_planned(ground):
    plan = {k: v for k, v in PLAN.items() if k not in ("max_steps", "warmup_steps")}
    plan |= {"epochs": 1.5, "warmup_ratio": 0.3, "schedule": "linear"}
    run.train(plan, paths.adapter(STUDY, ARM), paths.training_log(STUDY, ARM))
    rates = [row[2] for row in curve()]
    assert len(rates) == 9, "six batches of four an epoch"
    assert rates[0] == 0 and rates.index(max(rates)) == 3 and max(rates) == PLAN["lr"]


def test_card_says_what_answers_and_what_was_trained_on(ground):
    facts = trained(max_steps=2)
    card = made.read_card(paths.adapter(STUDY, ARM))
    assert card["answers_with"] == made.ADAPTER
    assert card["files"][made.WEIGHTS] == facts["adapter_sha256"]
    assert [*card["data"]] == [paths.rendered(STUDY, "toy-chat", "train").as_posix()]


@pytest.mark.parametrize(
    ("poisoned", "save_steps", "step", "kept"),
    [
        pytest.param(5, 2, 6, 4, id="the last checkpoint before it"),
        pytest.param(4, 2, 5, 2, id="not that of the step before, which it comes from"),
        pytest.param(5, 5, 6, 0, id="none, so the base"),
        pytest.param(10, 4, 10, 8, id="at the last step, where no loss comes behind it"),
    ],
)
def test_divergence_is_a_result(ground, monkeypatch, caplog, poisoned, save_steps, step, kept):
    caplog.set_level(logging.INFO)
    with monkeypatch.context() as patched:
        poison_at(patched, poisoned)
        facts = trained(save_steps=save_steps, warmup_steps=0)
    assert (facts["status"], facts["diverged_at"]) == ("diverged", step)
    assert facts["kept_step"] == kept and facts["planned_steps"] == 10
    assert facts["steps"] == min(poisoned, 10) and f"at step {step}" in facts["reason"]
    (said,) = [r.getMessage() for r in caplog.records if r.levelname == "ERROR"]
    assert said.startswith(f"{ARM} DIVERGED: ") and "can't be promoted" in said
    card = made.read_card(paths.adapter(STUDY, ARM))
    if not kept:
        assert card["answers_with"] == made.BASE and facts["adapter_sha256"] is None
        assert "what is answered with is the base" in said
        return
    assert card["answers_with"] == made.ADAPTER and f"its checkpoint of step {kept}" in said
    saved = weights()
    assert facts["adapter_sha256"] == card["files"][made.WEIGHTS]
    trained(max_steps=kept)
    assert same(weights(), saved)


def test_dev_loss_that_is_no_number_is_divergence_and_no_stop(ground, monkeypatch):
    """Counted as no better, it would end the run early, and as if nothing had been wrong."""
    poison_at(monkeypatch, 3)
    stop = {"figure": "dev_loss", "patience": 1, "from_step": 0}
    facts = trained(lr=1e-4, dev_loss={"every": 1, "rows": 4}, stop=stop, save_steps=1)
    assert (facts["status"], facts["diverged_at"]) == ("diverged", 3)
    assert "the dev loss is" in facts["reason"] and facts["kept_step"] == 1


def test_checkpoint_that_has_not_moved_is_the_base(ground, monkeypatch):
    """A warm-up starts at a rate of 0: that adapter would be refused as one not in effect."""
    poison_at(monkeypatch, 2)
    facts = trained(schedule="constant_with_warmup", warmup_steps=2, save_steps=1)
    assert (facts["diverged_at"], facts["kept_step"]) == (3, 1)
    assert made.read_card(paths.adapter(STUDY, ARM))["answers_with"] == made.BASE


def test_checkpoint_that_says_no_number_of_a_plain_prompt_is_passed_over(ground, monkeypatch):
    """`predict` would refuse it, and nothing behind it in the study could be made."""
    monkeypatch.setattr(checkpoints, "_sound", lambda _: True)
    poison_at(monkeypatch, 5)
    poison = watch.Watch.on_step_end

    def spoil(self, args, state, control, **more):
        if state.global_step == 5:
            (file,) = paths.scratch().glob(f"train/*/checkpoint-4/{made.WEIGHTS}")
            held = load_file(file)
            save_file({name: torch.full_like(held[name], 3e38) for name in held}, file)
        poison(self, args, state, control, **more)

    monkeypatch.setattr(watch.Watch, "on_step_end", spoil)
    facts = trained(save_steps=2)
    assert (facts["diverged_at"], facts["kept_step"]) == (6, 2)
    assert all(tensor.abs().max() < 10 for tensor in weights().values())


def test_diverged_run_ends_with_status_0(ground, monkeypatch):
    poison_at(monkeypatch, 2)
    write_plan("train", PLAN)
    monkeypatch.setattr(sys, "argv", ["train", ARM])
    command(train.main)
    assert not list(paths.scratch().glob("train/*")), "nothing is left to resume"


def test_out_of_memory_fails_the_stage_and_names_the_knobs(ground, monkeypatch, capsys):
    def full(*_, **__):
        raise torch.OutOfMemoryError("CUDA out of memory. Tried to allocate 2.00 GiB")

    monkeypatch.setattr(sft.Trainer, "compute_loss", full)
    write_plan("train", PLAN)
    monkeypatch.setattr(sys, "argv", ["train", ARM])
    with pytest.raises(SystemExit) as ended:
        command(train.main)
    said = capsys.readouterr().err
    assert ended.value.code == 1 and "out of memory: lower batch_size" in said
    assert "gradient_checkpointing" in said and "Traceback" not in said
    assert not paths.adapter(STUDY, ARM).exists()
