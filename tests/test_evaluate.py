"""Evaluate: predictions meet their references by id, and the numbers are strict JSON."""

import json

import numpy as np
import pytest

from stages import evaluate, paths, records
from stages.command import UserError
from stages.curves import read_curve
from stages.metrics import METRICS
from stages.metrics.metric import score
from stages.scoring import answers, joining

EXAMPLES = [
    {"id": key, "input": f"in {key}", "target": f"訳 {key}", "group": f"g{key}", "origin": "x"}
    | {"category": "last" if key == "c" else "first"}
    for key in ("a", "b", "c")
]
ANSWERS = [
    {"id": key, "text": f"訳 {key}", "tokens_in": 3, "tokens_out": 2, "hit_limit": False}
    for key in ("a", "b", "c")
]
HEADER = "step,loss,lr,grad_norm,tokens_per_second,seconds,dev_loss"
CHOSEN = {"chrf": {}, "exact_match": {}, "hit_limit_rate": {}}


def pick(*ids):
    return [{**ANSWERS[0], "id": key, "text": f"訳 {key}"} for key in ids]


# ids of the predictions, what is said
OUT_OF_STEP = [
    (("a", "b"), "1 missing (c)"),
    (("c",), "2 missing (a, b)"),
    (("a", "b", "c", "d"), "1 unknown (d)"),
    (("a", "b", "c", "a"), "1 repeated (a)"),
    (("a", "b", "b", "x"), "1 missing (c); 1 unknown (x); 1 repeated (b)"),
    (("A", "b", "c"), "1 missing (a); 1 unknown (A)"),
]


@pytest.mark.parametrize(("ids", "said"), OUT_OF_STEP)
def test_predictions_out_of_step_are_refused(ids, said):
    with pytest.raises(UserError) as raised:
        joining.join(EXAMPLES, pick(*ids), "dev.jsonl")
    expected = f"dev.jsonl: ids do not match the split: {said}; predict again"
    assert str(raised.value) == expected


def test_long_lists_of_ids_are_shortened():
    examples = [{**EXAMPLES[0], "id": f"r{n}"} for n in range(9)]
    with pytest.raises(UserError, match=r"9 missing \(r0, r1, r2, r3, r4\); 1 unknown \(a\)"):
        joining.join(examples, pick("a"), "dev.jsonl")


def test_rows_are_joined_by_id_and_not_by_position():
    rows = joining.join(EXAMPLES, pick("c", "a", "b"), "dev.jsonl")
    assert [row["id"] for row in rows] == ["a", "b", "c"]
    assert all(row["text"] == row["target"] for row in rows)


def rows_with(texts):
    answers = [{**a, "text": text} for a, text in zip(ANSWERS, texts, strict=True)]
    return joining.join(EXAMPLES, answers, "dev.jsonl")


def test_row_statistics_add_up_to_the_scores():
    rows = rows_with(["訳 a", "x", ""])
    _, statistics = answers.score_rows(rows, CHOSEN)
    assert [(row["id"], row["group"]) for row in statistics] == [
        ("a", "ga"),
        ("b", "gb"),
        ("c", "gc"),
    ]
    for name, options in CHOSEN.items():
        sums = np.sum([row[name] for row in statistics], axis=0, dtype=float)
        expected = score(METRICS[name], rows, options)["value"]
        assert METRICS[name].combine(sums) == pytest.approx(expected)


def test_unscored_rows_are_null_and_not_zero(tmp_path):
    rows = rows_with(["訳 a", "x", ""])
    rows[1]["target"] = "no letter of that script"
    _, statistics = answers.score_rows(rows, {"wrong_script_rate": {"script": "japanese"}})
    assert [row["wrong_script_rate"] for row in statistics] == [[0, 1], None, [1, 1]]


@pytest.fixture
def arm(tmp_path, monkeypatch):
    """A predicted arm; gives a function that sets its plan."""
    monkeypatch.chdir(tmp_path)
    records.write(paths.kept_rows("toy"), EXAMPLES)
    records.write(paths.kept("toy", "toy-sft", "dev.jsonl"), ANSWERS)
    records.write_json(paths.kept("toy", "toy-sft", "cost.json"), {"latency_p50_s": 0.5})
    records.write_json(paths.kept("toy", "toy-sft", "training.json"), {"status": "finished"})
    for name in ("again.jsonl", "log.jsonl"):
        records.write_text(paths.kept("toy", "toy-sft", name), "")

    def plan(metrics, files=None, **others):
        content = {"arm": "toy-sft", "study": "toy", "metrics": metrics, "files": files or {}}
        records.write_json(paths.plan("evaluate", "toy-sft"), {**content, **others})

    plan(CHOSEN)
    return plan


def test_quality_cost_and_training_are_written_apart(arm):
    evaluate.main("toy-sft")
    quality = records.read_json(paths.quality("toy", "toy-sft"))
    assert {name: (m["value"], m["n"]) for name, m in quality.items()} == {
        "chrf": (100.0, 3),
        "exact_match": (1.0, 3),
        "hit_limit_rate": (0.0, 3),
    }
    assert records.read_json(paths.cost("toy", "toy-sft")) == {"latency_p50_s": 0.5}
    assert records.read_json(paths.training("toy", "toy-sft")) == {"status": "finished"}
    assert len(records.read(paths.row_statistics("toy", "toy-sft"))) == 3


def test_answers_that_were_given_twice_say_how_much_the_scores_move(arm):
    again = [ANSWERS[0], {**ANSWERS[2], "text": "y"}]
    records.write(paths.kept("toy", "toy-sft", "again.jsonl"), again)
    evaluate.main("toy-sft")
    cost = records.read_json(paths.cost("toy", "toy-sft"))
    assert (cost["again_rows"], cost["again_differ_share"]) == (2, 0.5)
    shift = cost["again_shift"]
    assert set(shift) == set(CHOSEN) and shift["exact_match"] == -0.5 and shift["chrf"] < 0


def test_arm_without_a_log_gets_a_curve_with_a_header_alone(arm):
    evaluate.main("toy-sft")
    assert paths.curve("toy", "toy-sft").read_text() == f"{HEADER}\n"


def test_training_log_becomes_the_curve(arm):
    step = {"step": 1, "loss": 2.5, "lr": 5e-4, "grad_norm": 0.1, "tokens_per_second": 9.0}
    on_dev = {**step, "step": 2, "seconds": 1.5, "dev_loss": 2.25}
    diverging = {**step, "step": 3, "seconds": 1.5, "dev_loss": None}
    records.write(paths.kept("toy", "toy-sft", "log.jsonl"), [step, on_dev, diverging])
    evaluate.main("toy-sft")
    curve = paths.curve("toy", "toy-sft")
    assert curve.read_text().splitlines() == [
        HEADER,
        "1,2.5,0.0005,0.1,9.0,,",
        "2,2.5,0.0005,0.1,9.0,1.5,2.25",
        "3,2.5,0.0005,0.1,9.0,1.5,",
    ]
    taken = {name: value for name, value in diverging.items() if value is not None}
    assert read_curve(curve) == [step, on_dev, taken]


def test_log_of_a_run_by_rewards_gives_its_rows_and_no_loss_to_rank_by(arm):
    start = {"step": 0, "dev_reward": 0.5, "dev_rows": {"a": ["push", 0.5]}}
    step = {"step": 1, "loss": -0.01, "lr": 5e-4, "grad_norm": 0.1, "reward": 0.25}
    records.write(paths.kept("toy", "toy-sft", "log.jsonl"), [start, step])
    card = {"status": "finished", "steps": 1}
    records.write_json(paths.kept("toy", "toy-sft", "training.json"), card)
    evaluate.main("toy-sft")
    assert read_curve(paths.curve("toy", "toy-sft")) == [{"step": 0, "dev_reward": 0.5}, step]
    parts = records.read_json(paths.parts("toy", "toy-sft"))
    assert parts["evaluated"] == {"0": {"push": {"a": 0.5}}}
    assert records.read_json(paths.training("toy", "toy-sft")) == card


def test_score_that_is_undefined_is_null_with_a_reason(arm):
    records.write(paths.kept_rows("toy"), [{**row, "target": "plain"} for row in EXAMPLES])
    arm({"wrong_script_rate": {"script": "japanese"}, "chrf": {}})
    evaluate.main("toy-sft")
    text = paths.quality("toy", "toy-sft").read_text()
    quality = json.loads(text, parse_constant=lambda token: pytest.fail(f"{token} was written"))
    undefined = quality["wrong_script_rate"]
    assert undefined["value"] is None
    assert undefined["reason"] == "none of the 3 rows can be scored by this metric"
    assert (undefined["n"], undefined["unscored"]) == (0, 3)
    assert quality["chrf"]["reason"] is None


# a field of the second prediction, its value, what is said
BAD = [
    ("text", None, "dev.jsonl:2:text: expected str, found NoneType"),
    ("tokens_out", "2", r"dev.jsonl:2:tokens_out: expected int \| None, found str"),
    ("tokens_out", True, r"dev.jsonl:2:tokens_out: expected int \| None, found bool"),
    ("hit_limit", 0, "dev.jsonl:2:hit_limit: expected bool, found int"),
]


@pytest.mark.parametrize(("field", "value", "said"), BAD)
def test_bad_prediction_is_named_and_nothing_is_written(arm, field, value, said):
    rows = [ANSWERS[0], {**ANSWERS[1], field: value}, ANSWERS[2]]
    records.write(paths.kept("toy", "toy-sft", "dev.jsonl"), rows)
    with pytest.raises(UserError, match=said):
        evaluate.main("toy-sft")
    assert not paths.quality("toy", "toy-sft").exists()


def test_split_without_groups_is_named(arm):
    records.write(paths.kept_rows("toy"), [{"id": "a", "input": "i", "target": "t"}])
    with pytest.raises(UserError, match=r"answers/toy/dev.jsonl:1:group: missing"):
        evaluate.main("toy-sft")


def test_predictions_out_of_step_leave_the_old_numbers(arm):
    evaluate.main("toy-sft")
    before = paths.quality("toy", "toy-sft").read_bytes()
    records.write(paths.kept("toy", "toy-sft", "dev.jsonl"), pick("a", "b"))
    with pytest.raises(UserError, match=r"dev.jsonl: ids do not match the split: 1 missing \(c\)"):
        evaluate.main("toy-sft")
    assert paths.quality("toy", "toy-sft").read_bytes() == before


def test_glossary_that_changed_since_the_plan_is_refused(arm, tmp_path):
    glossary = tmp_path / "glossary.tsv"
    glossary.write_text("term\taccepted\nin\t訳\n", encoding="utf-8")
    files = {str(glossary): records.file_digest(glossary)}
    arm({"terminology": {"glossary": str(glossary)}}, files)
    evaluate.main("toy-sft")
    glossary.write_text("term\taccepted\nin\t中\n", encoding="utf-8")
    with pytest.raises(
        UserError, match="glossary.tsv: changed since the plan was made; run `dvc re"
    ):
        evaluate.main("toy-sft")


def score_apart(scorer, scores):
    """Leave what a scorer's stage would: a score per id, and a card with its signature."""
    rows = [{"id": key, "score": score} for key, score in scores.items()]
    records.write(paths.kept("toy", "toy-sft", f"{scorer}.jsonl"), rows)
    card = {"signature": f"{scorer}|made:here"}
    records.write_json(paths.kept("toy", "toy-sft", f"{scorer}.json"), card)


def results():
    """The quality of the arm by metric, and its row statistics by id."""
    rows = records.read(paths.row_statistics("toy", "toy-sft"))
    return records.read_json(paths.quality("toy", "toy-sft")), {row["id"]: row for row in rows}


def test_rows_have_their_slice_where_the_study_has_slices(arm):
    evaluate.main("toy-sft")
    assert not [row for row in results()[1].values() if "slice" in row]
    arm(CHOSEN, slice_by="category")
    evaluate.main("toy-sft")
    slices = {key: row["slice"] for key, row in results()[1].items()}
    assert slices == {"a": "first", "b": "first", "c": "last"}


def test_field_to_slice_by_that_the_rows_lack_is_named(arm):
    arm(CHOSEN, slice_by="categry")
    with pytest.raises(UserError, match=r"answers/toy/dev.jsonl:1:categry: missing; the row has "):
        evaluate.main("toy-sft")
    assert not paths.quality("toy", "toy-sft").exists()


def test_texts_of_the_drift_are_rows_of_their_own(arm):
    evaluate.main("toy-sft")
    plain, rows = results()
    score_apart("drift", {"t1": [0.5, 1.5], "t2": [1.0], "t3": [2.0]})
    arm({**CHOSEN, "kl_mean": {}, "kl_p95": {}}, slice_by="category")
    evaluate.main("toy-sft")
    quality, mixed = results()
    assert {name: quality[name] for name in CHOSEN} == plain
    assert (quality["kl_mean"]["value"], quality["kl_mean"]["n"]) == (1.25, 3)
    assert quality["kl_mean"]["signature"] == "drift|made:here"
    assert quality["kl_p95"]["signature"].startswith("drift|made:here|")
    assert list(mixed) == [*rows, "t1", "t2", "t3"]
    assert set(mixed["t1"]) == {"id", "group", "kl_mean", "kl_p95"}
    assert mixed["t1"]["kl_mean"] == [2.0, 2] and mixed["t1"]["group"] == "t1"
    for key, row in rows.items():
        assert mixed[key] == {**row, "slice": mixed[key]["slice"]}


def test_scores_of_several_scorers_meet_in_their_rows(arm):
    score_apart("comet", {"a": 0.5, "b": 0.75, "c": 1.0})
    score_apart("drift", {"t1": [0.5]})
    arm({"comet": {}, "kl_mean": {}, "exact_match": {}})
    evaluate.main("toy-sft")
    quality, rows = results()
    assert (quality["comet"]["value"], quality["comet"]["n"]) == (0.75, 3)
    assert (quality["kl_mean"]["value"], quality["kl_mean"]["n"]) == (0.5, 1)
    assert set(rows["a"]) == {"id", "group", "comet", "exact_match"}


@pytest.mark.parametrize("scorer", ["comet", "drift"])
def test_scores_that_are_missing_are_named(arm, scorer):
    arm({"kl_mean" if scorer == "drift" else scorer: {}})
    with pytest.raises(UserError, match=rf"data/answers/toy/toy-sft/{scorer}.json: no such fi"):
        evaluate.main("toy-sft")
