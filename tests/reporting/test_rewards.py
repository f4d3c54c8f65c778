"""How the reward went: charts, tables, expected ranges and rules of arms trained by rewards."""

import contextlib
import math
import re

import pytest

from stages import paths, records
from stages.auditing.preflight import forecast_rl
from stages.methods.grpo.rules import FIGURES
from stages.reporting import data, reward_charts, reward_rows, rewards, tables
from stages.reporting.endings import ending
from tests.reporting.pages import Page
from tests.reporting.study import AUDIT, DECLARED, Study

TASKS = ("push", "sql_qa")
TEXTS = [f"line {n} of a text with {n * n} words in it" for n in range(24)]
TRIPPED = [
    {"rule": "spike", "figure": "grad_norm", "step": 3, "action": "warn", "value": 2.25},
    {"rule": "no_progress", "figure": "dev_reward", "step": 16, "action": "stop", "value": 0.4},
]
EXPECTED = {"completion_length": [10.0, 40.0], "zero_variance_share": [0.0, 0.2]}


def section(html: str, key: str) -> str:
    return re.search(rf'<section id="{key}">(.*?)</section>', html, re.S).group(1)


def log(ids: list[str], steps: int = 16, start: float = 0.2, peak: float = 1e-4) -> list[dict]:
    """A log whose reward rises, dev answered each eight steps."""
    rows = []
    for step in range(steps + 1):
        row = {"step": step}
        if step:
            row |= {"loss": 0.01 * math.sin(step), "lr": peak * min(1, (step - 1) / 4)}
            row |= {"grad_norm": 2.25 if step == 3 else 0.25, "tokens": 50, "seconds": 1.0}
            row |= {"tokens_per_second": 50.0, "reward": start + step / 40, "reward_push": 0.5}
            row |= {"completion_length": 30.0 + step, "at_limit_share": 0.0, "entropy": 1.5}
            row |= {"zero_variance_share": 0.1, "seen_share": step / 32}
        if step % 8 == 0:
            mean = start + step / 80
            given = {
                key: [TASKS[n % 2], mean + (0.1 if n % 4 < 2 else -0.1)]
                for n, key in enumerate(ids)
            }
            row |= {"dev_reward": mean, "dev_kl": step / 1000, "dev_rows": given}
            row |= {f"dev_reward_{task}": mean for task in TASKS}
        rows.append(row)
    return rows


@pytest.fixture(scope="module")
def study(tmp_path_factory):
    """Arm A by rewards and stopped by a rule, arm B by answers; a claim on A's rewards."""
    folder = tmp_path_factory.mktemp("rewards")
    declared = {**DECLARED, "study": {"toy": {**DECLARED["study"]["toy"], "expected": EXPECTED}}}
    declared["study"]["toy"]["hypotheses"] = {
        "rises": {"kind": "later", "claim": "It went on rising.", "arm": "toy-a"}
        | {"figure": "dev_reward_push", "after": 0, "expect": "higher"},
        "missed": {"kind": "at_step", "claim": "Early on it was good.", "arm": "toy-a"}
        | {"figure": "dev_reward", "step": 10, "at_least": 0.35},
    }
    declared["study"]["toy"]["decisions"] = []
    with contextlib.chdir(folder):
        made = Study(TEXTS, declared)
        place = paths.training_log("toy", "toy-a")
        records.write(place / "log.jsonl", log([row["id"] for row in made.examples["dev"]]))
        card = records.read_json(place / "training.json")
        card |= {"tripped": TRIPPED, "stopped_early": "rule no_progress at step 16"}
        records.write_json(place / "training.json", {**card, "steps": 16, "kept_step": 8})
        made.run()
        yield made, *made.report(), data.gather(made.plan)


def test_charts_stand_for_each_figure_and_none_of_losses_for_its_arm(study):
    _, text, html, found = study
    names = [one["name"] for one in found["rewards"]["figures"]]
    assert names[:4] == ["dev_reward", "dev_reward_push", "dev_reward_sql_qa", "reward"]
    assert {"grad_norm", "dev_kl", "seen_share", "lr", "entropy"} <= set(names)
    own = section(html, "how-the-reward-went")
    assert own.count("<svg role=") == len(names)
    assert "reward on dev: sql_qa over optimizer steps" in own
    assert list(found["curves"]) == ["S0, untouched", "B"]
    assert "are not in a chart of losses" in section(html, "training")
    assert "## How the reward went" in text


def test_table_says_where_it_began_and_ended_what_was_seen_and_which_rules_tripped(study):
    _, text, html, found = study
    ((title, cells),) = found["rewards"]["rows"]
    assert title == "A"
    assert dict(zip(found["rewards"]["heads"], cells, strict=True)) == {
        "reward on dev before training": "0.200",
        "at the last step": "0.400",
        "reward on dev: push": "0.200 → 0.400",
        "reward on dev: sql_qa": "0.200 → 0.400",
        "steps": "16",
        "steps below 1 % of the peak lr": "6.2 %",
        "training prompts seen": "50.0 %",
        "rules that tripped": "spike at step 3 (warn): gradient norm 2.25; "
        "no_progress at step 16 (stop): reward on dev 0.4",
    }
    for page in (text.replace("\\", ""), Page(html).text):
        assert "no_progress at step 16 (stop): reward on dev 0.4" in page


def test_expected_ranges_are_written_beside_the_figures_and_how_often_they_were_left(study):
    _, text, html, found = study
    figures = {one["name"]: one for one in found["rewards"]["figures"]}
    assert figures["completion_length"]["said"] == "10 to 40"
    assert figures["completion_length"]["cells"]["A"]["outside"] == "38 %"  # 41 to 46: 6 of 16
    assert figures["zero_variance_share"]["cells"]["A"]["outside"] == "0 %"
    assert figures["entropy"]["expected"] is None and figures["entropy"]["said"] == ""
    assert "Length of the answers, tokens; expected 10 to 40" in html
    assert "| length of the answers, tokens | A | 31 | 46 | 31 | 46 | 10 to 40 | 38 % |" in text


def test_claims_about_steps_are_shown_with_their_numbers(study):
    _, text, html, found = study
    judged = {one["name"]: one for one in found["hypotheses"]}
    assert judged["rises"]["verdict"] == "confirmed"
    assert "at step\u00a016; beside step\u00a00" in judged["rises"]["evidence"]
    assert judged["missed"]["evidence"] == "no evaluation at step 10; there are 0, 8, 16"
    for page in (text, html):
        assert "no evaluation at step 10; there are 0, 8, 16" in page


def test_a_study_without_such_arms_has_no_such_section():
    curve = [{"step": 1, "loss": 2.0, "lr": 1e-3}]
    assert rewards.section({"study": "toy"}, {"a": {"title": "A"}}, {"a": curve}, {}) is None


def test_interval_of_a_mean_is_students_and_near_duplicates_count_once():
    values = {str(n): n / 10 for n in range(8)}
    low, high = reward_rows.of_mean(values, {})
    # mean 0.35, standard deviation 0.2449, t(7) 2.3646
    assert (low, high) == (pytest.approx(0.1452, abs=1e-4), pytest.approx(0.5548, abs=1e-4))
    twice = values | {f"{n} again": n / 10 for n in range(8)}
    groups = {key: key.split()[0] for key in twice}
    assert reward_rows.of_mean(twice, groups) == pytest.approx((low, high))
    assert reward_rows.of_mean(values, dict.fromkeys(values, "one")) is None
    assert reward_rows.of_mean({str(n): float(n == 0) for n in range(8)}, {})[0] == 0.0


@pytest.mark.parametrize(
    ("run", "declared", "said"),
    [
        ({}, {}, "–"),
        ({}, {"a": {}, "b": {}}, "none of 2"),
        ({"tripped": []}, {"a": {}}, "none of 1"),
        ({"tripped": TRIPPED[:1]}, {"a": {}}, "spike at step 3 (warn): gradient norm 2.25"),
    ],
)
def test_rules_in_words(run, declared, said):
    assert rewards.rules(run, declared) == said


@pytest.mark.parametrize(
    ("rates", "share"), [([], None), ([0.0], None), ([0.0, 1.0, 0.5, 0.009], 0.5), ([1.0], 0.0)]
)
def test_share_of_steps_that_trained_almost_nothing(rates, share):
    assert rewards.nearly_zero(rates) == share


def test_few_arms_have_bands_and_a_range_is_a_rectangle():
    points = [{"step": n, "value": 0.5, "low": 0.4, "high": 0.6} for n in range(3)]
    found = {"name": "dev_reward", "noisy": False, "expected": None}
    few, many = (
        reward_charts.figure_chart({**found, "series": dict.fromkeys(names, points)}, [*"abcd"])
        for names in ("ab", "abcd")
    )
    assert few.count('opacity="0.15"') == 2 and 'opacity="0.15"' not in many
    ranged = reward_charts.figure_chart(
        {**found, "expected": [0.3, 0.45], "series": {"a": points}}, [*"abcd"]
    )
    assert 'opacity="0.18"' in ranged and 'opacity="0.18"' not in few


def test_what_was_forecast_stands_in_a_table_where_an_arm_is_trained_by_rewards():
    """An arm by answers has dashes there, and a study without such arms no such lines."""
    arm = {"max_steps": 20, "schedule": "constant", "lr": 1e-5, "prompts_per_step": 4}
    ahead = forecast_rl({**arm, "generations": 8, "max_completion": 100}, 80, 28, 50_000)
    found = tables.audit({"a": AUDIT, "b": {"preflight": ahead}}, [])
    cells = dict(found["rows"])
    assert cells["loss on"] == ["all", "–"] and cells["rows"] == ["9", "–"]
    assert cells["prompts seen"] == ["–", "80"] and cells["logits of one pass, MB"] == ["–", "640"]
    assert cells["epochs seen"] == ["1.50", "1.00"]
    assert cells["lr by tenths of the run, share of the peak"] == ["–", ", ".join(["1"] * 11)]
    assert "prompts seen" not in dict(tables.audit({"a": AUDIT}, [])["rows"])


@pytest.mark.parametrize(("value", "flat"), [(1.5, True), (0.0, True), (None, False)])
def test_values_that_are_all_the_same_have_room_and_their_own_tick(value, flat):
    values = [value, value] if flat else [1.0, 2.0]
    scale = reward_charts.scale({"name": "entropy", "expected": None}, values).to_dict()
    assert ("domain" in scale) == flat
    assert not flat or scale["domain"][0] <= value < scale["domain"][1]


def test_each_figure_that_a_rule_may_name_has_a_label_or_is_no_figure_to_look_at():
    assert {*rewards.FIGURES, "loss", "tokens"} == {*FIGURES}


def test_how_it_ended_is_worded():
    run = {"status": "finished", "kept_step": 8, "steps": 16}
    said = ending({**run, "stopped_early": "rule no_progress at step 16"})
    assert said == "stopped early: rule no progress at step 16, scored at step 8"
