"""The loss at fixed steps, and whether that on dev rose again."""

from stages.reporting.milestones import milestones


def curve(losses, dev=()):
    dev = dict(dev)
    return [
        {"step": step, "loss": loss} | ({"dev_loss": dev[step]} if step in dev else {})
        for step, loss in enumerate(losses, 1)
    ]


def run(curve):
    """What `train` records of such a curve."""
    dev = [(row["dev_loss"], row["step"]) for row in curve if "dev_loss" in row]
    losses = [row["loss"] for row in curve[-10:]]
    found = {"last_loss_mean_of_10": sum(losses) / len(losses)} if losses else {}
    if dev:
        found |= dict(zip(("best_dev_loss", "best_dev_loss_step"), min(dev), strict=True))
        found["last_dev_loss"] = dev[-1][0]
    return found


def rows(curves, lengths=None):
    runs = {arm: run(curve) for arm, curve in curves.items()}
    table = milestones(curves, lengths or dict.fromkeys(curves, 512), runs)
    return {label: dict(zip(table["arms"], cells, strict=True)) for label, cells in table["rows"]}


def test_loss_at_a_step_is_the_mean_of_the_ten_up_to_it():
    found = rows({"a": curve(range(60))})
    assert list(found) == ["longest row, tokens", "step 25", "step 50", "last step"]
    assert found["step 25"]["a"] == "19.500"
    assert found["last step"]["a"] == "54.500"


def test_steps_that_only_one_arm_reaches_are_dashes_in_others():
    found = rows({"base": [], "a": curve([1.0] * 30), "b": curve([2.0] * 8)}, {"a": 96, "b": 512})
    assert found["step 25"] == {"base": "–", "a": "1.000", "b": "–"}
    assert found["last step"] == {"base": "–", "a": "1.000", "b": "2.000"}
    assert found["longest row, tokens"] == {"base": "–", "a": "96", "b": "512"}


def test_overfitting_shows_as_a_rise_since_the_lowest_loss_on_dev():
    found = rows({"a": curve([1.0] * 6, {2: 1.5, 4: 1.25, 6: 1.75}), "b": curve([1.0] * 6)})
    assert [found[label]["a"] for label in list(found)[-4:]] == ["1.750", "1.250", "4", "0.500"]
    assert {found[label]["b"] for label in list(found)[-4:]} == {"–"}


def test_runs_by_rewards_and_studies_that_train_nothing_have_none():
    assert milestones({"base": []}, {}, {}) is None
    assert milestones({"a": [{"step": 1, "loss": 0.0, "reward": 0.5}]}, {"a": 1}, {}) is None


def test_end_of_a_run_is_what_its_record_says_of_those_trained_on_answers():
    rewarded = [{"step": 1, "loss": 0.0, "reward": 0.5}]
    runs = {"a": {"last_loss_mean_of_10": 0.25}, "b": {"last_loss_mean_of_10": 0.5}}
    found = milestones({"a": curve([1.0]), "b": rewarded}, {}, runs)
    assert dict(found["rows"])["last step"] == ["0.250", "–"]
