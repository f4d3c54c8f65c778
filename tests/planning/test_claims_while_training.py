"""What is claimed of a run while it trained: which arm, which task, which figure."""

from types import SimpleNamespace

import pytest
from pydantic import BaseModel, ValidationError

from stages.command import UserError
from stages.methods import METHODS
from stages.planning.checks import claims, while_training
from stages.planning.schema import Study
from tests.planning.test_claims import ARMS, METRICS, STUDY

AT_STEP = {
    "kind": "at_step",
    "claim": "c",
    "arm": "toy-a",
    "figure": "dev_reward_extraction",
    "step": 10,
    "at_least": 0.35,
}
LATER = {
    "kind": "later",
    "claim": "c",
    "arm": "toy-a",
    "figure": "dev_reward",
    "after": 130,
    "expect": "higher",
}
WEAKEST = {"kind": "weakest", "claim": "c", "arm": "toy-a", "task": "sql_qa"}
REWARDS = {"extraction": {}, "sql_qa": {}}


class Rewarded(BaseModel):
    rewards: dict


def check(monkeypatch, hypothesis, of_study=None, of_arm=REWARDS):
    monkeypatch.setitem(METHODS, "rewarded", SimpleNamespace(knobs=Rewarded))
    study = Study.model_validate({**STUDY, "hypotheses": {"h": hypothesis}})
    claims.check(study, "f: study.toy", ARMS, METRICS)
    arms = {
        "toy-a": SimpleNamespace(method="rewarded", rewards=of_arm),
        "toy-s0": SimpleNamespace(method="sft"),
    }
    declared = SimpleNamespace(hypotheses=study.hypotheses, rewards=of_study)
    while_training.check(SimpleNamespace(arms=arms), declared, "f: study.toy")


@pytest.mark.parametrize(
    "hypothesis", [AT_STEP, LATER, WEAKEST, {**AT_STEP, "step": 0}, {**AT_STEP, "step": "last"}]
)
def test_sound_claims_pass(monkeypatch, hypothesis):
    check(monkeypatch, hypothesis)
    check(monkeypatch, hypothesis, of_study=REWARDS, of_arm=None)
    check(monkeypatch, hypothesis, of_study=None, of_arm=None)


@pytest.mark.parametrize(
    ("hypothesis", "said"),
    [
        ({**AT_STEP, "arm": "toy-c"}, "unknown 'toy-c'"),
        ({**WEAKEST, "arm": "empty"}, "unknown 'empty'"),  # a floor
        ({**WEAKEST, "arm": "toy-s0"}, "no rewards while it trains; its method is sft"),
        ({**WEAKEST, "task": "sql"}, "unknown 'sql'. Did you mean 'sql_qa'?"),
        ({**AT_STEP, "figure": "dev_reward_push"}, "unknown 'push'"),
    ],
)
def test_unknown_names_are_refused(monkeypatch, hypothesis, said):
    with pytest.raises(UserError, match="hypotheses.h") as raised:
        check(monkeypatch, hypothesis)
    assert said in str(raised.value)


@pytest.mark.parametrize(
    "hypothesis",
    [
        {**AT_STEP, "at_most": 0.5},
        {k: v for k, v in AT_STEP.items() if k != "at_least"},
        {**AT_STEP, "figure": "reward_extraction"},
        {**AT_STEP, "figure": "chrf"},
        {**AT_STEP, "step": -1},
        {**AT_STEP, "step": 1.5},
        {**AT_STEP, "step": "first"},
        {**LATER, "expect": "better"},
        {**LATER, "at_least": 0.5},
        {**WEAKEST, "task": ""},
    ],
)
def test_claims_are_typed(hypothesis):
    with pytest.raises(ValidationError):
        Study.model_validate({**STUDY, "hypotheses": {"h": hypothesis}})
