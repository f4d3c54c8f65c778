"""What arms cost beside their base: ratios where both were measured alike, else the reason."""

import pytest

from stages import paths, records
from stages.reporting import costs
from tests.reporting.pages import Page, plain, section, table
from tests.reporting.study import HACK

MACHINE = {"processor": "EPYC", "instruction_set": "AVX512", "threads": 2}
SETTING = {"computed_in": "bfloat16", "batch_size": 64, "latency_rows": 4}
BASE = {**MACHINE, **SETTING, "latency_p50_s": 2.0, "latency_p95_s": 4.0}
BASE |= {"tokens_per_second": 100.0, "peak_memory_mb": 1000, "adapter_mb": 0.0}
ARMS = {
    name: {"title": name.upper(), "base": base, "untouched": name.startswith("s")}
    for name, base in {"s0": "tiny", "a": "tiny", "s1": "wide", "b": "wide"}.items()
}
COMPARED = {"a": {"against": "s0"}, "b": {"against": "s1"}}


def rows(records_, arms=ARMS, compared=COMPARED):
    return dict(costs.cost(records_, arms, compared)["rows"])


def test_each_arm_is_divided_by_the_base_of_its_own_base_model():
    tuned = {**BASE, "latency_p50_s": 0.5, "peak_memory_mb": 1100}
    found = rows({"s0": BASE, "a": tuned, "s1": {**BASE, "latency_p50_s": 0.25}, "b": tuned})
    assert found["latency p50, s (batch 1)"] == ["2.00", "0.50 (0.25×)", "0.25", "0.50 (2.00×)"]
    assert found["peak memory, MB"][1] == "1,100 (1.10×)"
    assert found["tokens/s in batches"][:2] == ["100", "100 (1.00×)"]
    # The slowest of a few rows and what a base does not have are not divided
    assert found["latency p95, s (batch 1)"][1] == "4.00" and found["adapter, MB"][1] == "0.0"


def test_total_times_are_those_of_answering_all_rows_and_of_training():
    answers = [{"tokens_out": 150}, {"tokens_out": 50}]
    base = costs.measured(BASE, {}, answers)
    tuned = costs.measured({**BASE, "tokens_per_second": 50.0}, {"seconds": 12.4}, answers[1:])
    found = rows({"s0": base, "a": tuned})
    assert found["all dev rows in batches, s"] == ["2.0", "1.0 (0.50×)"]
    assert found["training time, s"] == ["–", "12"]


@pytest.mark.parametrize(
    ("other", "reason"),
    [
        ({"processor": "Xeon"}, "measured on another machine"),
        ({"threads": 3}, "measured on another machine"),
        ({"processor": None, "instruction_set": None, "threads": None},
         "nobody recorded on which machine"),
        ({"batch_size": 32}, "measured with another batch size"),
        ({"computed_in": "float32", "latency_rows": 16},
         "measured with another precision and number of rows one by one"),
    ],
)  # fmt: skip
def test_what_was_not_measured_alike_has_no_ratio_but_a_reason(other, reason):
    found = costs.cost({"s0": BASE, "a": {**BASE, **other}}, ARMS, COMPARED)
    assert not [text for _, cells in found["rows"] for text in cells if "×" in text]
    assert found["remark"] == costs.REMARK and found["notes"] == [f"“A”: {reason}"]
    assert costs.INDICATIVE not in found["caption"]


def test_arms_with_one_reason_are_named_together():
    arms = {**ARMS, "c": {**ARMS["a"], "title": "C"}}
    elsewhere = {**BASE, "processor": "Xeon"}
    found = costs.cost({"s0": BASE, "a": elsewhere, "c": elsewhere}, arms, COMPARED)
    assert found["notes"] == ["“A”, “C”: measured on another machine"]


def test_of_several_bases_the_one_counts_that_an_arm_is_compared_with():
    again = {**ARMS["s0"], "title": "again"}
    every = {"s0": BASE, "a": BASE, "again": {**BASE, "latency_p50_s": 4.0}}
    arms = {**ARMS, "again": again}
    ratios = rows(every, arms, {"a": {"against": "again"}})["latency p50, s (batch 1)"]
    assert ratios == ["2.00", "2.00 (0.50×)", "4.00"]
    assert costs.base_of("a", arms, {}) is None and costs.base_of("a", ARMS, {}) == "s0"
    assert costs.base_of("b", {"b": ARMS["b"]}, {}) is None


def test_figure_that_the_base_lacks_or_has_at_zero_has_no_ratio():
    assert costs.ratio("latency_p50_s", BASE, {"latency_p50_s": 0.0}) == ""
    assert costs.ratio("latency_p50_s", BASE, {}) == costs.ratio("latency_p50_s", {}, BASE) == ""


def test_answers_from_elsewhere_cost_nothing_that_was_measured():
    found = costs.cost({"s0": BASE, "a": {"measured": False}}, ARMS, COMPARED)
    cells = dict(found["rows"])
    assert cells["on"] == ["EPYC, AVX512, 2 threads", costs.ABSENT]
    assert cells["latency p50, s (batch 1)"] == ["2.00", "–"] and found["notes"] == []
    assert costs.measured({"measured": False}, {}, [{"tokens_out": None}])["answering_s"] is None


def test_report_shows_ratios_and_says_what_they_are_worth(study):
    study.declared["arms"]["toy-b"]["title"] = HACK
    study.run()
    for arm, own in {"toy-s0": BASE, "toy-a": BASE, "toy-b": {**BASE, "threads": 9}}.items():
        records.write_json(paths.cost("toy", arm), own)
    written, html = study.report()
    found = {label: cells for label, *cells in table(written, "Cost")}
    assert found["latency p50, s (batch 1)"] == ["2.00", "2.00 (1.00×)", "2.00"]
    # Sixteen answers of one token each
    assert found["all dev rows in batches, s"] == ["0.2", "0.2 (1.00×)", "0.2"]
    text = plain(Page(html).text)
    for said in (costs.INDICATIVE.strip(), f"“{HACK}”: measured on another machine"):
        assert said in text
    assert costs.REMARK in section(written, "Cost")


def test_answers_that_are_not_on_this_machine_are_only_not_counted(study):
    study.study["publish"] = "none"
    study.run()
    records.write_json(paths.cost("toy", "toy-a"), BASE)
    paths.kept("toy", "toy-a", "dev.jsonl").unlink()
    found = {label: cells for label, *cells in table(study.report()[0], "Cost")}
    assert found["all dev rows in batches, s"] == ["–", "–", "–"]
