"""Charts: what they draw, and that arms can be told apart, by colour and by a second mark."""

import re

import pytest

from stages.reporting import charts

CURVE = [{"step": n, "loss": 2.0 / n} for n in range(1, 6)]
NAMES = [f"arm {n}" for n in range(9)]
NAME_OF_NONE = "not drawn"


def test_running_mean():
    assert charts.running_mean([]) == []
    assert charts.running_mean([4.0, 2.0, 3.0, 3.0, 3.0, 9.0]) == [4.0, 3.0, 3.0, 3.0, 3.0, 4.0]


def test_chart_has_a_line_for_each_arm_that_was_trained():
    svg = charts.training_curves({"toy-s0": [], "toy-a": CURVE, "toy-b": CURVE})
    assert svg.startswith("<svg") and "toy-a" in svg and "toy-b" in svg and "toy-s0" not in svg
    assert charts.training_curves({"toy-s0": []}) is None


def test_loss_on_dev_is_points_on_a_thin_line_beside_its_arm():
    taken = [{**row, "dev_loss": 1.5} if row["step"] % 2 else row for row in CURVE]
    plain, shown = (charts.training_curves({"toy-a": c, "toy-b": CURVE}) for c in (CURVE, taken))
    thin = 'stroke-width="0.75"'
    assert plain.count(thin) == 0 and shown.count(thin) == 1
    points = re.findall(r'aria-roledescription="point"[^>]*fill="(#\w+)"', shown)
    assert points == [charts.COLOURS[0]] * 3


def lines(svg):
    """Colour and dashes of each line of a chart, in the order of the arms."""
    marks = re.findall(r'<path aria-label="[^"]*arm: ([^";]*)[^>]*?(stroke="#[^>]*)', svg)
    return {
        arm: tuple(re.findall(r'stroke="(#\w+)"|stroke-dasharray="([^"]*)"', style))
        for arm, style in marks
    }


@pytest.mark.parametrize("count", [2, 9, 20])
def test_no_two_lines_look_alike(count):
    names = [f"arm {n}" for n in range(count)]
    drawn = lines(charts.training_curves(dict.fromkeys(names, CURVE)))
    assert set(drawn) == set(names) and len(set(drawn.values())) == count


def test_nine_arms_differ_without_colour_in_shape_or_dashes_from_their_neighbours():
    for channel, among in (("strokeDash", charts.DASHES), ("shape", charts.SHAPES)):
        colour, second = (
            encoded.to_dict(context={"data": None})["scale"]["range"]
            for encoded in charts.looks(NAMES, NAMES, channel, among)
        )
        assert len(set(colour)) == 9
        assert all(a != b for a, b in zip(second, second[1:], strict=False))


def test_arm_looks_the_same_in_every_chart_whatever_else_is_drawn():
    some = [NAMES[7], NAMES[2]]
    every, few = (charts.looks(shown, NAMES, "shape", charts.SHAPES) for shown in (NAMES, some))
    for all_arms, two in zip(every, few, strict=True):
        ranges = [e.to_dict(context={"data": None})["scale"]["range"] for e in (all_arms, two)]
        assert ranges[1] == [ranges[0][7], ranges[0][2]]


def test_dots_behind_many_lines_are_left_out():
    few, many = (
        charts.training_curves(dict.fromkeys(NAMES[:count], CURVE))
        for count in (charts.DOTTED, charts.DOTTED + 1)
    )
    assert 'fill-opacity="0.35"' in few or 'opacity="0.35"' in few
    assert 'opacity="0.35"' not in many


def test_legend_shows_each_line_as_it_is_drawn():
    curves = {NAMES[0]: CURVE, "untouched": [], NAMES[4]: CURVE}
    found = charts.legend(curves, ["untouched", *NAMES])
    assert [line["title"] for line in found] == [NAMES[0], NAMES[4]]
    drawn = lines(charts.training_curves(curves, ["untouched", *NAMES]))
    for line in found:
        colour, dash = (part for pair in drawn[line["title"]] for part in pair if part)
        assert line["colour"] == colour and line["dash"].replace(" ", ",") == dash


def test_scatter_has_a_numbered_point_for_each_arm():
    points = [{"arm": name, "x": n, "y": n % 3} for n, name in enumerate(NAMES[1:])]
    svg = charts.scatter(points, [*NAMES[1:], NAME_OF_NONE])
    assert svg.count('aria-roledescription="point"') == 8
    texts = re.findall(r">([^<>]+)</text>", svg)
    # Numbers alone: no label can be cut
    assert {str(n) for n in range(1, 9)} <= set(texts) and not set(texts) & set(NAMES)
    assert charts.scatter([], NAMES) is None
