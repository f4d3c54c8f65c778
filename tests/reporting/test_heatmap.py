"""The heat map: shades from the worst figure to the best, marks where a verdict was reached."""

import re

import pytest

from stages.reporting import heatmap
from stages.reporting.heatmap import SHADES, heat_map, shade


@pytest.mark.parametrize(
    ("value", "falls", "expected"),
    [(0.0, False, 0), (1.0, False, SHADES - 1), (0.5, False, 3), (None, False, None),
     (0.0, True, SHADES - 1), (1.0, True, 0)],
)  # fmt: skip
def test_shades_go_from_worst_to_best(value, falls, expected):
    assert shade(value, (0.0, 1.0), falls) == expected


def test_equal_figures_have_one_shade():
    assert shade(0.4, (0.4, 0.4), False) == 0


def entry(value, verdict=None):
    return {"value": value, "comparison": {"verdict": verdict} if verdict else None}


ROWS = [
    {"label": part, "n": n, "digits": 3, "values": {"a": entry(a, said), "s0": entry(0.0)}}
    for part, n, a, said in [
        ("x", 17, 0.5, "helped"),
        ("y", 16, None, "no difference shown"),
        ("z", 15, 1.0, "hurt"),
    ]
]


def test_more_arms_than_slices_arms_are_rows():
    found = heat_map(ROWS[:2], "chrf", {"a": "A", "s0": "S0"})
    assert found["heads"] == [{"label": "x", "n": 17}, {"label": "y", "n": 16}]
    assert [row["label"] for row in found["rows"]] == ["A", "S0"]
    assert [cell["text"] for cell in found["rows"][0]["cells"]] == [".50", "–"]


def test_more_slices_than_arms_slices_are_rows():
    found = heat_map(ROWS, "chrf", {"a": "A", "s0": "S0"})
    assert [head["label"] for head in found["heads"]] == ["A", "S0"]
    assert [(row["label"], row["n"]) for row in found["rows"]] == [("x", 17), ("y", 16), ("z", 15)]
    cells = [row["cells"][0] for row in found["rows"]]
    assert [cell["text"] for cell in cells] == [".50", "–", "1.00"]
    assert [cell["shade"] for cell in cells] == [3, None, SHADES - 1]
    assert [cell["mark"] for cell in cells] == ["▲", "", "▼"]


def test_map_without_any_figure_has_no_shades():
    rows = [{"label": "x", "n": 0, "digits": 3, "values": {"a": entry(None)}}]
    found = heatmap.heat_map(rows, "chrf", {"a": "A"})
    assert found["rows"][0]["cells"][0]["shade"] is None


def test_map_says_what_the_table_says(wide_study):
    _, html = wide_study.report()
    found = wide_study.compared["slices"]["arms"]["poems"]["toy-c"]["value"]
    shown = dict(re.findall(r'<td class="s\d" data-csv="([^"]*)">([\d.]+)<', html))
    (exact,) = [value for value in shown if float(value) == pytest.approx(found, abs=1e-9)]
    assert shown[exact] == f"{found:.1f}"
