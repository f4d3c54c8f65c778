"""Forest plots: places on one axis, with intervals drawn from the score compared with."""

import pytest

from stages.reporting import forest


def entry(value, against=2.0, low=None, high=None):
    known = {"against_value": against, "low": low, "high": high, "verdict": "helped"}
    return {"value": value, "reason": None, "beside": "", "comparison": known}


def row(values, unit="points 0-100", direction="higher"):
    return {"name": "m", "label": "M", "direction": direction, "unit": unit, "n": 9, "digits": 2,
            "signature": "s", "values": values}  # fmt: skip


BASE = {"value": 2.0, "reason": None, "beside": "", "comparison": None}


def test_places_run_from_where_the_unit_begins_to_a_round_end():
    values = {"a": entry(12.0, low=8.0, high=14.0), "s0": BASE}
    drawn = forest.panel(row(values), {"a": "A", "s0": "S0"}, {"copy": 20.0, "empty": 0.0})
    assert [tick["text"] for tick in drawn["ticks"]] == ["0", "20"]
    a, s0 = drawn["lines"]
    assert (a["title"], a["at"]) == ("A", forest.place(12.0, (0.0, 20.0)))
    # The interval of the difference, from the base's 2
    assert (a["low"], a["high"]) == (
        forest.place(10.0, (0.0, 20.0)),
        forest.place(16.0, (0.0, 20.0)),
    )
    assert (s0["low"], s0["high"]) == (None, None) and s0["at"] == drawn["base"]
    assert drawn["best"] == {"name": "copy", "value": 20.0, "at": 97.0}
    assert [floor["at"] for floor in drawn["floors"]] == [97.0, 3.0]


def test_lines_are_in_the_given_order():
    values = {name: entry(1.0) for name in "abc"}
    drawn = forest.panel(row(values), {"c": "C", "a": "A", "b": "B"}, {})
    assert [line["title"] for line in drawn["lines"]] == ["C", "A", "B"]
    assert drawn["best"] is None and drawn["floors"] == []


def test_base_has_no_mark_where_arms_are_compared_with_different_ones():
    values = {"a": entry(3.0, against=2.0), "b": entry(3.0, against=3.0)}
    assert forest.panel(row(values), {"a": "A", "b": "B"}, {})["base"] is None


@pytest.mark.parametrize(
    ("direction", "expected"), [("higher", "copy"), ("lower", "empty"), ("none", None)]
)
def test_best_floor_is_on_the_better_side(direction, expected):
    found = forest.best({"empty": 0.0, "copy": 1.0, "unknown": None}, direction, (0.0, 1.0))
    assert (found and found["name"]) == expected


@pytest.mark.parametrize(
    ("values", "unit", "expected"),
    [
        ([], "share 0-1", (0.0, 1.0)),
        ([None, float("nan")], "share 0-1", (0.0, 1.0)),
        ([0.0, 0.0], "share 0-1", (0.0, 1.0)),
        ([0.174], "share 0-1", (0.0, 0.2)),
        ([38.9, -1.2], "points 0-100", (0.0, 40.0)),
        ([0.979, -0.017, 1.02], "share 0-1", (0.0, 1.0)),
        ([38.9, -1.2], "tokens", (-20.0, 40.0)),
        ([3.5, 4.5], "score 1-5", (1.0, 5.0)),
        ([-3.0], "nats per token", (-3.0, 0.0)),
        ([1e-7], "nats per token", (0.0, 1e-7)),
    ],
)
def test_axis_is_round_and_holds_all_values(values, unit, expected):
    assert forest.axis_of(values, unit) == pytest.approx(expected)


def test_end_of_an_interval_beyond_the_axis_is_drawn_at_its_end():
    least, most = forest.MARGIN, 100 - forest.MARGIN
    places = [forest.place(value, (0.0, 1.0)) for value in (-0.017, 0.0, 1.0, 1.02)]
    assert places == [least, least, most, most]


def test_what_is_not_known_has_no_place():
    blank = {**BASE, "value": None}
    drawn = forest.panel(row({"a": blank}), {"a": "A"}, {"copy": None})
    assert [drawn["lines"][0][key] for key in ("at", "low", "high")] == [None] * 3
    assert drawn["floors"] == [] and drawn["best"] is None


@pytest.mark.parametrize(
    ("axis", "texts"),
    [((0.0, 40.0), ["0", "40"]), ((0.0, 0.3), ["0", "0.3"]), ((-0.05, 0.15), ["−0.05", "0.15"])],
)
def test_ends_of_the_axis_are_named(axis, texts):
    assert [tick["text"] for tick in forest.ticks(axis)] == texts
