"""Promotion rules, hypotheses and decisions may name only what their study has."""

import pytest
from pydantic import ValidationError

from stages.command import UserError
from stages.planning.checks import claims
from stages.planning.schema import Study

ARMS = ("toy-s0", "toy-a", "toy-b")
METRICS = ("chrf", "length_ratio")
STUDY = {
    "title": "Toy",
    "question": "Does it?",
    "base": "tiny",
    "instruction": "Translate.",
    "source": {"kind": "file", "path": "x", "sha256": "0" * 64, "columns": {}},
    "splits": {name: {"version": "v1", "rows": 4} for name in ("train", "dev", "test")},
    "metrics": {"chrf": {}, "length_ratio": {}},
}
DIFFERENCE = {
    "kind": "difference",
    "claim": "c",
    "arm": "toy-a",
    "against": "toy-b",
    "metric": "chrf",
    "expect": "better",
}
RANK = {"kind": "rank", "claim": "c", "arm": "toy-a", "metric": "chrf", "place": "best"}
THRESHOLD = {"kind": "threshold", "claim": "c", "arm": "toy-a", "figure": "chrf", "at_least": 1.0}
CORRELATION = {
    "kind": "correlation",
    "claim": "c",
    "x": "training.first_loss",
    "y": "chrf",
    "expect": "negative",
}
CONTROL = {"kind": "control", "claim": "c", "arm": "toy-s0", "metric": "chrf", "expect": 0.5}


def check(**declared):
    claims.check(Study.model_validate({**STUDY, **declared}), "f: study.toy", ARMS, METRICS)


def test_sound_claims_pass():
    check(
        promote={"metric": "chrf", "guards": {}},
        hypotheses={
            "a": DIFFERENCE,
            "b": RANK,
            "c": THRESHOLD,
            "d": CORRELATION,
            "e": CONTROL,
            "f": {"kind": "all_of", "claim": "c", "of": ["a", "b"]},
            "g": {**THRESHOLD, "figure": "cost.latency_p50_s"},
            "h": {**THRESHOLD, "figure": "length_ratio"},
            "i": {**DIFFERENCE, "metric": "length_ratio", "expect": "higher"},
            "j": {**DIFFERENCE, "expect": "lower"},
            "k": {**DIFFERENCE, "slices": ["json", "coding"]},
        },
        slice_by="category",
        decisions=[{"when": {"a": "confirmed"}, "scenario": "s"}, {"scenario": "else"}],
    )


# `check` is given chrf and length_ratio as what is measured
UNMEASURED = [
    {**DIFFERENCE, "metric": "comet"},
    {**DIFFERENCE, "metric": "kl_mean", "expect": "higher"},
    {**THRESHOLD, "figure": "kl_p95"},
    {**RANK, "metric": "comet"},
    {**CORRELATION, "y": "kl_mean"},
    {**CONTROL, "metric": "kl_mean"},
]


@pytest.mark.parametrize("hypothesis", UNMEASURED)
def test_hypothesis_may_rest_on_what_is_scored_apart_and_switched_off(hypothesis):
    check(hypotheses={"h": hypothesis})


@pytest.mark.parametrize("metric", ["comet", "kl_mean"])
def test_promotion_may_not_rest_on_what_is_switched_off(metric):
    with pytest.raises(UserError, match=f"study.toy.promote: unknown '{metric}'"):
        check(promote={"metric": metric})


@pytest.mark.parametrize(
    ("hypothesis", "said"),
    [
        ({**DIFFERENCE, "arm": "toy-c"}, "hypotheses.h: unknown 'toy-c'"),
        ({**DIFFERENCE, "against": "toy-c"}, "unknown 'toy-c'"),
        ({**DIFFERENCE, "metric": "chrff"}, "unknown 'chrff'. Did you mean 'chrf'?"),
        ({**DIFFERENCE, "metric": "length_ratio"}, "neither side of 'length_ratio'"),
        ({**DIFFERENCE, "against": "toy-a"}, "that is a control"),
        ({**DIFFERENCE, "metric": "kl_mean"}, "neither side of 'kl_mean' is the better one"),
        ({**DIFFERENCE, "metric": "chrff", "expect": "lower"}, "unknown 'chrff'. Did you mean 'ch"),
        # Not scored apart, so that it is measured only where the study names it
        ({**DIFFERENCE, "metric": "exact_match"}, "unknown 'exact_match'"),
        ({**DIFFERENCE, "slices": ["json"]}, "slices: the study has no slices; set its `slice_by`"),
        ({**RANK, "metric": "bleu"}, "unknown 'bleu'"),
        ({**RANK, "among": ["toy-b", "toy-s0"]}, "'toy-a' is not in it"),
        ({**RANK, "among": ["toy-a", "toy-x"]}, "unknown 'toy-x'"),
        ({**THRESHOLD, "figure": "bleu"}, "unknown 'bleu'"),
        ({**CORRELATION, "y": "bleu"}, "unknown 'bleu'"),
        ({**CORRELATION, "x": "training.stepps"}, "Did you mean 'training.steps'?"),
        ({**CONTROL, "metric": "bleu"}, "unknown 'bleu'"),
        ({"kind": "all_of", "claim": "c", "of": ["h", "g"]}, "unknown 'h'"),
    ],
)
def test_unknown_or_senseless_name_is_refused(hypothesis, said):
    with pytest.raises(UserError) as raised:
        check(hypotheses={"g": DIFFERENCE, "h": hypothesis})
    assert said in str(raised.value) and str(raised.value).startswith("f: study.toy.hypotheses.h")


@pytest.mark.parametrize(
    ("declared", "said"),
    [
        ({"promote": {"metric": "bleu"}}, "study.toy.promote: unknown 'bleu'"),
        ({"promote": {"metric": "length_ratio"}}, "neither side"),
        ({"promote": {"metric": "chrf", "guards": {"bleu": "helped"}}}, "unknown 'bleu'"),
        ({"promote": {"metric": "chrf", "guards": {"chrf": "not hurt"}}}, "is the metric itself"),
        ({"decisions": [{"when": {"x": "confirmed"}, "scenario": "s"}]}, "step 1: unknown 'x'"),
    ],
)
def test_rule_and_decisions_name_what_there_is(declared, said):
    with pytest.raises(UserError, match=said):
        check(**declared)


@pytest.mark.parametrize(
    "declared",
    [
        {"hypotheses": {"h": {**THRESHOLD, "at_most": 2.0}}},  # both sides
        {"hypotheses": {"h": {k: v for k, v in THRESHOLD.items() if k != "at_least"}}},
        {"hypotheses": {"h": {**THRESHOLD, "at_least": "high"}}},
        {"hypotheses": {"h": {**THRESHOLD, "at_least": float("nan")}}},
        {"hypotheses": {"h": {**THRESHOLD, "figure": "__import__('os')"}}},
        {"hypotheses": {"h": {**DIFFERENCE, "expect": "a.delta > 0"}}},
        {"hypotheses": {"h": {**DIFFERENCE, "slices": []}}},
        {"hypotheses": {"h": {**DIFFERENCE, "slices": "json"}}},
        {"hypotheses": {"h": {**RANK, "slices": ["json"]}}},
        {"hypotheses": {"h": {**CONTROL, "within": -1.0}}},
        {"hypotheses": {"h": {"kind": "python", "claim": "c"}}},
        {"hypotheses": {"h": {"kind": "all_of", "claim": "c", "of": ["a"]}}},
        {"promote": {"metric": "chrf", "verdict": "better"}},
        {"promote": {"metric": "chrf", "guards": {"chrf": "no difference shown"}}},
        {"decisions": [{"when": {"h": "true"}, "scenario": "s"}]},
    ],
)
def test_claims_are_typed(declared):
    with pytest.raises(ValidationError):
        Study.model_validate({**STUDY, **declared})
