"""compare, choose, promote: what they do with arms that are missing, broken or out of step."""

import shutil

import pytest

from stages import choose, compare, paths, promote, records
from stages.command import UserError

PLAN = {
    "study": "toy",
    "against": {"toy-s0": None, "toy-a": "toy-s0", "toy-b": "toy-s0"},
    "alone": [],
    "untouched": ["toy-s0"],
    "metrics": ["exact_match", "chrf"],
    "headline": "exact_match",
    "sliced": False,
    "hypotheses": [
        {"name": "z", "kind": "difference", "claim": "c", "arm": "toy-a", "against": "toy-b",
         "metric": "exact_match", "expect": "better"},
        {"name": "a", "kind": "all_of", "claim": "c", "of": ["z", "z"]},
    ],
    "decisions": [{"when": {"z": "confirmed"}, "scenario": "go"}],
}  # fmt: skip
RULE = {"metric": "exact_match", "verdict": "helped", "guards": {}, "waive_floors": None}
# Right answers of the floors and of the reference, out of 60
FLOORS = {"empty": 0, "nearest": 5, "reference": 60}


def rows(right, count=60):
    return [
        {"id": f"{n:03}", "group": f"{n:03}", "exact_match": [int(n < right), 1], "chrf": None}
        for n in range(count)
    ]


def floors(**right):
    """Row statistics of the floors, those that stand above or others."""
    every = FLOORS | right
    return [{"floor": floor, **row} for floor, count in every.items() for row in rows(count)]


def regrouped(right):
    return [{**row, "group": "000"} for row in rows(right)]


@pytest.fixture
def study(tmp_path, monkeypatch):
    """Row statistics of three arms, their plans, and an adapter for those that were trained."""
    monkeypatch.chdir(tmp_path)
    records.write_json(paths.plan("compare", "toy"), PLAN)
    plan = {
        "study": "toy",
        "rule": RULE,
        "controls": {},
        "against": PLAN["against"],
        "version": "v1",
    }
    records.write_json(paths.plan("choose", "toy"), {**plan, **contestants("toy-s0")})
    records.write(paths.floor_rows("toy"), floors())
    for arm, right in (("toy-s0", 10), ("toy-a", 40), ("toy-b", 30)):
        records.write(paths.row_statistics("toy", arm), rows(right))
        records.write_json(paths.training("toy", arm), {"method": "none", "status": "not trained"})
    for arm in ("toy-a", "toy-b"):
        weights = paths.adapter("toy", arm) / "adapter_model.safetensors"
        records.write_text(weights, arm)
        trained = {"method": "sft", "status": "finished", "loss": 1.5, "resumed_from": None}
        sha256 = {"adapter_sha256": records.file_digest(weights)}
        records.write_json(paths.training("toy", arm), trained | sha256)


def promotion():
    compare.main("toy")
    choose.main("toy")
    promote.main("toy")
    return records.read_json(paths.promotion("toy"))


def test_arms_are_compared_with_their_base_and_the_best_is_promoted(study):
    found = promotion()
    assert (found["arm"], found["against"]) == ("toy-a", "toy-s0")
    compared = records.read_json(paths.comparisons("toy"))["arms"]
    assert {arm: c["metrics"]["exact_match"]["verdict"] for arm, c in compared.items()} == {
        "toy-a": "helped",
        "toy-b": "helped",
    }
    judged = records.read_json(paths.hypotheses("toy"))
    assert judged["hypotheses"]["z"]["verdict"] == judged["hypotheses"]["a"]["verdict"]
    folder = paths.promoted("toy")
    assert (folder / "toy-a/adapter_model.safetensors").read_text() == "toy-a"
    assert not (folder / "toy-s0").exists()
    settings = records.read_json(folder / "promotion.json")["settings"]
    assert list(settings) == ["toy-a", "toy-s0"], "what the test stage needs, and no other arm's"


def test_metric_that_scored_nothing_has_a_reason_and_no_verdict(study):
    compare.main("toy")
    found = records.read_json(paths.comparisons("toy"))["arms"]["toy-a"]["metrics"]["chrf"]
    assert found["verdict"] == "no difference shown" and found["reason"]
    assert found["delta"] is None and found["n"] == 0


def test_missing_arm_is_named_and_wins_nothing(study):
    paths.row_statistics("toy", "toy-a").unlink()
    found = promotion()
    assert found["arm"] == "toy-b"
    assert "toy-a: no results of toy-a" in found["notes"]
    judged = records.read_json(paths.hypotheses("toy"))["hypotheses"]
    assert {h["verdict"] for h in judged.values()} == {"undecided"}


def test_missing_base_leaves_nothing_to_compare(study):
    paths.row_statistics("toy", "toy-s0").unlink()
    found = promotion()
    assert found["arm"] is None
    assert "toy-a: no results of toy-s0" in found["notes"]


def test_no_results_at_all_is_no_crash(study):
    for arm in PLAN["against"]:
        paths.row_statistics("toy", arm).unlink()
    assert promotion()["arm"] is None


def test_rows_in_another_order_are_paired_by_id(study):
    compare.main("toy")
    before = paths.comparisons("toy").read_bytes()
    records.write(paths.row_statistics("toy", "toy-a"), reversed(rows(40)))
    compare.main("toy")
    assert paths.comparisons("toy").read_bytes() == before


@pytest.mark.parametrize(
    "damaged", [rows(40)[1:], rows(40, 61), regrouped(40), [*rows(40)[1:], rows(1)[1]]]
)
def test_arms_on_different_rows_are_refused(study, damaged):
    records.write(paths.row_statistics("toy", "toy-a"), damaged)
    with pytest.raises(UserError, match=r"toy-a.jsonl and .*toy-b.jsonl.*ids or groups differ"):
        compare.main("toy")


DIVERGED = {"method": "sft", "status": "diverged", "diverged_at": 7, "kept_step": 4}


def test_arm_whose_training_is_not_sound_cannot_win(study):
    records.write_json(paths.training("toy", "toy-a"), DIVERGED)
    found = promotion()
    assert found["arm"] == "toy-b"
    assert "toy-a: training diverged at step 7" in found["notes"]


def test_arm_that_the_study_keeps_from_the_test_rows_cannot_win(study):
    change("choose", not_promoted={"toy-a": "it may have met them"})
    found = promotion()
    assert found["arm"] == "toy-b"
    assert "toy-a: it may have met them" in found["notes"]


def test_arm_measured_against_one_that_is_kept_from_the_test_rows_cannot_win(study):
    change("choose", not_promoted={"toy-s0": "it may have met them"})
    found = promotion()
    assert found["arm"] is None
    assert "toy-a: measured against toy-s0: it may have met them" in found["notes"]


def test_arm_without_answers_to_the_test_split_cannot_win(study):
    arms = contestants("toy-s0")["arms"]
    change("choose", arms={**arms, "toy-a": {**arms["toy-a"], "answers_with": "file"}})
    found = promotion()
    assert found["arm"] == "toy-b"
    assert "toy-a: no answers to the test split are declared" in found["notes"]


def test_nothing_promoted_leaves_no_adapter_and_says_why(study):
    records.write(paths.row_statistics("toy", "toy-a"), rows(11))
    records.write(paths.row_statistics("toy", "toy-b"), rows(9))
    found = promotion()
    assert found["arm"] is None and found["adapter_sha256"] is None
    assert len(found["notes"]) == 2
    assert [file.name for file in paths.promoted("toy").iterdir()] == ["promotion.json"]
    assert records.read_json(paths.promoted("toy") / "promotion.json")["settings"] == {}


def test_choice_needs_no_adapter_on_this_machine_and_its_copy_only_that_of_the_chosen(study):
    shutil.rmtree(paths.adapter("toy", "toy-b"))
    assert promotion()["arm"] == "toy-a"
    shutil.rmtree(paths.adapter("toy", "toy-a"))
    choose.main("toy")
    assert records.read_json(paths.chosen("toy"))["arm"] == "toy-a"
    with pytest.raises(UserError, match="toy-a/adapter_model.safetensors: missing, and toy-a was"):
        promote.main("toy")
    assert not paths.promoted("toy").exists()


def test_adapter_that_is_not_the_one_that_was_scored_is_refused(study):
    (paths.adapter("toy", "toy-a") / "adapter_model.safetensors").write_text("other weights")
    with pytest.raises(UserError, match="toy-a/adapter_model.safetensors: sha256 is .* was scored"):
        promotion()
    assert not paths.promoted("toy").exists()


@pytest.mark.parametrize(
    ("nearest", "promoted", "unbeaten"),
    [(5, "toy-a", []), (38, None, ["nearest"]), (58, None, ["nearest"])],
)
def test_helped_is_not_enough_below_a_floor(study, nearest, promoted, unbeaten):
    records.write(paths.floor_rows("toy"), floors(nearest=nearest))
    found = promotion()
    assert found["arm"] == promoted
    compared = records.read_json(paths.comparisons("toy"))
    assert compared["arms"]["toy-a"]["metrics"]["exact_match"]["verdict"] == "helped"
    standing = compared["floors"]["arms"]["toy-a"]["exact_match"]
    assert standing["best"] == "nearest" and standing["unbeaten"] == unbeaten
    assert standing["ahead"] == (["nearest"] if nearest == 58 else [])
    assert standing["skill"]["value"] == pytest.approx((40 - nearest) / (60 - nearest))
    if promoted is None:
        assert (
            "toy-a: exact_match: not shown to be better than the floors nearest" in found["notes"]
        )


def test_floors_are_compared_with_the_base_as_an_arm_is(study):
    compare.main("toy")
    found = records.read_json(paths.comparisons("toy"))["floors"]
    assert found["against"] == "toy-s0" and set(found["metrics"]) == {"empty", "nearest"}
    nothing = found["metrics"]["empty"]["exact_match"]
    assert (nothing["value"], nothing["verdict"]) == (0.0, "hurt")


def test_metric_that_a_trivial_answer_wins_is_flagged(study):
    records.write(paths.floor_rows("toy"), floors(empty=20, nearest=50))
    compare.main("toy")
    found = records.read_json(paths.comparisons("toy"))["floors"]
    # Ten of sixty are right for the base. What is looked up in train rows is no trivial answer.
    assert found["won"] == {"exact_match": {"empty": pytest.approx(20 / 60)}}
    assert found["short_of_best"] == {}
    # One row more than the base's ten is no difference that was shown.
    records.write(paths.floor_rows("toy"), floors(empty=11))
    compare.main("toy")
    assert records.read_json(paths.comparisons("toy"))["floors"]["won"] == {}


def test_reference_that_is_not_perfect_is_flagged(study):
    records.write(paths.floor_rows("toy"), floors(reference=59))
    compare.main("toy")
    found = records.read_json(paths.comparisons("toy"))["floors"]["short_of_best"]
    assert found == {"exact_match": {"value": pytest.approx(59 / 60), "best": 1.0}}


def test_hypothesis_may_name_a_floor(study):
    claim = {"name": "z", "kind": "difference", "claim": "c", "arm": "toy-a",
             "against": "nearest", "metric": "exact_match", "expect": "better"}  # fmt: skip
    change("compare", hypotheses=[claim])
    compare.main("toy")
    judged = records.read_json(paths.hypotheses("toy"))["hypotheses"]["z"]
    assert judged["verdict"] == "confirmed"
    assert judged["numbers"]["delta"] == pytest.approx(35 / 60)


def test_floors_of_other_rows_are_refused(study):
    records.write(paths.floor_rows("toy"), floors()[1:])
    with pytest.raises(UserError, match="run `dvc repro evaluate_floors@toy`"):
        compare.main("toy")


def test_records_of_a_run_are_numbers_under_their_own_names(study):
    records.write_json(paths.cost("toy", "toy-a"), {"latency_p50_s": 0.5, "note": "x"})
    assert compare.recorded("toy", "toy-a") == {"training.loss": 1.5, "cost.latency_p50_s": 0.5}


def change(stage, **changes):
    plan = records.read_json(paths.plan(stage, "toy"))
    records.write_json(paths.plan(stage, "toy"), {**plan, **changes})


def contestants(*untouched):
    """What the plan has of arms: all answer alike, but that some are the base as it is."""
    settings = {
        arm: {"answers_with": "base" if arm in untouched else "adapter"}
        | {"arm": arm, "base": "tiny", "format": "chat"}
        for arm in PLAN["against"]
    }
    return {"arms": settings, "untouched": list(untouched), "not_promoted": {}}


def test_untouched_base_that_differs_from_itself_stops_promotion(study):
    change("choose", **contestants("toy-s0", "toy-b"))
    found = promotion()
    assert found["arm"] is None
    assert "A/A control toy-b (exact_match) does not hold" in found["notes"][0]


def test_another_untouched_base_is_no_control(study):
    found = contestants("toy-s0", "toy-b")
    found["arms"]["toy-b"]["base"] = "other"
    change("choose", **found)
    assert promotion()["failed_controls"] == []


def test_control_that_cannot_be_checked_does_not_hold(study):
    unchecked = {"name": "aa", "kind": "control", "claim": "c", "arm": "toy-a",
                 "metric": "chrf", "expect": 0.5, "within": 0.0}  # fmt: skip
    change("compare", hypotheses=[unchecked], decisions=[])
    change("choose", controls={"aa": "exact_match"})
    assert promotion()["failed_controls"] == ["aa"]


def test_arm_measured_against_a_trained_one_hands_on_both_adapters(study):
    against = {**PLAN["against"], "toy-a": "toy-b"}
    change("compare", against=against, hypotheses=[], decisions=[])
    rule = {**RULE, "verdict": "not hurt"}
    change("choose", against=against, rule=rule)
    assert promotion()["against"] == "toy-b"
    for arm in ("toy-a", "toy-b"):
        file = paths.promoted("toy") / arm / "adapter_model.safetensors"
        assert file.read_text() == arm
    weights = paths.adapter("toy", "toy-b") / "adapter_model.safetensors"
    weights.write_text("other weights than those that were scored")
    with pytest.raises(UserError, match="toy-b/adapter_model.safetensors: sha256 is .* was scored"):
        promotion()


def test_arm_measured_against_one_that_diverged_cannot_win(study):
    against = {**PLAN["against"], "toy-a": "toy-b"}
    change("compare", against=against, hypotheses=[], decisions=[])
    change("choose", against=against, rule={**RULE, "verdict": "not hurt"})
    records.write_json(paths.training("toy", "toy-b"), DIVERGED)
    found = promotion()
    assert found["arm"] is None
    assert any(
        "measured against toy-b: training diverged at step 7" in note for note in found["notes"]
    )


def test_arm_without_a_base_of_its_own_is_named(study):
    against = {**PLAN["against"], "toy-b": None}
    change("compare", against=against, alone=["toy-b"], hypotheses=[], decisions=[])
    change("choose", against=against)
    assert any(note.startswith("toy-b: no untouched base") for note in promotion()["notes"])


def test_rewards_while_training_come_from_the_log_by_way_of_the_parts(study):
    """Sixty rows at two steps; their ids are dev's, whose groups are what is drawn."""
    evaluated = {
        step: {"push": {f"{n:03}": mean + (0.1 if n % 2 else -0.1) for n in range(60)}}
        for step, mean in (("0", 0.2), ("8", 0.6))
    }
    records.write_json(paths.parts("toy", "toy-a"), {"evaluated": evaluated})
    records.write_json(paths.parts("toy", "toy-b"), {"terminology": {"file": [1, 2]}})
    claims = [
        {"name": f"rises_{arm}", "kind": "later", "claim": "c", "arm": f"toy-{arm}"}
        | {"figure": "dev_reward", "after": 0, "expect": "higher"}
        for arm in ("a", "b")
    ]
    records.write_json(
        paths.plan("compare", "toy"), {**PLAN, "hypotheses": claims, "decisions": []}
    )
    compare.main("toy")
    judged = records.read_json(paths.hypotheses("toy"))["hypotheses"]
    assert {name: found["verdict"] for name, found in judged.items()} == {
        "rises_a": "confirmed",
        "rises_b": "undecided",
    }
    assert judged["rises_b"]["reason"] == "no evaluation in the log of toy-b"
