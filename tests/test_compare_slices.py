"""compare: scores slice by slice, and texts of a scorer's own beside the rows of the dev split."""

import pytest

from stages import compare, paths, records
from stages.command import UserError
from stages.verdicts.significance import holm

PLAN = {
    "study": "toy",
    "against": {"toy-s0": None, "toy-a": "toy-s0", "toy-b": "toy-s0"},
    "alone": [],
    "untouched": ["toy-s0"],
    "metrics": ["exact_match", "length_ratio"],
    "headline": "exact_match",
    "sliced": True,
    "hypotheses": [],
    "decisions": [],
}
ROWS = 30  # of each slice
# Right answers of each arm by slice: A is good at JSON alone, B a little better at both
RIGHT = {
    "toy-s0": {"code": 10, "json": 5},
    "toy-a": {"code": 10, "json": 25},
    "toy-b": {"code": 13, "json": 8},
}
TRIVIAL = {"empty": {"code": 0, "json": 0}, "reference": {"code": ROWS, "json": ROWS}}
TEXTS = 20


def rows(arm, sliced=True):
    """60 rows in two slices; the answers are longer where they are right."""
    return [
        {"id": f"{part}{n:02}", "group": f"{part}{n:02}"}
        | ({"slice": part} if sliced else {})
        | {"exact_match": [int(n < right), 1], "length_ratio": [1 + (n < right), 1]}
        for part, right in (RIGHT | TRIVIAL)[arm].items()
        for n in range(ROWS)
    ]


def texts(nats):
    """Rows of the drift: four tokens each, ids and groups of their own."""
    return [
        {"id": f"text{n:02}", "group": f"text{n:02}", "kl_mean": [4 * nats * (n + 1), 4]}
        for n in range(TEXTS)
    ]


def difference(**changes):
    plain = {"kind": "difference", "claim": "c", "arm": "toy-a", "against": "toy-s0"}
    return {"name": "h", **plain, "metric": "exact_match", "expect": "better", **changes}


@pytest.fixture
def study(tmp_path, monkeypatch):
    """Gives a function that compares arms' rows under a plan and returns what was found."""
    monkeypatch.chdir(tmp_path)

    def found(make=rows, **changes):
        records.write_json(paths.plan("compare", "toy"), {**PLAN, **changes})
        for arm in RIGHT:
            records.write(paths.row_statistics("toy", arm), make(arm))
        floors = [{"floor": floor, **row} for floor in TRIVIAL for row in rows(floor)]
        records.write(paths.floor_rows("toy"), floors)
        compare.main("toy")
        judged = records.read_json(paths.hypotheses("toy"))["hypotheses"]
        return records.read_json(paths.comparisons("toy")), judged

    return found


def test_headline_is_compared_slice_by_slice(study):
    compared, _ = study()
    slices = compared["slices"]
    assert slices["metric"] == "exact_match"
    assert {part: sorted(arms) for part, arms in slices["arms"].items()} == {
        "code": ["toy-a", "toy-b"],
        "json": ["toy-a", "toy-b"],
    }
    for part, arms in slices["arms"].items():
        for arm, result in arms.items():
            assert (result["n"], result["groups"], result["unpaired"]) == (ROWS, ROWS, 0)
            ours, base = RIGHT[arm][part], RIGHT["toy-s0"][part]
            assert result["delta"] == pytest.approx((ours - base) / ROWS)
            assert result["against_value"] == pytest.approx(base / ROWS)
    verdicts = {p: {a: r["verdict"] for a, r in arms.items()} for p, arms in slices["arms"].items()}
    not_shown = "no difference shown"
    assert verdicts == {
        "code": {"toy-a": not_shown, "toy-b": not_shown},
        "json": {"toy-a": "helped", "toy-b": not_shown},
    }


def test_holm_is_over_all_arms_in_all_slices(study):
    slices = study()[0]["slices"]["arms"]
    found = {(part, arm): r for part, arms in slices.items() for arm, r in arms.items()}
    adjusted = holm({key: result["p"] for key, result in found.items()})
    assert len(adjusted) == 4
    assert {key: result["p_adjusted"] for key, result in found.items()} == pytest.approx(adjusted)
    assert found["json", "toy-a"]["p_adjusted"] == pytest.approx(4 * found["json", "toy-a"]["p"])


def test_slices_leave_the_comparisons_over_all_rows_as_they_are(study):
    sliced, _ = study()
    whole, _ = study(lambda arm: rows(arm, sliced=False), sliced=False)
    assert "slices" not in whole
    assert sliced["arms"] == whole["arms"]
    assert sliced["arms"]["toy-a"]["metrics"]["exact_match"]["n"] == 2 * ROWS


def test_headline_decides_what_is_shown_by_slice(study):
    slices = study(headline="length_ratio")[0]["slices"]
    assert slices["metric"] == "length_ratio"
    assert slices["arms"]["json"]["toy-a"]["verdict"] == "changed"


# a hypothesis, what it comes to, and over how many rows
HYPOTHESES = [
    ({"slices": ["json"]}, "confirmed", ROWS),
    ({"slices": ["code"]}, "undecided", ROWS),
    ({"slices": ["json", "code"]}, "confirmed", 2 * ROWS),
    ({"slices": None}, "confirmed", 2 * ROWS),
    ({"slices": ["json"], "expect": "worse"}, "rejected", ROWS),
    ({"slices": ["json"], "metric": "length_ratio", "expect": "higher"}, "confirmed", ROWS),
    ({"slices": ["code"], "metric": "length_ratio", "expect": "higher"}, "undecided", ROWS),
    ({"slices": ["json"], "against": "toy-b"}, "confirmed", ROWS),
]


@pytest.mark.parametrize(("changes", "verdict", "count"), HYPOTHESES)
def test_hypothesis_over_slices_uses_their_rows_alone(study, changes, verdict, count):
    _, judged = study(hypotheses=[difference(**changes)])
    assert (judged["h"]["verdict"], judged["h"]["numbers"]["n"]) == (verdict, count)


def test_slice_that_no_row_is_in_is_an_error(study):
    with pytest.raises(UserError, match=r"h\.slices: no row is in 'jsn'; known: code, json"):
        study(hypotheses=[difference(slices=["json", "jsn"])])


def test_hypothesis_over_a_slice_of_an_arm_without_results_is_undecided(study):
    study(hypotheses=[difference(slices=["json"])])
    paths.row_statistics("toy", "toy-a").unlink()
    compare.main("toy")
    found = records.read_json(paths.hypotheses("toy"))["hypotheses"]["h"]
    assert (found["verdict"], found["reason"]) == ("undecided", "no rows to compare")
    slices = records.read_json(paths.comparisons("toy"))["slices"]["arms"]
    assert {part: list(arms) for part, arms in slices.items()} == {
        "code": ["toy-b"],
        "json": ["toy-b"],
    }


NATS = {"toy-s0": 0.0, "toy-a": 0.1, "toy-b": 0.02}
WITH_DRIFT = {"metrics": [*PLAN["metrics"], "kl_mean"]}


def beside(arm):
    return [*rows(arm), *texts(NATS[arm])]


def test_texts_of_the_drift_are_counted_apart_from_the_rows(study):
    alone, _ = study()
    mixed, _ = study(beside, **WITH_DRIFT)
    for arm in ("toy-a", "toy-b"):
        metrics = mixed["arms"][arm]["metrics"]
        for name in PLAN["metrics"]:
            assert metrics[name] == alone["arms"][arm]["metrics"][name]
        drift = metrics["kl_mean"]
        assert (drift["n"], drift["groups"], drift["unpaired"]) == (TEXTS, TEXTS, 0)
        assert drift["delta"] == pytest.approx(NATS[arm] * (TEXTS + 1) / 2)
        assert (drift["against_value"], drift["verdict"]) == (0.0, "changed")


def test_texts_of_the_drift_are_in_no_slice(study):
    alone, _ = study()
    mixed, _ = study(beside, **WITH_DRIFT)
    assert mixed["slices"] == alone["slices"]


def test_arms_whose_drift_was_measured_on_other_texts_are_refused(study):
    study(beside, **WITH_DRIFT)
    records.write(paths.row_statistics("toy", "toy-a"), beside("toy-a")[:-1])
    with pytest.raises(UserError, match=r"toy-a.jsonl and .*toy-b.jsonl: 79 and 80 rows"):
        compare.main("toy")


def test_hypothesis_on_what_is_not_measured_is_undecided_beside_others(study):
    unmeasured = {"metric": "kl_mean", "expect": "higher", "name": "k"}
    _, judged = study(hypotheses=[difference(slices=None), difference(**unmeasured)])
    assert (judged["k"]["verdict"], judged["k"]["reason"]) == (
        "undecided",
        "kl_mean was not measured",
    )
    assert judged["h"]["verdict"] == "confirmed"
    _, judged = study(beside, hypotheses=[difference(**unmeasured)], **WITH_DRIFT)
    assert judged["k"]["verdict"] == "confirmed"
