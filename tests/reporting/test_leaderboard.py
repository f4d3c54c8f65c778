"""The leaderboard: best first, floors among the arms, ranks by loss and quality."""

import re

import pytest

from stages.reporting import data, leaderboard
from stages.reporting.render import cell
from tests.reporting.pages import Page, plain, table
from tests.reporting.study import HACK


def test_arms_and_floors_stand_in_one_list_best_first(study):
    board = data.gather(study.plan)["board"]
    values = [line["value"] for line in board["lines"]]
    assert values == sorted(values, reverse=True)
    assert {line["who"] for line in board["lines"]} == {
        "toy-s0", "toy-a", "toy-b", "empty", "constant", "nearest",
    }  # fmt: skip
    assert [line["kind"] for line in board["lines"] if line["who"] == "toy-s0"] == ["base"]
    assert board["order"][0] == "toy-a" and set(board["order"]) == {"toy-s0", "toy-a", "toy-b"}


def test_floors_have_no_rank_and_no_verdict_and_arms_count_on(study):
    board = data.gather(study.plan)["board"]
    ranks = [line["rank"] for line in board["lines"] if line["kind"] != "floor"]
    assert ranks == [1, 2, 3]
    floors = [line for line in board["lines"] if line["kind"] == "floor"]
    assert {line["rank"] for line in floors} == {None} and {line["low"] for line in floors} == {
        None
    }


def test_both_pages_have_it_in_the_same_order(study):
    written, html = study.report()
    head, *rows = table(written, "Leaderboard")
    assert head[:4] == ["#", "arm", "chrF", "verdict"] and head[-2:] == ["rank by loss", "gap"]
    (body,) = re.findall('<table class="board">.*?<tbody>(.*?)<tr class="scale"', html, re.S)
    titles = re.findall(r'<th scope="row" class="words">(.*?)(?: <span|</th>)', body)
    assert [row[1].split(" (")[0] for row in rows] == titles
    found = study.compared["arms"]["toy-a"]["metrics"]["chrf"]
    assert rows[0][1:5] == [
        "A (trained)", f"{found['value']:.2f}", "**helped**, above every floor",
        f"{found['delta']:+.2f}",
    ]  # fmt: skip
    assert 'helped</span> <span class="tag">above every floor' in body


def test_titles_are_text(study):
    study.declared["arms"]["toy-a"]["title"] = HACK
    study.run()
    written, html = study.report()
    assert table(written, "Leaderboard")[1][1] == f"{cell(HACK)} (trained)"
    assert plain(Page(html).text).count(HACK) > 5 and "<img" not in html


@pytest.mark.parametrize(
    ("direction", "expected"),
    [("higher", ["b", "a", "c", "x"]), ("lower", ["c", "a", "b", "x"]), ("none", list("axbc"))],
)
def test_order_follows_the_better_side_and_ends_with_what_is_unknown(direction, expected):
    values = {"a": 2.0, "x": None, "b": 3.0, "c": 0.0}
    assert leaderboard.ordered(values, direction) == expected


def test_equals_share_a_rank():
    values = {"a": 2.0, "b": 2.0, "c": 1.0, "d": None}
    assert leaderboard.ranks(values, "higher") == {"a": 1, "b": 1, "c": 3}
    assert leaderboard.ranks(values, "lower") == {"c": 1, "a": 2, "b": 2}
    assert leaderboard.ranks(values, "none") == {}


def row(values, direction="higher"):
    return {"direction": direction, "values": {arm: {"value": v} for arm, v in values.items()}}


def test_gap_is_above_zero_where_the_loss_flatters():
    training = {"a": {leaderboard.LOSS: 1.0}, "b": {leaderboard.LOSS: 2.0}, "s0": {}}
    found = leaderboard.loss_ranks(training, row({"a": 10.0, "b": 20.0, "s0": 5.0}), training)
    assert found == {
        "a": {"loss_rank": 1, "quality_rank": 2, "gap": 1},
        "b": {"loss_rank": 2, "quality_rank": 1, "gap": -1},
    }


def test_no_gap_without_a_better_side_or_a_loss():
    training = {"a": {leaderboard.LOSS: 1.0}, "b": {leaderboard.LOSS: None}}
    values = {"a": 1.0, "b": 2.0}
    assert leaderboard.loss_ranks(training, row(values, "none"), training) == {}
    assert list(leaderboard.loss_ranks(training, row(values), training)) == ["a"]
