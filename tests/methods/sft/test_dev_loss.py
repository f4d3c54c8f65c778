"""The loss on dev: the plain one, and a run that was looked at takes the same course."""

import pytest
import torch
from torch.nn import functional
from transformers import AutoModelForCausalLM

from stages.command import UserError
from stages.methods.sft import trainer as sft
from stages.methods.sft.dev_loss import DevLoss, part
from stages.model.tokens import IGNORED, Encoded, load_tokenizer
from tests.methods.sft.test_sft import PLAN, dataset

SETTINGS = {"every": 2, "rows": 7}
DROPS = {**PLAN, "lora": {**PLAN["lora"], "dropout": 0.3}, "gradient_accumulation": 1}


def row(length: int, supervised: bool = True) -> Encoded:
    ids = list(range(3, 3 + length))
    return Encoded(ids, [IGNORED, *ids[1:]] if supervised else [IGNORED] * length, truncated=False)


@pytest.fixture
def build(toy_base, tmp_path):
    """A trainer over toy rows whose base drops out in its attention as well, with its dev rows."""
    tokenizer = load_tokenizer(toy_base)
    rows = dataset(tokenizer, "completion")
    dev = {f"d{number:02}": one for number, one in enumerate(rows[32:])}

    def make(watched: bool):
        base = AutoModelForCausalLM.from_pretrained(toy_base, dtype=torch.float32)
        base.config.attention_dropout = 0.2
        for layer in base.model.layers:
            layer.self_attn.attention_dropout = 0.2
        folder = str(tmp_path / str(watched))
        trainer = sft.build(DROPS, base, rows[:32], tokenizer, folder, [])
        if watched:
            trainer.add_callback(DevLoss(trainer, SETTINGS, dev))
        return trainer, dev

    return make


def logged(trainer, figure: str) -> list[float]:
    return [entry[figure] for entry in trainer.state.log_history if figure in entry]


def plain_cross_entropy(model, rows: list[Encoded]) -> float:
    """By hand: one row at a time, all logits, no dropout, the mean over supervised tokens."""
    model.eval()
    base = model.get_base_model()
    total, count = 0.0, 0
    for one in rows:
        ids, labels = torch.tensor([one.input_ids]), torch.tensor(one.labels)[1:]
        with torch.no_grad():
            hidden = base.model(input_ids=ids).last_hidden_state
            logits = base.lm_head(hidden)[0, :-1]
        total += functional.cross_entropy(
            logits, labels, ignore_index=IGNORED, reduction="sum"
        ).item()
        count += int((labels != IGNORED).sum())
    model.train()
    return total / count


def test_it_is_the_plain_loss_and_changes_nothing_though_layers_drop_out(build):
    watched, dev = build(watched=True)
    watched.train()
    assert all(part.training for part in watched.model.modules())
    values = logged(watched, "dev_loss")
    steps = [entry["step"] for entry in watched.state.log_history if "dev_loss" in entry]
    assert steps == [2, 4, 6]
    keys = [sorted(dev)[place * 16 // 7] for place in range(7)]
    expected = plain_cross_entropy(watched.model, [dev[key] for key in keys])
    assert values[-1] == pytest.approx(expected, rel=1e-5)
    assert values[-1] != values[0]

    alone, _ = build(watched=False)
    alone.train()
    assert logged(watched, "loss") == logged(alone, "loss"), "measuring draws no random number"


def test_rows_are_spread_over_dev_and_bear_loss():
    dev = {f"{n:02}": row(length=5 + n, supervised=n != 4) for n in range(9)}
    chosen = [len(one.input_ids) - 5 for one in part(dev, 4)]
    assert chosen == [0, 2, 5, 7], "of eight, each second one; the fifth has nothing to learn"
    assert len(part(dev, 100)) == 8
    with pytest.raises(UserError, match="no dev row has a token that bears loss"):
        part({"a": row(5, supervised=False)}, 4)
