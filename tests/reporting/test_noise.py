"""Answers given twice: how far two runs of the same weights differ, beside the comparisons."""

import pytest

from stages import paths, records
from stages.reporting import noise
from tests.reporting.pages import Page, plain, section

ARMS = {
    "s0": {"title": "S0", "sampled": False},
    "a": {"title": "A", "sampled": False},
    "b": {"title": "B", "sampled": True},
}


def twice(share, shift, **more):
    return {"again_rows": 64, "again_differ_share": share, "again_shift": {"chrf": shift}, **more}


def row(**deltas):
    values = {arm: {"comparison": None} for arm in ARMS}
    values |= {arm: {"comparison": {"delta": delta}} for arm, delta in deltas.items()}
    return {"name": "chrf", "label": "chrF", "digits": 2, "values": values}


def test_each_arm_that_was_asked_twice_has_a_row():
    sizes = {"batch_size": 16, "batch_size_again": 4}
    cost = {"s0": twice(0.0, 0.0, **sizes), "a": twice(0.125, -0.5), "b": {"measured": False}}
    found = noise.noise(ARMS, [row(a=3.0)], cost)
    assert found["heads"] == ["rows", "in batches of", "rows that differ", "chrF"]
    assert found["rows"] == [
        ("S0", ["64", "16 and 4", "0.0 %", "+0.00"]),
        ("A", ["64", "–", "12.5 %", "−0.50"]),
    ]
    assert found["notes"] == []


def test_sampled_answers_are_said_to_be_drawn_anew():
    cost = {"s0": {}, "a": {}, "b": twice(0.9, 2.0)}
    assert [title for title, _ in noise.noise(ARMS, [row(b=9.0)], cost)["rows"]] == [
        "B (sampling noise)"
    ]


@pytest.mark.parametrize(
    ("deltas", "named"),
    [
        ({"a": 0.6, "b": -0.6}, []),
        ({"a": 0.4, "b": -0.6}, ["“A” (+0.40)"]),
        ({"a": 0.0, "b": -0.4}, ["“A” (+0.00)", "“B” (−0.40)"]),
        ({"a": None}, []),
    ],
)
def test_difference_below_the_largest_shift_of_any_arm_is_noted(deltas, named):
    cost = {"s0": twice(0.1, -0.5), "a": twice(0.1, 0.1), "b": {}}
    said = "chrF: answering again moved a score by up to 0.50, more than the difference to the base"
    assert noise.noise(ARMS, [row(**deltas)], cost)["notes"] == (
        [f"{said} of {', '.join(named)}"] if named else []
    )


def test_metric_that_was_not_scored_twice_is_no_column():
    cost = dict.fromkeys(ARMS, twice(0.1, 0.5))
    other = {**row(a=0.1), "name": "kl_mean", "label": "KL"}
    found = noise.noise(ARMS, [other], cost)
    assert found["heads"] == list(noise.HEADS) and found["notes"] == []


def test_study_that_was_not_asked_twice_has_none():
    assert noise.noise(ARMS, [row(a=1.0)], dict.fromkeys(ARMS, {"latency_p50_s": 1.0})) is None


def test_both_pages_say_so_beside_the_comparisons(study):
    assert "Answered again" not in "".join(study.report())
    for arm in ("toy-s0", "toy-b"):
        rows = records.read(paths.predictions("toy", arm))[:4]
        again = [rows[0], *({**one, "text": one["text"] + "!"} for one in rows[1:])]
        records.write(paths.answered_again("toy", arm), again)
    study.run()
    written, html = study.report()
    said = section(written, "Verdicts on dev").split("### Answered again")[1]
    assert "| S0, untouched | 4 | – | 75.0 % |" in said and "| B | 4 |" in said
    assert "| A |" not in said
    assert "rows that differ" in plain(Page(html).text) and noise.MEANS in plain(Page(html).text)
