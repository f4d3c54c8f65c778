"""Tables with their arms in rows: what is the same for all stands apart."""

from stages.reporting.turned import turned, worded


def table(titles, rows, bases=None):
    return {"titles": titles, "rows": rows, "bases": bases or [""] * len(titles)}


def test_what_is_the_same_for_all_is_said_once():
    found = turned(table(["A", "B"], [("steps", ["8", "8"]), ("loss", ["1.5", "2.5"])]))
    assert found["common"] == [("steps", "8")]
    assert found["heads"] == ["loss"] and found["rows"] == [("A", ["1.5"]), ("B", ["2.5"])]


def test_arm_of_which_nothing_is_known_has_no_row():
    found = turned(table(["S0", "A", "B"], [("steps", ["–", "8", "8"]), ("x", ["–", "1", "2"])]))
    assert found["common"] == [("steps", "8")]
    assert [title for title, _ in found["rows"]] == ["A", "B"]


def test_what_nobody_knows_is_not_shown():
    found = turned(table(["A", "B"], [("tokens", ["–", "–"]), ("loss", ["1.5", "2.5"])]))
    assert found["common"] == [] and found["heads"] == ["loss"]


def test_base_is_named_above_the_first_of_its_arms_that_has_a_row():
    rows = [("steps", ["–", "8", "9", "–", "7"])]
    found = turned(table(["S0", "A", "B", "S1", "C"], rows, ["x", "x", "x", "y", "y"]))
    assert found["above"] == {0: "x", 2: "y"}
    assert turned(table(["A", "B"], [("steps", ["8", "9"])]))["above"] == {}


def test_single_arm_has_a_row():
    found = turned(table(["A"], [("steps", ["8"])]))
    assert found["common"] == [] and found["rows"] == [("A", ["8"])]


def test_nothing_known_at_all():
    assert turned(table(["S0"], [("steps", ["–"])]))["rows"] == []


def test_columns_of_words():
    assert worded([("A", ["1.5", "−2", "bf16"]), ("B", ["–", "1,234", "–"])]) == [0, 3]
    assert worded([]) == [0]
