"""Splits drawn from groups: exact sizes, no group divided, origins kept, the same every time."""

import random

import pytest

from stages.command import UserError
from stages.splits.assign import draw


def made(*sizes, origin="x"):
    """Examples in groups of these sizes, and each id's group."""
    examples, group_of = [], {}
    for group, size in enumerate(sizes):
        for member in range(size):
            key = f"{origin}{group:03}-{member}"
            examples.append({"id": key, "origin": origin})
            group_of[key] = f"{origin}{group:03}"
    return examples, group_of


def wanted(train, dev, test, origins=None):
    sizes = {"train": train, "dev": dev, "test": test}
    return {name: {"rows": n, "origins": origins} for name, n in sizes.items()}


def groups(drawn, group_of):
    return {name: {group_of[key] for key in ids} for name, ids in drawn.items()}


# sizes of the groups, rows wanted of train, dev, test
SIZES = [
    ([1] * 40, (20, 10, 10)),
    ([3] * 10 + [1] * 30, (40, 10, 10)),
    ([2] * 20, (20, 10, 10)),
    ([7, 5, 3, 2] * 5 + [1] * 20, (60, 20, 20)),
    ([50] + [1] * 30, (10, 10, 10)),
]


@pytest.mark.parametrize(("sizes", "rows"), SIZES)
def test_sizes_are_exact_and_no_group_is_divided(sizes, rows):
    examples, group_of = made(*sizes)
    drawn = draw(examples, group_of, wanted(*rows), {}, seed=1)
    assert tuple(len(drawn[name]) for name in ("train", "dev", "test")) == rows
    everything = [key for ids in drawn.values() for key in ids]
    assert len(set(everything)) == len(everything)
    found = groups(drawn, group_of)
    assert not found["train"] & found["dev"]
    assert not found["train"] & found["test"]
    assert not found["dev"] & found["test"]
    for name, ids in drawn.items():
        members = [key for key, group in group_of.items() if group in found[name]]
        assert sorted(ids) == sorted(members)


def test_rows_come_in_the_order_of_their_ids():
    examples, group_of = made(*[1] * 30)
    for ids in draw(examples, group_of, wanted(10, 5, 5), {}, seed=1).values():
        assert ids == sorted(ids)


def test_the_same_seed_gives_the_same_rows_in_any_order_of_the_source():
    examples, group_of = made(*[2] * 10, *[1] * 20)
    first = draw(examples, group_of, wanted(16, 8, 8), {}, seed=7)
    shuffled = random.Random(3).sample(examples, len(examples))
    assert draw(shuffled, group_of, wanted(16, 8, 8), {}, seed=7) == first
    assert draw(examples, group_of, wanted(16, 8, 8), {}, seed=8) != first


def test_splits_are_drawn_apart_from_each_other():
    # A bigger train set must not move a row into or out of test.
    examples, group_of = made(*[1] * 60)
    small = draw(examples, group_of, wanted(10, 8, 8), {}, seed=7)
    large = draw(examples, group_of, wanted(40, 8, 8), {}, seed=7)
    assert (small["dev"], small["test"]) == (large["dev"], large["test"])
    assert len(large["train"]) == 40


def test_origins_are_respected():
    good, good_groups = made(*[1] * 20, origin="good")
    bad, bad_groups = made(*[1] * 20, origin="bad")
    both = [{"id": f"z{n}", "origin": "bad+good"} for n in range(10)]
    group_of = {**good_groups, **bad_groups, **{row["id"]: row["id"] for row in both}}
    sizes = wanted(20, 5, 15)
    for name in ("dev", "test"):
        sizes[name]["origins"] = ["good"]
    drawn = draw(good + bad + both, group_of, sizes, {}, seed=1)
    assert all(key.startswith("good") for key in drawn["dev"] + drawn["test"])
    sizes["test"]["origins"] = ["good", "bad"]
    drawn = draw(good + bad + both, group_of, sizes, {}, seed=1)
    assert not {key for key in drawn["dev"] if not key.startswith("good")}
    assert any(not key.startswith("good") for key in drawn["test"])


def test_a_group_that_reaches_into_another_origin_is_not_taken():
    examples, group_of = made(*[1] * 10, origin="good")
    for n in range(5):
        examples.append({"id": f"bad{n}", "origin": "bad"})
        group_of[f"bad{n}"] = f"good{n:03}"
    sizes = {"test": {"rows": 5, "origins": ["good"]}}
    drawn = draw(examples, group_of, sizes, {}, seed=1)
    assert {group_of[key] for key in drawn["test"]} == {f"good{n:03}" for n in range(5, 10)}


def test_groups_of_frozen_splits_are_out_of_bounds():
    examples, group_of = made(*[2] * 15)
    # Half of each group lies in a frozen split; the other half must not be used.
    frozen = {"dev": [f"x{n:03}-0" for n in range(3)], "test": [f"x{n:03}-1" for n in range(3, 6)]}
    drawn = draw(examples, group_of, wanted(18, 3, 3), frozen, seed=1)
    assert set(drawn) == {"train"}
    assert {group_of[key] for key in drawn["train"]} == {f"x{n:03}" for n in range(6, 15)}


# sizes of the groups, rows wanted of test, how many can be had
TOO_FEW = [([1] * 5, 6, 5), ([2] * 5, 5, 4), ([4], 3, 0), ([], 1, 0)]


@pytest.mark.parametrize(("sizes", "rows", "reached"), TOO_FEW)
def test_too_few_rows_is_an_error_with_what_can_be_reached(sizes, rows, reached):
    examples, group_of = made(*sizes)
    with pytest.raises(UserError) as raised:
        draw(examples, group_of, {"test": {"rows": rows, "origins": None}}, {}, seed=1)
    said = f"split 'test' wants {rows} rows, but only {reached} can be drawn without dividing"
    assert str(raised.value).startswith(said)


def test_too_few_rows_of_an_origin_is_an_error():
    examples, group_of = made(*[1] * 9, origin="good")
    with pytest.raises(UserError, match="wants 5 rows, but only 0 can be drawn"):
        draw(examples, group_of, {"dev": {"rows": 5, "origins": ["other"]}}, {}, seed=1)
