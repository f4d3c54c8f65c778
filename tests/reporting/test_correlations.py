"""Loss and quality: the points are the arms' figures, beside what was judged of them."""

import re

import pytest

from stages import paths, records
from stages.reporting import correlations, data
from tests.reporting.pages import Page, plain, section, table
from tests.reporting.study import CORRELATIONS, HACK, LETTERS

HEADING = "Loss and quality"


def test_points_are_the_arms_figures(wide_study):
    written, html = wide_study.report()
    head, *rows = table(written, HEADING)
    assert head == ["arm", "last loss (mean of 10 steps), nats per token", "chrF, points 0-100"]
    for row, letter in zip(rows, LETTERS, strict=True):
        loss = records.read_json(paths.training("toy", f"toy-{letter}"))["last_loss_mean_of_10"]
        score = records.read_json(paths.quality("toy", f"toy-{letter}"))["chrf"]["value"]
        assert row[1:] == [f"{loss:.3f}", f"{score:.2f}"]
    (chart,) = re.findall(r'<svg role="img" aria-label="chrF, points[^"]*over last loss.*?</svg>',
                          html, re.S)  # fmt: skip
    assert chart.count('aria-roledescription="point"') == 8 and "<img" not in chart


def test_what_was_judged_stands_beneath(wide_study):
    written, html = wide_study.report()
    judged = records.read_json(paths.hypotheses("toy"))["hypotheses"]["loss_misleads"]
    numbers = judged["numbers"]
    low, high = (f"{numbers[side]:.3f}" for side in ("low", "high"))
    said = (
        f"r {numbers['r']:.3f}; arms 8; 95 % interval [{low}, {high}]; p {numbers['p']:.3f}, "
        f"adjusted {numbers['p_adjusted']:.3f}"
    ).replace("-", "−")
    assert numbers["arms"] == 8
    assert f"{judged['verdict']}: {said}" in plain(Page(html).text)
    assert f"**{judged['verdict']}**: {said}" in plain(section(written, HEADING)).replace("\\", "")
    for text in (plain(Page(html).text), plain(written)):
        assert correlations.LOSS_NOTE in text


def test_figure_that_was_not_measured_has_its_reason_and_no_chart(wide_study):
    written, html = wide_study.report()
    *_, last = section(written, HEADING).split("\n### ")
    assert last.strip().splitlines()[-1] == "**undecided**: judge\\_overall was not measured"
    assert "<p><strong>undecided</strong>: judge_overall was not measured</p>" in html
    assert html.count("one point for each arm") == 1


def test_hostile_title_of_an_arm_is_text_in_the_chart(wide_study):
    _, html = wide_study.report()
    charts = "".join(re.findall(r"<svg .*?</svg>", html, re.S))
    assert "&lt;img src=x" in charts and HACK in Page(html).text


@pytest.mark.parametrize(
    ("x", "heading"), [("training.first_loss", HEADING), ("cost.latency_p50_s", "Correlations")]
)
def test_losses_are_warned_of_where_there_are_any(x, heading):
    declared = {"h": {"x": x, "y": "chrf", "among": None}}
    numbers = {"arms": 0, "p": None, "p_adjusted": None}
    hypothesis = {"name": "h", "claim": "?", "numbers": numbers, "evidence": "too few"}
    found = correlations.correlations(declared, [hypothesis], {}, {})
    assert found["heading"] == heading
    assert (correlations.LOSS_NOTE in found["note"]) == (heading == HEADING)
    assert correlations.correlations({}, [hypothesis], {}, {}) is None


@pytest.mark.parametrize(
    ("among", "expected"),
    [(None, ["A", "B"]), (["toy-b", "toy-a"], ["B", "A"]), (["toy-b", "toy-gone"], ["B"])],
)
def test_only_arms_with_both_figures_are_points(among, expected):
    arms = {name: {"title": name[-1].upper()} for name in ("toy-s0", "toy-a", "toy-b")}
    figures = {
        name: {"quality": {"chrf": {"value": 1.5}}, "training": {"first_loss": 2}, "cost": {}}
        for name in arms
    }
    figures["toy-s0"]["training"] = {"method": "none"}
    hypothesis = {"name": "h", "numbers": {"p": None}, "evidence": "too few"}
    declared = {"x": "training.first_loss", "y": "chrf", "among": among}
    points = correlations.of(hypothesis, declared, arms, figures)["points"]
    assert points == [{"arm": title, "x": 2, "y": 1.5} for title in expected]


@pytest.mark.parametrize(
    ("figure", "label", "digits"),
    [
        ("training.first_loss", "first loss, nats per token", 3),
        ("training.steps", "steps", 0),
        ("training.trainable_parameters", "trainable parameters", 0),
        ("cost.adapter_mb", "adapter, MB", 1),
        ("output_tokens", "tokens per answer, tokens", 1),
        ("kl_mean", "KL from base, mean, nats per token", 3),
        ("never_heard_of", "never_heard_of", 3),
    ],
)
def test_figures_have_their_names_and_units(figure, label, digits):
    assert correlations.described(figure) == {"label": label, "digits": digits}


def test_plan_declares_what_a_chart_needs(wide_study):
    declared = wide_study.plan["correlations"]
    assert set(declared) == set(CORRELATIONS)
    assert declared["loss_misleads"] == {
        "x": "training.last_loss_mean_of_10",
        "y": "chrf",
        "among": None,
    }
    assert data.gather(wide_study.plan)["correlations"]["heading"] == HEADING
