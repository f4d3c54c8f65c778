"""The training curve as CSV, of runs that fit answers and of runs that follow rewards."""

from stages import records
from stages.curves import evaluations, read_curve, rewarded, write_curve

FITTED = [
    {"step": 1, "loss": 2.5, "lr": 1e-3, "grad_norm": 0.5, "tokens": 90, "seconds": 2.0,
     "tokens_per_second": 45.0},
    {"step": 2, "loss": 2.25, "lr": 0.0, "grad_norm": 0.5, "tokens": 90, "seconds": 2.0,
     "tokens_per_second": 45.0, "dev_loss": 2.4},
]  # fmt: skip
REWARDED = [
    {"step": 0, "dev_reward": 0.25, "dev_reward_push": 0.25, "dev_kl": 0.0,
     "dev_rows": {"b": ["push", 0.5], "a": ["push", 0.0]}},
    {"step": 1, "loss": 0.01, "lr": 0.0, "grad_norm": 0.1, "tokens": 40, "seconds": 2.0,
     "tokens_per_second": 20.0, "reward": 0.5, "reward_push": 0.5, "completion_length": 12.5},
    {"step": 2, "loss": -0.01, "lr": 1e-3, "grad_norm": 0.1, "tokens": 40, "seconds": 2.0,
     "tokens_per_second": 20.0, "reward": 0.75, "dev_reward": 0.5, "dev_reward_push": 0.5,
     "dev_rows": {"a": ["push", 0.25], "c": ["sql_qa", 1.0]}},
]  # fmt: skip


def test_a_fitted_run_has_the_columns_of_every_log(tmp_path):
    write_curve(tmp_path / "curve.csv", FITTED)
    assert (tmp_path / "curve.csv").read_text() == (
        "step,loss,lr,grad_norm,tokens_per_second,seconds,dev_loss\n"
        "1,2.5,0.001,0.5,45.0,2.0,\n"
        "2,2.25,0.0,0.5,45.0,2.0,2.4\n"
    )
    assert not rewarded(FITTED) and evaluations(FITTED) == {}


def test_a_run_by_rewards_has_its_own_behind_them_and_no_rows_of_dev(tmp_path):
    write_curve(tmp_path / "curve.csv", REWARDED)
    header = (tmp_path / "curve.csv").read_text().partition("\n")[0]
    assert header == (
        "step,loss,lr,grad_norm,tokens_per_second,seconds,dev_loss,"
        "completion_length,dev_kl,dev_reward,dev_reward_push,reward,reward_push,tokens"
    )
    rows = read_curve(tmp_path / "curve.csv")
    assert rows[0] == {"step": 0, "dev_reward": 0.25, "dev_reward_push": 0.25, "dev_kl": 0}
    assert rows[1]["reward"] == 0.5 and "dev_reward" not in rows[1]
    assert rewarded(REWARDED) and rewarded(rows)


def test_rewards_of_dev_rows_lie_by_step_task_and_id():
    found = evaluations(REWARDED)["evaluated"]
    assert found == {
        "0": {"push": {"a": 0.0, "b": 0.5}},
        "2": {"push": {"a": 0.25}, "sql_qa": {"c": 1.0}},
    }
    assert records.dumps(found)


def test_no_log_is_a_header(tmp_path):
    write_curve(tmp_path / "curve.csv", [])
    assert read_curve(tmp_path / "curve.csv") == [] and not rewarded([])
